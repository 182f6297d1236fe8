"""The notebook that is run for a submission: whose cells it holds, in which order, and what of them is compared."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.marking.job import Reference, assemble, without_outputs
from kan_edu.exercises.sets.build import solution
from kan_edu.exercises.sets.source import BEGIN, KEY
from tests.exercises.small import small_source

SOURCE = small_source()
EMPTY = without_outputs(SOURCE, 77)
OUTPUT = {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {KEY: {"values": [], "margin": 0.5}}}
REFERENCE = Reference(EMPTY.name, EMPTY.seed, EMPTY.cells, EMPTY.points, {task: [OUTPUT] for task in EMPTY.points})


def kinds(book):
    return [(cell.metadata[KEY]["kind"], cell.metadata[KEY]["task"]) for cell in book.cells]


def test_without_outputs():
    assert EMPTY.points == {"double": 2, "weights": 1, "four": 3} and EMPTY.outputs == {}
    assert [cell[:2] for cell in EMPTY.cells] == [
        ("given", ""), ("solution", "double"), ("check", "double"), ("solution", "weights"), ("check", "weights"),
        ("solution", "four"), ("check", "four")]
    assert "check = Checks(seed=77)" in EMPTY.cells[0][2] and "seed=5" not in EMPTY.cells[0][2]
    assert not any(BEGIN in code for _, _, code in EMPTY.cells)


def test_a_given_cell_belongs_to_the_answer_above():
    source = small_source()
    source.book.cells[6] = nbformat.v4.new_code_cell("double(2)")
    assert ("given", "double", "double(2)") in without_outputs(source, 1).cells


def test_all_answered():
    """Answer, check, solution: what comes after is judged on top of the reference. The last check is the end."""
    book = assemble(REFERENCE, {task: f"{task} = 1" for task in REFERENCE.points})
    each = [(kind, task) for task in REFERENCE.points for kind in ("answer", "check", "solution")]
    assert kinds(book) == [("given", ""), *each][:-1]
    assert book.cells[1].source == "double = 1"
    assert book.cells[3].source == solution(SOURCE.book.cells[3].source).replace("# ANSWER", "# SOLUTION")


def test_an_answer_that_is_missing_is_the_solution_and_is_not_checked():
    assert kinds(assemble(REFERENCE, {"weights": "w = 1"})) == [
        ("given", ""), ("solution", "double"), ("answer", "weights"), ("check", "weights")]


def test_a_reference_is_made_of_all_cells():
    """A cell after the last check that fails is a fault of the set, and its teacher shall know."""
    source = small_source()
    source.book.cells.append(nbformat.v4.new_code_cell("four(2)"))
    book = assemble(without_outputs(source, 1), {task: f"{task} = 1" for task in REFERENCE.points})
    assert kinds(book)[-2:] == [("solution", "four"), ("given", "four")]


def test_only_checks_are_compared():
    book = assemble(REFERENCE, {"double": "d = 1", "four": "f = 1"})
    nbformat.validate(book)
    for cell in book.cells:
        check = cell.metadata[KEY]["kind"] == "check"
        assert cell.metadata.tags == ([] if check else ["nbval-ignore-output"])
        assert len(cell.outputs) == check
        assert cell.execution_count is not None, "nbval compares nothing in a cell that was never run"
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    assert book.metadata.kernelspec.name == "exercise"


def test_a_check_without_outputs_is_only_run():
    book = assemble(EMPTY, {"double": "d = 1"})
    check = next(cell for cell in book.cells if cell.metadata[KEY]["kind"] == "check")
    assert check.execution_count is None and check.outputs == []


def test_expected():
    assert REFERENCE.expected("double") == {"values": [], "margin": 0.5}
    with pytest.raises(KeyError):
        EMPTY.expected("double")


@given(st.dictionaries(st.sampled_from(sorted(REFERENCE.points)), st.text(max_size=20), min_size=1))
def test_any_answers(answers):
    """Whatever was answered: before each check all earlier solutions stand; answers stand in answer cells only."""
    said = kinds(assemble(REFERENCE, answers))
    order = list(REFERENCE.points)
    for place, (kind, task) in enumerate(said):
        if kind == "check":
            assert [name for what, name in said[:place] if what == "solution"] == order[: order.index(task)]
    assert {task for kind, task in said if kind == "check"} == set(answers)
    assert {cell.metadata[KEY]["task"]: cell.source for cell in assemble(REFERENCE, answers).cells
            if cell.metadata[KEY]["kind"] == "answer"} == answers
