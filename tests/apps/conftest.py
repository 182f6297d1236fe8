"""One app of each class that a file names, made before its tests; `shared` in tests/moving.py gives it to them."""

import pytest

from kan_edu.apps.common.app import App
from tests.moving import keep


@pytest.fixture(scope="module", autouse=True)
def kept(request):
    """The apps of a file are made by a fixture of the file, so that no test closes them."""
    named = [thing for thing in vars(request.module).values() if isinstance(thing, type) and issubclass(thing, App)]
    with keep(*(each for each in named if each is not App)):
        yield
