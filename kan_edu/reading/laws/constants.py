"""Numbers of a formula made simple, one at a time: 0.49998 +- 0.0001 becomes 1/2 if the data allow it."""

import copy
from fractions import Fraction

import numpy as np

from kan_edu.reading.expressions.tree import parameters

from .refine import FLOOR, criterion, never, refit, standard_errors


def _listed():
    """Levels of (value, text), ever less simple: wholes; fractions of 2, 3, 4, tenths, pi; roots, 1/pi; the rest."""
    levels = [{0.0: "0", 1.0: "1"}, {float(n): str(n) for n in range(2, 11)} | {0.5: "1/2"}, {}, {}, {}]
    for f in sorted({Fraction(p, q) for q in range(2, 13) for p in range(1, 5 * q + 1)}):
        levels[2 if f.denominator <= 4 or f.denominator * f.numerator <= 12 else 4].setdefault(float(f), str(f))
    levels[2] |= {k / 10: str(k / 10) for k in range(1, 100) if k / 10 not in levels[2]}
    levels[2] |= {float(n): str(n) for n in range(11, 101) if n <= 20 or n % 10 == 0}
    for value, name in CONSTANTS.items():
        for p, q in TIMES:
            level = (1 if (p, q) in TIMES[:3] else 2) if name == "pi" else 3
            over = f"/{q}" if q > 1 else ""
            levels[level].setdefault(value * p / q, (f"{p}*" if p > 1 else "") + name + over)
            levels[3].setdefault(p / q / value, f"{p}/({q}*{name})" if q > 1 else f"{p}/({name})")
    levels[4] |= {k / 100: str(k / 100) for k in range(1, 100)} | {float(n): str(n) for n in range(21, 1001)}
    return [(np.array(sorted(level)), level) for level in levels]


TIMES = ((1, 1), (2, 1), (1, 2), (3, 1), (4, 1), (1, 3), (1, 4), (2, 3), (3, 2), (3, 4), (1, 6), (8, 1), (1, 8))
CONSTANTS = {np.pi: "pi", np.sqrt(2): "sqrt(2)", np.sqrt(3): "sqrt(3)", np.sqrt(np.pi): "sqrt(pi)",
             np.sqrt(2 * np.pi): "sqrt(2*pi)", np.pi**2: "pi**2", np.e: "E", np.log(2): "log(2)"}  # fmt: skip
LEVELS = _listed()
CHANCE = (0.5, 0.3, 0.2, 0.2, 0.03)  # how likely a hit by chance may be, at each level


def simple(value, error):
    """(value, text, chance) of the simplest number within 3 standard errors (4 for a whole number or a half), or None.

    None also if so near a number would be no surprise; chance is how likely it would be.

    >>> simple(0.4999, 0.0001)[:2], simple(3.1416, 0.0001)[:2]
    ((0.5, '1/2'), (3.141592653589793, 'pi'))
    >>> simple(1.37, 0.02) is None
    True
    """
    size, sign, passed = abs(value), "-" if value < 0 else "", 0.0
    for level, ((numbers, names), chance) in enumerate(zip(LEVELS, CHANCE, strict=True)):
        reach = max((4 if level < 2 else 3) * error, 1e-9 * size)
        near = (numbers > 0.5 * size) & (numbers < 2 * size)
        passed += 2 * reach * near.sum() / (1.5 * size) if size else 0
        nearest = numbers[np.argmin(np.abs(numbers - size))]
        if abs(nearest - size) <= reach and passed <= chance:
            text, luck = names[nearest], float(passed if nearest else 2 * reach)
            return (float(nearest), text, luck) if not sign or nearest == 0 else (-float(nearest), f"-{text}", luck)
    return None


def round_all(tree, X, y, mse, stop=never):
    """Fix simple numbers, the surest first, refitting the rest each time, until stop(); returns (tree, mse)."""
    spread, N, refused = y.std(), len(y), set()
    best = criterion(mse, tree, N, spread)
    while True:
        found = []
        for place, (param, error) in enumerate(standard_errors(tree, X, y, FLOOR * spread)):
            near = None if place in refused else simple(param.value, error)
            if near is not None:
                found.append((abs(near[0] - param.value) / max(error, 1e-12 * abs(param.value), 1e-300), place, near))
        if not found or stop():
            return tree, mse
        _, place, near = min(found)
        trial = copy.deepcopy(tree)
        parameters(trial)[place].fix(*near)
        new = refit(trial, X, y, steps=20)
        if criterion(new, trial, N, spread) <= best + 2 and new < 4 * mse + (FLOOR * spread) ** 2:
            tree, mse, best, refused = trial, new, min(best, criterion(new, trial, N, spread)), set()
        else:
            refused.add(place)
