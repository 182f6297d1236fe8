"""The watched kernel without a kernel: which messages count, and when it stops. With one: test_corpus.py."""

import os
import time

import pytest

from kan_edu.exercises.marking import watched
from kan_edu.exercises.marking.sandbox import SANDBOXED
from kan_edu.exercises.marking.watched import Died, Stopped, WatchedKernel


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A watched kernel that was never started, at a cell with the message id "now"."""
    kernel = WatchedKernel.__new__(WatchedKernel)
    kernel.up, kernel.current, kernel.seen, kernel.text, kernel.shown = True, "now", 0.0, 0, 0
    kernel.sockets = tmp_path
    monkeypatch.delenv(SANDBOXED, raising=False)
    return kernel


def message(kind, content, parent="now"):
    return {"msg_type": kind, "content": content, "parent_header": {"msg_id": parent}}


def at(kernel, kind, *messages):
    kernel.kind = kind
    return [kernel.counts(each) for each in messages]


def test_an_answer_may_print_and_its_pictures_are_not_kept(kernel):
    shown = message("display_data", {"data": {"image/png": "A" * 3 * watched.MB}})
    assert at(kernel, "answer", message("stream", {"text": "a"}), shown, shown) == [True, False, False]


def test_our_own_cells_print_nothing_and_what_a_check_shows_counts(kernel):
    assert at(kernel, "check", message("stream", {"text": "a"}), message("display_data", {"data": {}})) == [False, True]
    assert at(kernel, "solution", message("stream", {"text": "a"})) == [False]


def test_what_belongs_to_an_earlier_cell_does_not_count(kernel):
    late = message("stream", {"text": "a" * 2 * watched.MOST_TEXT}, parent="before")
    assert at(kernel, "answer", late) == [False] and kernel.text == 0


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        ("answer", message("stream", {"text": "a" * watched.MOST_TEXT}), "put out more than 1 MB"),
        ("check", message("display_data", {"data": {"text/plain": "a" * watched.MOST_TEXT}}), "put out more than 1 MB"),
        ("answer", message("display_data", {"data": "a" * watched.MOST_SHOWN}), "Move pictures out of the answer"),
    ],
)
def test_too_much_is_stopped(kernel, kind, sent, said):
    with pytest.raises(Stopped, match=said):
        at(kernel, kind, sent)


def test_a_few_files_lie_beside_the_sockets_and_not_more(kernel, tmp_path):
    for number in range(watched.MOST_FILES):
        (tmp_path / str(number)).touch()
    kernel.look()
    (tmp_path / "one more").touch()
    kernel.look()  # it was looked at just now
    time.sleep(watched.TICK)
    with pytest.raises(Stopped, match="Write into your own folder"):
        kernel.look()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="memory is looked at in the sandbox, and that is for Linux")
def test_memory_is_looked_at_where_all_processes_are_the_jobs(kernel, monkeypatch):
    assert 10**6 < watched.resident()
    monkeypatch.setattr(watched, "MOST_MEMORY", 10**6)
    kernel.look()
    kernel.seen = 0.0
    monkeypatch.setenv(SANDBOXED, "1")
    with pytest.raises(Stopped, match="of memory together"):
        kernel.look()


def test_what_died_is_told_from_what_was_stopped():
    assert (Stopped.outcome, Died.outcome) == ("stopped", "died")
