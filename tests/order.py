"""Which tests stand together and which come first, so that all processes of pytest-xdist are busy to the end."""

import pytest
from xdist.scheduler import LoadScopeScheduling

# One process runs all of these: each that enters the folder starts a JupyterLab and a browser, ten seconds of CPU.
TOGETHER = "tests/browser/"
# By time, longest first: begun last, one of them would keep one process busy while the others have nothing to do.
LONGEST = [TOGETHER, "tests/exercises/test_corpus.py", "tests/exercises/sets/", "tests/exercises/", "notebooks/"]


def pytest_collection_modifyitems(items):
    """The long files first."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONGEST) if item.nodeid.startswith(part)), 99))


def scope_of(nodeid):
    """The name of those tests that run in one process, in order: a folder, or as with `--dist=loadscope` a file."""
    return TOGETHER if nodeid.startswith(TOGETHER) else nodeid.rsplit("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The scheduler of `--dist=loadscope`, which asks `scope_of`."""
    if config.option.dist != "loadscope":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = scope_of
    return scheduler
