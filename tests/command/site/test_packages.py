"""The files of a site: each is the one that pins.json names, by its sha256, or the build ends in words."""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from kan_edu.command.site import own, packages, pins, wheels
from kan_edu.files import CourseError

TABLE = pins.read_pins()


def sha(content):
    return hashlib.sha256(content).hexdigest()


def entry(name, content=b"", **more):
    """An entry of pins.json for a file with this content."""
    return {"name": name, "version": "1.0", "file_name": f"{name}-1.0-py3-none-any.whl", "sha256": sha(content),
            "depends": [], "imports": [name], **more}  # fmt: skip


# ---------------------------------------------------------------------------------------------------- pins


def test_everything_that_kan_edu_and_the_kernel_need_is_pinned():
    """A new dependency of kan_edu without a pin would be found by nobody before a class sits in front of the page."""
    found = pins.needed([*pins.own_needs(), *pins.KERNEL, *pins.ON_DEMAND], TABLE)
    assert {"numpy", "matplotlib", "pillow", "ipywidgets", "traitlets", "sympy", "pandas", "scikit-learn"} <= set(found)
    for one in [*found.values(), *(one["pypi"] for one in found.values() if "pypi" in one)]:
        assert len(bytes.fromhex(one["sha256"])) == 32 and one["file_name"].endswith(".whl")
    assert {name for name, one in found.items() if "wasm32" in one["file_name"]} == {
        name for name, one in found.items() if one.get("carried")}  # fmt: skip


def test_a_package_without_a_pin_is_named():
    table = {"packages": {"a": entry("a", depends=["b_c"])}}
    with pytest.raises(CourseError, match="no pin for the package b-c .*FROM_PYPI"):
        pins.needed(["a"], table)


def test_in_the_lock_stands_the_address_of_the_release_and_none_of_our_own_words():
    one = pins.on_cdn(entry("a", carried=True, source="pyodide", pypi={"file_name": "b", "sha256": "0"}), TABLE)
    assert one["file_name"] == f"https://cdn.jsdelivr.net/pyodide/v{TABLE['pyodide']}/full/a-1.0-py3-none-any.whl"
    assert not {"carried", "source", "pypi"} & set(one)


def test_a_lock_whose_file_is_missing_or_another_is_refused(tmp_path):
    far = {**entry("far"), "file_name": "https://there/far.whl"}
    lock = {"packages": {"a": entry("a", b"right"), "far": far}}
    with pytest.raises(CourseError, match="lacks a-1.0-py3-none-any.whl"):
        pins.check_lock(lock, tmp_path, "https://there/")
    (tmp_path / "a-1.0-py3-none-any.whl").write_bytes(b"wrong")
    with pytest.raises(CourseError, match=f"its sha256 is {sha(b'wrong')}, expected {sha(b'right')}"):
        pins.check_lock(lock, tmp_path, "https://there/")
    (tmp_path / "a-1.0-py3-none-any.whl").write_bytes(b"right")
    pins.check_lock(lock, tmp_path, "https://there/")
    with pytest.raises(CourseError, match="begins with https://there/v2/"):
        pins.check_lock(lock, tmp_path, "https://there/v2/")
    del far["sha256"]
    with pytest.raises(CourseError, match=r"far.whl \(sha256 none\) for far"):
        pins.check_lock(lock, tmp_path, "https://there/")


# -------------------------------------------------------------------------------------------------- wheels


def no_internet(requirements, python, folder):
    """In place of pip."""
    return "no internet"


def test_a_file_is_found_by_its_hash_under_either_of_its_names(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a-py2.py3-none-any.whl").write_bytes(b"as PyPI has it")
    other = {"file_name": "a-py2.py3-none-any.whl", "sha256": sha(b"as PyPI has it")}
    one = entry("a", b"as Pyodide built it", pypi=other)
    found = wheels.find({"a": pins.allowed(one)}, tmp_path)
    assert found == {"a": tmp_path / "below" / "a-py2.py3-none-any.whl"}


def test_a_file_of_another_content_is_never_taken(tmp_path):
    (tmp_path / "a-1.0-py3-none-any.whl").write_bytes(b"wrong")
    with pytest.raises(CourseError, match="not the files that pins.json names: .*a-1.0-py3-none-any.whl"):
        wheels.find({"a": pins.allowed(entry("a", b"right"))}, tmp_path)


def test_what_is_there_is_not_downloaded_and_what_cannot_be_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "download", no_internet)
    (tmp_path / "core.wasm").write_bytes(b"core")
    asked = {"a": entry("a", b"a"), "b": entry("b", b"b", carried=True)}
    with pytest.raises(CourseError) as raised:
        wheels.gather(asked, {"core.wasm": sha(b"core")}, TABLE, tmp_path)
    assert "lacks a-1.0-py3-none-any.whl, b-1.0-py3-none-any.whl, and" in str(raised.value)
    assert "no internet" in str(raised.value)
    for name in "ab":
        (tmp_path / f"{name}-1.0-py3-none-any.whl").write_bytes(name.encode())
    monkeypatch.setattr(wheels, "download", None)  # nothing is asked for now
    assert set(wheels.gather(asked, {"core.wasm": sha(b"core")}, TABLE, tmp_path)) == {"a", "b", "core.wasm"}


def test_pip_is_given_version_and_hashes_and_the_carrier_is_unpacked(tmp_path, monkeypatch):
    lines = []

    def download(requirements, python, folder):
        lines.extend(requirements)
        if requirements[0].startswith("carrier"):
            with zipfile.ZipFile(folder / "carrier.whl", "w") as archive:
                archive.writestr("inside/b-1.0-py3-none-any.whl", b"b")
                archive.writestr("inside/more.whl", b"not asked for")
                archive.writestr("other/b-1.0-py3-none-any.whl", b"of the same name elsewhere")
        else:
            (folder / "a-1.0-py3-none-any.whl").write_bytes(b"a")
        return ""

    monkeypatch.setattr(wheels, "download", download)
    table = {"carrier": {"requirement": "carrier==2", "folder": "inside", "sha256": "0" * 64}}
    other = {"file_name": "a.whl", "sha256": "1" * 64}
    asked = {"a": entry("a", b"a", pypi=other), "b": entry("b", b"b", carried=True)}
    assert set(wheels.gather(asked, {}, table, tmp_path)) == {"a", "b"}
    assert lines == [f"a==1.0 --hash=sha256:{sha(b'a')} --hash=sha256:{'1' * 64}",
                     f"carrier==2 --hash=sha256:{'0' * 64}"]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]


# ------------------------------------------------------------------------------------------- kan_edu's own


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    return folder / own.write_wheel(folder)["file_name"]


def test_the_own_wheel_has_code_and_data_and_no_notebooks(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names, record = archive.namelist(), archive.read(f"{archive.namelist()[-1]}").decode()
        for line in record.splitlines()[:-1]:
            name, digest, size = line.split(",")
            content = archive.read(name)
            right = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={right}", len(content))
    assert {"kan_edu/__init__.py", "kan_edu/data/auto_mpg.csv", "kan_edu/apps/splines/app.py"} <= set(names)
    assert not [name for name in names if name.endswith((".ipynb", ".pyc"))]
    assert wheel.stat().st_size < 700_000


def test_the_own_wheel_can_be_imported(wheel):
    code = "import kan_edu; print(kan_edu.__file__); from kan_edu import KAN; print(KAN([2, 1]).n_params)"
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(wheel)!r}); {code}"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.splitlines()[:1] == [str(wheel / "kan_edu" / "__init__.py")], done.stderr


def test_the_name_of_the_own_wheel_changes_with_its_content_only(tmp_path):
    package, names = tmp_path / "kan_edu", []
    package.mkdir()
    (package / "notebooks").mkdir()
    (package / "notebooks" / "x.ipynb").write_text("{}")
    for text in ("x = 1", "x = 1", "x = 2"):
        (package / "__init__.py").write_text(text)
        made = own.write_wheel(tmp_path, package)
        names.append((made["file_name"], made["sha256"]))
    assert names[0] == names[1] and names[1][0] != names[2][0]
    inside = zipfile.ZipFile(tmp_path / names[2][0]).infolist()
    assert {one.date_time for one in inside} == {own.LONG_AGO}
    assert [one.filename for one in inside if one.filename.startswith("kan_edu/")] == ["kan_edu/__init__.py"]


# ------------------------------------------------------------------------------------------------ the lock


@pytest.fixture
def straw(monkeypatch, tmp_path):
    """A table of two packages, kan_edu in need of one, and no kernel."""
    monkeypatch.setattr(pins, "own_needs", lambda: ["numpy"])
    monkeypatch.setattr(pins, "KERNEL", ["comm"])
    monkeypatch.setattr(pins, "ON_DEMAND", ["sympy"])
    carried = [tmp_path / f"{name}-0.1-py3-none-any.whl" for name in ("pip_lite", *packages.STAND_INS)]
    monkeypatch.setattr(packages.lite, "kernel_wheels", lambda: carried)
    for path in carried:
        path.write_bytes(b"carried by the kernel")
    for name in ("numpy", "comm", "sympy"):
        (tmp_path / f"{name}-1.0-py3-none-any.whl").write_bytes(name.encode())
    (tmp_path / "core.wasm").write_bytes(b"core")
    known = {name: entry(name, name.encode(), source=source)
             for name, source in (("numpy", None), ("comm", "pypi"), ("sympy", None), ("scipy", None))}  # fmt: skip
    return {"pyodide": "1.2", "info": {"arch": "wasm32"}, "core": {"core.wasm": sha(b"core")}, "packages": known}


@pytest.mark.parametrize("offline", [True, False])
def test_the_lock_holds_what_is_needed_and_nothing_else(offline, straw, tmp_path):
    place = tmp_path / "out"
    place.mkdir()
    first = packages.write_packages(place, straw, offline, tmp_path)
    assert first == ["comm", "kan-edu", "numpy", "pip-lite"]  # sympy waits for a cell that imports it
    lock = json.loads((place / "kan_edu" / pins.LOCK).read_text())
    assert lock["info"] == {"arch": "wasm32"}
    assert sorted(lock["packages"]) == [*first, *(["sympy"] if not offline else [])]
    assert lock["packages"]["kan-edu"]["depends"] == ["numpy"]
    pins.check_lock(lock, place / "kan_edu", pins.CDN.format("1.2"))
    assert lock["packages"]["numpy"]["file_name"].startswith("https://") is not offline
    assert not lock["packages"]["comm"]["file_name"].startswith("https://")  # Pyodide's release has none
    assert (place / "pyodide" / "core.wasm").is_file() is offline
