"""Looking for a law: view after view, sight after sight; each formula is judged with everything refitted."""

import copy
import time
from typing import NamedTuple

import numpy as np

from kan_edu.reading.expressions.tidy import EXPONENT
from kan_edu.reading.expressions.tree import Fun, Sum, Var, nodes, parameters, replace_inputs, values

from . import few
from .assemble import atom_sets, formulas
from .atoms import Line
from .constants import round_all
from .refine import FLOOR, cost, criterion, never, prune, refit
from .sights import DEGREE, look, look_at_product
from .smooth import Smooth, few_values
from .trust import MOST_NOISE, structure
from .views import views

CANCEL = 300.0  # times the sum is a term that nearly cancels
MOST_NUMBERS = 24  # free in one formula
SOME = 500  # samples while comparing; the best few then see all
MOST_PRODUCTS = 40
FITS_NOT = 0.7  # of the spread of y is left by what is no formula for it


class Found(NamedTuple):
    """A formula: its tree, mean square error on the training samples and the criterion."""

    tree: object
    mse: float
    value: float
    outer: str


class Search:
    """The state of one search; `found` is sorted by the criterion. X (N, n), y (N,) are the training samples."""

    def __init__(self, X, y, seconds, tell=lambda text: None):
        self.X, self.y, self.tell = X, y, tell
        self.until = time.perf_counter() + seconds
        self.spread, self.found = y.std(), []
        self.some = slice(None, SOME)

    def late(self):
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
                if self.late():
                    break
            if self.convinced():
                return self.polish()
        if any(few_values(x) is not None for x in self.X.T) and self.powers(inputs):
            return self.polish()
        for V, trees, groups in views(self.X, self.y, inputs):
            if self.view(V, trees, groups) or self.late() or (trees == inputs and self.only_noise()):
                break
        if self.best_error > FITS_NOT and not self.late():  # never say so of a straight line
            self.powers(inputs)
        self.polish()

    def powers(self, inputs):
        """Try the sums of powers; returns whether to stop with what was found."""
        for tree, bent in few.powers(self.X, self.y):
            before = self.found[:1]
            self.judge(tree, self.X, inputs, "x")
            if self.found[:1] != before and self.convinced():
                self.polish(1)
                if not (bent and parameters(self.found[0].tree)):
                    return True
            if self.late():
                break
        return False

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

    def only_noise(self):
        """Whether the best leaves nothing but noise: richer formulas could only do as well."""
        return self.best_error < 2 * MOST_NOISE and not structure(values(self.found[0].tree, self.X) - self.y, self.X)

    def view(self, V, replacements, groups=None):
        """Search y as a function of the columns of V (N, m), which are the trees `replacements` of the inputs.

        Returns whether to stop: what was found convinces, or the time is up.
        """
        smooth, sights, degree = self._sights(V, groups)
        lines = [Line(smooth.lo[i], smooth.hi[i], degree, smooth.wide[i], smooth.line(i, degree), V.shape[1] == 1)
                 for i in range(V.shape[1])]  # fmt: skip
        for sight in sights:
            if self.late():
                return True
            self.tell(f"{len(replacements)} inputs, behind {sight.behind.outer.family}")
            before = self.found[:1]
            self.sight(sight, lines, V, replacements, smooth.groups)
            if self.found[:1] != before and self.convinced():
                return True
        return False

    def _sights(self, V, groups):
        """(the smooth model of V, the sights worth a look, simplest first, degree of their spans)."""
        if groups == "product":
            smooth = Smooth(V, most=10)
            sights = sorted(look_at_product(V, smooth, self.y), key=lambda s: s.error)
            return smooth, [s for s in sights if s.error < min(0.1, 2 * self.best_error)], DEGREE
        smooth = Smooth(V, groups=groups)
        sights = sorted(look(smooth, self.y), key=lambda s: s.rank)
        if groups:  # worth a look only if the groups hold the function
            sights = sorted([s for s in sights if s.error < min(0.1, 2 * self.best_error)], key=lambda s: s.error)[:2]
        else:
            products = [np.prod([len(s) + 1 for _, s, _ in sight.spans]) for sight in sights]
            sights = [s for s, many in zip(sights, products, strict=True)
                      if s.rank <= 2 * V.shape[1] + 1 and many <= MOST_PRODUCTS]  # fmt: skip
        return smooth, sights, smooth.degree

    def sight(self, sight, lines, V, replacements, groups):
        """Name the functions of one sight, and judge the formulas that they make."""
        choices = [atom_sets(line, *span) for line, span in zip(lines, sight.spans, strict=True)]
        if not all(choices):
            return
        for _, tree in formulas(choices, V[self.some], sight.behind.some(self.some), groups)[:5]:
            self.judge(tree, V, replacements, sight.behind.outer.family)
            if self.late():
                return

    def judge(self, tree, V, replacements, outer):
        """Refit on a few samples; if promising prune on all and keep."""
        some, spread = self.some, self.spread
        if len(parameters(tree)) > MOST_NUMBERS:
            return
        mse = refit(tree, V[some], self.y[some])
        if not np.isfinite(mse) or not np.isfinite(values(tree, V)).all() or cancels(tree, V):
            return
        value = criterion(mse, tree, len(self.y), spread)
        if self.found and value > self.found[min(2, len(self.found) - 1)].value + 0.05 * len(self.y):
            return
        tree, mse = prune(tree, V[some], self.y[some], mse, self.late)
        mse = refit(tree, V, self.y, steps=60, enough=1e-6)
        tree, mse = prune(tree, V, self.y, mse, self.late)
        tree = replace_inputs(tree, replacements)
        self.keep(Found(tree, mse, criterion(mse, tree, len(self.y), spread), outer))

    def keep(self, found):
        if np.isfinite(found.mse):
            self.found = sorted([*self.found, found], key=lambda f: f.value)[:30]

    def polish(self, most=4):
        """Make the constants of the best few simple, in each of the forms that they may have; an exact best one's in
        any case: that takes little, and in exp(x - 1.0 log(y + 1e-17)) nobody sees exp(x)/y.
        """
        done = []
        for f in self.found[:most]:
            late, forms = never if self.exact and not done else self.late, []
            for tree in (f.tree, regauged(f.tree)):
                if tree is not None and not late():
                    tree, mse = round_all(tree, self.X, self.y, f.mse, late)
                    forms.append(Found(tree, mse, criterion(mse, tree, len(self.y), self.spread), f.outer))
            done.append(min([f, *forms], key=lambda f: f.value))
        self.found = sorted(done + self.found[most:], key=lambda f: f.value)


def cancels(tree, V):
    """Whether large terms nearly cancel: then the formula is the limit of another, simpler one."""
    with np.errstate(all="ignore"):
        for node in nodes(tree):
            if isinstance(node, Sum):
                parts = [np.std(a.value * child.forward(V)) for a, child in node.terms]
                if max(parts, default=0) > CANCEL * max(np.std(node.forward(V)), 1e-300):
                    return True
    return False


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
