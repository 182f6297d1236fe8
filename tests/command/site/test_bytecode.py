"""What a start imports is compiled beforehand; here by the Python that runs the tests, which reads it, too."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from kan_edu.command.site import pins
from kan_edu.command.site.compiled import bytecode, compiling
from kan_edu.files import CourseError


def archive(files):
    """The bytes of a zip of {name: content}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return made.getvalue()


def names(content):
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_bytecode_stands_for_the_files_that_are_wanted_and_python_imports_it(tmp_path):
    fails = "def f():\n    raise ValueError('here')"
    source = archive({"first.py": "import second\nvalue = second.f", "second.py": fails, "kan_edu/x.py": "y = 1",
                      "words": "text"})  # fmt: skip
    made = compiling.compiled(source, "/there", {"/there/first.py", "/there/second.py", "/there/kan_edu/x.py"})
    assert names(made) == ["first.pyc", "second.pyc", "kan_edu/x.py",
                           f"kan_edu/__pycache__/x.{sys.implementation.cache_tag}.pyc", "words"]  # fmt: skip
    (tmp_path / "made.zip").write_bytes(made)
    for place in (tmp_path / "made.zip", tmp_path / "unpacked"):
        zipfile.ZipFile(tmp_path / "made.zip").extractall(tmp_path / "unpacked")
        code = f"import sys; sys.path.insert(0, {str(place)!r}); import first; first.value()"
        done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
        assert 'File "/there/second.py", line 2, in f' in done.stderr and "ValueError: here" in done.stderr


def test_the_source_of_kan_edu_stays_and_its_bytecode_is_taken(tmp_path):
    source = archive({"kan_edu/__init__.py": "", "kan_edu/x.py": "y = 1"})
    made = compiling.compiled(source, "/there", {"/there/kan_edu/x.py"})
    zipfile.ZipFile(io.BytesIO(made)).extractall(tmp_path)
    (tmp_path / "kan_edu" / "x.py").write_text("y = 2  # later: nobody looks at it again")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import kan_edu.x; print(kan_edu.x.y)"
    assert subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True).stdout == "1\n"


@pytest.mark.parametrize(("name", "stays"), [
    ("jedi/third_party/django-stubs/a.pyi", False), ("jedi/third_party/typeshed/stdlib/3/re.pyi", True),
    ("matplotlib/mpl-data/sample_data/a.csv", False), ("matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf", True),
    ("matplotlib/mpl-data/fonts/ttf/DejaVuSerif.ttf", False), ("matplotlib/mpl-data/images/home.svg", False),
    ("numpy/__init__.pyi", False), ("numpy/random/lib/libnpyrandom.a", False),
    ("numpy/linalg.py", True), ("anywidget-1.data/data/share/a.js", False),
])  # fmt: skip
def test_what_no_page_reads_is_left_out(name, stays):
    assert names(compiling.compiled(archive({name: ""}), "/there", set())) == ([name] if stays else [])


def test_a_file_that_has_changed_has_another_name_and_the_lock_knows_it(tmp_path):
    wheels, core = tmp_path / "kan_edu", tmp_path / "pyodide"
    wheels.mkdir()
    core.mkdir()
    files = {"a": "a-1.0-py3-none-any.whl", "kan-edu": "kan_edu-0.1.0-1aaaaaaaaaa-py3-none-any.whl"}
    for name in files.values():
        (wheels / name).write_bytes(archive({"a.py": "x = 1"}))
    (core / bytecode.LIBRARY).write_bytes(archive({"re.py": "x = 1"}))
    lock = {"packages": {name: {"file_name": file, "sha256": "old"} for name, file in files.items()}}
    (wheels / pins.LOCK).write_text(json.dumps(lock))
    library = compiling.exchange(tmp_path, {f"{compiling.SITE}/a.py", f"{compiling.LIBRARY}/re.py"}, b"x = 2")
    assert [path.name for path in core.iterdir()] == [library]
    assert names((core / library).read_bytes()) == ["re.pyc", "sitecustomize.pyc"]
    made = json.loads((wheels / pins.LOCK).read_text())
    pins.check_lock(made, wheels, "https://there/")
    assert len(list(wheels.iterdir())) == 3
    for name, old in files.items():
        new = made["packages"][name]["file_name"].split("-")
        assert new[:2] == old.split("-")[:2] and new[-3:] == old.split("-")[-3:]
        assert len(new) == 6 and new[2][0] == "1" and new[2] != "1aaaaaaaaaa"


def test_python_looks_beside_the_notebook_last_and_still_finds_what_is_there(tmp_path):
    (tmp_path / "wave.py").write_text("x = 'the student is not to hide a module of Python'")
    (tmp_path / "my_own.py").write_text("x = 5")
    first = (bytecode.HERE / "beside_last.py").read_text()
    code = f"{first}\nsys.path.insert(0, '')\nimport wave, my_own\n"
    code += "print(hasattr(wave, 'x'), my_own.x, sys.path.index(''))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith("False 5 ") and done.stdout.split()[-1] != "0", done.stderr


# --------------------------------------------------------------------------------------------------- Node


def test_without_node_nothing_changes_and_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bytecode, "find_node", lambda: None)
    assert bytecode.compile_packages(tmp_path) == bytecode.LIBRARY
    assert "There is no Node.js here" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["import sys; sys.exit('it has no WebAssembly')", "print('nothing_there.zip')"])
def test_a_node_that_cannot_ends_the_build(code, tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode, "find_node", lambda: sys.executable)
    monkeypatch.setattr(bytecode, "HERE", tmp_path)
    (tmp_path / "compile.mjs").write_text(code)
    with pytest.raises(CourseError, match="could not run .* It said: (it has no WebAssembly|nothing_there.zip)"):
        bytecode.compile_packages(tmp_path)
