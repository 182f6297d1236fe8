"""L-BFGS: the curvature is guessed from the last few steps, and a line search says how far to go."""

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer

from .answers import check_theta, loss_and_gradient
from .linesearch import strong_wolfe


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
        self.memory = check_integer(memory, "memory", 1)
        self.restart()

    def restart(self):
        """Forget the steps taken so far; `fit` asks for that when it is given another model."""
        self.pairs, self.last, self.stopped = [], None, ""

    def step(self, theta, evaluate):
        """evaluate() -> (loss, gradient (P,)) at theta as it then is. Returns the loss before the step."""
        check_theta(theta), check_function(evaluate, "evaluate", "lambda: (loss, gradient)")
        self.stopped = ""
        if self.last is None or not np.array_equal(self.last[0], theta):  # first step, or theta was changed elsewhere
            self.pairs, self.last = [], (theta.copy(), *loss_and_gradient(evaluate, theta, first=True))
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
            self.last = (theta.copy(), *loss_and_gradient(evaluate, theta))
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
