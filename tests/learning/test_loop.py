"""fit: which rows a step sees, what History records, and how training ends: done, stopped, interrupted, diverged."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from kan_edu.learning import progress
from kan_edu.learning.downhill.gradient import SGD, Adam
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import Diverged, fit
from kan_edu.learning.losses import cross_entropy, mse
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP
from kan_edu.splines.bases import BSpline

MODELS = pytest.mark.parametrize("make", [lambda: KAN([2, 3, 1]), lambda: MLP([2, 8, 1])], ids=["KAN", "MLP"])


def product(N=120, seed=0):
    """Samples of x y: X (N, 2), Y (N, 1)."""
    X = np.random.default_rng(seed).uniform(-1, 1, (N, 2))
    return X, X[:, :1] * X[:, 1:]


def after(steps, **more):
    """theta after so many whole steps, walked by hand."""
    model, optimiser, (X, Y) = KAN([2, 3, 1]), Adam(), product()
    for _ in range(steps):
        _, dY = mse(model.forward(X), Y)
        model.backward(dY)
        optimiser.step(model.theta, model.grad)
    return model.theta


# ------------------------------------------------------------------------- what is computed only once


def count_bases(monkeypatch, train):
    """How often training evaluates a basis of two inputs: the first layer's."""
    calls, local = [], BSpline._local
    monkeypatch.setattr(BSpline, "_local", lambda basis, x: calls.append(len(x)) or local(basis, x))
    train()
    return calls.count(2)


@pytest.mark.parametrize(("optimiser", "most"), [(Adam, 1), (LBFGS, 1), (LevenbergMarquardt, 10)])
def test_the_first_basis_of_a_full_batch_is_computed_once(optimiser, most, monkeypatch):
    """Levenberg-Marquardt's Jacobian asks for more, the residuals of its trials do not. Three look at the grids."""
    model, (X, Y) = KAN([2, 3, 1]), product()
    assert count_bases(monkeypatch, lambda: fit(model, X, Y, steps=8, optimiser=optimiser)) <= most + 3


def test_batches_and_extended_grids_compute_it_anew(monkeypatch):
    model, (X, Y) = KAN([2, 3, 1]), product()
    assert count_bases(monkeypatch, lambda: fit(model, X, Y, steps=8, batch_size=60)) >= 8

    def extend(step, model, loss):
        if step == 2:
            grids.extend(model, 10)

    changed, other = KAN([2, 3, 1]), KAN([2, 3, 1])
    fit(changed, X, Y, steps=6, callback=extend, optimiser=SGD(0.05))
    fit(other, X, Y, steps=3, optimiser=SGD(0.05))
    grids.extend(other, 10)
    fit(other, X, Y, steps=3, optimiser=SGD(0.05))
    np.testing.assert_array_equal(changed.theta, other.theta)


def test_a_callback_that_writes_into_the_samples_does_not_change_training():
    """Nor where it extends the grids, whose basis is computed anew."""

    def trained(write):
        def callback(step, model, loss):
            grids.extend(model, 5 * (step + 1))
            X.fill(0.5) if write else None

        model, (X, Y) = KAN([2, 3, 1]), product()
        fit(model, X, Y, steps=4, callback=callback)
        return model.theta

    np.testing.assert_array_equal(trained(write=True), trained(write=False))


# ------------------------------------------------------------------------------------- it learns


@MODELS
@pytest.mark.parametrize("batch_size", [None, 32])
def test_the_loss_goes_down(make, batch_size):
    model, (X, Y) = make(), product()
    history = fit(model, X, Y, steps=600, batch_size=batch_size, optimiser=Adam(0.02))
    assert mse(model(X), Y)[0] < 0.05 * history.loss[0]


def test_classes_are_learnt_with_cross_entropy():
    X, _ = product()
    labels = np.digitize(X[:, 0] + X[:, 1], [-0.4, 0.4])
    model = KAN([2, 3])
    fit(model, X, labels, steps=300, loss=cross_entropy, optimiser=Adam(0.05))
    assert np.mean(model(X).argmax(axis=1) == labels) > 0.97


def test_a_full_batch_is_the_loop_that_one_would_write():
    model, (X, Y) = KAN([2, 3, 1]), product()
    fit(model, X, Y, steps=25)
    np.testing.assert_array_equal(model.theta, after(25))


def test_training_changes_the_model_in_place_and_not_the_data():
    model, (X, Y) = KAN([2, 3, 1]), product()
    theta, kept = model.theta, (X.copy(), Y.copy())
    fit(model, X, Y, steps=3, batch_size=10)
    assert model.theta is theta
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(Y, kept[1])


@pytest.mark.parametrize("held_out", [False, True])
def test_a_loss_function_cannot_change_the_data(held_out):
    X, Y = product()
    kept = Y.copy()

    def greedy(Z, T):
        if len(T) == len(Y):
            T -= Z
        return mse(Z, T)

    data = {"X": X[:50], "Y": Y[:50], "val": (X, Y), "val_every": 1} if held_out else {"X": X, "Y": Y}
    with pytest.raises(ValueError, match="read-only"):
        fit(KAN([2, 3, 1]), **data, steps=3, loss=greedy)
    np.testing.assert_array_equal(Y, kept)
    assert Y.flags.writeable


# -------------------------------------------------------------------------------------- batches


def rows_of_each_step(N, batch_size, steps, seed=0):
    """Y holds the row's number, so the loss can note which rows it was given."""
    seen = []

    def spy(Y, T):
        seen.append(T[:, 0].astype(int).tolist())
        return mse(Y, T)

    fit(MLP([1, 1]), np.linspace(-1, 1, N)[:, None], np.arange(N)[:, None], loss=spy, steps=steps,
        batch_size=batch_size, optimiser=SGD(1e-6), seed=seed)  # fmt: skip
    return seen


@pytest.mark.parametrize(("N", "batch_size"), [(12, 4), (13, 4), (7, 1), (7, 6)])
def test_an_epoch_gives_no_row_twice_and_many_epochs_give_every_row(N, batch_size):
    an_epoch = N // batch_size
    seen = rows_of_each_step(N, batch_size, steps=20 * an_epoch)
    assert {len(rows) for rows in seen} == {batch_size}
    epochs = [sum(seen[s : s + an_epoch], []) for s in range(0, len(seen), an_epoch)]
    assert all(len(set(rows)) == len(rows) for rows in epochs)
    assert set(sum(epochs, [])) == set(range(N))
    assert len({tuple(rows) for rows in epochs}) > 1  # shuffled anew


@pytest.mark.parametrize("batch_size", [None, 5, 9])
def test_all_rows_in_every_step_without_a_batch_size_or_with_a_large_one(batch_size):
    assert rows_of_each_step(5, batch_size, steps=3) == [[0, 1, 2, 3, 4]] * 3


def test_the_seed_decides_the_order():
    assert rows_of_each_step(20, 5, 30, seed=1) == rows_of_each_step(20, 5, 30, seed=1)
    assert rows_of_each_step(20, 5, 30, seed=1) != rows_of_each_step(20, 5, 30, seed=2)


def test_the_same_seeds_give_the_same_network_bit_for_bit():
    thetas = []
    for _ in range(2):
        model = KAN([2, 3, 1], seed=4)
        fit(model, *product(), steps=30, batch_size=16, seed=9)
        thetas.append(model.theta)
    np.testing.assert_array_equal(*thetas)


# -------------------------------------------------------------------------------------- history


def test_history_holds_the_loss_before_each_step():
    model, (X, Y) = KAN([2, 3, 1]), product()
    expected = [mse(model(X), Y)[0]]
    history = fit(model, X, Y, steps=6, callback=lambda step, model, loss: expected.append(mse(model(X), Y)[0]))
    assert history.loss == expected[:6]
    np.testing.assert_allclose(history.rmse, np.sqrt(expected[:6]))
    assert history.stopped == "all 6 steps done"
    assert history.seconds > 0
    assert (history.val_loss, history.val_steps) == ([], [])


def test_callback_is_told_step_model_and_loss_and_can_stop():
    model, calls = KAN([2, 3, 1]), []

    def callback(step, seen, loss):
        calls.append((step, loss))
        assert seen is model
        return step == 4

    history = fit(model, *product(), steps=50, callback=callback)
    assert calls == list(enumerate(history.loss))
    assert len(calls) == 5
    assert history.stopped == "the callback asked to stop after step 5"
    np.testing.assert_array_equal(model.theta, after(5))


def test_held_out_data_are_measured_but_not_trained_on():
    model, seen = KAN([2, 3, 1]), {}
    X_val, Y_val = product(40, seed=1)
    history = fit(model, *product(), steps=25, val=(X_val, Y_val), val_every=10,
                  callback=lambda step, model, loss: seen.update({step + 1: mse(model(X_val), Y_val)[0]}))  # fmt: skip
    assert history.val_steps == [10, 20]
    assert history.val_loss == [seen[10], seen[20]]
    np.testing.assert_array_equal(model.theta, after(25))


def test_patience_stops_and_puts_the_best_parameters_back():
    """Held-out targets that training soon leaves behind: the measured loss falls, then rises."""
    model, (X, Y) = KAN([2, 3, 1]), product()
    val = (X, 0.5 * Y + 0.02)
    history = fit(model, X, Y, steps=2000, optimiser=Adam(0.02), val=val, val_every=5, patience=4)
    best = int(np.argmin(history.val_loss))
    assert 0 < best == len(history.val_loss) - 5  # then four measurements without a new best
    assert mse(model(X), val[1])[0] == history.val_loss[best]
    assert history.stopped == f"no better on held-out data for 4 measurements, after step {history.val_steps[-1]}"
    assert len(history.loss) == history.val_steps[-1]


def test_without_patience_the_last_parameters_stay():
    model, (X, Y) = KAN([2, 3, 1]), product()
    fit(model, X, Y, steps=30, val=(X, -Y), val_every=5)
    np.testing.assert_array_equal(model.theta, after(30))


@pytest.mark.parametrize("answer", [0.5, 1, "no", np.array([1.0]), None, False])
def test_only_true_stops_training(answer):
    assert len(fit(KAN([2, 1]), *product(), steps=5, callback=lambda step, model, loss: answer).loss) == 5
    assert len(fit(KAN([2, 1]), *product(), steps=5, callback=lambda *_: np.bool_(True)).loss) == 1


@pytest.mark.parametrize("change", [
    lambda model, X: grids.update(model, 3 * X), lambda model, X: grids.extend(model, 10),
])  # fmt: skip
def test_the_best_parameters_come_back_with_their_grids(change):
    (X, Y), (X_val, Y_val) = product(), product(seed=1)
    model = KAN([2, 3, 1])

    def callback(step, model, loss):
        if step == 20:
            change(model, X)
            model.theta += 1  # far off from here on: the best came before

    history = fit(model, X, Y, steps=60, val=(X_val, Y_val), val_every=1, patience=10, callback=callback)
    assert history.stopped.startswith("no better on held-out data")
    assert mse(model(X_val), Y_val)[0] == min(history.val_loss)
    fit(model, X, Y, steps=2)  # and the layers still are views into theta
    assert model.theta is not None and mse(model(X_val), Y_val)[0] != min(history.val_loss)


def test_after_a_grid_change_a_divergence_goes_back_to_parameters_and_grid():
    (X, Y), model, seen = product(), KAN([2, 3, 1]), {}

    def callback(step, model, loss):
        if step == 5:
            grids.update(model, 2 * X)
        if step == 8:
            seen["loss"] = mse(model(X), Y)[0]
            grids.update(model, 3 * X)
            model.theta[...] = np.nan

    with pytest.raises(Diverged):
        fit(model, X, Y, steps=20, callback=callback)
    assert abs(mse(model(X), Y)[0] - seen["loss"]) < 0.2 * seen["loss"]


@pytest.mark.parametrize("make", [lambda: KAN([2, 3, 1]), lambda: MLP([2, 8, 1]), lambda: KAN([2, (1, 1), 1])],
                         ids=["KAN", "MLP", "KAN with a product"])
@pytest.mark.parametrize("optimiser", [Adam, LBFGS, LevenbergMarquardt])
def test_who_looks_at_the_model_meanwhile_changes_nothing(make, optimiser):
    """A picture in another thread calls the model in the middle of a step; here after every forward."""
    (X, Y), thetas = product(), []
    for look in (False, True):
        model = make()
        forward = type(model).forward

        def looked(self, X, model=model, forward=forward, look=look):
            Z = forward(self, X)
            if look:
                forward(model, X[::-1][:50])
            return Z

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(model), "forward", looked)
            fit(model, X, Y, steps=5, optimiser=optimiser())
        thetas.append(model.theta)
    np.testing.assert_array_equal(*thetas)


def test_a_callback_may_extend_the_grid():
    model, (X, Y) = KAN([2, 3, 1]), product()
    history = fit(model, X, Y, steps=60, callback=lambda s, model, loss: s == 29 and grids.extend(model, 10))
    assert model.layers[0].basis.G == 10
    assert len(history.loss) == 60
    assert abs(history.loss[30] - history.loss[29]) < abs(history.loss[29] - history.loss[0])
    assert history.loss[59] < history.loss[30]


# --------------------------------------------------------------------------------- interruptions


def interrupting(function, call):
    """The function, except that its call number `call` (from 1) is stopped by Ctrl-C before it returns."""
    calls = []

    def wrapped(*arguments):
        calls.append(1)
        result = function(*arguments)
        if len(calls) == call:
            raise KeyboardInterrupt
        return result

    return wrapped


@pytest.mark.parametrize(
    ("where", "whole_steps"),
    [
        ({"callback": interrupting(lambda step, model, loss: None, 7)}, 7),
        ({"loss": interrupting(mse, 7)}, 6),
        ({"loss": interrupting(mse, 1)}, 0),
    ],
    ids=["in a callback", "in a loss", "in the first step"],
)
def test_ctrl_c_keeps_the_parameters_of_the_last_whole_step(where, whole_steps):
    model = KAN([2, 3, 1])
    with pytest.warns(UserWarning, match="interrupted in step .*; the model keeps what it had learnt"):
        history = fit(model, *product(), steps=50, **where)
    assert len(history.loss) == whole_steps
    assert history.stopped == f"interrupted in step {whole_steps + 1}"
    np.testing.assert_array_equal(model.theta, after(whole_steps))


def test_ctrl_c_in_the_middle_of_an_update_leaves_no_half_step():
    model, adam = KAN([2, 3, 1]), Adam()

    def half_step(theta, grad):
        if adam.t == 6:
            theta[: theta.size // 2] = 99
            raise KeyboardInterrupt
        Adam.step(adam, theta, grad)

    with pytest.warns(UserWarning, match="interrupted in step 7"):
        fit(model, *product(), steps=50, optimiser=SimpleNamespace(step=half_step))
    np.testing.assert_array_equal(model.theta, after(6))


# ------------------------------------------------------------------------------------ divergence


@MODELS
@pytest.mark.parametrize("lr", [10.0, 1e6, 1e200])
@pytest.mark.filterwarnings("error")
def test_divergence_keeps_the_last_finite_parameters_and_names_step_loss_and_cause(make, lr):
    model, (X, Y) = make(), product()
    with pytest.raises(Diverged) as caught:
        fit(model, X, Y, steps=5000, optimiser=SGD(lr))
    history = caught.value.history
    assert np.isfinite(model.theta).all()
    assert np.isfinite(history.loss).all()
    assert mse(model(X), Y)[0] == history.loss[-1]  # the parameters that belong to the last finite loss
    words = str(caught.value)
    assert f"training diverged in step {len(history.loss) + 1}: " in words
    assert f"the last finite loss was {history.loss[-1]:.3g}" in words
    assert f"lower the learning rate (now lr = {lr})" in words
    assert history.seconds > 0


def nowhere(Z, Y):
    return np.nan, 0 * Z


def steep(Z, Y):
    return 1.0, np.where(np.arange(len(Z))[:, None] < 2, np.nan, Z)


@pytest.mark.parametrize(("loss", "came"), [(nowhere, "the value nan"), (steep, "2 slopes that are NaN or inf")])
@pytest.mark.parametrize("optimiser", [SGD, LBFGS])
@pytest.mark.filterwarnings("error")
def test_a_loss_function_that_returns_nan_at_once_is_named(loss, came, optimiser):
    model, (X, Y) = KAN([2, 3, 1]), product()
    before = model.theta.copy()
    with pytest.raises(Diverged, match=f"in step 1: .*the loss function returned {came} for outputs from -") as caught:
        fit(model, X, Y, loss=loss, optimiser=optimiser)
    assert "learning rate" not in str(caught.value)
    np.testing.assert_array_equal(model.theta, before)
    with pytest.raises(Diverged, match="in step 3: .*lower the learning rate"):  # later the steps may be the cause
        fit(model, X, Y, loss=lambda Z, Y: mse(Z, Y) if abs(Z).max() < 9 else loss(Z, Y), optimiser=SGD(30.0))


def test_a_penalty_that_is_nan_at_once_is_named():
    with pytest.raises(Diverged, match="in step 1: .*the penalty's add.model. returned nan: look there"):
        fit(KAN([2, 3, 1]), *product(), penalty=SimpleNamespace(add=lambda model: np.nan))


def test_divergence_on_data_that_are_not_scaled_says_so():
    X, Y = product()
    with pytest.raises(Diverged, match=r"the data reach \d.*: scale X and Y to about \[-1, 1\]"):
        fit(MLP([2, 8, 1], activation="relu"), 1e4 * X, 1e4 * Y, steps=500, optimiser=SGD(0.1))


def test_a_parameter_that_is_no_longer_finite_is_named():
    model, (X, Y) = KAN([2, 3, 1]), product()
    before = model.theta.copy()

    def step(theta, grad):
        theta[3] = np.inf

    with pytest.raises(Diverged, match=r"in step 1: a parameter became inf or NaN \(already in the first step\)"):
        fit(model, X, Y, optimiser=SimpleNamespace(step=step))
    np.testing.assert_array_equal(model.theta, before)


@pytest.mark.filterwarnings("error")
def test_divergence_seen_first_on_held_out_data_is_divergence():
    X, Y = product()
    with pytest.raises(Diverged, match="training diverged in step 2"):
        fit(KAN([2, 3, 1]), X, Y, optimiser=SGD(1e200), val=(X, Y), val_every=1)


# -------------------------------------------------------------------------------------- progress


class Clock:
    """A clock on which every look at it takes a twentieth of a second."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        self.now += 0.05
        return self.now


class Screen:
    """Stands in for IPython's display: notes what is shown, and then written over it."""

    def __init__(self):
        self.texts, self.displays = [], 0

    def display(self, data, raw, display_id):
        self.displays += 1
        self.update(data, raw)
        return self

    def update(self, data, raw):
        self.texts.append(data["text/plain"])


@pytest.fixture
def notebook(monkeypatch):
    """A notebook with a person in front of it."""
    display = pytest.importorskip("IPython.display")
    screen = Screen()
    monkeypatch.setattr(progress, "time", Clock())
    monkeypatch.setattr(progress, "_kernel", lambda: SimpleNamespace(_allow_stdin=True))
    monkeypatch.setattr(display, "display", screen.display)
    return screen


def test_progress_is_one_line_in_a_watched_notebook_and_goes_away(notebook, capsys):
    fit(KAN([2, 3, 1]), *product(), steps=100)
    assert notebook.displays == 1
    assert notebook.texts[0].startswith("step ")
    assert "of 100, loss 0." in notebook.texts[0]
    assert 3 < len(notebook.texts) < 70  # not in every step
    assert notebook.texts[-1] == ""
    assert capsys.readouterr() == ("", "")


def test_progress_goes_away_after_an_error_too(notebook):
    with pytest.raises(ZeroDivisionError):
        fit(KAN([2, 3, 1]), *product(), steps=100, callback=lambda step, model, loss: step == 60 and 1 / 0)
    assert notebook.texts[-1] == ""


def test_progress_false_is_silent_even_there(notebook):
    fit(KAN([2, 3, 1]), *product(), steps=100, progress=False)
    assert notebook.texts == []


def test_outside_a_notebook_training_is_silent(monkeypatch, capsys):
    monkeypatch.setattr(progress, "time", Clock())
    fit(KAN([2, 3, 1]), *product(), steps=100)
    assert capsys.readouterr() == ("", "")


def test_progress_true_in_a_terminal_writes_one_line_to_stderr(monkeypatch, capsys):
    monkeypatch.setattr(progress, "time", Clock())
    monkeypatch.setitem(sys.modules, "IPython", None)  # not even installed
    fit(KAN([2, 3, 1]), *product(), steps=100, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("\rstep ")
    assert "\n" not in err
    assert err.endswith("\r" + " " * 60 + "\r")  # and takes it away at the end


@pytest.mark.parametrize(("kernel", "watched"), [(None, False), (False, False), (True, True)])
def test_a_person_is_there_where_the_kernel_may_ask_for_input(kernel, watched, monkeypatch):
    shell = SimpleNamespace() if kernel is None else SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=kernel))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert progress.watched() is watched


@pytest.mark.parametrize(("platform", "watched"), [("emscripten", True), ("linux", False)])
def test_a_person_is_there_where_the_kernel_runs_in_the_browser(platform, watched, monkeypatch):
    shell = SimpleNamespace(kernel=SimpleNamespace())  # Pyodide's kernel says nothing about input
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(progress.sys, "platform", platform)
    assert progress.watched() is watched


def test_nobody_is_there_without_ipython(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert progress.watched() is False


# -------------------------------------------------------------------------------------- refusals

X, Y = product(10)
NAN = np.where(np.arange(10)[:, None] == 3, np.nan, 1.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"X": X[:, :1]}, r"the training X has 1 column, expected 2 \(KAN\(\[2, 3, 1\]"),
        ({"X": X[:, 0]}, r"the training X has shape \(10,\); expected two dimensions"),
        ({"X": X[:0], "Y": Y[:0]}, r"the training X is empty \(shape \(0, 2\)\); pass at least one sample"),
        ({"X": X * NAN}, r"the training X holds 2 values that are NaN or inf \(the first at index \(3, 0\)\)"),
        ({"Y": Y * NAN}, r"the training Y holds 1 value that is NaN or inf \(the first at index \(3, 0\)\)"),
        ({"Y": Y[:9]}, "the training X has 10 rows but Y has 9; give one row of Y for each sample"),
        ({"Y": X}, r"the training Y has 2 columns, expected 1 \(KAN"),
        ({"Y": Y[:, :, None]}, r"the training Y has shape \(10, 1, 1\); expected two dimensions"),
        ({"val": (X[:, :1], Y)}, "the validation X has 1 column, expected 2"),
        ({"val": (X, Y * NAN)}, "the validation Y holds 1 value that is NaN or inf"),
        ({"val": (X, Y[:9])}, "the validation X has 10 rows but Y has 9"),
        ({"patience": 3}, r"patience needs held-out data to watch: pass val=\(X_val, Y_val\)"),
        ({"patience": 0, "val": (X, Y)}, "patience is 0; expected a whole number >= 1"),
        ({"patience": 1, "val": (X, Y), "steps": 50, "val_every": 100}, "val_every is 100, steps 50: val would never"),
        ({"val_every": 0}, "val_every is 0; expected a whole number >= 1"),
        ({"steps": 0}, "steps is 0; expected a whole number from 1"),
        ({"batch_size": 0}, "batch_size is 0; expected a whole number >= 1"),
        ({"batch_size": 2.5}, "batch_size is 2.5; expected a whole number >= 1"),
    ],
)
def test_data_and_settings_that_do_not_fit_are_refused_and_nothing_is_learnt(arguments, words):
    model = KAN([2, 3, 1])
    before = model.theta.copy()
    with pytest.raises(ValueError, match=words):
        fit(model, **{"X": X, "Y": Y, **arguments})
    np.testing.assert_array_equal(model.theta, before)
