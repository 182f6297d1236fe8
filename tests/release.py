"""Two lines of tests: README's runs all but what is marked `release`, and says how much waits for the release line.

A test is marked where a cheaper one of README's line shows the same kind of fault:

    @pytest.mark.release("the apps of this lesson are driven in tests/browser/test_apps.py")

The mark says why; README's line ends with the reasons and their numbers, and with the line that runs those tests. A
test that is named by its node id (`file.py::test`) runs in any case, and so does whatever `-m` asks for.
"""

from collections import Counter

import pytest

LINE = ".venv/bin/pytest -m release"
# Of notebooks, which nbval collects: {beginning of their node ids: reason}
NOTEBOOKS = {"notebooks/exercises/": "a set by nbval: tests/exercises/sets runs its cells and reads its outputs"}
LEFT = pytest.StashKey[Counter]()  # {reason: number of tests}


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item):
    """Mark what no function stands for."""
    for beginning, reason in NOTEBOOKS.items():
        if item.nodeid.startswith(beginning):
            item.add_marker(pytest.mark.release(reason))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put those aside that are marked."""
    marks = [reason_of(item) for item in items]
    if config.option.markexpr or any("::" in word for word in config.args):
        return
    config.stash[LEFT] = Counter(filter(None, marks))
    config.hook.pytest_deselected(items=[item for item, why in zip(items, marks, strict=True) if why])
    items[:] = [item for item, why in zip(items, marks, strict=True) if not why]


def reason_of(item):
    """Why a test waits for the release line, in words; "" if it does not. UsageError for a mark without words."""
    mark = item.get_closest_marker("release")
    if mark is None:
        return ""
    if len(mark.args) != 1 or not isinstance(mark.args[0], str) or not mark.args[0]:
        raise pytest.UsageError(f'{item.nodeid}: write @pytest.mark.release("what shows the same fault in each run")')
    return mark.args[0]


def pytest_sessionfinish(session):
    """A process of pytest-xdist tells the one that reports; all have collected the same."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["release"] = dict(session.config.stash.get(LEFT, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """What a process of pytest-xdist has told; nothing, if it did not come to an end."""
    told = getattr(node, "workeroutput", {}).get("release")
    if told is not None:
        node.config.stash[LEFT] = Counter(told)


def pytest_terminal_summary(terminalreporter, config):
    """How many tests are left to the release line, and why."""
    left = config.stash.get(LEFT, Counter())
    if left:
        terminalreporter.section("left to the release line")
        for reason, number in left.most_common():
            terminalreporter.write_line(f"{number:6} {reason}")
        terminalreporter.write_line(f"{left.total():6} in all; they run with: {LINE}")
