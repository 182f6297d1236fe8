"""Apps in one notebook, so that each run can drive them: a slider and a list with keys; the rest before a release."""

import pytest

from kan_edu import apps
from tests.browser.alone import again, opened_with, readable_in_both_themes
from tests.browser.direct import expect, png
from tests.browser.test_lessons import follow, step, still_to_do

# {app: what is moved in each run}; other files of this folder drive the other apps, and most of these in full
ONCE = {
    "TrainerApp": ["frame", "optimiser"], "RaceApp": ["progress", "target"], "PsiApp": ["d", "formula"],
    "ApproximationApp": ["N units", "target f"], "DownhillApp": ["step", "optimiser"],
    "EquationApp": ["frame", "problem"], "FamiliesApp": ["size n", "family"], "SuperpositionApp": ["x", "function"],
}  # fmt: skip
APPS = {name: getattr(apps, name) for name in ONCE}
IN_FULL = ["TrainerApp", "RaceApp", "PsiApp"]  # for the release line, as these have no file of their own


@pytest.fixture(scope="module")
def shown(tab):
    """{name: (notebook, app on the page, app here)}, as they are at the start."""
    with opened_with(tab, *APPS.values()) as notebook:
        pairs = zip(APPS.items(), notebook.apps(len(APPS)), strict=True)
        yield {name: (notebook, there, there.meet(app())) for (name, app), there in pairs}


@pytest.mark.parametrize("name", APPS)
def test_it_follows_its_slider_and_its_list(shown, name):
    _, there, here = shown[name]
    expect(there, png(here), f"{name} at the start")
    for control in ONCE[name]:
        follow(there, here, control, (step,))


@again
@pytest.mark.parametrize("name", IN_FULL)
def test_it_follows_each_control(shown, name):
    _, there, here = shown[name]
    for control, actions in still_to_do(there, here, set()):
        follow(there, here, control, actions)


@again
@pytest.mark.parametrize("name", IN_FULL)
def test_both_themes_are_readable(shown, name):
    readable_in_both_themes(*shown[name])
