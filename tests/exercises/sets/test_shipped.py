"""The course's own exercise sets, each verified with a seed that nobody knew: solutions pass, wrong answers do not."""

import pytest

from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.verify import verify


def test_the_sets_of_the_course_are_there():
    names = ["01_perceptron", "02_xor", "05_splines", "06_kan_layer", "07_grid_extension", "09_reading"]
    assert list(shipped()) == names


@pytest.mark.parametrize("name", shipped())
def test_a_set_can_be_handed_out(name):
    source = find(name)
    assert 5 <= len(source.tasks) <= 8
    assert all(len(task.wrong) >= 2 for task in source.tasks.values())
    found = verify(source, "none", timeout=60, seeds=1)
    assert found.faults == []
