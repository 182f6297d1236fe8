"""Looking for a law: undo each outer function, see which functions of the inputs are left, name them, refit, compare."""

import copy
import time
from typing import NamedTuple

import numpy as np

from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.reading.expressions.tidy import EXPONENT
from kan_edu.reading.expressions.tree import Fun, Sum, Var, parameters, replace_inputs, values

from . import few
from .assemble import atom_sets, formulas
from .atoms import Line
from .constants import round_all
from .outer import undone
from .refine import FLOOR, cost, criterion, prune, refit
from .smooth import Smooth, legendre, solve
from .trust import MOST_NOISE, structure
from .views import views

MOST_NUMBERS = 24  # free in one formula
FEW = 500  # samples while comparing; the best few then see all
MOST_FUNCTIONS, MOST_PRODUCTS = 4, 40
DEGREE = 16  # of the functions in a product


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
        self.some = slice(None, FEW)

    @property
    def out_of_time(self):
        return time.perf_counter() > self.until

    @property
    def exact(self):
        return bool(self.found) and self.found[0].mse < (10 * FLOOR * self.spread) ** 2

    def run(self):
        """Views from the nearest to the farthest, until one is convincing or the time is up."""
        inputs = [Var(i) for i in range(self.X.shape[1])]
        if len(self.y) < few.FEW and len(inputs) <= 2:
            for outer, tree in few.sketches(self.X, self.y):
                self.judge(tree, self.X, inputs, outer)
            if self.convinced():
                return
        for V, trees, groups in views(self.X, self.y, inputs):
            if self.view(V, trees, groups) or self.out_of_time:
                break
        self.polish()

    @property
    def best_error(self):
        return np.sqrt(self.found[0].mse) / self.spread if self.found else 1.0

    def convinced(self):
        """Exact, or only noise is left of it and all of its numbers are simple."""
        if self.exact or not self.found:
            return self.exact
        self.polish(1)
        best = self.found[0]
        if len(parameters(best.tree)) > 1 or self.best_error > MOST_NOISE or cost(best.tree) > 40:
            return False
        return not structure(values(best.tree, self.X) - self.y, self.X)

    def view(self, V, replacements, groups=None):
        """Search y as a function of the columns of V (N, m), which are the trees `replacements` of the inputs.

        Returns whether to stop: what was found convinces, or the time is up.
        """
        if groups == "product":
            smooth = Smooth(V, most=10)
            sights, degree = sorted(look_at_product(V, smooth, self.y), key=lambda s: s.error), DEGREE
            sights = [s for s in sights if s.error < 0.1 and s.error < 2 * self.best_error]
        else:
            smooth = Smooth(V, groups=groups)
            sights, degree = sorted(look(smooth, self.y), key=lambda s: s.rank), smooth.degree
            if groups:  # worth a look only if the groups hold the function
                sights = sorted([s for s in sights if s.error < min(0.1, 2 * self.best_error)], key=lambda s: s.error)[:2]
        lines = [Line(smooth.lo[i], smooth.hi[i], degree) for i in range(V.shape[1])]
        for sight in sights:
            if self.out_of_time:
                return True
            many = np.prod([len(span[1]) + 1 for span in sight.spans]) > MOST_PRODUCTS
            if groups is None and (sight.rank > 2 * V.shape[1] + 1 or many):
                continue
            self.tell(f"behind {sight.outer.family}")
            before = self.found[:1]
            self.sight(sight, lines, V, replacements, smooth.groups)
            if self.found[:1] != before and self.convinced():
                return True
        return False

    def sight(self, sight, lines, V, replacements, groups):
        choices = [atom_sets(line, *span) for line, span in zip(lines, sight.spans, strict=True)]
        if not all(choices):
            return
        some, name = self.some, sight.outer.family
        fits = formulas(choices, V[some], sight.z[some], sight.weights[some], name, sight.sign, groups)
        for _, tree in fits[:5]:
            self.judge(tree, V, replacements, name)
            if self.out_of_time:
                return

    def judge(self, tree, V, replacements, outer):
        """Refit on a few samples; if promising prune on all and keep."""
        some, spread = self.some, self.spread
        if len(parameters(tree)) > MOST_NUMBERS:
            return
        mse = refit(tree, V[some], self.y[some])
        if not np.isfinite(mse) or not np.isfinite(values(tree, V)).all():
            return
        value = criterion(mse, tree, len(self.y), spread)
        if self.found and value > self.found[min(2, len(self.found) - 1)].value + 0.05 * len(self.y):
            return
        tree, mse = prune(tree, V[some], self.y[some], mse)
        mse = refit(tree, V, self.y, steps=60, enough=1e-6)
        tree, mse = prune(tree, V, self.y, mse)
        tree = replace_inputs(tree, replacements)
        self.keep(Found(tree, mse, criterion(mse, tree, len(self.y), spread), outer))

    def keep(self, found):
        if np.isfinite(found.mse):
            self.found = sorted([*self.found, found], key=lambda f: f.value)[:30]

    def polish(self, most=4):
        """Make the constants of the best few simple, in each of the forms that they may have."""
        done = []
        for f in self.found[:most]:
            forms = []
            for tree in (f.tree, regauged(f.tree)):
                if tree is not None and not self.out_of_time:
                    tree, mse = round_all(tree, self.X, self.y, f.mse)
                    forms.append(Found(tree, mse, criterion(mse, tree, len(self.y), self.spread), f.outer))
            done.append(min([f, *forms], key=lambda f: f.value))
        self.found = sorted(done + self.found[most:], key=lambda f: f.value)


def regauged(tree):
    """G(c_1 u + c_2 v) for a power G in its other form, c_1^p G(u + c_2 / c_1 v); None where there is no other."""
    top = tree.terms[0][1] if getattr(tree, "outer", False) and isinstance(tree, Sum) and len(tree.terms) == 1 else None
    if not isinstance(top, Fun) or top.name not in EXPONENT or top.name == "x" or not isinstance(top.child, Sum):
        return None
    tree = copy.deepcopy(tree)
    inner = tree.terms[0][1].child
    if not inner.terms:
        return None
    first = inner.terms[0][0]
    if first.value <= 0 or not first.free or tree.terms[0][0].free:
        return None
    front, c = tree.terms[0][0], first.value
    front.value, front.free = front.value * c ** EXPONENT[top.name], True
    for p in [inner.bias, *[a for a, _ in inner.terms]]:
        p.value, p.text = p.value / c, ""
        p.free = p.free or p.value not in (0, 1)
    first.fix(1, "1")
    return tree


def look(smooth, y):
    """A Sight for each outer function that can be undone."""
    sights, most = [], None
    exact = smooth.fit(y, np.ones_like(y))[2] < 1e-5 * y.std()
    for outer, sign, z, w in undone(y, exact):
        c, degree, error = smooth.fit(z, w, most)
        if outer.family == "x" and degree < 10:
            most = degree + 2  # noise: more would be lost on it
        sights.append(_sight(smooth, outer, sign, z, w, c, degree, error))
    return sights


def _sight(smooth, outer, sign, z, w, c, degree, error):
    """One span for each input; what is below the level of noise, or of what a polynomial can tell, is left out."""
    size = max(np.linalg.norm(c[1:]), 1e-9 * abs(c[0]), 1e-100)
    error = np.clip(error / size, 1e-15, 1e3)
    spans, rank, n = [], 0, smooth.index.shape[1]
    for i in range(n):
        U, s = smooth.span(c, i)
        rest = (smooth.index[:, np.arange(n) != i].sum(axis=1) <= degree).sum() / (degree + 1)
        noise = 2 * error * (np.sqrt(degree) + np.sqrt(rest)) / np.sqrt(len(z))
        needed, level = _needed(s / size, max(noise, 1e-13), max(20 * error, 1e-13))
        s = s / size
        r, rank = int(np.clip(needed, 1, MOST_FUNCTIONS)), rank + needed
        spans.append((U[:, :r], s[:r], np.clip((level / max(s[r - 1], 1e-9)) ** 2, 1e-22, 1e-2)))
    return Sight(outer, sign, z, w, spans, rank, error)


def _needed(s, noise, rough):
    """How many of the falling s are no noise, and the level they were told from.

    Errors of polynomials are no noise: they do not average out. Where that matters, the greater gap decides.
    """
    few, many = int((s > rough).sum()), int((s > noise).sum())
    if few == many or rough > 0.03 or few == 0:
        return many, noise
    s = np.append(s, 1e-16)
    return (few, rough) if s[few - 1] / s[few] > s[many - 1] / s[many] else (many, noise)


def look_at_product(V, smooth, y):
    """A Sight for each outer function behind which y is nearly f_1(v_1) f_2(v_2) ...; alternating least squares."""
    for outer, sign, z, w in undone(y):
        if outer.family not in ("x", "1/x", "sqrt", "x^2"):
            continue
        P = [legendre(t, DEGREE) for t in smooth.scaled(V).T]
        f = [np.ones(len(z)) for _ in P]
        c, last = [None] * len(P), np.inf
        for _ in range(40):
            for i in range(len(P)):
                others = np.prod([f[j] for j in range(len(P)) if j != i], axis=0)
                A = P[i] * (others * w)[:, None]
                c[i] = solve(A.T @ A, A.T @ (w * z))
                f[i] = P[i] @ c[i]
            error = np.sqrt(np.mean((w * (np.prod(f, axis=0) - z)) ** 2) / np.mean((w * (z - z.mean())) ** 2))
            if error > 0.9 * last:
                break
            last = error
        spans = [(c_i[1:, None] / np.linalg.norm(c_i[1:]), np.ones(1), np.clip((10 * error) ** 2 / len(z), 1e-16, 1e-2))
                 for c_i in c]  # fmt: skip
        yield Sight(outer, sign, z, w, spans, len(P), error)


__all__ = ["FAMILIES", "Search"]
