"""Settings for every test run: what is not a test, a picture without a window, the same random examples."""

import gc
import os
import sys
from importlib.util import find_spec

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `kan-edu lab` does; before anything imports NumPy

import matplotlib
import pytest
from hypothesis import settings

pytest_plugins = ["tests.order", "tests.dear", "tests.release"]
collect_ignore = ["tests/bench"]  # it measures, and imports torch and pykan, which the tests do without

matplotlib.use("Agg")
pytest.register_assert_rewrite("tests.moving")  # its asserts say what they compared
os.environ.pop("MPLBACKEND", None)  # the notebooks' kernels inherit it, and would then store other outputs

# deadline=None: no test here asserts on wall time. Derandomized: a red run can be run again and is red again.
settings.register_profile("kan_edu", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("kan_edu")


def pytest_ignore_collect(collection_path, config):
    """Of all .ipynb files nbval runs the course only, not the helpers of tests or a student's copy."""
    if collection_path.suffix == ".ipynb" and config.rootpath / "notebooks" not in collection_path.parents:
        return True
    if find_spec("sklearn") is None and config.rootpath / "kan_edu" / "sklearn" in collection_path.parents:
        return True  # an extra: without it its doctests cannot even be read; tests/sklearn skips aloud
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """No look for garbage meanwhile: the objects of ten thousand tests stay, and looking takes a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Before a process of pytest-xdist loads nbval, and with it nbformat."""
    node.gateway.remote_exec("import kan_edu.exercises.sets.lightly").waitclose()


@pytest.fixture(autouse=True)
def nothing_is_kept():
    """Close what a test leaves open: ipywidgets keeps every widget, pyplot every figure, and a worker would grow.

    Fixtures of a module or a package are made before this one, so their widgets live on.
    """
    before = set(all_widgets())
    yield
    for name, widget in list(all_widgets().items()):
        if name not in before:
            widget.close()
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def all_widgets():
    """{name: widget} of all that are open; nothing is loaded for it."""
    loaded = sys.modules.get("ipywidgets.widgets.widget")
    return loaded._instances if loaded else {}
