"""The watched kernel without a kernel: which messages count, and when it stops. With one: test_corpus.py."""

import os
from queue import Empty
from types import SimpleNamespace

import psutil
import pytest

from kan_edu.exercises.marking import watched
from kan_edu.exercises.marking.sandbox import SANDBOXED
from kan_edu.exercises.marking.watched import Died, Stopped, Waited, WatchedKernel


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A watched kernel that was never started, at a cell with the message id "now"."""
    kernel = WatchedKernel.__new__(WatchedKernel)
    kernel.up, kernel.current, kernel.seen, kernel.text, kernel.shown = True, "now", 0.0, 0, 0
    kernel.sockets, kernel.pid = tmp_path, os.getpid()
    kernel.allowed = kernel.ends = float("inf")
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
    kernel.seen = 0.0
    with pytest.raises(Stopped, match="Write into your own folder"):
        kernel.look()


class Process:
    """Stands in for psutil's; `used` s of CPU, `shared` and `own` MB of memory, of which `by` processes share."""

    def __init__(self, used=0.0, shared=0, own=0, by=1):
        self.used, self.shared, self.own, self.by, self.looks = used, shared * watched.MB, own * watched.MB, by, 0

    def cpu_times(self):
        return SimpleNamespace(user=self.used, system=0.5, children_user=0.25, children_system=0.25)

    def memory_info(self):
        return SimpleNamespace(rss=self.shared + self.own)

    def memory_full_info(self):
        self.looks += 1
        return SimpleNamespace(pss=self.shared // self.by + self.own)


def with_processes(kernel, *processes):
    kernel.seen, kernel.processes = 0.0, lambda: processes


def test_what_forty_processes_share_counts_once(kernel, monkeypatch):
    monkeypatch.setenv(SANDBOXED, "1")
    pool = [Process(shared=200, own=2, by=40) for _ in range(40)]
    with_processes(kernel, *pool)
    kernel.look()
    with_processes(kernel, *(Process(own=200, by=40) for _ in range(40)))
    with pytest.raises(Stopped, match="of memory together"):
        kernel.look()
    few = Process(shared=200)
    with_processes(kernel, few)
    kernel.look()
    assert few.looks == 0, "the longer look is not taken without need"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="memory is looked at in the sandbox, and that is for Linux")
def test_memory_is_looked_at_where_all_processes_are_the_jobs(kernel, monkeypatch):
    with_processes(kernel, psutil.Process())
    assert 10**6 < watched.held(kernel.processes(), "memory_full_info", "pss")
    monkeypatch.setattr(watched, "MOST_MEMORY", 10**6)
    kernel.look()
    kernel.seen = 0.0
    monkeypatch.setenv(SANDBOXED, "1")
    with pytest.raises(Stopped, match="of memory together"):
        kernel.look()


class Client:
    """Stands in for the client of a kernel that never answers; the clock goes on by 5 s with each question."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(watched.time, "monotonic", lambda: self.now)

    def get_shell_msg(self, timeout):
        self.now += 5
        raise Empty

    get_iopub_msg = get_shell_msg


def test_it_is_computing_that_is_limited_and_waiting_only_generously(kernel, monkeypatch):
    kernel.kc, kernel.is_alive, kernel.waiting, kernel.up = Client(monkeypatch), lambda: True, [], True
    busy = Process(used=50.0)
    monkeypatch.setattr(kernel, "processes", lambda: [busy, Process()], raising=False)
    kernel.computed = 52.0  # what earlier cells have used is not held against this one
    with pytest.raises(Waited, match="did not end within 120 s, in which it computed little"):
        kernel.await_reply("now", timeout=20)
    assert kernel.kc.now >= 220 and Waited.waited
    kernel.kc.now, kernel.seen = 100.0, 0.0
    kernel.kc.get_shell_msg = lambda timeout: setattr(busy, "used", busy.used + 5) or Client.get_shell_msg(kernel.kc, 0)
    with pytest.raises(Stopped, match="computed for more than 20 s") as stopped:
        kernel.await_reply("now", timeout=20)
    assert kernel.kc.now < 220 and not getattr(stopped.value, "waited", False)


def test_what_died_is_told_from_what_was_stopped():
    assert (Stopped.outcome, Died.outcome) == ("stopped", "died")
