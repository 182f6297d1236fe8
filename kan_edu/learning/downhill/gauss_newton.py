"""Gauss-Newton without its matrix: of H one needs to know only what it makes of a vector."""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer, check_number, check_seed, shown

from .answers import check_gradient, check_theta, loss_and_gradient

SIGNS = 4  # random vectors a step, by which the diagonal of H is estimated
FLAT = 1e-3  # of the mean of the diagonal, is added to it: no parameter goes free


class GaussNewton:
    """Second order for networks of many thousand parameters: Levenberg-Marquardt's equations, solved a little.

    Near theta the outputs are Y + J d nearly, and the loss, its second derivative at the outputs being L'', is

        L(theta + d) = L + g.d + 1/2 d.H d nearly,    g = dL/dtheta,    H = J' L'' J  (P, P).

    For squares that is the matrix of Gauss and Newton, 2/R J'J; it serves cross-entropy as well (N. Schraudolph, Neural
    Computation 14, 2002). H is never formed: H v = J' (L'' (J v)) is one way forward through the network, of a
    direction v of theta, and one way back. With such products alone the method of conjugate gradients goes down q(d) =
    g.d + 1/2 d.H d from d = 0 in at most `iterations` moves, each of them the best along a direction that undoes none
    of the earlier ones. It ends early where the slope of q is below `tol` times that at d = 0, and where d leaves the
    ball in which q is trusted (T. Steihaug, SIAM J. Numerical Analysis 20, 1983). The ball grows where q told the
    truth, and shrinks after a step that gained less than a quarter of what q had promised; after one uphill, d goes
    back along its own path, which costs no product.
    Lengths are measured by M = diag(H)^(3/4), so that steep parameters move less (J. Martens, ICML 2010, section 4.7).
    The diagonal is estimated: for random signs s and L'' = W W' the squares of J'W s are diag(H) on average.
    Costs about `iterations` + 6 gradients a step at most (one a product, SIGNS for the diagonal, one or two to look at
    the end of the step) and `iterations` vectors (P,). All samples in each step; any loss of kan_edu. Where P is below
    1000 or so and the last digits matter, LevenbergMarquardt needs fewer and better steps.
    Raises ValueError for iterations < 1, a tol outside (0, 1), and losses whose second derivative is not known.
    """

    needs = "curvature"

    def __init__(self, iterations=20, tol=0.1, seed=0):
        self.iterations = check_integer(iterations, "iterations", 1, 10_000)
        self.tol, self.seed = check_number(tol, "tol", 0, 1, open_ends=True), check_integer(seed, "seed", 0)
        self.restart()

    def restart(self):
        """Forget the steps taken so far; `fit` asks for that when it is given another model."""
        self.rng, self.stopped = check_seed(self.seed), ""
        self.last, self.radius, self.diagonal = None, None, None  # the first ball holds all of a path

    def step(self, theta, evaluate, curvature):
        """evaluate() -> (loss, gradient (P,)), curvature() -> two functions, v -> H v and rng -> J'W s, all (P,).

        Returns the loss before the step. All are asked at theta as it then is. ValueError for answers of other shapes.
        """
        check_theta(theta), check_function(evaluate, "evaluate", "lambda: (loss, gradient)")
        check_function(curvature, "curvature", "lambda: (product, draw)")
        if self.last is None or not np.array_equal(self.last[0], theta):  # first step, or theta was changed elsewhere
            self.restart()
            self.last = (theta.copy(), *loss_and_gradient(evaluate, theta, first=True))
        self.stopped, (start, value, grad) = "", self.last
        if not np.isfinite(value) or not grad.any():
            self.stopped = "the gradient is zero" if np.isfinite(value) else ""
            return value
        product, draw = checked(curvature(), theta)
        metric = self._metric(draw)
        path = conjugate_gradients(product, grad, metric, self.radius or np.inf, self.iterations, self.tol)
        self.radius = self.radius or path[-1].length
        while True:
            place = within(path, self.radius, metric)
            if not place.promise > np.finfo(theta.dtype).eps * abs(value):  # "not >", because NaN is no gain either
                theta[...], self.stopped = start, "no step lowers the loss any more"
                return value
            theta[...] = start + place.d
            there, slope = loss_and_gradient(evaluate, theta)
            if self._trust((value - there) / place.promise, place.length):
                self.last = (theta.copy(), there, slope)
                return value

    def _metric(self, draw):
        """M (P,), from the diagonal as it was estimated up to now."""
        new = np.mean([draw(self.rng) ** 2 for _ in range(SIGNS)], axis=0)
        self.diagonal = new if self.diagonal is None else (self.diagonal + new) / 2
        return (self.diagonal + FLAT * self.diagonal.mean()) ** 0.75

    def _trust(self, gain, length):
        """Set the radius by what was gained of the promise on a step of this length; whether to take the step."""
        if not gain >= 0.25:
            self.radius = length / 4
        elif gain > 0.75:
            self.radius = max(self.radius, 2 * length)
        return gain > 0


class Place(NamedTuple):
    """A place on the path: d (P,), what q promises there, -q(d), and the length |d| = sqrt(d.M d)."""

    d: np.ndarray
    promise: float
    length: float


def conjugate_gradients(product, g, metric, radius, iterations, tol):
    """Places on the way from d = 0 down to the lowest point of q(d) = g.d + 1/2 d.H d; the last may lie beyond radius.

    product(v) -> H v (P,), H with no negative curvature; metric (P,) > 0. Each direction p is the slope of q, divided
    by the metric, and made conjugate to the one before: p.H p_before = 0, so that a move along p leaves q lowest along
    all earlier ones. The length grows from place to place. (Nocedal and Wright, Numerical Optimization, 2006, section
    5.1 and theorem 7.3.)
    """
    d, r, path = np.zeros_like(g), -g, [Place(np.zeros_like(g), 0.0, 0.0)]
    z = r / metric
    p, first, now = z, r @ z, r @ z
    while len(path) <= iterations and path[-1].length <= radius and now > tol**2 * first:
        Hp = product(p)
        bend = p @ Hp
        if not bend > 0:  # flat, or NaN
            break
        move = now / bend
        d, r = d + move * p, r - move * Hp
        path.append(Place(d, path[-1].promise + move * now / 2, np.sqrt(d @ (metric * d))))
        z = r / metric
        before, now = now, r @ z
        p = z + now / before * p
    return path


def within(path, radius, metric):
    """The last Place of a path in the ball of that radius: on the line between two if the path leaves the ball there.

    On that line, a share t of the way, q has come down by 2t - t^2 of what the move brings: it ends where q is lowest.
    """
    if path[-1].length <= radius:
        return path[-1]
    beyond = next(number for number, place in enumerate(path) if place.length > radius)
    inside, outside = path[beyond - 1], path[beyond]
    move = outside.d - inside.d
    a, b, c = move @ (metric * move), inside.d @ (metric * move), inside.length**2 - radius**2
    t = (np.sqrt(b * b - a * c) - b) / a  # |inside + t move| = radius
    promise = inside.promise + (2 * t - t * t) * (outside.promise - inside.promise)
    return Place(inside.d + t * move, promise, radius)


def checked(said, theta):
    """What curvature() said: two functions, each of which looks at what it returns. ValueError for all else."""
    if not isinstance(said, tuple | list) or len(said) != 2 or not all(callable(ask) for ask in said):
        raise ValueError(f"curvature() returned {shown(said)}; expected two functions, v -> H v and rng -> J'W s")

    def sound(ask):
        def answer(given):
            v = ask(given)
            check_gradient(v, theta)
            return v

        return answer

    return [sound(ask) for ask in said]
