"""A pendulum from a few measurements and its equation: what is wrong with both, squared and made small.

The angle u(t) of a pendulum with friction obeys

    u'' + damping u' + omega2 sin u = 0,    omega2 = g / length,

angles in radians, times in seconds. Somebody measured the angle at a few times t_i, not quite exactly. A network u(t)
is what we look for, as far as its residuals vanish:

    alpha mean (u'' + damping u' + omega2 sin u)^2 + mean (u(t_i) - angle_i)^2.

The first mean runs over times from 0 to `end`, measured or not: there the equation speaks where no data do. Again it is
a sum of squares. With R = u'' + damping u' + omega2 sin u the chain rule says, p being any parameter,

    dR/dp = omega2 cos(u) du/dp + damping du'/dp + du''/dp,

and `curvature.linearised` carries these three weights back. A constant that nobody knows is one more parameter:
dR/domega2 = sin u, dR/ddamping = u'. Source of the idea (a network trained on data and equation, constants included):
M. Raissi, P. Perdikaris and G. Karniadakis, J. Comput. Phys. 378 (2019), 686.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_number, check_room, shown
from kan_edu.checks.arrays import check_vector
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.threads import one_thread

from . import curvature

NAMES = "omega2", "damping"
MOST_STEPS, MOST_TIMES = 10**4, 10**5   # of Levenberg-Marquardt; of Runge and Kutta, some seconds


class Pendulum:
    """What is known: angles (n,) measured at times t (n,), the equation from 0 to `end`, its constants or not.

    omega2, damping  the constants; None: not known, to be learned too (`constants` holds the present values)
    points           at so many times, evenly spread, the equation is asked for
    alpha            weight of what is wrong with the equation

    ValueError for times outside [0, end], arrays of different lengths, and counts or weights that are not positive. The
    methods take a model with one input and one output, and a second derivative (`curvature.stages`).
    """

    def __init__(self, t, angle, end, *, omega2=None, damping=None, points=200, alpha=1.0):
        self.end = check_number(end, "end", 0, open_ends=True, example="20.0")
        self.t = check_vector(t, "t")[:, None]
        self.angle = check_vector(angle, "angle", length=len(self.t))
        if self.t.min() < 0 or self.t.max() > self.end:
            raise ValueError(f"t runs from {self.t.min():g} to {self.t.max():g}; expected times in [0, {self.end:g}]")
        given = {"omega2": omega2, "damping": damping}
        self.unknown = [i for i, name in enumerate(NAMES) if given[name] is None]
        self.constants = np.array([1.0 if value is None else check_number(value, name)
                                   for name, value in given.items()])  # fmt: skip
        check_room(check_integer(points, "points", 2), f"{shown(points)} times", "take fewer points")
        self.times = np.linspace(0, self.end, points)[:, None]
        alpha = check_number(alpha, "alpha", 0, open_ends=True, example="1.0")
        self.weights = np.sqrt(alpha / len(self.times)), np.sqrt(1 / len(self.t))

    def residuals(self, model):
        """What is wrong with the equation at each of `times` and with the angle at each of `t`, weighted: (R,)."""
        _check_widths(model)
        (omega2, damping), (equation, data) = self.constants, self.weights
        u, slope, second = (value.ravel() for value in curvature.second(model, self.times))
        wrong = second + damping * slope + omega2 * np.sin(u)
        return np.concatenate([equation * wrong, data * (model(self.t)[:, 0] - self.angle)])

    def jacobian(self, model):
        """The derivative of `residuals` with respect to theta, then the constants not known: (R, P + up to 2)."""
        _check_widths(model)
        (omega2, damping), (equation, data) = self.constants, self.weights
        weights = lambda u, slope, second: (omega2 * np.cos(u), damping, 1.0)  # noqa: E731
        u, slope, _, J = curvature.linearised(model, self.times, weights)
        constants = np.stack([np.sin(u), slope[:, 0]], axis=1)[:, self.unknown]
        below = np.hstack([model.jacobian(self.t)[:, 0], np.zeros((len(self.t), len(self.unknown)))])
        return np.concatenate([equation * np.hstack([J, constants]), data * below])

    def loss(self, model):
        """alpha mean (u'' + damping u' + omega2 sin u)^2 + mean (u(t_i) - angle_i)^2."""
        r = self.residuals(model)
        return float(r @ r)


def _check_widths(model):
    """ValueError for a model without a second derivative, or not of one input and one output."""
    curvature.stages(model)
    if (model.widths[0], model.widths[-1]) != (1, 1):
        raise ValueError(f"{model!r} has widths {model.widths}; u(t) has 1 input and 1 output, such as [1, 1]")


def solve(model, problem, steps=100):
    """Train `model`, one input and one output, and the constants that are not known; the loss before each step.

    Levenberg-Marquardt, until no step lowers the loss, or after `steps`. After Ctrl-C the last whole step stands.
    ValueError for a model with other widths, or without a second derivative (see `curvature.stages`), for what is no
    Pendulum, and for more than 10^4 steps.
    """
    curvature.stages(model)
    if not isinstance(problem, Pendulum):
        raise ValueError(f"the problem is {shown(problem)}; expected a Pendulum: pendulum.Pendulum(t, angle, end)")
    steps = check_integer(steps, "steps", 1, MOST_STEPS)
    if (model.widths[0], model.widths[-1]) != (1, 1):
        raise ValueError(f"{model!r} has widths {model.widths}; u(t) has 1 input and 1 output, such as [1, 1]")
    optimiser, losses, P = LevenbergMarquardt(), [], model.n_params
    joint = np.concatenate([model.theta, problem.constants[problem.unknown]])

    def put(values):
        model.theta[...], problem.constants[problem.unknown] = values[:P], values[P:]

    def at(what):
        """`what` of the model, as `joint` then is."""
        put(joint)
        return what(model)

    for _ in range(steps):
        before = joint.copy()
        try:
            with one_thread(matters=True):
                losses.append(optimiser.step(joint, lambda: at(problem.residuals), lambda: at(problem.jacobian)))
        except KeyboardInterrupt:
            put(before)
            raise
        put(joint)
        if optimiser.stopped:
            break
    return losses


def swing(t, angle=2.0, velocity=0.0, *, omega2=1.0, damping=0.0, step=0.005):
    """The true angle at increasing times t >= 0, (n,), of a pendulum that starts with this angle and velocity at 0.

    Runge and Kutta's classical method of order 4, in equal steps of at most `step` seconds from one time to the next;
    its error grows like step^4. Source: E. Hairer, S. Norsett and G. Wanner, Solving Ordinary Differential
    Equations I (1993), section II.1. ValueError for times that go back or lie before 0, for what is no number, for more
    than 10^5 steps, and where the angle grows beyond float64 (a negative damping, say).

    >>> bool(abs(swing([3.14159265], angle=0.001)[0] + 0.001) < 1e-9)   # a small swing is a cosine
    True
    """
    t = check_vector(t, "t")
    if t[0] < 0 or (np.diff(t) < 0).any():
        raise ValueError("t goes back or begins before 0; expected increasing times from 0 on: np.sort(t)")
    step = check_number(step, "step", 0, open_ends=True, example="0.005")
    if t[-1] / step > MOST_TIMES:
        raise ValueError(f"{t[-1]:g} s in steps of {step:g} s are more than {MOST_TIMES} steps; take a larger step")
    omega2, damping = check_number(omega2, "omega2"), check_number(damping, "damping")
    state = np.array([check_number(angle, "angle"), check_number(velocity, "velocity")])

    def slope(state):
        return np.array([state[1], -damping * state[1] - omega2 * np.sin(state[0])])

    angles, now = [], 0.0
    with np.errstate(over="ignore", invalid="ignore"):  # a negative damping, or one too large for the step: said below
        for time in t:
            count = int(np.ceil((time - now) / step))
            for _ in range(count):
                state = _runge_kutta(slope, state, (time - now) / count)
            now = time
            angles.append(state[0])
    if not np.isfinite(angles).all():
        raise ValueError(f"the angle leaves float64 before t = {t[-1]:g}; expected a damping >= 0 and a step in which "
                         f"the pendulum hardly moves; damping is {damping:g}, step {step:g}")  # fmt: skip
    return np.array(angles)


def _runge_kutta(slope, y, h):
    k1 = slope(y)
    k2 = slope(y + h / 2 * k1)
    k3 = slope(y + h / 2 * k2)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(y + h * k3))
