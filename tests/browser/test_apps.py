"""The apps that no other file of this folder opens, in one notebook: driven with keys, and readable in both themes."""

import pytest

from kan_edu.apps import PsiApp, RaceApp, TrainerApp
from tests.browser.alone import again, opened_with, readable_in_both_themes
from tests.browser.direct import expect, png
from tests.browser.test_lessons import follow, step, still_to_do

APPS = {app.__name__: app for app in (TrainerApp, RaceApp, PsiApp)}
ONCE = {"TrainerApp": ["frame", "optimiser"], "RaceApp": ["progress", "target"], "PsiApp": ["d", "formula"]}


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
@pytest.mark.parametrize("name", APPS)
def test_it_follows_each_control(shown, name):
    _, there, here = shown[name]
    for control, actions in still_to_do(there, here, set()):
        follow(there, here, control, actions)


@again
@pytest.mark.parametrize("name", APPS)
def test_both_themes_are_readable(shown, name):
    readable_in_both_themes(*shown[name])
