"""Settings for every test run: what is not a test, a picture without a window, the same random examples."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `kan-edu lab` does; before anything imports NumPy

import matplotlib
import pytest
from hypothesis import settings

collect_ignore = ["tests/bench"]  # it measures, and imports torch and pykan, which the tests do without

matplotlib.use("Agg")
pytest.register_assert_rewrite("tests.moving")  # its asserts say what they compared
os.environ.pop("MPLBACKEND", None)  # the notebooks' kernels inherit it, and would then store other outputs

# deadline=None: no test here asserts on wall time. Derandomized: a red run can be run again and is red again.
settings.register_profile("kan_edu", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("kan_edu")


def pytest_ignore_collect(collection_path, config):
    """Of all .ipynb files only the course is run by nbval, not the helpers of tests or a student's copy."""
    if collection_path.suffix == ".ipynb" and config.rootpath / "notebooks" not in collection_path.parents:
        return True
    return None
