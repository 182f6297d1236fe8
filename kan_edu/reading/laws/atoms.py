"""Names for the functions of one input: the families, with b and c, that lie in the span that the data ask for.

A span (degree, r) has orthonormal columns: Legendre coefficients, without the constant, of r functions of x on
[lo, hi]. An `Atom` is a function with few numbers in it; its distance to the span is the share of its variance
outside. Many are tried on a grid of their numbers, all at once; the nearest of each family are then refined.
"""

import numpy as np

from kan_edu.reading.expressions.tree import Var

from .kinds import WHOLE, kinds
from .smooth import legendre

POINTS = 64
PARTNERS = 6  # functions that are tried beside each plain function, when one function is not enough
NEAR = 0.01  # of the variance is left by a pair that is worth a look, though others leave less
FAR = 0.4  # a second start farther away than this is not tried
ALIKE = 0.98  # correlation of functions that are not both tried


class Atom:
    """A kind of function of x, and its numbers theta; distance: the share of its variance outside the span."""

    def __init__(self, kind, theta, distance=np.inf):
        self.kind, self.theta, self.distance = kind, np.array(theta, dtype=float), distance

    @property
    def cost(self):
        return self.kind.cost + 1.0 * self.kind.free

    def tree(self, i):
        return self.kind.tree(Var(i), self.theta)

    def __repr__(self):
        return f"{self.kind.name}{np.round(self.theta, 5).tolist()} {self.distance:.1e}"


class Line:
    """The interval of one input: turns functions into coefficients, and keeps those of all starts."""

    def __init__(self, lo, hi, degree, wide=False, few=None, alone=False):
        """few: of an input with few values these, (m,), and the functions there that U refers to, (m, degree).

        alone: it is the only input, so there is time for more pairs of functions.
        """
        self.levels, self.known, self.alone = kinds(lo, hi), {}, alone
        if few is not None:
            self.x, P = few
            self.mean = self.weights = np.full(len(self.x), 1 / len(self.x))
            self.P = P * self.weights[:, None]
            if len(self.x) == 2:  # any function of two values is a straight line
                self.levels = [kind for kind in self.levels[0] if kind.name == "x0"], [], []
            return
        nodes, weights = np.polynomial.legendre.leggauss(POINTS)
        share = (nodes + 1) / 2
        self.x = lo * (hi / lo) ** share if wide else lo + share * (hi - lo)  # as `Smooth.scaled` has it
        self.P = legendre(nodes, degree)[:, 1:] * weights[:, None] / 2  # (m, degree)
        self.mean, self.weights = weights / 2, weights / 2

    @classmethod
    def at(cls, x, weights):
        """A line that knows samples x (N,) only: its coefficients are values there, times the root of their weights."""
        line = cls.__new__(cls)
        line.x, line.mean = x, weights / weights.sum()
        line.weights, line.P = line.mean, np.diag(np.sqrt(line.mean))
        line.levels, line.known, line.alone = kinds(x.min(), x.max()), {}, True
        return line

    def coefficients(self, kind, theta):
        """(K, degree) coefficients divided by the function's spread, and (K,) whether it is defined all over."""
        with np.errstate(all="ignore"):
            f = kind.values(self.x, theta)
            f = f - (f @ self.mean)[:, None]
            spread = np.sqrt((f * f) @ self.weights)
            good = np.isfinite(spread) & (spread > 0)
            C = np.where(good[:, None], f / np.where(good, spread, 1)[:, None], 0) @ self.P
        return C, good

    def nearest(self, U, level, keep=3):
        """The nearest atoms of each kind of a level, refined."""
        found = []
        for kind in self.levels[level]:
            if kind not in self.known:
                self.known[kind] = self.coefficients(kind, kind.starts)
            C, good = self.known[kind]
            far = np.where(good, 1 - ((C @ U) ** 2).sum(axis=1), np.inf)
            for best in _different(C, far, keep) if kind.free else np.flatnonzero(np.isfinite(far)):
                found.append(self.refine(Atom(kind, kind.starts[best], far[best]), U))
        return found

    def pairs(self, U, most=10):
        """Two atoms whose sum comes near the one function U (degree, 1): [(distance, Atom, Atom)]."""
        C, atoms = [], []
        shifted = [kind for kind in self.levels[1] if kind.free == 1 and (self.alone or kind.name in WHOLE)]
        for kind in self.levels[0] + shifted:
            K, good = self.known.get(kind) or self.coefficients(kind, kind.starts)
            C += [c for c, fine in zip(K, good, strict=True) if fine]
            atoms += [(kind, theta) for theta, fine in zip(kind.starts, good, strict=True) if fine]
        C = np.array(C)
        G, p = C @ C.T, C @ U[:, 0]
        left = 1 - (p[:, None] ** 2 + p**2 - 2 * p[:, None] * p * G) / np.maximum(1 - G * G, 1e-6)
        left[np.abs(G) > 0.999] = np.inf
        plain = [i for i, (kind, _) in enumerate(atoms) if not kind.free]
        chosen = [(i, j) for i in plain for j in _different(C, left[i], PARTNERS)]
        if self.alone:  # of each kind its nearest too: on the grid of its numbers the right one may look no better
            names = [kind.name for kind, _ in atoms]
            chosen += [(i, j) for i in plain for j in _first_of_each(names, left[i], 2 * PARTNERS, range(len(C)))
                       if left[i, j] < NEAR]  # fmt: skip
        left[np.tril_indices(len(C))] = np.inf
        places = np.argsort(left, axis=None)[:400]
        pairs = [divmod(int(place), len(C)) for place in places]
        chosen += _first_of_each([(atoms[i][0].name, atoms[j][0].name) for i, j in pairs], np.arange(400), most, pairs)
        found = [self._pair(Atom(*atoms[i]), Atom(*atoms[j]), U) for i, j in chosen]
        return sorted([pair for pair in found if not any(map(self.is_straight, pair[1:]))], key=lambda pair: pair[0])

    def is_straight(self, atom):
        """Whether it is a straight line in disguise, as a root is far from its zero: x itself is tried too."""
        return atom.kind.name != "x0" and abs(self.coefficients(atom.kind, atom.theta[None])[0][0][0]) > 1 - 1e-5

    def _pair(self, one, two, U):
        """In turns: what is one, if the sum of both is U and the other is known?"""
        last = np.inf
        for _ in range(8):
            one = self.refine(one, self._with(two, U))
            two = self.refine(two, self._with(one, U))
            if two.distance < 1e-20 or two.distance > 0.5 * last:
                break
            last = two.distance
        C = np.array([self.coefficients(atom.kind, atom.theta[None])[0][0] for atom in (one, two)]).T
        left = U[:, 0] - C @ np.linalg.lstsq(C, U[:, 0], rcond=None)[0]
        return float(left @ left), one, two

    def _with(self, atom, U):
        return np.linalg.qr(np.column_stack([U, self.coefficients(atom.kind, atom.theta[None])[0][0]]))[0]

    def refine(self, atom, U, steps=8):
        """Gauss-Newton, damped, on the part of the atom outside the span."""
        p, theta = atom.kind.free, atom.theta.copy()
        outside = self._outside(atom.kind, theta[None], U)[0]
        best, damping = float(outside @ outside), 1e-3
        for _ in range(steps if p else 0):
            h = 1e-6 * (np.abs(theta[:p]) + 1e-3)
            moved = np.repeat(theta[None], p, axis=0)
            moved[np.arange(p), np.arange(p)] += h
            J = (self._outside(atom.kind, moved, U) - outside) / h[:, None]  # (p, degree)
            A, g = J @ J.T, J @ outside
            trial = theta.copy()
            for _ in range(4):
                step = np.linalg.solve(A + np.diag(damping * A.diagonal() + 1e-30), -g) if np.isfinite(A).all() else 0
                trial[:p] = theta[:p] + step
                new = self._outside(atom.kind, trial[None], U)[0]
                value = float(new @ new)
                if value < best:
                    break
                damping *= 10
            else:
                break
            done = value > 0.999 * best
            theta, outside, best, damping = trial, new, value, damping / 10
            if done or best < 1e-26:
                break
        return Atom(atom.kind, theta, best)

    def _outside(self, kind, theta, U):
        """What the span misses of each function, (K, degree); a long vector where it is not defined."""
        C, good = self.coefficients(kind, theta)
        return np.where(good[:, None], C - (C @ U) @ U.T, 1.0)


def _different(C, far, keep):
    """The nearest starts, each unlike those before: many a function with a small b is the same straight line."""
    chosen = []
    for k in np.argsort(far):
        if len(chosen) == keep or far[k] > (FAR if chosen else 0.9):
            break
        if all(abs(C[k] @ C[other]) < ALIKE for other in chosen):
            chosen.append(k)
    return chosen


def _first_of_each(names, order, most, answers):
    """The answers of the first `most` entries by rising `order`, at most one of each name."""
    found, seen = [], set()
    for k in np.argsort(order):
        if names[k] not in seen and np.isfinite(order[k]):
            seen.add(names[k])
            found.append(answers[k])
        if len(found) == most:
            break
    return found
