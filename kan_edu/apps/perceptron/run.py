"""What the learning rule does with points, step by step, from where a line was put by hand."""

from functools import lru_cache

import numpy as np

from kan_edu.networks.perceptron import Perceptron

LAST = 60   # the last step that can be looked at


class Run:
    """The learning rule on points ((x1, x2, class), ...) from (w1, w2, b): what each step of it did.

    path    (w1, w2, b) before the first and after each correction; `at(step)` goes on where the rule goes round
    """

    def __init__(self, points, start):
        points, p = np.array(points), Perceptron(2)
        self.X, self.y = points[:, :2], points[:, 2]
        p.w[:], p.b = start[:2], start[2]
        learning = p.learn(self.X, self.y, lr=1.0, max_epochs=LAST)   # an epoch has one correction, or it is the last
        self.path, self.converged, self.epochs = learning.path, learning.converged, len(learning.mistakes)
        ends = np.cumsum([0, *learning.mistakes])[:-1]   # how many corrections there were before each epoch
        back = [int(end) for end in ends if (self.path[end] == self.path[-1]).all()]
        self.back = back[0] if back and not self.converged else None   # the step to which it comes back, or None
        self.period = None if self.back is None else len(self.path) - 1 - self.back

    def at(self, step):
        """The row of `path` that belongs to a step."""
        last = len(self.path) - 1
        if step <= last or self.back is None:
            return min(step, last)
        return self.back + 1 + (step - self.back - 1) % self.period

    def wrong(self, weights):
        """Which points are not on their side of the line (N,): those on the line itself are wrong too."""
        z = self.X @ weights[:2] + weights[2]
        return np.where(self.y == 1, z <= 0, z >= 0)

    def correction(self, row):
        """(number of the point, e) of the correction that led to a row of `path`; of two equal points the first."""
        change = self.path[row] - self.path[row - 1]
        e = change[2]
        same = (self.X * e == change[:2]).all(axis=1) & (self.y == (e > 0))
        return int(np.argmax(same)), float(e)


run_of = lru_cache(maxsize=500)(Run)   # a drag passes through many
