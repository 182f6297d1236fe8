"""Walking downhill: four ways, from the plainest to the one that sees furthest. Each changes theta (P,) in place.

    SGD                  needs the gradient; any batch will do                       step(theta, grad)
    Adam                 the same, with a step of its own size for every parameter   step(theta, grad)
    LBFGS                asks for loss and gradient where it likes, always on the same samples   step(theta, evaluate)
    LevenbergMarquardt   asks for residuals and their Jacobian: a sum of squares     step(theta, residuals, jacobian)

The last two call functions that read theta as it then is. Their `stopped` says in words why no further step helps.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_number

from .linesearch import strong_wolfe

BLOCK = 2**15  # Adam goes through theta in blocks that fit in the processor's cache: twice as fast for large P


def _positive(value, name="the learning rate"):
    try:
        return check_number(value, name, 0, open_ends=True)
    except ValueError:
        raise ValueError(f"{name} is {value!r}; expected a positive number, such as 0.01") from None


def _share(value, name):
    """A number from 0, below 1."""
    if check_number(value, name, 0, 1) == 1:
        raise ValueError(f"{name} is {value}; expected 0 <= {name} < 1")
    return float(value)


class SGD:
    """Gradient descent with momentum:  v <- momentum v - lr grad,   theta <- theta + v."""

    def __init__(self, lr=0.1, momentum=0.0):
        self.lr, self.momentum, self.v = _positive(lr), _share(momentum, "momentum"), None

    def step(self, theta, grad):
        """theta and grad are (P,)."""
        if self.v is None or self.v.shape != theta.shape:  # first step, or the model's grid has changed
            self.v = np.zeros_like(theta)
        self.v *= self.momentum
        self.v -= self.lr * grad
        theta += self.v


class Adam:
    """Steps of nearly equal size for every parameter, whatever the scale of its gradient.

    m <- beta1 m + (1 - beta1) grad,   v <- beta2 v + (1 - beta2) grad^2,
    theta <- theta - lr m_hat / (sqrt(v_hat) + eps),   m_hat = m / (1 - beta1^t), v_hat = v / (1 - beta2^t).
    The hats undo the pull to zero of m and v, which start at 0. Source: arXiv 1412.6980, algorithm 1.
    """

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2 = _positive(lr), _share(beta1, "beta1"), _share(beta2, "beta2")
        self.eps = check_number(eps, "eps", 0, 1, example=1e-8)
        self.m = self.v = None
        self.t = 0

    def step(self, theta, grad):
        """theta and grad are (P,)."""
        if self.m is None or self.m.shape != theta.shape:  # first step, or the model's grid has changed
            self.m, self.v, self.t = np.zeros_like(theta), np.zeros_like(theta), 0
            self.room = np.empty_like(theta[:BLOCK])
        self.t += 1
        for start in range(0, theta.size, BLOCK):
            part = slice(start, start + BLOCK)
            self._update(theta[part], grad[part], self.m[part], self.v[part], self.room[: theta[part].size])

    def _update(self, theta, grad, m, v, d):
        """Every operation in place, d being room for the step: no other array is made."""
        m *= self.beta1
        m += np.multiply(grad, 1 - self.beta1, out=d)
        v *= self.beta2
        d *= grad  # (1 - beta1) grad^2
        d *= (1 - self.beta2) / (1 - self.beta1)
        v += d
        root = (1 - self.beta2**self.t) ** 0.5  # m_hat / (sqrt(v_hat) + eps), both parts times root
        np.sqrt(v, out=d)
        d += self.eps * root
        np.divide(m, d, out=d)
        d *= self.lr * root / (1 - self.beta1**self.t)
        theta -= d


class LBFGS:
    """Newton's method without the matrix: the curvature is guessed from the last few steps.

    Newton would go along d = -H^{-1} g. Of the Hessian H we have seen one thing: a step s changed the gradient by y,
    and H s = y nearly. BFGS keeps the inverse that agrees with the newest pair (s, y) and changes least otherwise,

        H^{-1} <- (1 - s y'/y's) H^{-1} (1 - y s'/y's) + s s'/y's,

    L-BFGS keeps only the last `memory` pairs and applies the formula to g from the newest to the oldest, then back:
    O(memory P) in place of O(P^2). How far to go along d: `linesearch.py`.
    Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5. ValueError for memory < 1.
    """

    needs = "evaluate"

    def __init__(self, memory=20):
        self.memory, self.pairs, self.last, self.stopped = check_integer(memory, "memory", 1), [], None, ""

    def step(self, theta, evaluate):
        """evaluate() -> (loss, gradient (P,)) at theta as it then is. Returns the loss before the step."""
        self.stopped = ""
        if self.last is None or not np.array_equal(self.last[0], theta):  # first step, or theta was changed elsewhere
            self.pairs, self.last = [], (theta.copy(), *_copied(evaluate()))
        start, value, grad = self.last
        if not np.isfinite(value):
            return value
        d, first = self._direction(grad), not self.pairs
        slope = grad @ d
        if slope == 0:
            self.stopped = "the gradient is zero"
            return value

        def along(t):
            theta[...] = start + t * d
            self.last = (theta.copy(), *_copied(evaluate()))
            return self.last[1], self.last[2] @ d

        if strong_wolfe(along, value, slope, min(1.0, 1 / np.abs(grad).sum()) if first else 1.0) == 0:
            theta[...], self.last, self.pairs = start, (start, value, grad), []
            self.stopped = "no step downhill lowers the loss any more" if first else ""  # else: try without memory
            return value
        s, y = theta - start, self.last[2] - grad
        if s @ y > 1e-12 * np.sqrt((s @ s) * (y @ y)):  # curvature must be positive, or d would point uphill
            self.pairs = [*self.pairs, (s, y, 1 / (s @ y))][-self.memory :]
        return value

    def _direction(self, grad):
        """-H^{-1} grad by the two loops of algorithm 7.4; without pairs plain -grad."""
        q, a = grad.copy(), []
        for s, y, rho in reversed(self.pairs):
            a.append(rho * (s @ q))
            q -= a[-1] * y
        if self.pairs:
            s, y, _ = self.pairs[-1]
            q *= (s @ y) / (y @ y)  # the scale of the newest curvature, for all directions not yet seen
        for (s, y, rho), a_i in zip(self.pairs, reversed(a), strict=True):
            q += (a_i - rho * (y @ q)) * s
        return -q


def _copied(answer):
    value, grad = answer
    return float(value), grad.copy()


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
    `floor` times the largest of diag(J'J) is added to all of it: a parameter that no sample reaches would go free.
    Costs R P^2 + P^3 and three matrices P x P: fine for P up to about 1500. J may come in blocks of rows.
    Raises ValueError for a damping or floor that is not positive, for more than `most` parameters, and for float32.
    """

    needs = "jacobian"
    LEAST = 1e-15

    def __init__(self, damping=1.0, floor=1e-6, most=5000):
        self.damping, self.floor, self.stopped = _positive(damping, "damping"), _positive(floor, "floor"), ""
        self.most = check_integer(most, "most", 1)

    def step(self, theta, residuals, jacobian):
        """residuals() -> r (R,), jacobian() -> J (R, P), both at theta as it then is. Returns |r|^2 before the step."""
        self.check_type(theta)
        self.check_size(theta.size)
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
            theta[...] = start + d
            if squares(residuals) < value:
                self.damping = max(self.damping / 5, self.LEAST)
                return value
            theta[...] = start
            self.damping *= 2

    def check_type(self, theta):
        """ValueError for parameters in float32."""
        if theta.dtype != float:
            raise ValueError(f"LevenbergMarquardt needs float64, since J'J squares what J tells apart; this model is "
                             f"{theta.dtype}: make it without dtype=np.float32, or use LBFGS or Adam")  # fmt: skip

    def check_size(self, P):
        """ValueError for more parameters than `most`."""
        if P > self.most:
            raise ValueError(f"LevenbergMarquardt solves equations for all P = {P} parameters at once, which takes "
                             f"{3 * 8 * P**2 / 2**30:.1f} GiB and {2 * P**3 / 3:.1g} multiplications a step; use LBFGS "
                             f"or Adam, or LevenbergMarquardt(most={P}) if you have both")  # fmt: skip

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


def squares(residuals):
    """|r|^2 of residuals(), or inf where it cannot be had: a step may lead to overflow, and is then no good."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            r = residuals()
            value = float(r @ r)
    except FloatingPointError:  # a KAN layer met NaN on the way
        return np.inf
    return value if np.isfinite(value) else np.inf
