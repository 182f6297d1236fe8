"""Looking for a law: undo each outer function, see which functions of the inputs are left, name them, refit, compare."""

import time
from typing import NamedTuple

import numpy as np

from kan_edu.networks.formulas.families import FAMILIES

from .assemble import atom_sets, formulas
from .atoms import Line
from .constants import round_all
from .outer import OUTERS
from .refine import FLOOR, criterion, prune, refit
from .smooth import Smooth
from .tree import replace_inputs, values

FEW = 500  # samples while comparing; the best few then see all
MOST_FUNCTIONS = 4


class Found(NamedTuple):
    """A formula: its tree, mean square error on the training samples and the criterion."""

    tree: object
    mse: float
    value: float
    outer: str


class Sight(NamedTuple):
    """What the data look like behind one outer function."""

    outer: object
    sign: float
    z: np.ndarray
    weights: np.ndarray
    spans: list  # of (U, s, tolerance)
    rank: int
    error: float


class Search:
    """The state of one search; `found` is sorted by the criterion. X (N, n), y (N,) are the training samples."""

    def __init__(self, X, y, seconds, tell=lambda text: None):
        self.X, self.y, self.tell = X, y, tell
        self.until = time.perf_counter() + seconds
        self.spread, self.found = y.std(), []
        self.few = slice(None, FEW)

    @property
    def out_of_time(self):
        return time.perf_counter() > self.until

    @property
    def exact(self):
        return bool(self.found) and self.found[0].mse < (10 * FLOOR * self.spread) ** 2

    def view(self, V, replacements):
        """Search y as a function of the columns of V (N, m), which are the trees `replacements` of the inputs."""
        smooth = Smooth(V)
        lines = [Line(smooth.lo[i], smooth.hi[i], smooth.degree) for i in range(V.shape[1])]
        sights = sorted(look(smooth, self.y), key=lambda s: s.rank)
        for sight in sights:
            if self.out_of_time or self.exact:
                return
            self.tell(f"behind {sight.outer.family}")
            choices = [atom_sets(line, *span) for line, span in zip(lines, sight.spans, strict=True)]
            if not all(choices):
                continue
            fits = formulas(choices, V[self.few], sight.z[self.few], sight.weights[self.few], sight.outer.family,
                            sight.sign)  # fmt: skip
            for _, tree in fits[:5]:
                self.judge(tree, V, replacements, sight.outer.family)
                if self.exact or self.out_of_time:
                    return

    def judge(self, tree, V, replacements, outer):
        """Refit on a few samples; if promising prune on all and keep."""
        few, spread = self.few, self.spread
        mse = refit(tree, V[few], self.y[few])
        if not np.isfinite(mse) or not np.isfinite(values(tree, V)).all():
            return
        value = criterion(mse, tree, len(self.y), spread)
        if self.found and value > self.found[min(2, len(self.found) - 1)].value + 0.05 * len(self.y):
            return
        tree, mse = prune(tree, V[few], self.y[few], mse)
        mse = refit(tree, V, self.y, steps=60, enough=1e-6)
        tree, mse = prune(tree, V, self.y, mse)
        tree = replace_inputs(tree, replacements)
        self.keep(Found(tree, mse, criterion(mse, tree, len(self.y), spread), outer))

    def keep(self, found):
        if np.isfinite(found.mse):
            self.found = sorted([*self.found, found], key=lambda f: f.value)[:30]

    def polish(self, most=4):
        """Make the constants of the best few simple."""
        done = []
        for f in self.found[:most]:
            tree, mse = round_all(f.tree, self.X, self.y, f.mse)
            done.append(Found(tree, mse, criterion(mse, tree, len(self.y), self.spread), f.outer))
        self.found = sorted(done + self.found[most:], key=lambda f: f.value)


def look(smooth, y):
    """A Sight for each outer function that can be undone."""
    sights = []
    sign = -1.0 if (y < 0).mean() > 0.98 else 1.0
    for outer in OUTERS:
        s = 1.0 if outer.family == "x" else sign
        good = outer.valid(s * y)
        if good.mean() < 0.97:
            continue
        with np.errstate(all="ignore"):
            z, w = outer.undo(s * y), 1 / np.abs(outer.slope(s * y))
        good &= np.isfinite(z) & np.isfinite(w)
        z, w = np.where(good, z, 0), np.where(good, w, 0)
        w = np.minimum(w, 10 * np.median(w)) / np.median(w)
        sights.append(_sight(smooth, outer, s, z, w))
    return sights


def _sight(smooth, outer, sign, z, w):
    """Fit, with the total degree that every fifth sample finds best; then one span for each input."""
    train = np.arange(len(z)) % 5 > 0
    best, degree = np.inf, 1
    wt = np.where(train, w, 0)
    for d in sorted({2, 3, 4, 5, 7, 10, 2 * smooth.degree // 3, smooth.degree}):
        if d <= smooth.degree:
            r = w[~train] * (smooth.A[~train] @ smooth.fit(z, wt, d) - z[~train])
            if np.sqrt(r @ r) < 0.98 * best:
                best, degree = np.sqrt(r @ r), d
    c = smooth.fit(z, w, degree)
    size = np.linalg.norm(c[1:]) + 1e-300
    error = best / np.sqrt((w[~train] ** 2).sum()) / size
    spans, rank, n = [], 0, smooth.index.shape[1]
    for i in range(n):
        U, s = smooth.span(c, i)
        rest = (smooth.index[:, np.arange(n) != i].sum(axis=1) <= degree).sum() / (degree + 1)
        level = 20 * error if error < 1e-4 else 2 * error * (np.sqrt(degree) + np.sqrt(rest)) / np.sqrt(len(z))
        level = max(level, 1e-13)
        r = int(np.clip((s / size > level).sum(), 1, MOST_FUNCTIONS))
        rank += int((s / size > level).sum()) if s[0] / size > level else 0
        tolerance = np.clip((level / (s[r - 1] / size)) ** 2, 1e-22, 1e-2)
        spans.append((U[:, :r], s[:r], tolerance))
    return Sight(outer, sign, z, w, spans, rank, error)


__all__ = ["FAMILIES", "Search"]
