"""Temporary folders: which are swept up, and that nothing stays in one that is emptied."""

import os
import tempfile

import pytest

from kan_edu.exercises.marking import folders
from kan_edu.exercises.marking.folders import LOCK, PREFIX, empty, new_folder, sweep

pytestmark = pytest.mark.skipif(os.name == "nt", reason="on Windows folders are not swept up: nobody can be asked")


def test_a_folder_is_swept_up_when_its_checker_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, lock = new_folder()
    used, held = new_folder()
    (left / "s" / "deep").mkdir(parents=True)
    lock.close()  # as the system does when a checker is killed
    (tmp_path / "kan-edu-without-lock").mkdir()
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / LOCK).touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "link")
    sweep()
    assert sorted(os.listdir(tmp_path)) == sorted([used.name, "kan-edu-without-lock", "link", f"{PREFIX}link"])
    held.close()


def test_another_users_folder_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder, lock = new_folder()
    lock.close()
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    sweep()
    assert folder.exists()


def test_what_cannot_be_emptied_is_not_used_again(tmp_path, monkeypatch):
    (tmp_path / "a").touch()
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "to nowhere").symlink_to("nowhere")
    empty(tmp_path)
    assert os.listdir(tmp_path) == []
    (tmp_path / "b").mkdir()
    monkeypatch.setattr(folders, "remove", lambda path: None)
    with pytest.raises(OSError, match="cannot be emptied"):
        empty(tmp_path)
