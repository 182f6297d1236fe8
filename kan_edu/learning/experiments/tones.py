"""Slow tones and fast ones: after how many steps of training a network has learnt each part of a sum."""

import numpy as np

from kan_edu.checks.arguments import check_has, check_integer, check_number, shown
from kan_edu.checks.arrays import check_matrix
from kan_edu.checks.words import check_text
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.loop import MOST_STEPS, check_data, fit


def heard(model, X, tones, *, steps=600, lr=0.01, least=0.1, every=10):
    """Train `model` with Adam(lr) on the sum of the tones: {name: after how many steps it is there}.

    At most `steps` steps are taken. X (N, n_in) are the places, `tones` {name: its values there (N, 1)}. Every `every`
    steps what is left of the sum, r, is compared with each tone: its share in r is (r . tone) / (tone . tone). A tone
    is there once less than `least` of it is missing for the first time; None if that does not happen. Ends when all
    are there.
    Raises ValueError for data that do not fit, a tone that is zero, and counts below 1.
    The question is that of arXiv 1806.08734 on MLPs, and arXiv 2410.01803 on KANs.

    >>> from kan_edu import KAN
    >>> X = np.linspace(-1, 1, 100)[:, None]
    >>> heard(KAN([1, 1], G=10), X, {"slow": np.sin(np.pi * X)}, steps=1)
    {'slow': None}
    """
    check_has(model, None, "heard")
    X, tones = check_matrix(X), _check_tones(tones)
    steps, every = check_integer(steps, "steps", 1, MOST_STEPS), check_integer(every, "every", 1, MOST_STEPS)
    least, there = check_number(least, "least", 0, 1, open_ends=True), dict.fromkeys(tones)
    X, Y = check_data(model, X, sum(tones.values()), "training")

    def listen(step, model, loss):
        if (step + 1) % every:
            return False
        left = Y - model(X)
        for name, tone in tones.items():
            if there[name] is None and abs(np.sum(left * tone) / np.sum(tone**2)) < least:
                there[name] = step + 1
        return None not in there.values()

    fit(model, X, Y, steps=steps, optimiser=Adam(lr), callback=listen)
    return there


def _check_tones(tones):
    """{name: values (N, 1)}, one or more of one shape and none of them zero, or a ValueError."""
    if not isinstance(tones, dict) or not tones:
        raise ValueError(f"tones is {shown(tones)}; expected {{name: its values (N, 1)}}, such as "
                         '{"slow": np.sin(np.pi * X)}')  # fmt: skip
    found = {check_text(name, "the name of a tone", "slow"): _column(tone) for name, tone in tones.items()}
    shapes = {tone.shape for tone in found.values()}
    if len(shapes) > 1:
        raise ValueError(f"the tones have the shapes {sorted(shapes)}; expected one shape, a column (N, 1) for each")
    for name, tone in found.items():
        if not tone.any():
            raise ValueError(f"the tone {name!r} is zero everywhere; expected one that can be heard")
    return found


def _column(tone):
    """A tone as a matrix: numbers in a row are a column, as targets are elsewhere."""
    return check_matrix(np.asarray(tone)[:, None] if np.ndim(tone) == 1 else tone, "a tone")
