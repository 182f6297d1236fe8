"""FamiliesApp in a real JupyterLab: driven with the keyboard alone, both themes."""

import pytest

from kan_edu.apps import FamiliesApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one FamiliesApp and nothing else, run."""
    with opened_with(tab, FamiliesApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, FamiliesApp)


@again
def test_every_control_is_reached_and_moved_with_the_keyboard_alone(pair):
    there, here = pair
    right = ["ArrowRight"]
    keyboard_alone(there, here, [("target", 2 * right), ("family", right), ("size n", right)])
    assert here.state == {"target": "periodic", "family": "fourier", "n": 3}


@again
def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
