"""Candidates for an edge, judged by the whole network; the refit; the table in words and in HTML."""

import numpy as np
import pytest

from kan_edu import KAN, History, candidates, fit_with_refinement, refit
from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.reading import symbolic
from kan_edu.reading.symbolic import Candidates


@pytest.fixture(scope="module")
def trained():
    """A KAN that learnt exp(sin(pi x1) + x2^2), its samples and targets."""
    X = np.random.default_rng(0).uniform(-1, 1, (400, 2))
    Y = np.exp(np.sin(np.pi * X[:, :1]) + X[:, 1:] ** 2)
    model = KAN([2, 1, 1])
    fit_with_refinement(model, X, Y, grids=(3, 5, 10), seed=3, progress=False)
    assert symbolic.rmse(model, X, Y) < 1e-3
    return model, X, Y


def test_step_by_step_the_law_comes_out_exactly(trained):
    model, X, Y = trained[0].copy(), *trained[1:]
    for edge, right in (((0, 0, 0), "sin"), ((0, 0, 1), "x^2"), ((1, 0, 0), "exp")):
        table = candidates(model, edge, X, Y, families=["sin", "x^2", "exp", "cosh", "tanh", "x"], steps=30)
        assert table[0].family == right, table
        model.set_formula(edge, right)
        refit(model, X, Y)
    assert symbolic.rmse(model, X, Y) < 1e-12
    assert abs(model.layers[0].formulas[0, 0].params[1]) == pytest.approx(np.pi, abs=1e-10)


def test_the_model_and_its_outputs_stay_as_they_were(trained):
    model, X, Y = trained
    theta = model.theta.copy()
    table = candidates(model, (0, 0, 1), X, Y, families=["x^2", "x"], steps=3)
    assert (model.theta == theta).all() and all(layer.snapped is None for layer in model.layers)
    assert table.before == symbolic.rmse(model, X, Y)
    for row in table:
        assert row.model is not model and row.family == row.model.layers[0].formulas[0, 1].name
        assert row.rmse == symbolic.rmse(row.model, X, Y) and row.cost == FAMILIES[row.family].cost
        assert row.params == tuple(row.model.layers[0].formulas[0, 1].params)
    assert table["x^2"].rmse < table["x"].rmse and table[0].family == "x^2"
    assert table["x^2"].r2 > 0.999 > table["x"].r2 >= 0


def test_the_network_decides_not_the_edge():
    """y = x^2 as [1, 1, 1] where the first edge was bent: by R^2 another family wins, after the refit the right one."""
    X = np.linspace(-1, 1, 200)[:, None]
    Y = np.exp(-4 * X**2)
    model = KAN([1, 1, 1], G=8)
    fit_with_refinement(model, X, Y, grids=(5, 8), seed=1, progress=False)
    table = candidates(model, (0, 0, 0), X, Y, families=["x^2", "gaussian", "cosh", "1/cosh", "x"])
    assert min(table["x^2"].rmse, table["gaussian"].rmse) < 0.2 * table["x"].rmse
    nearest = max(table, key=lambda row: row.r2)
    assert table[0].rmse <= nearest.rmse


def test_without_targets_the_model_itself_is_the_target(trained):
    model, X, _ = trained
    table = candidates(model, (0, 0, 1), X, families=["x^2", "x"], steps=20)
    assert table.before == 0 and table["x^2"].rmse < 5e-3


def test_only_the_nearest_are_refitted_and_the_straight_line_is_among_them(trained):
    model, X, Y = trained
    table = candidates(model, (0, 0, 0), X, Y, most=3, steps=1)
    assert len(table) == 3 and "x" in [row.family for row in table]
    assert len(table) + len(table.skipped) == len(FAMILIES)
    assert "not among the best 3" in table.skipped["log"]
    with pytest.raises(KeyError, match="'log' has no row: its R.2 is not among"):
        table["log"]
    with pytest.raises(KeyError, match="no family that was tried"):
        table["wavelet"]


def test_a_table_reads_well_in_text_and_html(trained):
    model, X, Y = trained
    table = candidates(model, (0, 0, 1), X, Y, families=["x^2", "x", "abs"], steps=1, most=2)
    lines = str(table).splitlines()
    assert lines[0].startswith("edge (0, 0, 1); the network's RMSE before: ")
    assert lines[1].split("  ")[0] == "family" and "RMSE after refit" in lines[1]
    assert lines[-1] == "left out: abs" and len(lines) == 5
    html = table._repr_html_()
    assert html.count("<tr>") == 3 and html.count("<td") == 10 and "left out: abs" in html and repr(table) == str(table)


def test_a_family_with_no_value_at_the_samples_is_left_out_and_says_why(trained):
    model, X, Y = trained
    model = model.copy()
    model.set_formula((1, 0, 0), "log", (1, 1, 50))
    table = candidates(model, (0, 0, 0), X, Y, families=["x", "x^4"], steps=2)
    assert len(table) + len(table.skipped) == 2


def test_of_equal_rows_the_shorter_formula_comes_first(monkeypatch):
    X = np.linspace(-1, 1, 60)[:, None]
    errors = {"sin": 1.00001e-3, "abs": 1.00002e-3, "x": 1.00003e-3, "cosh": 1.1e-3}
    monkeypatch.setattr(symbolic, "refit", lambda m, X, Y, **_: symbolic.Refit(
        0, errors[m.layers[0].formulas[0, 0].name], History()))
    table = candidates(KAN([1, 1], seed=1), (0, 0, 0), X, families=list(errors))
    assert [row.family for row in table] == ["x", "sin", "abs", "cosh"]


def test_an_edge_that_is_constant_is_refused_in_words():
    X = np.stack([np.linspace(-1, 1, 50), np.full(50, 3.0)], axis=1)
    model = KAN([2, 1], hi=4)
    with pytest.raises(ValueError, match=r"what arrives at edge \(0, 0, 1\) is always 3: that has no shape; take"):
        candidates(model, (0, 0, 1), X)
    model.remove_edge((0, 0, 0))
    with pytest.raises(ValueError, match=r"what passes edge \(0, 0, 0\) is always 0"):
        candidates(model, (0, 0, 0), X)


def test_a_refit_that_stops_says_why(trained):
    model, X, Y = trained
    assert refit(model.copy(), X, Y).history.stopped == "further steps gain next to nothing"
    assert refit(model.copy(), X, Y, steps=2).history.stopped == "all 2 steps done"


def test_a_candidate_starts_where_the_edge_was(trained, monkeypatch):
    """Before any refit the right family computes nearly what the spline did, its constant included."""
    model, X, Y = trained
    monkeypatch.setattr(symbolic, "refit", lambda m, X, Y, **_: symbolic.Refit(0, symbolic.rmse(m, X, Y), History()))
    for edge, name in (((0, 0, 0), "sin"), ((0, 0, 1), "x^2"), ((1, 0, 0), "exp")):
        assert candidates(model, edge, X, Y, families=[name])[0].rmse < 0.02


def test_stopping_keeps_the_rows_so_far(trained, monkeypatch):
    model, X, Y = trained
    calls = []

    def one_then_ctrl_c(*args, **options):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return refit(*args, **options)

    monkeypatch.setattr(symbolic, "refit", one_then_ctrl_c)
    table = candidates(model, (0, 0, 1), X, Y, families=["x^2", "x", "abs"], steps=1)
    assert len(table) == 1 and table.stopped.startswith("interrupted") and "interrupted" in str(table)


def test_a_refit_says_what_it_did_and_moves_only_what_is_free(trained):
    model, X, Y = trained[0].copy(), *trained[1:]
    model.set_formula((0, 0, 0), "sin", (1, 3, 0))
    before, theta, free = symbolic.rmse(model, X, Y), model.theta.copy(), model.free
    done = refit(model, X, Y, steps=5)
    assert done.before == before > done.after == symbolic.rmse(model, X, Y)
    assert len(done.history.loss) == 5 and (model.theta[~free] == theta[~free]).all()


def test_a_refit_without_a_free_parameter_does_nothing():
    model, X = KAN([1, 1]), np.linspace(-1, 1, 9)[:, None]
    formula = model.set_formula((0, 0, 0), "x", (2, 1, 0))
    formula.free[...], model.layers[0].snapped.pinned[...] = False, True
    assert refit(model, X, X).after == pytest.approx(refit(model, X, X).before)
    assert refit(model, X, X).history.stopped == "no parameter is free"


@pytest.mark.parametrize(("call", "words"), [
    (lambda m, X, Y: candidates(m, (0, 5, 0), X, Y), r"has no edge \(0, 5, 0\)"),
    (lambda m, X, Y: candidates(m, (0, 0, 0), X, Y, families=["wavelet"]), "no family is called 'wavelet'"),
    (lambda m, X, Y: candidates(m, (0, 0, 0), X[:, :1], Y), "1 column, expected 2"),
    (lambda m, X, Y: candidates(m, (0, 0, 0), X, Y[:-1]), "give one row of Y for each sample"),
    (lambda m, X, Y: refit(m, X, Y * np.nan), "NaN"),
    (lambda m, X, Y: refit(m, X, Y * 1e300), "square"),
    (lambda m, X, Y: refit(m, X, Y, progress="no"), "progress is 'no'; expected True or False"),
    (lambda m, X, Y: refit(m, X, Y, steps=0), "steps is 0; expected a whole number from 1 to 10000"),
    (lambda m, X, Y: refit(KAN, X, Y), "make a model of it"),
    (lambda m, X, Y: candidates(m, (False, 0, 0), X, Y), "expected .layer, j, i."),
    (lambda m, X, Y: candidates(m, (0, 0.5, 0), X, Y), "expected .layer, j, i."),
    (lambda m, X, Y: candidates(m, (0, 0, 0), X, Y, families=[]), "expected a list of"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(trained, call, words):
    with pytest.raises(ValueError, match=words):
        call(*trained)


def test_one_family_may_be_a_word_and_most_is_a_number_of_rows(trained):
    m, X, Y = trained[:3]
    assert [row.family for row in candidates(m, (0, 0, 0), X, Y, families="sin")] in (["sin"], [])
    with pytest.raises(ValueError, match="most"):
        candidates(m, (0, 0, 0), X, Y, most=0)


@pytest.mark.filterwarnings("error")
def test_a_wrong_function_is_not_put_down_to_the_scale_of_the_data():
    """`fit` would warn that little was learnt, as Y reaches so far; here the error after the refit tells."""
    model, rng = KAN([1, 1]), np.random.default_rng(0)
    model.set_formula((0, 0, 0), "x", (1, 1, 0))
    Y = 300 * rng.normal(size=(40, 1))
    assert refit(model, rng.uniform(-1, 1, (40, 1)), Y).after > 0.5 * Y.std()


def test_a_row_is_asked_for_by_its_place_or_its_name(trained):
    table = Candidates((0, 0, 0), 1.0, rows=["first", "second"])
    assert table[-1] == "second" and list(table) == table[:2] == ["first", "second"]
    with pytest.raises(IndexError, match="no row 2; the table has 2 rows"):
        table[2]
    for wrong in (True, 0.5, None, [0]):
        with pytest.raises(ValueError, match="the place of a row is"):
            table[wrong]
