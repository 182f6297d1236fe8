"""Lessons 01, 02, 06 and 07's functions: perceptron, MLP, KAN, its layers, their grids, and models in files."""

import os
import tempfile

import numpy as np

from kan_edu import KAN, MLP, BSpline, KANLayer, Perceptron, SplineMLP, grids, heaviside, silu, silu_slope

from ..arguments import ANYTHING, EXTREME, MAYBE, SAME, Spoilt
from ..arrays import matrix, outputs, vector
from ..values import anything_else, choice, flag, model, real, seed, whole


def X2(N=6):
    return np.stack([np.linspace(-0.9, 0.8, N), np.cos(np.arange(N))], axis=1)


def Y1(N=6):
    return np.sin(2 * X2(N)[:, :1])


def grid():
    return np.tile(np.linspace(-1, 1, 6), (2, 1))


def layer():
    return KANLayer(2, 3, BSpline(grid()), rng=np.random.default_rng(0))


def kan():
    return KAN([2, 2, 1], G=3)


def float32():
    return KAN([2, 2, 1], G=3, dtype=np.float32)


def mlp():
    return MLP([2, 3, 1])


def spline_mlp():
    return SplineMLP([2, 3, 1])


def read():
    """A network with one edge that is a formula, and one that is removed."""
    made = kan()
    made.set_formula((0, 0, 0), "sin", (1, 1, 0))
    made.remove_edge((0, 1, 1))
    return made


def behind(slopes, network):
    """What `backward` leaves behind a forward: the slope with respect to X, and grad."""
    network.forward(X2())
    return network.backward(slopes, to_input=True), network.grad


def layer_backward(dY, to_input):
    one = layer()
    one.forward(X2())
    return one.backward(dY, to_input), one.grad


def place(name):
    """A path that is this process's own."""
    return os.path.join(tempfile.gettempdir(), f"kan-edu-fuzz-{os.getpid()}-{name}")


def saved(make):
    path = place("model.npz")
    make().save(path)
    return path


def written(content):
    """A way to spoil: a file that holds `content` (bytes -> bytes) in place of the good one."""

    def spoil(good):
        with open(good, "rb") as file:
            whole_file = file.read()
        path = place("spoilt.npz")
        with open(path, "wb") as file:
            file.write(content(whole_file))
        return path

    return spoil


def foreign(good):
    np.savez(place("foreign.npz"), a=np.ones(3))
    return place("foreign.npz")


def pickled(good):
    np.savez(place("pickled.npz"), a=np.array([{}], dtype=object))
    return place("pickled.npz")


def bent(**changed):
    """A way to spoil: the good file with other arrays in it."""

    def spoil(good):
        with np.load(good) as file:
            arrays = dict(file)
        np.savez(place("bent.npz"), **{**arrays, **{name: of(arrays[name]) for name, of in changed.items()}})
        return place("bent.npz")

    return spoil


def file_of(make, other):
    import pathlib

    return anything_else(
        lambda: saved(make), ("a number", 3), ("no word", ""), ("a folder", tempfile.gettempdir()),
        ("a NUL", "a\0b"), ("-1", -1), ("True", True), Spoilt("in a list", lambda path: [path]),
        Spoilt("a path", pathlib.Path, SAME), Spoilt("as bytes", os.fsencode, MAYBE),
        Spoilt("empty", written(lambda _: b"")), Spoilt("text", written(lambda _: b"a,b\n1,2\n")),
        Spoilt("half", written(lambda whole_file: whole_file[: len(whole_file) // 2])),
        Spoilt("flipped", written(lambda w: w[:300] + bytes([w[300] ^ 255]) + w[301:])),
        Spoilt("only a zip", written(lambda _: b"PK\x05\x06" + bytes(18))), Spoilt("foreign", foreign),
        Spoilt("pickled", pickled), Spoilt("another model", lambda _: saved(other)),
        Spoilt("an array", written(lambda _: b"\x93NUMPY\x01\x00")),
        Spoilt("NaN in theta", bent(theta=lambda theta: theta * np.nan)),
        Spoilt("theta too short", bent(theta=lambda theta: theta[:-1])),
        Spoilt("theta complex", bent(theta=lambda theta: theta + 1j)),
        Spoilt("theta 2-D", bent(theta=lambda theta: theta[None])),
        Spoilt("widths huge", bent(widths=lambda widths: widths * 10**6)),
        Spoilt("widths negative", bent(widths=lambda widths: -widths)),
        Spoilt("widths halves", bent(widths=lambda widths: widths + 0.5)),
        Spoilt("no widths", bent(widths=lambda widths: widths[:0])),
        Spoilt("another version", bent(version=lambda _: 99)),
        Spoilt("another format", bent(format=lambda _: "kan_edu.other")))  # fmt: skip


TO = anything_else(lambda: place("to.npz"), ("a number", 3), ("True", True), ("no word", ""), ("a NUL", "a\0b"),
    ("a folder", tempfile.gettempdir()), ("in no folder", "/no/such/folder/model.npz"),
    Spoilt("in a list", lambda path: [path])).but("a word")  # fmt: skip
WIDTHS = anything_else(lambda: [2, 3, 1], ("one", [2]), ("none", []), ("a zero", [2, 0, 1]), ("negative", [2, -3, 1]),
    ("a half", [2, 2.5, 1]), ("a number", 3), ("numerals", ["2", "3", "1"]), ("True", [2, True, 1]),
    ("NaN", [2, np.nan, 1]),     ("None inside", [2, None, 1]), ("huge", [2, 10**9, 1]),
    ("beyond int64", [2, 10**30, 1]), ("nested", [[2, 3, 1]]),
    ("three in one", [2, (1, 1, 1), 1]), ("dates", np.array(["2024-01-01"] * 3, dtype="datetime64[D]")),
    ("lengths of time", np.array([2, 3, 1], dtype="timedelta64[D]")), ("3 numbers", np.ones((3, 3))),
    ("two huge", [10**5, 10**5]), ("np.True_", [2, np.True_, 1]),
    Spoilt("a tuple", tuple, SAME), Spoilt("an array", np.array, SAME),
    Spoilt("small", lambda widths: np.array(widths, dtype=np.uint8), SAME),
    Spoilt("floats", lambda widths: [float(width) for width in widths], MAYBE),
    Spoilt("an array of floats", lambda widths: np.array(widths, dtype=float), MAYBE))  # fmt: skip
DTYPE = anything_else(lambda: np.float64, ("float16", np.float16), ("int", int), ("complex", complex),
    ("object", object), ("3", 3), ("no type", np.datetime64), ("long double", np.longdouble),
    Spoilt("float", lambda _: float, SAME),
    Spoilt("its name", lambda _: "float64", SAME), Spoilt("float32", lambda _: np.float32, SAME))  # fmt: skip
FORM = choice("textbook").optional()
BASIS = anything_else(lambda: BSpline(grid()), ("a name", "bspline"), ("a number", 3), ("a grid", np.ones((2, 3))),
    Spoilt("a row less", lambda _: BSpline(grid()[:1])), Spoilt("its class", lambda basis: type(basis)))  # fmt: skip
GRID = matrix(grid, columns=False).but(
    "1e30 away", "all alike", "zeros", "2^63", "one huge", "first only", "3-D").also(
    Spoilt("falling", lambda g: g[:, ::-1]), Spoilt("one point", lambda g: g[:, :1]),
    Spoilt("all alike", np.ones_like),
    Spoilt("3-D", lambda g: g[None]))  # fmt: skip
PLACE = matrix(X2)
EDGE = anything_else(lambda: (0, 1, 0), ("halves", (0, 0.5, 0)), ("negative", (0, -1, 0)), ("two", (0, 1)),
    ("four", (0, 1, 0, 0)), ("no layer", (2, 0, 0)), ("no sum", (0, 5, 0)), ("no input", (0, 0, 5)), ("a number", 3),
    ("numerals", ("0", "1", "0")), ("True", (False, True, False)), ("NaN", (0, np.nan, 0)), ("huge", (0, 10**30, 0)),
    ("nested", [[0, 1, 0]]), ("lengths of time", np.zeros(3, dtype="timedelta64[D]")), ("empty", ()),
    Spoilt("a list", list, SAME), Spoilt("an array", np.array, SAME),
    Spoilt("floats", lambda edge: tuple(float(n) for n in edge), MAYBE))  # fmt: skip
NAME = choice("sin").also(("a function of NumPy", np.sin), ("another function", "arccos"))
PARAMS = vector(lambda: np.array([1.5, 1.0, 0.25]), length=True).but("zeros", "all alike", "a row").optional().also(
    Spoilt("a row", lambda p: p[None], MAYBE))  # fmt: skip
RANGE = ("falling", 5.0), ("words", ["a", "b"]), ("three", np.zeros(3))
LO = real(-1.0).but("in a list", "two numbers", "huge").also(*RANGE, ("two NaN", np.array([np.nan, 0])))
HI = real(1.0).but("in a list", "two numbers", "hugely negative").also(("falling", -5.0), *RANGE[1:])
K = model(kan, Spoilt("an MLP", lambda _: mlp()), Spoilt("a perceptron", lambda _: Perceptron(2)))
B = model(kan, Spoilt("an MLP", lambda _: mlp()), Spoilt("of Chebyshev", lambda _: KAN([2, 1], basis="chebyshev")))

ONE_LINE = {name: (function, {"z": vector(lambda: np.linspace(-2, 2, 5)).but("a row", "two columns", "3-D", "empty",
            "an empty list", **at_infinity)}) for name, function, at_infinity in
            (("silu", silu, {}), ("silu_slope", silu_slope, {}),
             ("heaviside", heaviside, {"inf": EXTREME, "-inf": EXTREME}))}  # fmt: skip


def calls(label, make):
    """What a KAN and an MLP offer alike."""
    return {
        f"{label}()": (lambda X: make()(X), {"X": PLACE}),
        f"{label}.forward": (lambda X: make().forward(X), {"X": PLACE}),
        f"{label}.jacobian": (lambda X: make().jacobian(X), {"X": PLACE}),
        f"{label}.backward": (lambda dY: behind(dY, make()), {"dY": outputs(lambda: Y1() / 3)}),
        f"{label}.backward again": (lambda to_input: behind_flag(make(), to_input), {"to_input": flag()}),
        f"{label} (model)": (lambda model, X: model(X), {"model": theta_of(make), "X": PLACE}),
        f"{label}.restart": (lambda seed: restarted(make(), seed=seed), {"seed": seed()}),
        f"{label}.copy": (lambda model: model.copy(), {"model": anything_else(make).but(*NOT_A_MODEL)}),
        f"{label}.save": (lambda model, path: model.save(path), {"model": theta_of(make), "path": TO}),
    }  # fmt: skip


NOT_A_MODEL = tuple(way.label for way in ANYTHING)


def theta_of(make):
    """A model of the right kind, whose parameters are spoilt."""
    def put(label, value):
        def spoil(model):
            model.theta[-1] = value
            return model
        return Spoilt(label, spoil)

    return anything_else(make, put("NaN", np.nan), put("inf", np.inf), put("-inf", -np.inf)).but(*NOT_A_MODEL)


def behind_flag(network, to_input):
    network.forward(X2())
    return network.backward(Y1(), to_input)


def restarted(network, **more):
    network.restart(**more)
    return network


FUNCTIONS = {
    **ONE_LINE,
    "Perceptron": (Perceptron, {"n_in": whole(2, 1)}),
    "Perceptron.forward": (lambda X: Perceptron(2).forward(X), {"X": PLACE}),
    "Perceptron.distance": (lambda X: aimed().distance(X), {"X": PLACE}),
    "Perceptron.learn": (lambda **given: Perceptron(2).learn(**given), {
        "X": PLACE.but("first only", "zeros", "2^63"), "y": vector(lambda: (X2()[:, 0] > 0) * 1.0, length=True).but(
            "1e300", "1e-300", "1e30 away", "one huge", "2^63"),
        "lr": real(1.0, 0, open_ends=True), "max_epochs": whole(5, 1, huge=False).but(**{"10^30": EXTREME,
        "10^400": EXTREME})}),
    "MLP": (MLP, {"widths": WIDTHS, "activation": choice("tanh").also(("a function", np.tanh)), "seed": seed()}),
    "KAN": (KAN, {
        "widths": WIDTHS.also(
            ("a pair first", [(1, 1), 1]), ("no nodes", [2, (0, 0), 1]), ("half a pair", [2, (1, 0.5), 1])),
        "G": whole(4, 1), "k": whole(3, 0), "basis": choice("bspline").also(("its class", BSpline)),
        "lo": LO, "hi": HI, "base": flag(), "form": FORM, "seed": seed(), "dtype": DTYPE}),
    "SplineMLP": (SplineMLP, {"widths": WIDTHS, "G": whole(4, 1), "k": whole(3, 0), "lo": LO, "hi": HI,
                              "seed": seed()}),
    **calls("MLP", mlp), **calls("SplineMLP", spline_mlp), **calls("KAN", kan),
    **calls("KAN(float32)", float32), **calls("KAN(read)", read),
    "KAN.restart G": (lambda G: restarted(kan(), seed=1, G=G), {"G": whole(4, 1).optional()}),
    "MLP.load": (MLP.load, {"path": file_of(mlp, kan)}),
    "SplineMLP.load": (SplineMLP.load, {"path": file_of(spline_mlp, mlp).but(flipped=SAME)}),   # a date of the zip
    "KAN.load": (KAN.load, {"path": file_of(kan, mlp)}),
    "KAN.load read": (KAN.load, {"path": file_of(read, mlp)}),
    "KAN.load float32": (KAN.load, {"path": file_of(float32, mlp)}),
    "KAN.set_formula": (lambda model, **given: (model.set_formula(**given), model), {
        "model": theta_of(kan), "edge": EDGE, "name": NAME, "params": PARAMS}),
    "KAN.set_formula X": (lambda model, **given: (model.set_formula(name="exp", **given), model), {
        "model": theta_of(kan), "edge": EDGE, "X": PLACE.but("first only").optional()}),
    "KAN.remove_edge": (lambda model, **given: (model.remove_edge(**given), model), {
        "model": theta_of(kan), "edge": EDGE, "X": PLACE.optional()}),
    "KANLayer": (lambda **given: KANLayer(**given).theta.size, {
        "n_in": whole(2, 1).also(("another", 3)), "n_out": whole(3, 1), "basis": BASIS,
        "products": whole(1, 0, most=3),
        "base": flag(), "form": FORM, "rng": seed().optional(), "dtype": DTYPE}),
    "KANLayer.forward": (lambda X: layer().forward(X), {"X": PLACE}),
    "KANLayer.backward": (layer_backward, {"dY": outputs(lambda: np.ones((6, 3)) / 3), "to_input": flag()}),
    "KANLayer.edges": (lambda X: layer().edges(X), {"X": PLACE}),
    "KANLayer.phi": (lambda j, i, x: layer().phi(j, i, x), {
        "j": whole(1, 0, most=2), "i": whole(0, 0, most=1), "x": vector(lambda: X2()[:, 0])}),
    "KANLayer.draw": (lambda rng: drawn(layer(), rng), {"rng": seed()}),
    "KANLayer.use": (lambda basis: used(layer(), basis), {"basis": BASIS}),
    "grids.layer_inputs": (grids.layer_inputs, {"model": K, "X": PLACE}),
    "grids.coverage": (grids.coverage, {"model": K, "X": PLACE}),
    "grids.overlap": (grids.overlap, {"model": K, "X_old": PLACE, "X_new": PLACE}),
    "grids.update": (lambda model, X, **given: (grids.update(model, X, **given), model), {
        "model": K, "X": PLACE, "margin": real(0.1, 0), "adaptive": real(0.5, 0, 1), "keep_inputs": flag()}),
    "grids.extend": (lambda model, G: (grids.extend(model, G), model), {"model": B, "G": whole(6, 3)}),
    "grids.reach": (grids.reach, {"grid": GRID}),
    "grids.divide": (grids.divide, {"grid": GRID, "parts": whole(3, 1)}),
    "grids.place_hidden": (lambda model: (grids.place_hidden(model), model), {"model": K}),
}  # fmt: skip


def aimed():
    one = Perceptron(2)
    one.w[...] = 1, -2
    return one


def drawn(one, rng):
    one.draw(rng)
    return one.theta


def used(one, basis):
    one.use(basis)
    return one.theta.size
