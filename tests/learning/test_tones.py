"""Tones of a sum: a fine edge hears both at once, a coarse one never the fast one, and shares are measured in place."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, tones

X = np.linspace(-1, 1, 100, endpoint=False)[:, None]
BOTH = {"slow": np.sin(np.pi * X), "fast": np.sin(8 * np.pi * X)}


def test_a_fine_edge_hears_both_tones_and_a_coarse_one_the_slow_one_only():
    fine, coarse = (tones.heard(KAN([1, 1], G=G), X, BOTH, steps=150, lr=0.03) for G in (30, 5))
    assert max(fine.values()) <= 150
    assert coarse["slow"] <= 150 and coarse["fast"] is None


def test_the_share_of_a_tone_that_is_missing_decides_and_is_looked_at_every_so_many_steps():
    class Said(MLP):
        """It says half of the slow tone and nothing of the fast one, whatever it is taught."""

        def __call__(self, X):
            return 0.5 * BOTH["slow"]

    model = Said([1, 2, 1])
    assert tones.heard(model, X, BOTH, steps=9, least=0.51, every=4) == {"slow": 4, "fast": None}
    assert tones.heard(model, X, BOTH, steps=9, least=0.49, every=4) == {"slow": None, "fast": None}


def test_training_ends_when_all_is_heard():
    model, more = KAN([1, 1], G=30, seed=0), KAN([1, 1], G=30, seed=0)
    there = tones.heard(model, X, BOTH, steps=1000, lr=0.03)
    assert tones.heard(more, X, BOTH, steps=max(there.values()), lr=0.03) == there
    assert np.array_equal(model.theta, more.theta)


@pytest.mark.parametrize(("given", "words"), [
    ({"tones": {}}, "expected {name: its values"), ({"tones": X}, "expected {name: its values"),
    ({"tones": {"slow": 0 * X}}, "the tone 'slow' is zero everywhere"),
    ({"tones": {"slow": X, "fast": X[:5]}}, "expected one shape"),
    ({"model": KAN}, "the model is the class KAN"), ({"every": 0}, "every is 0"), ({"least": 1}, "least is 1"),
])  # fmt: skip
def test_what_cannot_be_heard_is_refused(given, words):
    given = {"model": KAN([1, 1]), "X": X, "tones": BOTH, **given}
    with pytest.raises(ValueError, match=words):
        tones.heard(given.pop("model"), given.pop("X"), given.pop("tones"), **given)
