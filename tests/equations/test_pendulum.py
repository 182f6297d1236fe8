"""The pendulum: the true swing, residuals and Jacobian, what data and equation find together, refusals, Ctrl-C."""

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.equations import curvature
from kan_edu.equations.pendulum import Pendulum, solve, swing
from tests.equations.interrupted import stopped_elsewhere
from tests.gradients import assert_gradient, randomise

END, TRUE = 12.0, {"omega2": 1.4, "damping": 0.15}


def curve(G=25, k=5):
    """One edge from time to angle, flat at first."""
    model = KAN([1, 1], G=G, k=k, lo=0, hi=END, base=False)
    model.layers[0].c *= 0.2
    return model


def measured(n=15, span=6.0, noise=0.0, **known):
    """n angles from 0 to `span` of a pendulum that starts at 2 rad, and the equation up to END."""
    rng = np.random.default_rng(0)
    t = np.sort(rng.uniform(0, span, n))
    return Pendulum(t, swing(t, **TRUE) + noise * rng.normal(size=n), END, **known)


def error(model, **constants):
    t = np.linspace(0, END, 200)
    return np.abs(model(t[:, None])[:, 0] - swing(t, **(constants or TRUE))).max()


# -- the true swing


def test_the_energy_of_a_swing_without_friction_stays():
    t = np.linspace(0, 20, 4001)
    u = swing(t, 2.5, velocity=0.3, omega2=1.7)
    speed = np.gradient(u, t)[1:-1]
    energy = speed**2 / 2 - 1.7 * np.cos(u[1:-1])
    np.testing.assert_allclose(energy, 0.3**2 / 2 - 1.7 * np.cos(2.5), atol=1e-4)


def test_the_error_of_the_swing_is_of_fourth_order():
    t = np.arange(0, 7, 0.2)
    coarse, half, fine = (swing(t, step=step, **TRUE) for step in (0.2, 0.1, 0.01))
    assert 13 < np.abs(coarse - fine).max() / np.abs(half - fine).max() < 19


def test_a_swing_passes_the_times_that_are_asked_for_and_no_other():
    few, more = swing([0, 3.01, 3.01, 8], step=0.05, **TRUE), swing([0, 1, 3.01, 3.01, 5, 8], step=0.01, **TRUE)
    np.testing.assert_allclose(few, more[[0, 2, 3, 5]], atol=1e-4)   # no time is a multiple of the step
    assert swing([0.0], angle=1.3)[0] == 1.3


# -- the problem


@pytest.mark.parametrize("known", [TRUE, {}, {"damping": 0.1}], ids=["both known", "none known", "one known"])
@pytest.mark.parametrize("model", [curve(5), MLP([1, 4, 1])], ids=["KAN", "MLP"])
def test_every_entry_of_the_jacobian(model, known):
    randomise(model.theta, size=0.7)
    problem = measured(n=6, points=9, **known)
    problem.constants[problem.unknown] = 1.3
    J, h, P = problem.jacobian(model), 1e-6, model.n_params
    assert J.shape == (9 + 6, P + len(problem.unknown)) and len(problem.unknown) == 2 - len(known)
    differences = np.empty_like(J)
    for column in range(J.shape[1]):
        home, at = (model.theta, column) if column < P else (problem.constants, problem.unknown[column - P])
        kept = home[at]
        home[at] = kept + h
        above = problem.residuals(model)
        home[at] = kept - h
        differences[:, column] = (above - problem.residuals(model)) / (2 * h)
        home[at] = kept
    for part in [slice(9), slice(9, None)]:   # equation, data: of different size, so each by itself
        assert_gradient(J[part], differences[part], "the Jacobian", 1e-6)


def test_the_loss_is_weighted_means_of_squares():
    model, problem = MLP([1, 5, 1]), measured(alpha=0.3, **TRUE)
    randomise(model.theta)
    u, slope, second = (value.ravel() for value in curvature.second(model, problem.times))
    equation = (second + 0.15 * slope + 1.4 * np.sin(u)) ** 2
    data = (model(problem.t)[:, 0] - problem.angle) ** 2
    assert problem.loss(model) == pytest.approx(0.3 * equation.mean() + data.mean(), rel=1e-12)


# -- solve


def test_the_equation_goes_on_where_the_data_end():
    model, problem = curve(), measured(**TRUE)
    losses = solve(model, problem)
    assert error(model) < 1e-3 and problem.loss(model) <= losses[-1] < 1e-5


def test_constants_that_nobody_knows_are_found():
    model, problem = curve(), measured(n=20, span=8)
    solve(model, problem)
    np.testing.assert_allclose(problem.constants, list(TRUE.values()), atol=1e-3)
    assert error(model) < 5e-3


def test_one_known_constant_stays_and_the_other_is_found():
    model, problem = curve(), measured(damping=0.15)
    solve(model, problem)
    assert problem.constants[1] == 0.15 and problem.constants[0] == pytest.approx(1.4, abs=1e-3)


def test_a_wrong_equation_shows_in_the_loss():
    wrong, right = measured(noise=0.02, omega2=1.4, damping=0.0), measured(noise=0.02, **TRUE)
    losses = [solve(curve(), problem)[-1] for problem in (wrong, right)]
    assert losses[0] > 10 * losses[1]


def test_without_motion_in_the_data_to_hang_still_is_a_perfect_solution():
    problem, model = Pendulum([0.0, 1.0], [0.0, 0.0], END, **TRUE), curve()
    solve(model, problem)
    assert problem.loss(model) < 1e-20 and np.abs(model(problem.times)).max() < 1e-8


def test_an_mlp_solves_it_too():
    model, problem = MLP([1, 12, 1]), measured(**TRUE)
    model.layers[0].W[...] /= 4
    losses = solve(model, problem, steps=60)
    assert len(losses) <= 60 and losses[-1] < 0.02 * losses[0]


@pytest.mark.parametrize("known", [TRUE, {}], ids=["known", "unknown"])
def test_ctrl_c_leaves_no_half_step_behind(known, monkeypatch):
    """It comes where the optimiser tries a step, and theta is already elsewhere."""
    model, problem, seen = curve(4), measured(**known), stopped_elsewhere(monkeypatch, Pendulum)
    start = model.theta.copy()
    with pytest.raises(KeyboardInterrupt):
        solve(model, problem, steps=3)
    assert len(seen) > 1
    np.testing.assert_array_equal(model.theta, start)
    np.testing.assert_array_equal(problem.constants, list(TRUE.values()) if known else [1.0, 1.0])


# -- refusals


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Pendulum([0, 13], [1, 1], END), r"t runs from 0 to 13; expected times in \[0, 12\]"),
        (lambda: Pendulum([0, -1], [1, 1], END), "t runs from -1 to 0"),
        (lambda: Pendulum([0, 1], [1, 1, 1], END), r"angle has shape \(3,\); expected 2 numbers"),
        (lambda: Pendulum([0, 1], [1, np.nan], END), "angle holds 1 value that is NaN"),
        (lambda: Pendulum([0, 1], [1, 1], 0), "end is 0; expected a finite number above 0"),
        (lambda: Pendulum([0, 1], [1, 1], END, alpha=-1), "alpha is -1; expected a finite number above 0"),
        (lambda: Pendulum([0, 1], [1, 1], END, omega2="g"), "omega2 is 'g'; expected a finite number"),
        (lambda: Pendulum([0, 1], [1, 1], END, points=1), "points is 1; expected a whole number >= 2"),
        (lambda: solve(KAN([2, 1]), measured()), r"u\(t\) has 1 input and 1 output"),
        (lambda: solve(MLP([1, 3, 2]), measured()), r"u\(t\) has 1 input and 1 output"),
        (lambda: solve(KAN([1, 1], k=2), measured()), "degree k = 2 is too low"),
        (lambda: solve(curve(), measured(), steps=0), "steps is 0"),
        (lambda: swing([1.0, 0.5]), "t goes back or begins before 0"),
        (lambda: swing([-1.0]), "t goes back or begins before 0"),
        (lambda: swing([1.0], step=0), "step is 0"),
        (lambda: measured().loss(KAN([1, 2])), r"u\(t\) has 1 input and 1 output"),
        (lambda: measured().residuals(KAN([2, 1])), r"u\(t\) has 1 input and 1 output"),
        (lambda: measured().jacobian(KAN([1, 2])), r"u\(t\) has 1 input and 1 output"),
        (lambda: solve(curve(), 3), "the problem is 3; expected a Pendulum"),
        (lambda: solve(curve(), measured(), steps=10**9), "steps is 1000000000; expected a whole number from 1 to"),
        (lambda: Pendulum([0, 1], [1, 1], END, points=10**9), "1000000000 times would take 7.45 GiB of memory; take f"),
        (lambda: swing([1e9]), "more than 100000 steps; take a larger step"),
        (lambda: swing([1.0], angle="2"), "angle is '2'; expected a finite number"),
        (lambda: swing([1.0], velocity=[1, 2]), r"velocity is \[1, 2\]; expected a finite number"),
        (lambda: swing([1.0], damping=np.nan), "damping is nan; expected a finite number"),
        (lambda: swing([400.0], damping=-5.0), "the angle leaves float64 before t = 400; expected a damping >= 0"),
    ],
)
def test_what_cannot_be_posed_is_refused_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()
