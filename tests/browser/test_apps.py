"""The apps that no other file of this folder opens, in one notebook: each control moves, and both themes are readable."""

import pytest

from kan_edu.apps import PsiApp, RaceApp, TrainerApp
from tests.browser.alone import opened_with, readable_in_both_themes
from tests.browser.direct import expect, png
from tests.browser.test_lessons import follow, still_to_do

APPS = {app.__name__: app for app in (TrainerApp, RaceApp, PsiApp)}


@pytest.fixture(scope="module")
def shown(tab):
    """{name: (notebook, app on the page, app here)}, as they are at the start."""
    with opened_with(tab, *APPS.values()) as notebook:
        pairs = zip(APPS.items(), notebook.apps(len(APPS)), strict=True)
        yield {name: (notebook, there, there.meet(app())) for (name, app), there in pairs}


@pytest.mark.parametrize("name", APPS)
def test_each_control_is_followed(shown, name):
    _, there, here = shown[name]
    expect(there, png(here), f"{name} at the start")
    for control, actions in still_to_do(there, here, set()):
        follow(there, here, control, actions)


@pytest.mark.parametrize("name", APPS)
def test_both_themes_are_readable(shown, name):
    readable_in_both_themes(*shown[name])
