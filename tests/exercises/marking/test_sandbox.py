"""Which sandbox is chosen, what it says where there is none, and what it shows to whom is inside."""

import json
import os
import subprocess
import sys
import tempfile

import pytest

import kan_edu
from kan_edu.exercises.marking import sandbox
from tests.exercises.ordinary import as_ordinary, reason_to_skip

IN_SANDBOX = pytest.mark.skipif(bool(reason_to_skip()), reason=reason_to_skip() or "-")
LOOK = """
import ctypes, json, multiprocessing, os, socket, sys
import kan_edu
from kan_edu.exercises.marking import kernel
package = os.path.dirname(kan_edu.__file__)
def writable(folder):
    try:
        open(os.path.join(folder, "x"), "w").close()
        return True
    except OSError:
        return False
libc, numbers = ctypes.CDLL(None), kernel.NUMBERS.get(os.uname().machine)
def calls():
    tried = {"keys": ("add_key", b"user", b"kan_edu", b"a paper bird", 12, -3), "System V": ("shmget", 0, 4096, 0o600),
             "file without a name": ("memfd_create", b"x", 0), "ring": ("io_uring_setup", 1, bytes(256))}
    return [what for what, (name, *given) in tried.items() if libc.syscall(numbers[name], *given) >= 0]
def sockets():
    found = []
    for name in ("AF_VSOCK", "AF_ALG", "AF_UNIX", "AF_INET"):
        try:
            kind = socket.SOCK_SEQPACKET if name == "AF_ALG" else socket.SOCK_STREAM
            socket.socket(getattr(socket, name), kind).close()
            found.append(name)
        except OSError:
            pass
    return found
before = calls(), sockets()
kernel.limit(True)
keyrings = [kernel.leave_keys() for _ in range(2)]
kernel.refuse_calls()
print(json.dumps({
    "before": before, "after": (calls(), sockets()), "known": numbers is not None,
    "keyrings": keyrings,
    "pool": multiprocessing.get_context("fork").Pool(2).map(abs, [-1, 2]),
    "mounts": open("/proc/self/mountinfo").read(),
    "network": [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line],
    "processes": [name for name in os.listdir("/proc") if name.isdigit()],
    "home": os.listdir(os.path.expanduser("~")),
    "beside": sorted(os.listdir(os.path.dirname(package))),
    "notebooks": [name for _, _, names in os.walk(os.path.join(package, "notebooks")) for name in names],
    "environment": sorted(os.environ),
    "writable": list(filter(writable, ("/", "/usr", "/dev", package, "/tmp", os.path.expanduser("~")))),
}))
"""


def as_user(monkeypatch, uid=1000):
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)


def test_none_is_none_and_warns():
    kind, warning = sandbox.choose("none")
    assert kind == "none" and "for students whom you trust" in warning


@pytest.mark.parametrize("wanted", ["auto", "bwrap"])
def test_root_is_refused_and_told_what_to_type(monkeypatch, wanted):
    as_user(monkeypatch, 0)
    with pytest.raises(sandbox.SandboxError, match="you are root.*--sandbox none"):
        sandbox.choose(wanted)


@pytest.mark.parametrize(
    ("platform", "which", "said"),
    [
        ("darwin", "/usr/bin/bwrap", "no sandbox for darwin"),
        ("win32", "/usr/bin/bwrap", "no sandbox for win32"),
        ("linux", None, "apt install bubblewrap"),
        ("linux", "/usr/bin/bwrap", "bubblewrap does not work here .*AppArmor"),
    ],
)
def test_where_there_is_no_sandbox_it_says_so(monkeypatch, platform, which, said):
    as_user(monkeypatch)
    monkeypatch.setattr(sandbox.sys, "platform", platform)
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: which)
    monkeypatch.setattr(sandbox, "bwrap", lambda: ["false"])
    kind, warning = sandbox.choose("auto")
    assert kind == "none"
    with pytest.raises(sandbox.SandboxError, match=said) as raised:
        sandbox.choose("bwrap")
    assert "--sandbox none" in str(raised.value) and "without a sandbox" in warning


def test_bubblewrap_starts_with_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("TOKEN", "secret")
    assert "TOKEN" not in sandbox.kernel_environment("bwrap")
    assert sandbox.kernel_environment("none")["TOKEN"] == "secret"


def look(home):
    program = ("import subprocess, sys\nfrom kan_edu.exercises.marking.sandbox import bwrap\n"
               f"sys.exit(subprocess.call([*bwrap(), sys.executable, '-c', {LOOK!r}]))")
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": os.path.dirname(os.path.dirname(kan_edu.__file__))}
    command = as_ordinary([sys.executable, "-c", program], home)
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@IN_SANDBOX
def test_what_an_answer_sees():
    with tempfile.TemporaryDirectory() as home:
        done = look(home)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["network"] == ["lo"] and seen["pool"] == [1, 2]
    assert unlimited(seen["mounts"]) == []
    if seen["known"]:
        assert {"keys", "System V"} <= set(seen["before"][0]), "where nothing is refused they are there"
        assert seen["after"] == [[], ["AF_UNIX", "AF_INET"]] and seen["keyrings"][0] != seen["keyrings"][1]
    assert len(seen["processes"]) <= 3
    assert [name for name in seen["home"] if name != ".cache"] == []
    assert set(seen["beside"]) <= {"kan_edu", ".venv"} or "site-packages" in sys.modules["kan_edu"].__file__
    assert seen["notebooks"] == []
    assert seen["writable"] == ["/tmp", sandbox.HOME]
    assert set(seen["environment"]) <= {"HOME", "USER", "PATH", "PWD", "PYTHONPATH", *sandbox.CALM, "LC_CTYPE"}


def unlimited(mounts):
    """Places in the text of /proc/self/mountinfo that can be written to, of no limited size."""
    found = []
    for line in mounts.splitlines():
        one, _, other = line.partition(" - ")
        place, options, (kind, _, more) = one.split()[4], one.split()[5].split(","), other.split()
        harmless = "ro" in options or "size=" in more or kind in {"proc", "devpts", "mqueue"}
        found += [] if harmless or place.startswith("/dev/") and kind != "tmpfs" else [place]  # /dev/null is one
    return found


def test_every_folder_of_a_sandbox_has_a_limit_with_a_wheel_installed_too(tmp_path, monkeypatch):
    if reason_to_skip():
        pytest.skip(reason_to_skip())
    package = tmp_path / "site-packages" / "kan_edu"
    (package / "notebooks").mkdir(parents=True)
    sandbox.read_only.cache_clear()
    monkeypatch.setattr(sandbox.kan_edu, "__file__", str(package / "__init__.py"))
    folder = tmp_path / "s"
    folder.mkdir()
    outer = ["bwrap", "--dev-bind", "/", "/", "--size", sandbox.SCRATCH, "--tmpfs", str(folder), "--"]
    try:
        command = [*outer, *sandbox.bwrap(folder), "cat", "/proc/self/mountinfo"]
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        sandbox.read_only.cache_clear()
    assert done.returncode == 0, done.stderr
    assert str(package / "notebooks") in done.stdout and unlimited(done.stdout) == []
    assert unlimited("1 2 0:3 / /here rw,nosuid shared:1 - tmpfs tmpfs rw,mode=755") == ["/here"]


def test_of_a_prefix_only_what_python_needs_is_seen(monkeypatch, tmp_path):
    """python -m venv . makes the folder of a course, with its submissions, a prefix; uv links into ~/.local/bin."""
    course, local = tmp_path / "course", tmp_path / "local"
    for folder in (course / "bin", course / "lib", course / "handed_in", local / "bin", local / "share" / "keyrings"):
        folder.mkdir(parents=True)
    program = tmp_path / "pythons" / "bin" / "python3"
    program.parent.mkdir(parents=True)
    program.touch()
    (local / "bin" / "python3").symlink_to(program)
    (course / "bin" / "python").symlink_to(local / "bin" / "python3")
    base = str(program.parent.parent)
    for name, value in {"prefix": str(course), "base_prefix": base, "base_exec_prefix": base, "path": [],
                        "executable": str(course / "bin" / "python")}.items():
        monkeypatch.setattr(sandbox.sys, name, value)
    assert sandbox.python_folders() == [course / "bin", course / "lib", program.parent]
    assert sandbox.links_to_python() == ["--symlink", str(program), str(local / "bin" / "python3")]


def test_an_older_linux_has_no_sandbox(monkeypatch):
    as_user(monkeypatch)
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(sandbox.sys, "platform", "linux")
    monkeypatch.setattr(sandbox.platform, "release", lambda: "5.10.0-32-amd64")
    kind, warning = sandbox.choose("auto")
    assert kind == "none" and "Linux 5.10 is too old" in warning
