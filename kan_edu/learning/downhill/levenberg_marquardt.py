"""Levenberg-Marquardt: a sum of squares, made small by a sequence of linear problems."""

import numpy as np

from kan_edu.checks.arguments import check_flag, check_integer

from .answers import check_theta, checked
from .gradient import positive

AHEAD = 0.1  # of a step: there the path's bend is measured
LONGEST = 0.75  # of the step: a longer bend says that the path is not known so far ahead


class LevenbergMarquardt:
    """Least squares by a sequence of linear ones, each trusted only as far as it has proved true.

    The loss is L(theta) = |r|^2, r (R,). Near theta r(theta + d) is r + J d nearly, J = dr/dtheta (R, P), and the d
    that makes |r + J d|^2 smallest solves the normal equations J'J d = -J'r (Gauss and Newton). Far from the solution
    that d is much too long, or no unique d exists; so each parameter is held back in proportion to its own curvature:

        (J'J + damping diag(J'J)) d = -J'r                                       (Levenberg 1944, Marquardt 1963)

    Great damping gives a short step downhill, none gives Gauss-Newton, which near r = 0 squares the error in each step.
    A step that lowers L is taken and the damping divided by 5; else it is doubled and d computed again, until even
    the linear model promises no gain that float64 can hold: to first order a step lowers L by -g.d, with g = J'r.
    A start with too little damping leaps into a poor valley more often (hence 1).
    With bent=True it takes fewer steps along a valley that winds, as where hidden edges trade with outer ones, and up
    to one solution and one forward more in each. The damping follows the gain ratio, what a step
    gained by what the linear model had promised, |r|^2 - |r + J d|^2: near 1 the damping is divided by up to 10, near
    0 it grows, so that few steps fail (K. Madsen, H. Nielsen, O. Tingleff, Methods for Non-Linear Least Squares
    Problems, 2004, section 3.2). And d is bent: r is not linear along it but r + J d + r''/2, so half the answer to
    r'' in place of r is added (geodesic acceleration; M. Transtrum, J. Sethna, arXiv 1201.5885), r'' from one
    difference.
    `floor` times the largest of diag(J'J) is added to all of it: a parameter that no sample reaches would go free.
    Costs R P^2 + P^3 and three matrices P x P: fine for P up to about 1500, beyond that take `GaussNewton`, which forms
    no matrix. J may come in blocks of rows.
    Raises ValueError for a damping or floor that is not positive, for more than `most` parameters, and for float32.
    """

    needs = "jacobian"
    LEAST = 1e-15

    def __init__(self, damping=1.0, floor=1e-6, most=5000, bent=False):
        self.first, self.floor = positive(damping, "damping"), positive(floor, "floor")
        self.most, self.bent = check_integer(most, "most", 1), check_flag(bent, "bent")
        self.restart()

    def restart(self):
        """Go back to the damping that it was made with; `fit` asks for that when it is given another model."""
        self.damping, self.stopped = self.first, ""
        self.growth, self.curved = 2.0, False  # of the damping at the next step uphill; was the path curved last time?

    def step(self, theta, residuals, jacobian):
        """residuals() -> r (R,), jacobian() -> J (R, P), both at theta as it then is. Returns |r|^2 before the step.

        ValueError for answers of other shapes, and for a Jacobian with NaN or inf.
        """
        check_theta(theta)
        self.check_type(theta)
        self.check_size(theta.size)
        residuals, jacobian = checked(residuals, jacobian, theta.size)
        self.stopped, value, start = "", squares(residuals), theta.copy()
        if not np.isfinite(value):
            return value
        r, J = residuals(), jacobian()
        A, g = normal_equations(J, r)
        scale = A.diagonal() + self.floor * A.diagonal().max()
        while True:
            d = self._solve(A, scale, g)
            if not -(g @ d) > 1e-16 * value:  # "not >", because NaN is no gain either
                self.stopped = "no step lowers the loss any more"
                return value
            if self.bent:
                promise = self.damping * (scale * d) @ d - g @ d  # |r|^2 - |r + J d|^2
            if self.curved:
                theta[...] = start + AHEAD * d
                change = self._change(residuals, r)
                theta[...] = start
                d = d + self._bend(d, change, J if isinstance(J, np.ndarray) else jacobian(), A, scale)
            theta[...] = start + d
            gained = value - squares(residuals)
            self._trust(gained / promise) if self.bent else self._follow(gained)
            if gained > 0:
                return value
            theta[...] = start

    def _follow(self, gained):
        """Set the damping by whether the loss fell."""
        self.damping = max(self.damping / 5, self.LEAST) if gained > 0 else self.damping * 2

    def _trust(self, gain):
        """Set the damping by the gain ratio; after a second failure it grows by 4, after a third by 8."""
        self.curved = not gain >= 0.9
        if gain > 0:
            self.damping = max(self.damping * max(0.1, 1 - (2 * gain - 1) ** 3), self.LEAST)
            self.growth = 2.0
        else:
            self.damping *= self.growth
            self.growth *= 2

    def _change(self, residuals, r):
        """How r differs from what it was; None where it cannot be had (see `squares`)."""
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                change = residuals() - r
        except FloatingPointError:
            return None
        return change if np.isfinite(change).all() else None

    def _bend(self, d, change, J, A, scale):
        """What to add to d, since r is not linear along it; `change` is r(theta + h d) - r, h = AHEAD.

        r''/2 = (change - h J d) / h^2, and J'J is A.
        """
        if change is None:
            return 0.0
        bend = self._solve(A, scale, (normal_right(J, change) / AHEAD - A @ d) / AHEAD)
        return bend if (scale * bend) @ bend <= LONGEST**2 * (scale * d) @ d else 0.0

    def check_type(self, theta):
        """ValueError for parameters in float32."""
        if theta.dtype != float:
            raise ValueError(f"LevenbergMarquardt needs float64, since J'J squares what J tells apart; this model is "
                             f"{theta.dtype}: make it without dtype=np.float32, or use LBFGS or Adam")  # fmt: skip

    def check_size(self, P):
        """ValueError for more parameters than `most`."""
        if P > self.most:
            raise ValueError(f"LevenbergMarquardt solves equations for all P = {P} parameters at once, which takes "
                             f"{3 * 8 * P**2 / 2**30:.1f} GiB and {2 * P**3 / 3:.1g} multiplications a step; use "
                             f"GaussNewton, which forms no such matrix, LBFGS or Adam, or "
                             f"LevenbergMarquardt(most={P}) if you have both")  # fmt: skip

    def _solve(self, A, scale, g):
        """d, with more damping where the matrix is singular to rounding; zero where gradient or curvature is."""
        while g.any() and scale.all() and np.isfinite(self.damping):
            try:
                return np.linalg.solve(A + np.diag(self.damping * scale), -g)
            except np.linalg.LinAlgError:
                self.damping *= 10
        return np.zeros_like(g)


def normal_equations(J, r):
    """J'J (P, P) and J'r (P,), from J (R, P) or from blocks of its rows, in order."""
    if isinstance(J, np.ndarray):
        return J.T @ J, J.T @ r
    A, g, start = 0, 0, 0
    for block in J:
        end = start + len(block)
        A, g, start = A + block.T @ block, g + block.T @ r[start:end], end
    return A, g


def normal_right(J, r):
    """J'r alone."""
    blocks = [J] if isinstance(J, np.ndarray) else J
    g, start = 0, 0
    for block in blocks:
        end = start + len(block)
        g, start = g + block.T @ r[start:end], end
    return g


def squares(residuals):
    """|r|^2 of residuals(), or inf where it cannot be had: a step may lead to overflow, and is then no good."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            r = residuals()
            value = float(r @ r)
    except FloatingPointError:  # a KAN layer met NaN on the way
        return np.inf
    return value if np.isfinite(value) else np.inf
