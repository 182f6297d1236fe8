"""What goes into the checker: files, folders and ZIPs as students, browsers and attackers make them."""

import io
import os
import socket
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.handed_in import plain, submissions
from kan_edu.exercises.handed_in.plain import LIMIT, printable
from kan_edu.exercises.handed_in.submissions import SubmissionError, collect, unique

BOOK = b'{"cells": []}'
ROOT = Path(__file__).resolve().parents[3]


def tree(folder, files):
    """Write {path inside the folder: bytes} and return the folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(path, members):
    """Write a ZIP of (name or ZipInfo, bytes); the same name may come twice."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def as_table(*paths):
    """{name: what the submission was}: its bytes, or its problem."""
    found = list(collect(*paths))
    assert all((one.data is None) == bool(one.problem) for one in found)
    assert len({one.name for one in found}) == len(found)
    return {one.name: one.problem or one.data for one in found}


# One file


def test_a_file_is_one_submission(tmp_path):
    folder = tree(tmp_path, {"anna.ipynb": BOOK})
    found = collect(folder / "anna.ipynb")
    assert len(found) == 1 and next(found).data == BOOK
    assert as_table(str(folder / "anna.ipynb")) == {"anna.ipynb": BOOK}


def test_a_file_of_any_name_is_taken_if_it_is_named(tmp_path):
    assert as_table(tree(tmp_path, {"anna.txt": BOOK}) / "anna.txt") == {"anna.txt": BOOK}


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, b""), (40 * 10**6, b""), (LIMIT, b""), (LIMIT + 1, "at most 100 MB are read. Clear its outputs"),
     (200 * 10**6, "it has 200 MB or more")],
    ids=["empty", "40 MB", "100 MB", "one byte more", "200 MB"],
)
def test_how_large_a_notebook_may_be(tmp_path, size, words):
    path = tmp_path / "large.ipynb"
    path.touch()
    os.truncate(path, size)  # a file with holes: it takes no room
    found = next(collect(path))
    if isinstance(words, bytes):
        assert len(found.data) == size and not found.problem
    else:
        assert found.data is None and words in found.problem


def test_a_file_that_grows_while_it_is_read_is_not_read_on():
    endless = type("Endless", (), {"read": lambda _, most: b"x" * most})()
    data, problem = plain.read_at_most(endless, 10)
    assert data is None and "at most 100 MB" in problem


# Several paths, patterns, and what is no notebook


def test_several_paths_keep_so_much_of_their_names_as_tells_them_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tree(tmp_path, {"w1/anna.ipynb": b"1", "w2/anna.ipynb": b"2", "w2/bob.ipynb": b"3"}))
    zipped(tmp_path / "w3.zip", [("cem.ipynb", b"4")])
    assert as_table("w1/anna.ipynb", "w2/bob.ipynb") == {"w1/anna.ipynb": b"1", "w2/bob.ipynb": b"3"}
    assert as_table("w2/bob.ipynb", "w2/anna.ipynb") == {"bob.ipynb": b"3", "anna.ipynb": b"2"}
    both = as_table("w1", tmp_path / "w2", "w3.zip")
    assert both == {"w1/anna.ipynb": b"1", "w2/anna.ipynb": b"2", "w2/bob.ipynb": b"3", "w3.zip/cem.ipynb": b"4"}
    assert as_table("w2", "w2") == as_table("w2") == {"anna.ipynb": b"2", "bob.ipynb": b"3"}


def test_a_pattern_that_the_shell_left_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tree(tmp_path, {"w1/anna.ipynb": b"1", "w2/bob.ipynb": b"2", "[x].ipynb": b"3"}))
    assert as_table("w*/*.ipynb") == {"w1/anna.ipynb": b"1", "w2/bob.ipynb": b"2"}
    assert as_table("**/*.ipynb").keys() == {"w1/anna.ipynb", "w2/bob.ipynb", "[x].ipynb"}
    assert as_table("[x].ipynb") == {"[x].ipynb": b"3"}, "a file of this name is no pattern"
    with pytest.raises(SubmissionError, match=r"no file or folder fits the pattern w3/\*"):
        collect("w1", "w3/*")


def test_a_file_that_is_no_notebook_is_a_submission(tmp_path):
    """The checker says of it what it is: nobody is overlooked, and nobody's appendix gets a row."""
    folder = tree(tmp_path, {"anna.ipynb": BOOK, "bob.py": b"x = 1", "cem.pdf": b"%PDF", "marks.csv": b"", "x.md": b"",
                             "dora/work.ipynb": BOOK, "dora/data.txt": b"1", "dora/more/plot.pdf": b"%PDF",
                             "emil/work.html": b"<p>", "emil.feedback.html": b"<p>", "summary.png": b"PNG"})
    assert list(as_table(folder)) == ["anna.ipynb", "bob.py", "cem.pdf", "dora/work.ipynb", "emil/work.html"]
    assert list(as_table(folder / "dora")) == ["data.txt", "more/plot.pdf", "work.ipynb"], "no student's folder"


# What is no ordinary file


def link(path):
    (path.parent / "secret").write_bytes(b"a secret")
    path.symlink_to("secret")


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))  # the path of a socket is short


STRANGE = {
    "link": (link, "a link"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "a link"),
    "link to itself": (lambda path: path.symlink_to(path.name), "a link"),
    "link to a folder": (lambda path: path.symlink_to("/"), "a link"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "a link"),
    "FIFO": (os.mkfifo, "a pipe (FIFO)"),
    "socket": (a_socket, "a socket"),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_file_gets_a_problem_and_the_others_go_on(tmp_path, kind, monkeypatch):
    make, words = STRANGE[kind]
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, {"a.ipynb": BOOK, "z.ipynb": BOOK})
    make(tmp_path / "m.ipynb")
    found = as_table(tmp_path)
    assert list(found) == ["a.ipynb", "m.ipynb", "z.ipynb"]
    assert words in found["m.ipynb"] and "Ask for" in found["m.ipynb"]
    assert found["a.ipynb"] == found["z.ipynb"] == BOOK


@pytest.mark.parametrize("kind", ["link", "dangling link", "FIFO"])
def test_the_same_if_it_is_named_itself(tmp_path, kind):
    make, words = STRANGE[kind]
    make(tmp_path / "m.ipynb")
    assert words in as_table(tmp_path / "m.ipynb")["m.ipynb"]


def test_a_device_is_not_opened(monkeypatch):
    monkeypatch.setattr(plain.os, "open", lambda *_: pytest.fail("opened"))
    assert "a device" in as_table("/dev/zero")["zero"]


def test_a_file_swapped_for_a_pipe_or_a_link_after_the_first_look(tmp_path, monkeypatch):
    """The second look is at what was really opened."""
    tree(tmp_path, {"good.ipynb": BOOK})
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "link.ipynb").symlink_to("good.ipynb")
    good = os.lstat(tmp_path / "good.ipynb")
    monkeypatch.setattr(plain.os, "lstat", lambda _: good)
    assert "a pipe" in submissions.read_file(tmp_path / "pipe.ipynb")[1]
    assert "cannot be opened" in submissions.read_file(tmp_path / "link.ipynb")[1]


AS_NOBODY = """
import os, sys
from kan_edu.exercises.handed_in.submissions import collect  # first: root's Python may be shut for others
if os.getuid() == 0: os.setgid(65534); os.setuid(65534)
for one in collect(sys.argv[1]): print(one.name, one.data, one.problem, sep="|")
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs users as Unix has them")
def test_what_may_not_be_read_is_said(tmp_path):
    tree(tmp_path, {"class/a.ipynb": BOOK, "class/shut.ipynb": BOOK, "class/x/b.ipynb": BOOK})
    (tmp_path / "class" / "shut.ipynb").chmod(0)
    (tmp_path / "class" / "x").chmod(0)
    for above in [tmp_path, *tmp_path.parents[:-2]]:  # /tmp/pytest-of-root and below are shut for others
        above.chmod(above.stat().st_mode | 0o055)
    done = subprocess.run([sys.executable, "-c", AS_NOBODY, str(tmp_path / "class")], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd="/")
    (tmp_path / "class" / "x").chmod(0o755)
    lines = dict(line.split("|", 1) for line in done.stdout.splitlines())
    assert sorted(lines) == ["a.ipynb", "shut.ipynb", "x"], done.stderr
    assert "Permission denied. Allow reading it" in lines["shut.ipynb"]
    assert "a folder that cannot be opened" in lines["x"]


# Folders


def test_a_folder_with_everything_below_it(tmp_path):
    tree(tmp_path, {
        "b/answers.ipynb": b"b", "a/answers.ipynb": b"a", "a/deep/er/X.IPYNB": b"x", "top.ipynb": b"t",
        "safari.ipynb.txt": b"s", "a/readme.md": b"", "a/data.json": b"",
        ".hidden/h.ipynb": b"", "a/.ipynb_checkpoints/answers-checkpoint.ipynb": b"", "__MACOSX/m.ipynb": b"",
        "a/._answers.ipynb": b"", "a/.own.ipynb": b"o",
    })
    assert list(as_table(tmp_path).items()) == [
        ("a/.own.ipynb", b"o"), ("a/answers.ipynb", b"a"), ("a/deep/er/X.IPYNB", b"x"), ("b/answers.ipynb", b"b"),
        ("safari.ipynb.txt", b"s"), ("top.ipynb", b"t"),
    ]


def test_a_linked_folder_is_named_and_not_entered(tmp_path):
    tree(tmp_path, {"class/a.ipynb": BOOK, "other/secret.ipynb": b"secret"})
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "other")
    (tmp_path / "class" / "loop").symlink_to(tmp_path / "class")
    found = as_table(tmp_path / "class")
    assert sorted(found) == ["a.ipynb", "bob", "loop"] and "a link" in found["bob"]


def test_a_zip_inside_a_folder_is_not_passed_over(tmp_path):
    zipped(tree(tmp_path, {"a.ipynb": BOOK}) / "bob.zip", [("b.ipynb", BOOK)])
    assert "a ZIP inside a folder. Unpack it there" in as_table(tmp_path)["bob.zip"]


def test_names_that_are_no_text(tmp_path):
    names = [b"\xff\xfe.ipynb", b"new\nline.ipynb", b"\x1b[31mred.ipynb", "\u202egnp.ipynb".encode(),
             "J\u00fcrgen \U0001f600.ipynb".encode(), b"-rf.ipynb", b"=1+1.ipynb", b"back\\slash.ipynb"]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(name)
    found = as_table(tmp_path)
    assert set(found) == {
        r"\xff\xfe.ipynb", r"new\nline.ipynb", r"\x1b[31mred.ipynb", r"\u202egnp.ipynb",
        "J\u00fcrgen \U0001f600.ipynb", "-rf.ipynb", "=1+1.ipynb", r"back\slash.ipynb",
    }
    assert sorted(found.values()) == sorted(names)


def test_names_that_become_the_same_are_told_apart(tmp_path):
    tree(tmp_path, {"a\n.ipynb": b"1", r"a\n.ipynb": b"2"})
    assert as_table(tmp_path) == {r"a\n.ipynb": b"1", r"a\n.ipynb (2)": b"2"}


@given(st.lists(st.text(max_size=3)))
def test_no_two_submissions_share_a_name(names):
    found = unique(map(printable, names))
    assert len(set(found)) == len(names) and all(name.isprintable() for name in found)
    assert all(label.startswith(printable(name)) for name, label in zip(names, found, strict=True))


def test_one_at_a_time(tmp_path):
    """Ten files of 8 MB each: at no time do more than two of them stand in memory."""
    for number in range(10):
        os.truncate(tree(tmp_path, {f"{number}.ipynb": b""}) / f"{number}.ipynb", 8 * 10**6)
    zipped(tmp_path / "all.zip", [(path.name, path.read_bytes()) for path in sorted(tmp_path.glob("*.ipynb"))])
    for path, count in [(tmp_path, 11), (tmp_path / "all.zip", 10)]:
        tracemalloc.start()
        assert sum(1 for _ in collect(path)) == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 28e6, path


@pytest.mark.parametrize(
    ("files", "words"),
    [({}, "holds no notebooks"), ({"a.csv": b"", "feedback.zip": b""}, "holds no notebooks"),
     ({".hidden/a.ipynb": b""}, "Name a notebook, or a folder or ZIP")],
)
def test_a_folder_without_notebooks(tmp_path, files, words):
    with pytest.raises(SubmissionError, match=words):
        collect(tree(tmp_path, files))


def test_nothing_there(tmp_path):
    with pytest.raises(SubmissionError, match="there is no file or folder .*nobody.ipynb. Is the name"):
        collect(tmp_path / "nobody.ipynb")


def test_far_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MOST", 2)
    with pytest.raises(SubmissionError, match="holds 3 notebooks"):
        collect(tree(tmp_path, {f"{n}.ipynb": b"" for n in range(3)}))


# ZIPs


def test_a_zip_is_a_folder(tmp_path):
    path = zipped(tmp_path / "class.zip", [
        ("b/x.ipynb", b"b"), ("a/x.ipynb", b"a"), ("a/", b""), ("readme.md", b""), ("__MACOSX/a/._x.ipynb", b""),
        ("a/.ipynb_checkpoints/x.ipynb", b""), ("bob.zip", b"PK"), ("w\\x.ipynb", b"w"),
        ("a/.own.ipynb", b"o"),
    ])
    found = as_table(path)
    assert list(found) == ["a/.own.ipynb", "a/x.ipynb", "b/x.ipynb", "bob.zip", "w/x.ipynb"]
    assert "a ZIP inside a ZIP" in found.pop("bob.zip")
    assert set(found.values()) == {b"a", b"b", b"o", b"w"}
    renamed = path.rename(tmp_path / "class.download")
    assert "a/x.ipynb" in as_table(renamed)


def test_names_in_a_zip_are_labels_only(tmp_path):
    names = ["../../up.ipynb", "/etc/x.ipynb", "a/../../b.ipynb", "C:/x.ipynb", "\x1b[2J.ipynb"]
    folder = tmp_path / "only"
    folder.mkdir()
    path = zipped(folder / "class.zip", [(name, name.encode()) for name in names])
    found = as_table(path)
    assert set(found) == {*names[:-1], r"\x1b[2J.ipynb"} and set(found.values()) == {n.encode() for n in names}
    assert list(folder.iterdir()) == [path] and list(tmp_path.iterdir()) == [folder]


def test_two_members_of_one_name(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "class.zip", [("a.ipynb", b"1"), ("a.ipynb", b"2"), ("a.ipynb (2)", b"")])
    assert as_table(path) == {"a.ipynb": b"1", "a.ipynb (2)": b"2"}


def test_names_of_old_zips(tmp_path):
    """Macs write UTF-8 and do not say so; Python would read it as the letters of the first PC."""
    path = zipped(tmp_path / "class.zip", [("Jurgen.ipynb", BOOK)])
    path.write_bytes(path.read_bytes().replace(b"Jurgen", "J\u00fcrgn".encode()))
    assert as_table(path) == {"J\u00fcrgn.ipynb": BOOK}


def member(name, mode=None, flag=0, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    info.external_attr = mode << 16 if mode else 0
    info.flag_bits |= flag
    return info


def patched(path, name, at, replace):
    """Overwrite bytes in the central directory's entry of a member; `at` counts from the entry's beginning."""
    data = bytearray(path.read_bytes())
    start = data.rindex(name) - 46
    assert data[start : start + 4] == b"PK\x01\x02"
    data[start + at : start + at + len(replace)] = replace
    path.write_bytes(data)


def damage(path):
    data = bytearray(path.read_bytes())
    where = data.index(b"m.ipynb") + 60  # in the packed text, which is longer than that
    data[where : where + 20] = b"\xff" * 20
    path.write_bytes(data)


LONG = os.urandom(2000)
BAD_MEMBERS = {
    "link": (member("m.ipynb", stat.S_IFLNK | 0o777), lambda _: None, "a link"),
    "encrypted": (member("m.ipynb"), lambda path: patched(path, b"m.ipynb", 8, b"\x01"), "a password"),
    "damaged": (member("m.ipynb"), damage, "damaged inside the ZIP"),
    "wrong sum": (member("m.ipynb"), lambda path: patched(path, b"m.ipynb", 16, b"\0\0\0\0"), "damaged inside"),
    "unknown method": (member("m.ipynb"), lambda path: patched(path, b"m.ipynb", 10, b"\x63\0"), "a method"),
    "packed by LZMA": (member("m.ipynb", method=zipfile.ZIP_LZMA), lambda _: None, "a method"),
    "packed by bzip2": (member("m.ipynb", method=zipfile.ZIP_BZIP2), lambda _: None, "a method"),
    "says 4 GB": (member("m.ipynb"), lambda path: patched(path, b"m.ipynb", 24, b"\xfe\xff\xff\xff"), "at most 100"),
    "says 10 bytes": (member("m.ipynb"), lambda path: patched(path, b"m.ipynb", 24, struct.pack("<I", 10)), "damaged"),
    "another name inside": (member("m.ipynb"),
                            lambda path: path.write_bytes(path.read_bytes().replace(b"m.ipynb", b"n.ipynb", 1)),
                            "damaged"),
}


@pytest.mark.parametrize("kind", BAD_MEMBERS)
def test_a_bad_member_gets_a_problem_and_the_others_go_on(tmp_path, kind):
    info, spoil, words = BAD_MEMBERS[kind]
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in [("a.ipynb", BOOK), (info, LONG), ("z.ipynb", BOOK)]:
            archive.writestr(one, data)
    spoil(path)
    found = as_table(path)
    assert found.pop("a.ipynb") == found.pop("z.ipynb") == BOOK
    assert words in found["m.ipynb"]


def test_large_members(tmp_path):
    """40 MB that pack into 40 kB are read; 120 MB are not, and are never held in memory."""
    path = zipped(tmp_path / "class.zip", [("40.ipynb", b" " * 40_000_000), ("120.ipynb", b" " * 120_000_000)])
    tracemalloc.start()
    found = {one.name: (len(one.data or b""), one.problem) for one in collect(path)}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found["40.ipynb"] == (40_000_000, "") and "120 MB or more" in found["120.ipynb"][1]
    assert peak < 100e6


def test_a_bomb_that_hides_its_size(tmp_path):
    """The size written in the ZIP is 10 bytes, the member unpacks to 120 MB: what is read is what counts."""
    path = zipped(tmp_path / "class.zip", [("m.ipynb", b" " * 120_000_000), ("z.ipynb", BOOK)])
    patched(path, b"m.ipynb", 24, struct.pack("<I", 10))
    tracemalloc.start()
    found = as_table(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "damaged" in found["m.ipynb"] and found["z.ipynb"] == BOOK and peak < 20e6


def test_members_that_lie_over_one_another_are_refused(tmp_path):
    """As in the bombs that use the same packed bytes for many members."""
    path = zipped(tmp_path / "class.zip", [("a.ipynb", BOOK), ("m.ipynb", LONG), ("n.ipynb", LONG)])
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("m.ipynb").header_offset
    patched(path, b"n.ipynb", 42, struct.pack("<I", offset))
    found = as_table(path)
    assert found["a.ipynb"] == BOOK
    assert "over another member" in found["m.ipynb"] and "over another member" in found["n.ipynb"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "cannot be opened as a ZIP"), (b"no zip at all", "cannot be opened as a ZIP: File is not a zip file"),
     (b"PK\x05\x06" + b"\0" * 18, "holds no notebooks")],
    ids=["empty", "text", "without members"],
)
def test_a_zip_that_is_none(tmp_path, data, words):
    with pytest.raises(SubmissionError, match=words):
        collect(tree(tmp_path, {"class.zip": data}) / "class.zip")


def test_a_zip_that_is_cut_off_or_a_link(tmp_path):
    path = zipped(tmp_path / "class.zip", [("a.ipynb", LONG)])
    (tmp_path / "link.zip").symlink_to(path)
    with pytest.raises(SubmissionError, match="it is a link"):
        collect(tmp_path / "link.zip")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SubmissionError, match="unpack it and check the folder"):
        collect(path)


def test_a_member_without_a_name(tmp_path):
    path = zipped(tmp_path / "class.zip", [("a.ipynb", BOOK), ("QQQ", b"")])
    path.write_bytes(path.read_bytes().replace(b"QQQ", b"\0QQ"))
    assert as_table(path) == {"a.ipynb": BOOK}


def test_a_disk_that_fails(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(submissions, "read_at_most", fail)
    found = as_table(tree(tmp_path, {"a.ipynb": BOOK}))
    assert "cannot be read: Input/output error. Ask for" in found["a.ipynb"]


@given(st.binary(max_size=200), st.integers(0, 400), st.booleans())
def test_a_zip_with_any_bytes_in_it_raises_nothing_else(tmp_path_factory, noise, where, cut):
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "ab":
            archive.writestr(f"{name}.ipynb", BOOK * 9)
    data = bytearray(inside.getvalue())
    data[where : where + (len(noise) if cut else 0)] = noise
    path = tmp_path_factory.mktemp("noise") / "class.zip"
    path.write_bytes(data)
    try:
        assert all((one.data is None) == bool(one.problem) for one in collect(path))
    except SubmissionError as error:
        assert "class.zip" in str(error)
