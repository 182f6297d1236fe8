"""Lesson 11's functions: second derivatives of networks, Poisson's equation, a pendulum."""

import numpy as np

from kan_edu import KAN, MLP, curvature, pendulum, poisson

from ..arguments import EXTREME, MAYBE, REFUSE, SAME, Spoilt
from ..arrays import matrix, vector
from ..values import anything_else, flag, function, model, real, seed, whole


def X2(N=6):
    return np.stack([np.linspace(-0.9, 0.8, N), np.cos(np.arange(N))], axis=1)


def kan():
    return KAN([2, 2, 1], G=3)


def mlp():
    return MLP([2, 3, 1])


def f(X):
    return np.sin(X[:, 0]) * X[:, 1]


def problem():
    return poisson.Poisson(f, solution=f, inside=20, side=3)


def read():
    made = kan()
    made.set_formula((0, 0, 0), "sin", (1, 1, 0))
    return made


WRONG = (
    Spoilt("of degree 2", lambda _: KAN([2, 1], k=2)),
    Spoilt("of Chebyshev", lambda _: KAN([2, 1], basis="chebyshev")),
    Spoilt("with relu", lambda _: MLP([2, 3, 1], activation="relu")), Spoilt("read", lambda _: read()),
    Spoilt("with products", lambda _: KAN([2, (1, 1), 1])), Spoilt("of three inputs", lambda _: KAN([3, 1])),
)  # fmt: skip
NET = model(kan, *WRONG)
ONE_OUT = model(kan, *WRONG, Spoilt("of two outputs", lambda _: KAN([2, 2])))
SOLVED = model(lambda: KAN([2, 1], G=3), *WRONG, Spoilt("of two outputs", lambda _: KAN([2, 2])))
DIRECTIONS = matrix(lambda: np.array([[1.0, 0.0], [0.6, 0.8]])).but("first only", "transposed", "in a row").optional()
OF_X = function(f)
GRIDS = anything_else(lambda: (3, 4), ("falling", (4, 3)), ("halves", (3, 4.5)), ("none", ()), ("a number", 3),
    ("twice", (3, 3)), ("a zero", (0, 3)), ("numerals", ("3", "4")), ("NaN", (np.nan,)), ("huge", (3, 10**9)),
    ("True", (True, 3)), ("NaN alone", np.nan), ("lengths of time", [np.timedelta64(3, "D")]),
    Spoilt("a list", list, SAME), Spoilt("a range", lambda _: range(3, 5), SAME),
    Spoilt("an array", np.array, MAYBE),
    Spoilt("floats", lambda grids: [float(G) for G in grids], MAYBE)).optional()  # fmt: skip
CALLBACK = function(lambda words, model, loss: None, result=False).optional().also(
    Spoilt("True", lambda _: lambda *a: True, EXTREME), Spoilt("an array", lambda _: lambda *a: np.ones(3), EXTREME))
PROBLEM = anything_else(problem, ("a function", f), ("a number", 3), ("its class", poisson.Poisson)).optional()
CHECKED = {"problem": anything_else(problem).but(
    "None", "a word", "bytes", "a dict", "a set", "an object", "a class", "Ellipsis", "a generator", "a slice")}

FEWER = {"10^30": EXTREME, "10^400": EXTREME}  # legal: there are no more points than the problem has

T = vector(lambda: np.linspace(0, 3, 7), length=True).but("1e300", "1e30 away", "one huge", "2^63", **{
    "bytes of a picture": REFUSE})  # times are in [0, end]
ANGLE = vector(lambda: np.cos(np.linspace(0, 3, 7)), length=True)
KNOWN = {"omega2": real(1.0).optional(), "damping": real(0.25).optional(), "points": whole(9, 2),
         "alpha": real(1.0, 0, open_ends=True)}  # fmt: skip


def film():
    t = np.linspace(0, 3, 7)
    return pendulum.Pendulum(t, np.cos(t), 4.0, points=9)


FILM = {"problem": anything_else(film).but(
    "None", "a word", "bytes", "a dict", "a set", "an object", "a class", "Ellipsis", "a generator", "a slice")}
IN_TIME = model(lambda: KAN([1, 1], lo=0, hi=4), Spoilt("of two inputs", lambda _: KAN([2, 1])),
                Spoilt("of two outputs", lambda _: KAN([1, 2])), Spoilt("of degree 2", lambda _: KAN([1, 1], k=2)),
                Spoilt("with relu", lambda _: MLP([1, 3, 1], activation="relu")))  # fmt: skip

FUNCTIONS = {
    "Pendulum": (lambda **given: pendulum.Pendulum(**given).residuals(KAN([1, 1], lo=0, hi=4)), {
        "t": T, "angle": ANGLE, "end": real(4.0, 3), **KNOWN}),
    "Pendulum.residuals": (lambda problem, model: problem.residuals(model), {**FILM, "model": IN_TIME}),
    "Pendulum.jacobian": (lambda problem, model: problem.jacobian(model), {**FILM, "model": IN_TIME}),
    "Pendulum.loss": (lambda problem, model: problem.loss(model), {**FILM, "model": IN_TIME}),
    "pendulum.solve": (lambda model, **given: (pendulum.solve(model, **given), model), {
        "model": IN_TIME, "problem": anything_else(film, ("a number", 3), ("its class", pendulum.Pendulum)),
        "steps": whole(2, 1)}),
    "pendulum.swing": (pendulum.swing, {
        "t": T.also(Spoilt("falling", lambda t: t[::-1]), Spoilt("negative", lambda t: t - 5)),
        "angle": real(2.0), "velocity": real(0.5), "omega2": real(1.0), "damping": real(0.25),
        "step": real(0.05, 0, open_ends=True)}),
    "curvature.linearised": (lambda weights, **given: curvature.linearised(weights=weights, **given), {
        "model": ONE_OUT, "X": matrix(X2), "directions": DIRECTIONS,
        "weights": function(lambda u, slopes, second: (np.cos(u), 0.0, 1.0), result=False).also(
            Spoilt("of one number", lambda _: lambda *given: 1.0), Spoilt("of NaN", lambda _: lambda *g: (np.nan,) * 3),
            Spoilt("of words", lambda _: lambda *g: ("a", "b", "c")),
            Spoilt("of another shape", lambda _: lambda *g: (np.ones(3), 0.0, 1.0)))}),
    "curvature.second": (curvature.second, {"model": NET, "X": matrix(X2), "directions": DIRECTIONS}),
    "curvature.second MLP": (curvature.second, {"model": model(mlp), "X": matrix(X2), "directions": DIRECTIONS}),
    "curvature.jacobian": (curvature.jacobian, {"model": ONE_OUT, "X": matrix(X2), "directions": DIRECTIONS}),
    "curvature.jacobian MLP": (curvature.jacobian, {"model": model(mlp), "X": matrix(X2), "directions": DIRECTIONS}),
    "curvature.stages": (lambda model: len(curvature.stages(model)), {
        "model": model(kan, *(way for way in WRONG if way.label != "of three inputs"))}),
    "poisson.paper": (lambda **more: poisson.paper(**more).f, {
        "inside": whole(20, 1), "side": whole(3, 2), "alpha": real(0.1, 0, open_ends=True), "seed": seed()}),
    "Poisson": (lambda **given: (lambda one: (one.f, one.g, one.error(kan())))(poisson.Poisson(**given)), {
        "source": OF_X, "border": OF_X.optional(), "solution": OF_X, "inside": whole(20, 1), "side": whole(3, 2),
        "alpha": real(0.1, 0, open_ends=True), "seed": seed()}),
    "Poisson.residuals": (lambda problem, model: problem.residuals(model), {**CHECKED, "model": ONE_OUT}),
    "Poisson.jacobian": (lambda problem, model: problem.jacobian(model), {**CHECKED, "model": ONE_OUT}),
    "Poisson.jacobian_blocks": (lambda problem, model: list(problem.jacobian_blocks(model)), {
        **CHECKED, "model": ONE_OUT}),
    "Poisson.loss": (lambda problem, model: problem.loss(model), {**CHECKED, "model": ONE_OUT}),
    "Poisson.thinned": (lambda problem, **given: problem.thinned(**given).f, {
        **CHECKED, "inside": whole(5, 1, huge=False).but(**FEWER), "side": whole(2, 2, huge=False).but(**FEWER)}),
    "Poisson.error": (lambda problem, **given: problem.error(**given), {
        **CHECKED, "model": model(kan, Spoilt("of three inputs", lambda _: KAN([3, 1])),
                                  Spoilt("of two outputs", lambda _: KAN([2, 2]))), "points": whole(5, 1)}),
    "poisson.spread": (poisson.spread, {
        "N": whole(5, 1),
        "shift": vector(lambda: np.array([0.25, 0.5]), length=True).but("1e300", "1e30 away", "one huge", "2^63")}),
    "poisson.solve": (lambda model, **given: (poisson.solve(model, **given), model), {
        "model": SOLVED, "problem": PROBLEM, "grids": GRIDS, "starts": whole(1, 1), "enough": real(0.01, 0),
        "updates": whole(1, 1), "steps": whole(1, 1).optional(), "callback": CALLBACK,
        "progress": flag(False).optional(), "seed": seed().but("a generator of numbers").also(
            Spoilt("a generator of numbers", lambda s: np.random.default_rng(s), MAYBE))}),
    "poisson.solve MLP": (lambda model, **given: (poisson.solve(model, problem(), steps=1, starts=1, **given),
    model), {
        "model": model(mlp, *WRONG[:1]), "updates": whole(1, 1)}),
    "poisson.check_grids": (poisson.check_grids, {
        "model": SOLVED.but(*(way.label for way in WRONG), "of two outputs", "NaN parameters"),
        "grids": GRIDS.but("huge"), "equations": whole(60, 1, huge=False).but(**FEWER)}),
}  # fmt: skip
