"""Columns that cannot be read from, and names that cannot be written in a formula: found out beforehand, in words."""

import keyword

import numpy as np

from kan_edu.checks import words

RESERVED = {"exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "asin", "atan", "atanh", "cosh", "Abs", "pi", "E", "I",
            "arcsin", "arctan", "arctanh", "sinh", "abs", "gaussian"}  # what formulas print, and what sympy makes of it


def check_names(names, n):
    """names as a list of n strings, x1, x2, ... if None; ValueError for what is no identifier, taken or there twice."""
    if names is None:
        return [f"x{i + 1}" for i in range(n)]
    names = words.check_names([names] if isinstance(names, str) else names, n, "names")
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"the name {name!r} cannot stand in a formula; take letters, digits and _, such as x_1")
        if name in RESERVED:
            raise ValueError(f"the name {name!r} already means something in a formula; take another, such as {name}_1")
    if len(set(names)) < n:
        raise ValueError(f"names {names} has one name twice; each column needs its own")
    return names


def check_columns(X, y, names):
    """ValueError for too few samples, a constant y or column, or a column that follows from others."""
    N, n = X.shape
    if N < n + 4:
        raise ValueError(f"there are {N} samples of {n} inputs; a law needs at least {n + 4}, and most need many more")
    if np.ptp(y) <= 1e-12 * np.abs(y).max():
        raise ValueError(f"Y is constant ({y[0]:g}); there is no law to look for")
    for i, name in enumerate(names):
        if np.ptp(X[:, i]) <= 1e-12 * np.abs(X[:, i]).max():
            raise ValueError(f"column {name} is constant ({X[0, i]:g}): nothing can be told about it; leave it out")
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    for i in range(1, n):
        a = np.linalg.lstsq(Z[:, :i], Z[:, i], rcond=None)[0]
        if np.sqrt(np.mean((Z[:, i] - Z[:, :i] @ a) ** 2)) < 1e-9:
            used = [names[k] for k in range(i) if abs(a[k]) > 1e-6]
            raise ValueError(f"column {names[i]} follows from {', '.join(used)} (linearly): leave one of them out")
