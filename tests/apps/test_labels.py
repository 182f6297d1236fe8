"""How words in pictures are looked at: what runs into another text or out of the picture is seen.

`test_each.py` looks at two states of each app, `python -m tests.bench labels` at 200.
"""

import numpy as np
import pytest

from kan_edu import apps, live
from kan_edu.apps.common.words import Words
from kan_edu.apps.pyramid.numbers import Numbers
from tests.bench import labels_looked as labels


def written():
    """A figure 200 x 100, and Axes as large."""
    fig = live.figure(200, 100)
    ax = fig.add_axes([0, 0, 1, 1], xlim=(0, 200), ylim=(0, 100))
    ax.axis("off")
    return fig, ax


def faults(fig):
    fig.canvas.draw()
    return list(labels.faults_of(labels.words_in(fig), fig.bbox))


@pytest.mark.parametrize("make", [
    lambda ax, x, y, text: ax.text(x, y, text), lambda ax, x, y, text: Words(ax, x, y, text),
    lambda ax, x, y, text: ax.annotate(text, (x, y), (0, 0), textcoords="offset points"),
])
def test_what_crosses_or_leaves_is_seen_whatever_it_is_written_with(make):
    fig, ax = written()
    make(ax, 20, 50, "one 1")
    make(ax, 100, 50, "two 2")
    assert faults(fig) == []
    make(ax, 40, 52, "three")
    make(ax, 180, 20, "a long word")
    assert faults(fig) == [("leaving", "a long word"), ("crossing", "one #", "three")]


def test_numbers_in_one_path_are_many_texts():
    fig, ax = written()
    numbers = ax.add_artist(Numbers(fig))
    numbers.put(["B₁", "0.5"], [(40, 50), (70, 50)])
    assert faults(fig) == []
    numbers.put(["B₁", "0.5"], [(40, 50), (46, 50)])
    assert faults(fig) == [("crossing", "B#", "#.#")]


def test_ticks_outside_the_limits_and_hidden_axes_write_nothing():
    fig, _ = written()
    ax = fig.add_axes([0.3, 0.4, 0.5, 0.5], xticks=[0, 1, 7], yticks=[])
    ax.set_xlim(0, 1)
    fig.canvas.draw()
    assert [text for text, _ in labels.words_in(fig)] == ["0", "1"]
    ax.set_visible(False)
    assert labels.words_in(fig) == []


def test_to_look_at_a_picture_does_not_make_it_to_be_drawn_anew():
    fig, ax = written()
    ax.axis("on")
    fig.canvas.draw()
    assert not fig.stale and len(labels.words_in(fig)) > 4 and not fig.stale


@pytest.mark.parametrize("name", ["SplineApp", "NeuronApp"])
def test_random_states_are_reached_and_differ(name):
    app = getattr(apps, name)()
    states = list(labels.random_states(app, 4, np.random.default_rng(0)))
    assert len({str(state) for state in states}) == 4
    app.state = states[1]
    app.live.close()
