"""A private JupyterLab on 127.0.0.1, and the search for a browser to look at it."""

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from kan_edu.command.lab import PROMPT

ROOT = Path(__file__).resolve().parents[2]
CHROMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120  # seconds after which waiting ends in a message; on a free machine all takes a twentieth of it

# ipywidgets collects what to send in a set, and a browser obeys in that order. With this seed "value" leaves before
# "min" and "max": a slider that gets a new range and value at once is then cut to its old range, if ever.
WORST_SEED = "1"

SETTINGS = {
    # No "would you like news?", no look for updates: both ask the internet. "false" is a word here, not a boolean.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # "full" takes cells that are scrolled away off the page, and what is in them measures 0 x 0.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


def chrome(environment=os.environ):
    """The browser's path: what CHROME says, else the first of CHROMES on the PATH, else None."""
    named = environment.get("CHROME")
    names = (named,) if named else CHROMES
    return next(filter(None, (shutil.which(name, path=environment.get("PATH")) for name in names)), None)


def missing(environment=os.environ, find=importlib.util.find_spec):
    """What the browser tests lack here, in words with the remedy; "" if nothing."""
    for name in ("playwright", "jupyterlab", "ipykernel"):
        if find(name) is None:
            return f'the Python package {name} is not installed; type: pip install -e ".[test]"'
    if chrome(environment) is None:
        return f"no browser: CHROME or one of {', '.join(CHROMES)} (on Debian: apt-get install chromium)"
    return ""


# python -m jupyterlab, two seconds of CPU sooner
LIGHTLY = "import kan_edu.exercises.sets.lightly; from jupyterlab.labapp import main; raise SystemExit(main())"


class Lab:
    """`with Lab() as lab:` a JupyterLab of its own, with no file, setting or token in common with the user's.

    lab.root   the folder that it shows, empty at first
    lab.url(), lab.kernels()
    """

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="kan_edu-lab-"))
        self.root, self.token = self.home / "root", secrets.token_hex(16)
        self.root.mkdir()
        self._write_settings()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-c", LIGHTLY, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
                   f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.root}",
                   "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=", PROMPT]
        with open(self.home / "log", "wb") as log:
            self.process = psutil.Popen(command, env=self._environment(), cwd=self.root, stdin=subprocess.DEVNULL,
                                        stdout=log, stderr=log)
        try:
            self._wait()
        except BaseException:   # Ctrl-C too: a server that nobody knows would go on for ever
            self.close()
            raise
        return self

    def __exit__(self, *error):
        self.close()

    def url(self):
        """The address of JupyterLab. For one tab only: a second would sooner or later load itself anew, in a test."""
        return f"http://127.0.0.1:{self.port}/lab?token={self.token}"

    def kernels(self):
        """The kernels' processes."""
        return [p for p in self.process.children(recursive=True) if "ipykernel_launcher" in p.cmdline()]

    def close(self):
        """End the server, then what is left of all that it started; kernels are in process groups of their own.

        The server goes first: it would start a kernel that ends before it again.
        """
        family = []
        if self.process.is_running():
            family = [*self.process.children(recursive=True), self.process]
            self.process.terminate()
            psutil.wait_procs([self.process], timeout=10)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)
        shutil.rmtree(self.home, ignore_errors=True)

    def _write_settings(self):
        for name, values in SETTINGS.items():
            path = self.home / "settings" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        kernel = self.home / "data" / "kernels" / "python3" / "kernel.json"   # found before any other "python3"
        kernel.parent.mkdir(parents=True)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))

    def _environment(self):
        """This process's environment, but Jupyter's folders are ours and `import kan_edu` finds this clone."""
        folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
                   "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
                   "IPYTHONDIR": "ipython"}
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith(("JUPYTER", "IPYTHON", "MPLBACKEND"))}
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return {**inherited, **{name: str(self.home / folder) for name, folder in folders.items()},
                "JUPYTER_TOKEN": self.token, "PYTHONPATH": path, "PYTHONHASHSEED": WORST_SEED,
                "PYDEVD_DISABLE_FILE_VALIDATION": "1"}

    def _wait(self):
        status = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))   # a proxy cannot see 127.0.0.1
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return direct.open(status, timeout=2).read()
            except OSError:
                time.sleep(0.1)
        how = "stopped" if self.process.poll() is not None else f"did not answer for {PATIENCE} s"
        raise RuntimeError(f"JupyterLab {how}:\n{(self.home / 'log').read_text(errors='replace')[-3000:]}")
