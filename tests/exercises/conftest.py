"""Fixtures for all tests of the checker."""

import pytest

from kan_edu.exercises.marking.runner import stopping


@pytest.fixture(autouse=True)
def nothing_is_being_stopped():
    """A test may stop a class by Ctrl-C; the next one starts anew."""
    stopping.clear()
    yield
    stopping.clear()
