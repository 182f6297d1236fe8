"""Kolmogorov's theorem at work: a function or a picture, built from five functions of one variable, point by point."""
from pathlib import Path

import numpy as np
from matplotlib.image import imread

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.checks.arrays import numbers
from kan_edu.checks.functions import values_of
from kan_edu.data import pictures
from kan_edu.seeing.canvas import check_drawable
from kan_edu.seeing.controls import slider
from kan_edu.seeing.touch import Thing
from kan_edu.theorems.superposition import EXAMPLES, SHARE, Superposition, walls_for

from .picture import SuperpositionPicture

CONTROLS = ("function", "x", "y", "levels", "look", "cells", "c")
ROWS = (("x", "y"), ("levels", "look"), ("cells", "c"), ("function",))
SIDE = 90              # pixels of the pictures
LETTERS, OWN = "the letters KAN", "yours"
MOST = 4               # levels


def grey(picture):
    """The path of a PNG or an array, (H, W) or with three or four colours -> grey values (H, W)."""
    if isinstance(picture, str) and picture.upper() == "KAN":
        return pictures.letters()
    values = read(picture) if isinstance(picture, str | Path) else numbers(picture, "picture")
    if values.ndim == 3 and values.shape[2] in (3, 4):
        values = values[..., :3] @ [0.299, 0.587, 0.114]
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"picture has shape {values.shape}; expected grey values (H, W) or colours (H, W, 3 or 4)")
    return check_drawable(values, "picture")


def read(path):
    """The pixels of a picture's file; OSError if there is none, ValueError if it is no picture."""
    try:
        return np.asarray(imread(path), dtype=float)
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError, ValueError) as error:  # what the readers of formats raise
        raise ValueError(f"picture = {str(path)!r} could not be read ({error}); expected the path of a PNG") from None


def own(f):
    """A function f(x, y) of the user's, which gives finite numbers of the shape of x or a ValueError."""

    def values(x, y):
        return check_drawable(values_of(f, x, y, name="f", example="lambda x, y: x * y"), "what f returned")

    x = np.array([0.2, 0.5, 0.8])
    values(x, x[::-1])   # before anything is made of it
    return values


class SuperpositionApp(App):
    """f(x, y) = sum of Phi_q(phi_q(x) + chi_q(y)) over five walls, and one point followed through them.

    controls   which controls are on the page, of "function", "x", "y", "levels", "look", "cells", "c"
    f          your own f(x, y) on the unit square, arrays in and out
    picture    your own picture: the path of a PNG, or an array of grey values (H, W) or colours (H, W, 3 or 4); "KAN"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               function: a name of `superposition.EXAMPLES`, "the letters KAN" or "yours"; x, y: 0 to 1;
               levels: 1 to 4; look: the level that the lower half shows (levels follow it, if need be);
               cells at level 1: 4, 8, 16 or 32; c: 1/14 to 6/14

    The square on the right is made with one or two levels; with more it would take minutes. The point has all.

    >>> app = SuperpositionApp(state={"x": 0.3, "y": 0.6, "function": "x y"})
    >>> app.live.text.split(". ")[0]
    'x = 0.300, y = 0.600, f = 0.1800'
    """

    def __init__(self, controls=CONTROLS, *, f=None, picture=None, state=None):
        if f is not None and picture is not None:
            raise ValueError("both f and picture were given; give one of them")
        self.functions = {**EXAMPLES, LETTERS: pictures.function_of(pictures.letters())}
        if f is not None or picture is not None:
            self.functions[OWN] = own(f) if f is not None else pictures.function_of(grey(picture))
        self.controls = make_controls(list(self.functions), OWN if OWN in self.functions else LETTERS)
        self.picture, self.made = SuperpositionPicture(), None
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    # --- the state -----------------------------------------------------------------------------------

    def _apply(self, values):
        checked = self._checked(values)
        levels, look = (checked.get(name, self.controls[name].value) for name in ("levels", "look"))
        if look > levels and {"levels", "look"} <= set(checked):
            raise ValueError(f"look = {look}, but levels = {levels}; look at a level that is there")
        self._set(checked)
        self._agree("look" if "look" in checked else "levels")

    def _react(self, name):
        if name in ("levels", "look"):
            self._agree(name)

    def _agree(self, moved):
        """There are as many levels as the one looked at, at least: the control that was not moved follows."""
        levels, look = self.controls["levels"], self.controls["look"]
        if moved == "look":
            levels.value = max(levels.value, look.value)
        else:
            look.value = min(levels.value, look.value)

    def _things(self):
        """The followed point, in both squares: it comes to wherever the pointer is."""
        if {"x", "y"} <= set(self.shown):
            x, y = (self.controls[name].value for name in "xy")
            for name, ax in (("point in f", self.picture.f), ("point in the machine", self.picture.made)):
                yield Thing(name, ax, x, y, self._drag_point, (self.controls["x"].step, self.controls["y"].step),
                            f"x = {x:.3f}, y = {y:.3f}", area=True)

    def _drag_point(self, x, y):
        self._put("x", x)
        self._put("y", y)

    # --- the picture ---------------------------------------------------------------------------------

    def _update(self, state):
        machine = self._machine(state["function"], state["cells"], state["c"], state["levels"])
        x, y = (np.array([state[name]]) for name in "xy")
        f = float(machine.f(x, y)[0])
        steps = machine.follow(x[0], y[0], state["levels"])
        X, Y = (machine.walls.coordinate(v)[0] for v in (x, y))
        self.picture.show(machine.walls, X, Y, state["look"], steps, f)
        return " ".join(sentences(state, f, steps))

    def _machine(self, function, cells, c, levels):
        """The machine of this state; the two squares are drawn again when it is another one than before."""
        made = function, cells, c, min(levels, 2)
        machine = Superposition(self.functions[function], walls_for(cells, levels), c)
        if made != self.made:
            small = machine if levels <= 2 else Superposition(machine.f, walls_for(cells, 2), c)
            x, y = np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2)
            f = np.broadcast_to(machine.f(x, y), (SIDE, SIDE))
            values = small(x, y, made[3])
            error = np.sqrt(np.mean((values - f) ** 2)) / (np.abs(f).max() or 1)
            title = f"machine, {made[3]} level{'s' * (made[3] > 1)}, RMSE {100 * error:.1f} %"
            self.picture.show_images(f, values, title)
            self.made = made
        return machine


def make_controls(functions, first):
    """The app's controls by name; `first` is the function to begin with."""
    return {"function": choice("function", functions, first),
            "x": slider("x", 0.5, 0.0, 1.0, 0.005, digits=3),
            "y": slider("y", 0.76, 0.0, 1.0, 0.005, digits=3),
            "levels": slider("levels", 2, 1, MOST),
            "look": slider("look at level", 1, 1, MOST),
            "cells": choice("cells, level 1", [4, 8, 16, 32], 16),
            "c": slider("share c", SHARE, 1 / 14, 6 / 14, 1 / 140, digits=3)}   # 0.2, 0.25, 2/7 and 0.4 are steps


def sentences(state, f, steps):
    """The picture in words and numbers."""
    yield f"x = {state['x']:.3f}, y = {state['y']:.3f}, f = {f:.4f}."
    step = steps[state["look"] - 1]
    mortar = step.x_mortar | step.y_mortar
    names = ", ".join(str(q) for q in np.flatnonzero(mortar)) or "none"
    yield f"Level {state['look']}: on bricks in {5 - mortar.sum()} of 5 walls (mortar in: {names});"
    yield "the walls add " + ", ".join(f"{value:.4f}" for value in step.added) + "."
    totals = ", ".join(f"{step.totals[-1]:.4f}" for step in steps)
    names = "level 1" if len(steps) == 1 else f"level 1 to {len(steps)}"
    yield f"Total after {names}: {totals}; error {steps[-1].totals[-1] - f:.4f}."
