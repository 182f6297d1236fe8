"""Fresh references: the solutions' outputs for a seed that nobody knew; a set that shows nothing does not get one."""

import nbformat
import pytest

from kan_edu.exercises.marking import reference as making
from kan_edu.exercises.marking.reference import NARROW, TRIES, make_reference
from kan_edu.exercises.marking.runner import CellResult, MachineFailure
from kan_edu.exercises.sets.source import KEY, SourceError, parse
from tests.exercises.small import small_book, small_source


def shows(*values, margin=0.4, **more):
    about = {KEY: {"values": [["value", [len(values)], list(values)]], "margin": margin, **more}}
    return {"output_type": "display_data", "data": {"text/plain": "t"}, "metadata": about}


class Straw:
    """Stands in for `runner.run`: checks show `outputs`, which may be a function of the seed and the task."""

    def __init__(self, outputs=lambda seed, task: [shows("1")], **outcomes):
        self.outputs, self.outcomes, self.seeds = outputs, outcomes, []

    def __call__(self, book, sandbox, timeout):
        seed = int(book.cells[0].source.split("seed=")[1].rstrip(")"))
        self.seeds.append(seed)
        for place in [cell.metadata[KEY] for cell in book.cells]:
            kind, task = place["kind"], place["task"]
            outputs = self.outputs(seed, task) if kind == "check" else []
            yield CellResult(kind, task, self.outcomes.get(kind, "passed"), "nbval's words", outputs)


@pytest.fixture
def made(monkeypatch):
    """A function: the reference of the small set, made by a runner of straw."""

    def made(straw, seed=7):
        monkeypatch.setattr(making, "run", straw)
        return make_reference(small_source(), "none", 20, seed)

    return made


def test_a_reference(made):
    straw = Straw(lambda seed, task: [shows(f"{task} {seed}")])
    reference = made(straw)
    assert reference.seed == 7 and straw.seeds == [7] and list(reference.outputs) == ["double", "weights", "four"]
    assert reference.expected("four")["values"] == [["value", [1], ["four 7"]]]


def test_the_seed_is_a_new_one_each_time(made):
    straw = Straw()
    for _ in range(5):
        made(straw, None)
    assert len(set(straw.seeds)) == 5 and max(straw.seeds) > 10**6


def test_a_narrow_margin_takes_the_next_seed(made):
    straw = Straw(lambda seed, task: [shows("1", margin=NARROW / 2 if seed < 9 and task == "four" else NARROW)])
    assert made(straw).seed == 9 and straw.seeds == [7, 8, 9]


def test_a_margin_that_is_always_narrow(made):
    straw = Straw(lambda seed, task: [shows("1", margin=0 if task == "weights" else 0.5)])
    with pytest.raises(SourceError, match="numbers of weights lie where rounding turns, for 20 seeds. Show other"):
        made(straw)
    assert len(straw.seeds) == TRIES


@pytest.mark.parametrize(
    ("outputs", "words"),
    [([], "must show its values and nothing else; nbval's words"),
     ([shows("1"), shows("1")], "must show its values and nothing else"),
     ([shows("1"), {"output_type": "stream", "name": "stdout", "text": "x"}], "values and nothing else"),
     ([{"output_type": "stream", "name": "stdout", "text": "1"}], "values and nothing else"),
     ([{"output_type": "display_data", "data": {}, "metadata": {}}], "values and nothing else"),
     ([shows()], "the check of double shows no number"),
     ([{"metadata": {KEY: {"values": [], "margin": 0.5}}}], "the check of double shows no number"),
     ([{"metadata": {KEY: {"error": "ValueError: no"}}}], "the solution of double fails: ValueError: no")],
)
def test_a_check_without_values_is_no_reference(made, outputs, words):
    """Outputs that were cleared would let every answer pass: nbval compares nothing then."""
    with pytest.raises(SourceError, match=words):
        made(Straw(lambda seed, task: outputs))


@pytest.mark.parametrize(("kind", "where"), [("given", "the beginning"), ("answer", "double"), ("solution", "double")])
def test_a_set_whose_own_cells_fail(made, kind, where):
    with pytest.raises(SourceError, match=f"small: a cell of {where} fails: nbval's words"):
        made(Straw(**{kind: "failed"}))


def test_a_set_that_ends_early(made):
    straw = Straw()
    run = lambda *arguments: list(straw(*arguments))[:5]  # noqa: E731
    with pytest.raises(SourceError, match="no output of the checks of weights, four"):
        made(run)


def test_a_machine_that_fails_is_no_fault_of_the_set(made):
    def fails(*_):
        raise MachineFailure("no memory")

    with pytest.raises(MachineFailure):
        made(fails)


def test_a_real_reference_does_not_need_stored_outputs_and_takes_none(tmp_path):
    """One real kernel. The source's outputs are cleared, or forged: the reference has its own."""
    book = small_book()
    book.cells[4].outputs = [nbformat.from_dict(shows("forged"))]
    reference = make_reference(parse("small", book), "none", 60, 11)
    labels = [[(label, shape) for label, shape, _ in reference.expected(task)["values"]] for task in reference.points]
    assert labels == [[("of four", [4]), ("of one", [])], [("value", [5])], [("value", [3])]]
    assert all(reference.expected(task)["margin"] >= NARROW for task in reference.points)
    assert "forged" not in str(reference.outputs)
