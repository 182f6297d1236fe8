"""What JupyterLite is told, and the run of its builder."""

import json
import os
import subprocess
import sys
from pathlib import Path

from kan_edu.files import CourseError

KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "anywidget", KERNEL]
AHEAD = Path(__file__).with_name("ahead")  # an extension of our own: starts Python while JupyterLab draws itself
# Icons for browsers that cannot run Pyodide anyway (2.5 MB), and the page's own of 320 kB, for which ICON stands.
LEFT_OUT = ("build/fa-*.eot", "build/fa-*.svg", "build/fa-*.ttf", "build/fa-*.woff", "lab/favicon.ico")
ICON = "./icon-120x120.png"
QUIET = "ignore:JsProxy.as_object_map:RuntimeWarning"  # threadpoolctl 3.6.0, of lesson 12, calls that
PLACE = "static/kan_edu"  # of the lock and the wheels, in the site
SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 15},  # whoever closes the tab loses little
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def settings(pyodide, packages, library=None):
    """The content of jupyter-lite.json: where Pyodide is, our lock, and what the kernel loads at its start.

    library    name of the standard library beside Pyodide, if it is not Pyodide's own
    """
    options = {"lockFileURL": f"./{PLACE}/pyodide-lock.json", "packages": packages,
               "env": {"PYTHONWARNINGS": QUIET}}  # fmt: skip
    options |= {"stdLibURL": f"{pyodide.rpartition('/')[0]}/{library}"} if library else {}
    kernel = {"pyodideUrl": pyodide, "disablePyPIFallback": True, "loadPyodideOptions": options}
    page = {"appName": "kan_edu", "exposeAppInBrowser": True, "faviconUrl": ICON,
            "litePluginSettings": {f"{KERNEL}:kernel": kernel}}  # fmt: skip
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": page}


def extensions():
    """Folders of the page's halves of the kernel and of the widgets; CourseError if one is not installed."""
    root = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    missing = [name for name in EXTENSIONS if not (root / name / "package.json").is_file()]
    if missing:
        raise CourseError(f"JupyterLab's extensions {', '.join(missing)} are not in {root}. "
                          'Type: pip install --force-reinstall "kan-edu[site]"')  # fmt: skip
    return [*(str(root / name) for name in EXTENSIONS), str(AHEAD)]


def kernel_wheels():
    """Paths of the wheels that come with the kernel: its Python half, and stand-ins for ipykernel and others."""
    root = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / KERNEL / "static" / "pypi"
    return sorted(root.glob("*.whl"))


def run_builder(place, contents, out, configuration):
    """Run `jupyter lite build` in the empty folder `place`, and nothing of the user's own settings with it.

    Raises CourseError with the builder's last words if it fails.
    """
    (place / "jupyter-lite.json").write_text(json.dumps(configuration), encoding="utf-8")
    (place / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    own = {"federated_extensions": extensions(), "ignore_sys_prefix": ["federated_extensions"], "no_sourcemaps": True,
           "apps": ["lab"], "contents": [str(contents)], "lite_dir": str(place), "output_dir": str(out),
           "cache_dir": str(place / ".cache")}  # fmt: skip
    (place / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": own}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--config", str(place / "jupyter_lite_config.json")]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, errors="replace",
                          env={**os.environ, "JUPYTER_CONFIG_DIR": str(place / ".config")})  # fmt: skip
    if done.returncode or not (out / "lab" / "index.html").is_file():
        raise CourseError(f"JupyterLite could not build the site: {(done.stderr or done.stdout).strip()[-1500:]}")
    for old in LEFT_OUT:
        for path in out.glob(old):
            path.unlink()
