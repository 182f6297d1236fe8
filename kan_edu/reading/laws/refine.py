"""A formula in the context of all the data: every number refitted, terms dropped, a criterion to compare by."""

import copy

import numpy as np

from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt, squares
from kan_edu.reading.expressions.tree import Problem, Prod, Sum, Var, nodes, parameters, values

FLOOR = 1e-10  # of the spread of y: smaller errors are rounding


def refit(tree, X, y, steps=30, enough=1e-3):
    """Levenberg-Marquardt on all free numbers, in place; the mean square error afterwards (inf if there is none)."""
    problem = Problem(tree, X, y)
    if not problem.params:
        return squares(problem.residuals)
    optimiser, least = LevenbergMarquardt(damping=1e-3, floor=1e-15), (FLOOR * y.std()) ** 2 * 1e-4
    last = np.inf
    for step in range(steps):
        value = optimiser.step(problem.theta, problem.residuals, problem.jacobian)
        if not np.isfinite(value):
            return np.inf
        if optimiser.stopped or value < least or (step > 3 and last < (1 + enough) * value):
            break
        last = value
    return squares(problem.residuals)


def cost(tree):
    """How long the formula is: terms, factors, functions, and the numbers that are not simple."""
    total = 0.0
    for node in nodes(tree):
        total += len(node.children) if isinstance(node, Sum | Prod) else 0.5 if isinstance(node, Var) else 0
        total += node.family.cost + 1 if hasattr(node, "family") else 0
        total += sum(1.5 if p.free else 0.0 if p.value in (0, 1, -1) else 0.5 for p in node.params)
    return total


def criterion(mse, tree, N, spread):
    """N ln(mse + rounding) + ln N (free numbers) + 2 cost: smaller is better."""
    return N * np.log(mse / spread**2 + FLOOR**2) + np.log(N) * len(parameters(tree)) + 2 * cost(tree)


def standard_errors(tree, X, y, least=0.0):
    """[(Param, standard error)] of the free numbers, from the Jacobian at the fit.

    least: an error of y, below which the fit is not to be believed though it came nearer: where it stopped is chance.
    """
    problem = Problem(tree, X, y)
    if not problem.params:
        return []
    J, r = problem.jacobian(), problem.residuals()
    size = np.sqrt((J * J).sum(axis=0)) + 1e-300
    A = (J / size).T @ (J / size)
    noise = max(float(r @ r), (1e-14 * np.abs(y).max()) ** 2, len(y) * least**2) / max(len(y) - len(size), 1) * len(y)
    inverse = np.linalg.pinv(A, rcond=1e-15)
    return list(zip(problem.params, np.sqrt(noise * np.maximum(inverse.diagonal(), 0) / len(y)) / size, strict=True))


def inner_sum(tree):
    """The Sum that holds the terms: the tree is Sum([(A, Fun(name, Sum))]) or Sum itself."""
    top = tree.terms[0][1] if len(tree.terms) == 1 and getattr(tree, "outer", False) else None
    return top.child if hasattr(top, "family") and isinstance(top.child, Sum) else tree


def never():
    """The budget of whoever has none."""
    return False


def prune(tree, X, y, mse, stop=never):
    """Drop terms, least first, while the criterion gets better and stop() is False; returns (tree, mse)."""
    spread, N = y.std(), len(y)
    best = criterion(mse, tree, N, spread)
    tried = set()
    while True:
        terms = inner_sum(tree).terms
        if len(terms) < 2:
            return tree, mse
        size = [abs(a.value) * np.std(values(child, X)) for a, child in terms]
        order = [k for k in np.argsort(size) if terms[k][0] not in tried]
        if not order or stop():
            return tree, mse
        trial = copy.deepcopy(tree)
        del inner_sum(trial).terms[order[0]]
        new = refit(trial, X, y, steps=15)
        value = criterion(new, trial, N, spread)
        if value <= best:
            tree, mse, best, tried = trial, new, value, set()
        else:
            tried.add(terms[order[0]][0])
