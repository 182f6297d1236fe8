"""Every app: what it is made with, and its state, as a dict and through JSON; one app of a kind gets many states."""

import json
from functools import cache

import numpy as np

from kan_edu import apps
from kan_edu.apps.neuron.app import START

from ..arguments import EXTREME, MAYBE, SAME, Argument, Spoilt, always, constant
from ..arrays import matrix, vector
from ..traces import TRACE, with_widgets
from ..values import anything_else, choice, function, real, whole

BY_JSON = Argument(always(False), (Spoilt("JSON", constant(True), SAME),))


def one_of(good, *others):
    """One number out of a few."""
    return whole(good).also(*others, ("between", good + 0.5), ("0", 0))


def edge(good):
    return anything_else(always(good), ("gone", [9, 9, 9]), ("two", [0, 0]), ("halves", [0, 0.5, 0]),
                         ("numerals", ["0", "0", "0"]), ("a number", 0), ("truth values", [False, False, False]),
                         Spoilt("a tuple", tuple, SAME), Spoilt("an array", np.array, MAYBE))  # fmt: skip


SHARE = real(0.25, 0, 1)
WEIGHT = real(0.5, -1.5, 1.5)
START_SEED = whole(1, 0, most=9)
STATES = {
    "NeuronApp": {
        "x1": real(0.25, -1, 1), "x2": real(-0.5, -1, 1), "w1": WEIGHT, "w2": WEIGHT, "b": real(0.5, -1, 1),
        "activation": choice("tanh"), "edge": one_of(1), "coefficient": whole(2, 0, most=6),
        "coefficients": matrix(lambda: np.array(START))},
    "PerceptronApp": {
        "data": choice("yours"), "w1": real(0.5, -3, 3), "w2": real(0.5, -3, 3), "b": real(-0.5, -3, 3),
        "step": whole(3, 0, most=60), "point": whole(2, 1, most=4),
        "points": matrix(lambda: np.array([[0.0, 0, 0], [0, 1, 0], [1, 0, 1], [1, 1, 1]]))},
    "XorApp": {
        "fold": whole(50, 0, most=100), "activation": choice("relu"), "weights": choice("hand"),
        "seed": whole(1, 0, most=39), "frame": whole(2, 0, most=100), "weight": whole(2, 0, most=8),
        "theta": vector(lambda: np.array([1.0, 1, 1, 1, 0, -1, 1, -2, 0]), length=True)},
    "ApproximationApp": {
        "target": choice("wave"), "units": choice("relu"), "N": whole(4, 1, most=64), "steepness": whole(3, 2, most=12),
        "pieces": choice("bumps"), "at": SHARE, "raise": real(0.5, -1, 1), "move": real(0.25, -0.3, 0.3)},
    "FamiliesApp": {"target": choice("kinked"), "family": choice("spline"), "n": whole(2, 1, most=10)},
    "SuperpositionApp": {
        "function": choice("x y"), "x": SHARE, "y": SHARE, "levels": whole(1, 1, most=4), "look": whole(1, 1, most=1),
        "cells": one_of(4, ("5", 5)), "c": real(0.25, 1 / 14, 6 / 14)},
    "PsiApp": {"d": SHARE, "zoom": whole(1, 0, most=4), "formula": choice("Köppen")},
    "SplineApp": {
        "degree": whole(3, 0, most=5), "intervals": whole(5, 1, most=10), "mode": choice("free"),
        "knots": vector(lambda: np.array([-0.5, -0.25, 0.25, 0.5]), length=True).also(
            Spoilt("falling", lambda t: t[::-1]), ("beyond the ends", [-2, 0, 0.5, 1])),
        "coefficients": vector(lambda: np.linspace(-1, 1, 8), length=True), "knot": whole(2, 1, most=4),
        "coefficient": whole(2, 0, most=7), "x": real(0.25, -1, 1)},
    "PolynomialApp": {
        "target": choice("wave"), "points": whole(8, 5, most=21), "degree": whole(3, 1, most=7),
        "point": whole(2, 0, most=7), "shift": real(0.25, -0.8, 0.8)},
    "PyramidApp": {
        "x": real(0.5, 0, 4), "degree": whole(2, 0, most=5), "intervals": whole(4, 1, most=5),
        "knots": vector(lambda: np.array([0.5, 2, 3.25]), length=True).also(
            Spoilt("falling", lambda t: t[::-1]), ("beyond the ends", [-2, 0.5, 5]))},
    "TrainerApp": {
        "frame": whole(0, 0, most=60), "target": choice("product"), "widths": choice("[2, 1, 1]"),
        "basis": choice("bspline"), "G": whole(2, 2, most=12), "optimiser": choice("LM"), "seed": whole(1, 0, most=19)},
    "GridExtensionApp": {
        "target": choice("flank"), "grids": choice("12"), "k": whole(2, 1, most=5), "N": whole(30, 20, most=500),
        "noise": real(0.25, 0, 0.3), "start": START_SEED, "frame": whole(1, 0, most=65)},
    "RaceApp": {
        "target": choice("f1"), "optimiser": choice("Adam"), "kan": choice("narrow"), "mlp": choice("2 hidden, tanh"),
        "size": whole(50, 50, most=200), "budget": one_of(30), "start": START_SEED, "axis": choice("work"),
        "frame": whole(0, 0, most=60)},
    "EquationApp": {
        "problem": choice("paper"), "optimiser": choice("L-BFGS"), "kan": choice("narrow"), "mlp": choice("1 hidden"),
        "points": whole(50, 50, most=400), "start": START_SEED, "frame": whole(1, 0, most=60)},
    "DownhillApp": {
        "step": whole(5, 0, most=100), "surface": choice("bumps"), "optimiser": choice("Adam"),
        "rate": real(-1.0, -2, 1), "a": real(0.5, -2, 2), "b": real(0.5, -2, 2)},
    "ReaderApp": {
        "table": choice("planets"), "prune": whole(0, 0, most=9), "edge": edge([0, 0, 0]),
        "read": anything_else(list, ("no pairs", [1, 2]), ("unknown", [[[0, 0, 0], "nothing"]]), ("a number", 3),
            ("gone", [[[9, 9, 9], "x"]]), ("twice", [[[0, 0, 0], "x"], [[0, 0, 0], "x"]]),
            ("no family", [[[0, 0, 0], 3]]), Spoilt("a tuple", tuple, SAME))},
}  # fmt: skip
STATE = anything_else(dict, ("unknown", {"zz": 1}), ("a name that is none", {3: 1}), ("pairs", [("x", 1)]),
                      ("a number", 3))  # fmt: skip


@cache
def app_of(name):
    """The app whose state is set, and the state that it starts from."""
    app = getattr(apps, name)()
    app.state = {key: argument.good() for key, argument in STATES[name].items()}
    return app, app.state


def set_state(name, trace, state, by_json=False):
    app, first = app_of(name)
    app.state = first
    picture = app.png()
    try:
        app.state = through_json(state) if by_json else state
    except Exception:
        trace.left += ["the state"] * (app.state != first) + ["the picture"] * (app.png() != picture)
        raise
    return app.state, app.live.text


def through_json(state):
    try:
        return json.loads(json.dumps(state))
    except (TypeError, ValueError):  # what JSON has no word for
        return state


def made(name, **arguments):
    app = getattr(apps, name)(**arguments)
    return app.state, app.live.text


def first_of(name):
    """Names of two controls."""
    return list(STATES[name])[:2]


def controls(name):
    return anything_else(
        lambda: tuple(first_of(name)), ("unknown", ("zz",)), ("numbers", (1, 2)), ("no row", 3), ("lists", [["x"]]),
        Spoilt("a list", list, SAME), Spoilt("none", constant(()), EXTREME))  # fmt: skip


def data():
    x = np.linspace(-1, 1, 9)
    return x, x**2


def own_rows():
    x = np.linspace(-1, 3, 16)
    return np.column_stack([x, x**2]), x**3


DATA = anything_else(
    data, Spoilt("one array", lambda d: d[0]), Spoilt("lengths", lambda d: (d[0], d[1][:-1])), ("a number", 3),
    Spoilt("NaN", lambda d: (d[0], d[1] * np.nan)), Spoilt("outside", lambda d: (d[0] * 3, d[1])),
    ("empty", ([], [])), ("words", (["a"], ["b"])), Spoilt("columns", lambda d: (d[0][:, None], d[1]), SAME),
    Spoilt("three", lambda d: (*d, d[0])), Spoilt("huge", lambda d: (d[0], d[1] * 1e300), EXTREME),
    Spoilt("all zero", lambda d: (d[0], d[1] * 0), EXTREME)).optional()  # fmt: skip
PICTURE = anything_else(
    lambda: np.tile(np.linspace(0, 1, 6), (5, 1)), ("no such file", "nothing.png"), ("a number", 3),
    ("NaN", np.full((4, 4), np.nan)), ("in a row", np.ones(4)), ("4-D", np.ones((2, 2, 2, 2))),
    ("empty", np.ones((0, 4))), ("complex", np.ones((4, 4)) * 1j), ("masked", np.ma.masked_equal(np.eye(4), 1)),
    ("words", np.full((3, 3), "a")),
    Spoilt("a list", lambda p: p.tolist(), SAME), Spoilt("colours", lambda p: np.stack([p] * 3, axis=-1), SAME),
    ("five colours", np.ones((4, 4, 5))), Spoilt("huge", lambda p: p * 1e300, EXTREME),
    Spoilt("black", lambda p: p * 0, EXTREME)).optional()  # fmt: skip
OWN_DATA = anything_else(
    own_rows, Spoilt("one array", lambda d: d[0]), Spoilt("lengths", lambda d: (d[0], d[1][:-1])), ("a number", 3),
    Spoilt("few rows", lambda d: (d[0][:9], d[1][:9])), Spoilt("NaN", lambda d: (d[0] * np.nan, d[1])),
    ("empty", ([], [])), ("words", ([["a"]] * 12, ["b"] * 12)), Spoilt("constant", lambda d: (d[0], d[1] * 0 + 1)),
    Spoilt("nine columns", lambda d: (np.tile(d[0], 5), d[1])), Spoilt("three", lambda d: (*d, d[0])),
    Spoilt("a column", lambda d: (d[0], d[1][:, None]), SAME),
    Spoilt("lists", lambda d: (d[0].tolist(), d[1].tolist()), SAME),
    Spoilt("huge", lambda d: (d[0], d[1] * 1e300), EXTREME), Spoilt("tiny", lambda d: (d[0], d[1] * 1e-300), EXTREME),
    Spoilt("huge inputs", lambda d: (d[0] * 1e300, d[1]), EXTREME),
    Spoilt("a column that is constant", lambda d: (d[0] * [1, 0], d[1]), EXTREME)).optional()  # fmt: skip
MORE = {
    "TrainerApp": {"data": OWN_DATA}, "RaceApp": {"data": OWN_DATA},
    "SplineApp": {"degree": whole(3, 0, most=5), "intervals": whole(4, 1, most=10), "mode": choice("free"),
                  "data": DATA, "lo": real(-1.0), "hi": real(1.0)},
    "SuperpositionApp": {"f": function(lambda x, y: x * y).optional()},
}  # fmt: skip
FUNCTIONS = {
    "SuperpositionApp(picture)": (with_widgets(lambda picture: made("SuperpositionApp", picture=picture)), {
        "trace": TRACE, "picture": PICTURE})}  # fmt: skip
A_IS_A_NAME = STATE.but("a dict")  # {"a": 1} is a state of DownhillApp
for name, parts in STATES.items():
    state = A_IS_A_NAME if name == "DownhillApp" else STATE
    FUNCTIONS[name] = (with_widgets(lambda name=name, **k: made(name, **k)), {
        "trace": TRACE, "controls": controls(name), "state": state.optional(), **MORE.get(name, {})})  # fmt: skip
    FUNCTIONS[f"{name}.state of parts"] = (
        lambda trace, by_json, name=name, **state: set_state(name, trace, state, by_json),
        {"trace": TRACE, "by_json": BY_JSON, **parts})  # fmt: skip
    FUNCTIONS[f"{name}.state"] = (
        lambda trace, state, by_json, name=name: set_state(name, trace, state, by_json),
        {"trace": TRACE, "state": state, "by_json": BY_JSON})  # fmt: skip
