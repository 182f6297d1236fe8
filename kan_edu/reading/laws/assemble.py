"""From functions of each input to a formula: y = G(sum of products), the weights by linear least squares."""

from itertools import combinations, product

import numpy as np

from kan_edu.reading.expressions.tree import Fun, Param, Prod, Sum, values

POOL, SETS, MOST_TERMS = 12, 5, 120
HUGE = 1e12
PER_COST = 6.0  # a longer formula must fit better by so much in N ln(mean square error)
NOISY = 1e-9  # a tolerance, from which on a wrong function may come as near as the right one


def atom_sets(line, U, s, tolerance):
    """Sets of atoms that cover the span: [(score, [Atom, ...])], best first."""
    r = len(s)
    atoms = line.nearest(U, 0) + line.nearest(U, 1)
    if tolerance > NOISY or min(a.distance for a in atoms) > 10 * tolerance:
        atoms += line.nearest(U, 2)
    pool = _ranked(atoms, line, tolerance)[:POOL]
    found = _covering(pool, line, U, s, r, tolerance)
    if r == 1 and (not found or min(a.distance for a, _ in pool) > 3 * tolerance):
        pairs = [(_score(far, one.cost + two.cost, tolerance), [one, two]) for far, one, two in line.pairs(U)]
        return sorted(found[:SETS] + pairs[:SETS], key=lambda item: item[0])[: SETS + 2]
    if r < 3 and (not found or found[0][0] > np.log10(tolerance) + 2):
        found = sorted(found + _covering(pool, line, U, s, r + 1, tolerance), key=lambda item: item[0])
    return found[:SETS]


def _score(distance, cost, tolerance):
    return np.log10(max(distance, tolerance)) + 0.2 * cost


def _ranked(atoms, line, tolerance):
    """Without doubles and without near straight lines in disguise, best first."""
    kept = []
    for atom in sorted(atoms, key=lambda a: _score(a.distance, a.cost, tolerance)):
        C = line.coefficients(atom.kind, atom.theta[None])[0][0]
        bent = C[:2] @ C[:2] > 1 - 1e-7 and not atom.kind.name.startswith(("x^2", "x0"))  # a parabola in disguise
        if not bent and not line.is_straight(atom) and all(abs(C @ other) < 1 - 1e-11 for _, other in kept):
            kept.append((atom, C))
    return kept


def _covering(pool, line, U, s, size, tolerance):
    found, weight = [], s / max(np.linalg.norm(s), 1e-100)
    tolerance = max(tolerance * weight[-1] ** 2, 1e-22)  # it was that of the weakest function
    for chosen in combinations(pool, size):
        Q, R = np.linalg.qr(np.array([C for _, C in chosen]).T)
        if np.abs(R.diagonal()).min() < 1e-4:
            continue
        missed = (((U - Q @ (Q.T @ U)) * weight) ** 2).sum()
        found.append((_score(missed, sum(a.cost for a, _ in chosen), tolerance), [a for a, _ in chosen]))
    return sorted(found, key=lambda item: item[0])[:SETS]


def formulas(choices, X, behind, groups, most=8, tried=40):
    """Trees y = sign G(sum of products of atoms), the best linear fit for its length first: [(value, tree)].

    choices: for each input the list of `atom_sets`; behind: an `outer.Undone` of the same samples as X.
    """
    combos = sorted(product(*choices), key=lambda combo: sum(score for score, _ in combo))[:tried]
    fits = []
    for combo in combos:
        columns = [[atom.tree(i) for atom in atoms] for i, (_, atoms) in enumerate(combo)]
        terms = _terms(columns, groups)
        V = np.stack([np.ones(len(X))] + [values(term, X) for term in terms], axis=1)
        if np.isfinite(V).all() and np.abs(V).max() < HUGE:
            kept, a, error = sparse(V, behind.z, behind.weights)
            bias = a[0] if 0 in kept else None
            weighted = [(a[k], terms[k - 1]) for k in kept if k]
            length = sum(atom.cost for _, atoms in combo for atom in atoms)
            value = 2 * len(X) * np.log(error + 1e-300) + PER_COST * length
            fits.append((value, _tree(weighted, bias, behind.outer.family, behind.sign)))
    return sorted(fits, key=lambda fit: fit[0])[:most]


def _terms(columns, groups):
    """All products with at most one function of each input of a group; functions are shared, not copied."""
    terms = []
    for group in groups:
        for factors in product(*[[None, *columns[i]] for i in group]):
            factors = [f for f in factors if f is not None]
            if factors:
                terms.append(factors[0] if len(factors) == 1 else Prod(factors))
    return terms[:MOST_TERMS]


def sparse(V, z, w):
    """Backward elimination by the information criterion: (columns kept, weights (all columns), rms error)."""
    N, kept = len(z), list(range(V.shape[1]))
    A = V * w[:, None]
    size = np.sqrt((A * A).sum(axis=0)) + 1e-300
    A, b = A / size, w * z
    floor, best, answer = (1e-9 * np.std(b)) ** 2 + 1e-300, np.inf, None
    while kept:
        x, *_ = np.linalg.lstsq(A[:, kept], b, rcond=None)
        r = b - A[:, kept] @ x
        value = N * np.log(r @ r / N + floor) + np.log(N) * len(kept) * 2
        if value <= best:
            a = np.zeros(V.shape[1])
            a[kept] = x / size[kept]
            best, answer = value, (list(kept), a, float(np.sqrt(r @ r / N)))
        elif value > best + 40 and len(kept) < len(answer[0]) - 1:
            break
        G = np.linalg.pinv(A[:, kept].T @ A[:, kept])
        t = np.abs(x) / np.sqrt(np.maximum(G.diagonal(), 1e-300))
        kept.pop(int(np.argmin(t)))
    return answer


def _tree(terms, bias, outer, sign):
    """sign G(bias + sum of terms); for exp the bias becomes the factor in front."""
    if outer == "x":
        return Sum([(sign * a, t) for a, t in terms], bias=bias and sign * bias)
    if outer == "exp":
        inner = Fun("exp", Sum(terms))
        inner.b.free = False
        top = Sum([(sign * np.exp(np.clip(bias or 0.0, -50, 50)), inner)])
    else:
        inner = Fun(outer, Sum(terms, bias=bias))
        inner.b.free = inner.c.free = False
        top = Sum([(Param(sign, False), inner)])
    top.outer = True
    return top
