"""Lessons 06 to 08's functions: losses, optimisers, training, refinement, and what makes a comparison fair."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kan_edu import (
    KAN,
    LBFGS,
    MLP,
    SGD,
    Adam,
    Diverged,
    GaussNewton,
    History,
    LevenbergMarquardt,
    NewtonKaczmarz,
    Perceptron,
    accuracy,
    classify,
    confusion,
    cross_entropy,
    fair,
    fit,
    fit_additive,
    fit_with_refinement,
    logistic_loss,
    losses,
    mse,
    phases,
    races,
    tones,
)
from kan_edu.reading.regularise import Sparsity

from ..arguments import EXTREME, MAYBE, REFUSE, SAME, Spoilt
from ..arrays import matrix, outputs, vector
from ..judge import OwnError
from ..values import anything_else, choice, flag, function, model, names, real, seed, whole

N = 8


def X2():
    return np.stack([np.linspace(-0.9, 0.8, N), np.cos(np.arange(N))], axis=1)


def Y1():
    return np.sin(2 * X2()[:, :1])


def scores():
    return np.stack([np.sin(np.arange(N)), np.cos(np.arange(N)), np.arange(N) / N], axis=1)


def kan():
    return KAN([2, 2, 1], G=3)


def float32():
    return KAN([2, 2, 1], G=3, dtype=np.float32)


def mlp():
    return MLP([2, 3, 1])


def classes():
    return KAN([2, 3], G=3)


# ------------------------------------------------------------------------------------------ labels

TOO_MANY = ("1e300", "1e30 away", "one huge", "2^63")  # classes that there are not
LABELS = vector(lambda: np.arange(N) % 3, length=True).but(*TOO_MANY, "1e-300", "truth values", "subnormal").also(
    ("halves", np.arange(N) / 2), ("negative", -np.arange(N)), ("one too many", np.arange(N) % 4),
    Spoilt("one hot", lambda labels: np.eye(3)[np.asarray(labels, dtype=int)]))  # fmt: skip
BINARY = vector(lambda: np.arange(N) % 2, length=True).but(*TOO_MANY, "1e-300", "subnormal",
    "bytes of a picture").also(
    ("halves", np.arange(N) / 2), ("negative", -(np.arange(N) % 2)), ("2", np.full(N, 2)))  # fmt: skip
LABELS = LABELS.but("bytes of a picture")
OTHER_N = ("one sample less", "one sample more", "first only")  # told by the labels: both one less would be right

# ------------------------------------------------------------------------------------------ optimisers


def steps_of(optimiser, theta, grad):
    """Two steps: theta afterwards."""
    for _ in range(2):
        optimiser.step(theta, grad)
    return theta


THETA = anything_else(lambda: np.linspace(-1, 1, 5), ("a number", 3), ("a list", [1.0, 2, 3, 4, 5]),
    ("of whole numbers", np.arange(5)), ("complex", np.ones(5) + 1j), ("numerals", np.array(list("12345"))),
    ("dates", np.arange(5).astype("datetime64[D]")), ("objects", np.ones(5, dtype=object)), ("empty", np.zeros(0)),
    ("one less", np.zeros(4)), ("2-D", np.zeros((5, 1))), ("masked", np.ma.masked_equal([1.0, 2, 3, 4, 5], 3)),
    ("truth values", np.ones(5, dtype=bool)), Spoilt("read-only", lambda theta: frozen(theta)),
    Spoilt("NaN", lambda theta: theta * np.nan), Spoilt("inf", lambda theta: theta * np.inf),
    Spoilt("float32", lambda theta: theta.astype(np.float32), SAME))  # fmt: skip
GRAD = anything_else(lambda: np.linspace(-2, 1, 5), ("a number", 3), ("complex", np.ones(5) + 1j),
    ("numerals", np.array(list("12345"))), ("dates", np.arange(5).astype("datetime64[D]")), ("empty", np.zeros(0)),
    ("one less", np.zeros(4)), ("2-D", np.zeros((5, 1))), ("one number", np.zeros(1)),
    ("masked", np.ma.masked_equal([1.0, 2, 3, 4, 5], 3)), ("objects", np.array([object()] * 5)),
    Spoilt("NaN", lambda grad: grad * np.nan), Spoilt("inf", lambda grad: grad * np.inf),
    Spoilt("float32", lambda grad: grad.astype(np.float32), SAME), Spoilt("a list", list, MAYBE),
    Spoilt("huge", lambda grad: grad * 1e300, EXTREME), Spoilt("zero", lambda grad: grad * 0, EXTREME))  # fmt: skip


def is_function(value):
    return callable(value) and not isinstance(value, type)


def frozen(theta):
    theta.setflags(write=False)
    return theta


def bowl(theta):
    """A sum of squares: its residuals, and their Jacobian."""
    A = np.diag(np.arange(1.0, 6))
    return lambda: A @ theta - 1, lambda: A


def newton(optimiser, theta, evaluate):
    """LBFGS: `evaluate` makes its answer of the loss and the gradient."""
    residuals, jacobian = bowl(np.zeros(5) if not isinstance(theta, np.ndarray) or theta.shape != (5,) else theta)

    def ask():
        return evaluate(float(residuals() @ residuals()), 2 * jacobian().T @ residuals())

    for _ in range(2):
        optimiser.step(theta, ask if is_function(evaluate) else evaluate)
    return theta


def marquardt(optimiser, theta, residuals, jacobian):
    r, J = bowl(np.zeros(5) if not isinstance(theta, np.ndarray) or theta.shape != (5,) else theta)
    for _ in range(2):
        optimiser.step(theta, (lambda: residuals(r())) if is_function(residuals) else residuals,
                       (lambda: jacobian(J())) if is_function(jacobian) else jacobian)  # fmt: skip
    return theta


def answers(good, *ways):
    """A function that passes an answer on, and those that spoil it."""
    return function(good, result=False).but("of too many arguments").also(*ways)


EVALUATE = answers(lambda value, grad: (value, grad),
    Spoilt("only the loss", lambda _: lambda value, grad: value),
    Spoilt("of None", lambda _: lambda value, grad: None),
    Spoilt("a word", lambda _: lambda value, grad: ("a", grad)),
    Spoilt("three", lambda _: lambda value, grad: (value, grad, 1)),
    Spoilt("short", lambda _: lambda value, grad: (value, grad[:-1])),
    Spoilt("NaN slope", lambda _: lambda value, grad: (value, grad * np.nan)),
    Spoilt("inf", lambda _: lambda value, grad: (np.inf, grad * np.inf), EXTREME),
    Spoilt("complex slope", lambda _: lambda value, grad: (value, grad + 1j)),
    Spoilt("a complex loss", lambda _: lambda value, grad: (value + 1j, grad)))  # fmt: skip
RESIDUALS = answers(lambda r: r, Spoilt("of None", lambda _: lambda r: None),
    Spoilt("short", lambda _: lambda r: r[:-1]),
    Spoilt("complex", lambda _: lambda r: r + 1j), Spoilt("2-D", lambda _: lambda r: r[:, None]),
    Spoilt("words", lambda _: lambda r: np.full(len(r), "a")), Spoilt("one number", lambda _: lambda r: 3.0),
    Spoilt("NaN", lambda _: lambda r: r * np.nan, EXTREME), Spoilt("inf", lambda _: lambda r: r * np.inf, EXTREME))
def curved(theta, evaluate, curvature):
    """GaussNewton on the bowl: `curvature` makes its answer of the two functions that it is asked for."""
    residuals, jacobian = bowl(np.zeros(5) if not isinstance(theta, np.ndarray) or theta.shape != (5,) else theta)

    def products():
        J = jacobian()
        return curvature(lambda v: 2 * J.T @ (J @ v), lambda rng: np.sqrt(2) * J.T @ rng.choice([-1.0, 1.0], 5))

    def ask():
        return evaluate(float(residuals() @ residuals()), 2 * jacobian().T @ residuals())

    optimiser = GaussNewton()
    for _ in range(2):
        optimiser.step(theta, ask if is_function(evaluate) else evaluate,
                       products if is_function(curvature) else curvature)  # fmt: skip
    return theta


CURVATURE = answers(lambda product, draw: (product, draw),
    Spoilt("of None", lambda _: lambda product, draw: None),
    Spoilt("one", lambda _: lambda product, draw: product),
    Spoilt("of numbers", lambda _: lambda product, draw: (1.0, 2.0)),
    Spoilt("short", lambda _: lambda product, draw: (lambda v: product(v)[:-1], draw)),
    Spoilt("NaN", lambda _: lambda product, draw: (lambda v: v * np.nan, draw)),
    Spoilt("complex", lambda _: lambda product, draw: (lambda v: product(v) + 1j, draw)),
    Spoilt("signs short", lambda _: lambda product, draw: (product, lambda rng: draw(rng)[:-1])),
    Spoilt("uphill", lambda _: lambda product, draw: (lambda v: -product(v), draw), EXTREME),
    Spoilt("a list", lambda _: lambda product, draw: [product, draw], SAME))  # fmt: skip
JACOBIAN = answers(lambda J: J, Spoilt("of None", lambda _: lambda J: None),
    Spoilt("short", lambda _: lambda J: J[:-1]),
    Spoilt("complex", lambda _: lambda J: J + 1j), Spoilt("narrow", lambda _: lambda J: J[:, :-1]),
    Spoilt("a row", lambda _: lambda J: J[0]), Spoilt("NaN", lambda _: lambda J: J * np.nan),
    Spoilt("words", lambda _: lambda J: np.full(J.shape, "a")),
    Spoilt("in blocks", lambda _: lambda J: iter([J[:2], J[2:]]), SAME),
    Spoilt("inf", lambda _: lambda J: J * np.inf))  # fmt: skip
LR = real(0.1, 0, open_ends=True)
SHARE = real(0.5, 0, 1).but(at_1=REFUSE)

# ------------------------------------------------------------------------------------------ training


def own(outputs, Y):
    return mse(outputs, Y)


def raises(*_):
    raise OwnError("of the function that was given")


MODEL = model(kan, Spoilt("a perceptron", lambda _: Perceptron(2)), Spoilt("of three inputs", lambda _: KAN([3, 1])),
              Spoilt("of two outputs", lambda _: KAN([2, 2])))  # fmt: skip
LOSS = function(own, result=False).also(
    ("a name", "mse"), Spoilt("of None", lambda _: lambda o, Y: None),
    Spoilt("only a value", lambda _: lambda o, Y: 1.0),
    Spoilt("of words", lambda _: lambda o, Y: ("a", o)), Spoilt("three", lambda _: lambda o, Y: (1.0, o, o)),
    Spoilt("of NaN", lambda _: lambda o, Y: (np.nan, o)), Spoilt("of inf", lambda _: lambda o, Y: (np.inf, o)),
    Spoilt("slope None", lambda _: lambda o, Y: (1.0, None)),
    Spoilt("slope short", lambda _: lambda o, Y: (1.0, o[:-1])),
    Spoilt("slope NaN", lambda _: lambda o, Y: (1.0, o * np.nan)), Spoilt("complex", lambda _: lambda o, Y: (1j, o)),
    Spoilt("slope complex", lambda _: lambda o, Y: (1.0, o + 1j)),
    Spoilt("many values", lambda _: lambda o, Y: (o, o)),
    Spoilt("slope in a row", lambda _: lambda o, Y: (1.0, o[:, 0])), Spoilt("for classes", lambda _: cross_entropy),
    Spoilt("True", lambda _: lambda o, Y: (True, o)), Spoilt("an error", lambda _: raises),
    Spoilt("of one", lambda _: lambda o: (1.0, o)))  # fmt: skip
OPTIMISER = anything_else(lambda: Adam(0.02), ("a name", "adam"), ("a number", 0.01), ("a function", np.sin),
    Spoilt("its class", lambda _: Adam, EXTREME), Spoilt("what makes one", lambda _: lambda: Adam(0.02), SAME),
    ("another class", KAN), ("a model", mlp()), Spoilt("what fails", lambda _: raises),
    Spoilt("LBFGS", lambda _: LBFGS(), EXTREME), Spoilt("Levenberg", lambda _: LevenbergMarquardt(), EXTREME),
    Spoilt("without step", lambda _: History())).optional()  # fmt: skip
VAL = anything_else(lambda: (X2(), Y1()), ("X alone", X2()), ("three", (X2(), Y1(), Y1())), ("empty", ()),
    ("numbers", (1, 2)), ("a number", 3), Spoilt("one sample less", lambda v: (v[0], v[1][:-1])),
    Spoilt("NaN", lambda v: (v[0] * np.nan, v[1])), Spoilt("a column more", lambda v: (np.ones((N, 3)), v[1])),
    Spoilt("dates", lambda v: (v[0], np.full((N, 1), np.datetime64("2024-01-01")))), ("nothing", (None, None)),
    Spoilt("a list", list, SAME), Spoilt("Y in a row", lambda v: (v[0], v[1].ravel()), SAME),
    Spoilt("swapped", lambda v: v[::-1])).optional()  # fmt: skip
PENALTY = anything_else(lambda: Sparsity(0.01), ("a number", 0.01), ("its class", Sparsity), ("a function", np.sin),
                        ("True", True)).optional()  # fmt: skip
THREE = function(lambda step, model, loss: None, result=False).optional().also(
    Spoilt("True", lambda _: lambda *a: True, EXTREME), Spoilt("an array", lambda _: lambda *a: np.ones(3), EXTREME),
    Spoilt("words", lambda _: lambda *a: "stop", SAME), Spoilt("of two", lambda _: lambda a, b: None))  # fmt: skip
X = matrix(X2).but("first only")  # told by Y
Y = outputs(Y1).but("in a row", "a number").also(Spoilt("in a row", np.ravel, SAME), ("a number", 0.5))
GRIDS = anything_else(lambda: (3, 4), ("falling", (4, 3)), ("halves", (3, 4.5)), ("none", ()), ("a number", 3),
    ("twice", (3, 3)), ("a zero", (0, 3)), ("numerals", ("3", "4")), ("NaN", (np.nan,)), ("huge", (3, 10**9)),
    ("True", (True, 3)), ("10^30", (3, 10**30)), Spoilt("a list", list, SAME),
    Spoilt("a range", lambda _: range(3, 5), SAME), Spoilt("an array", np.array, MAYBE)).optional()  # fmt: skip


def trained(model, **given):
    history = fit(model, progress=given.pop("progress", False), **{"steps": 2, **given})
    return model, history.loss, history.val_loss


def refined(model, **given):
    given = {"grids": (3, 4), "starts": 1, "steps": 2, "updates": 1, "progress": False, **given}
    return model, fit_with_refinement(model, **given).starts


WHERE = {"X": X, "Y": Y}


def meter(optimiser, N):
    one = mlp()
    counted = fair.Meter(optimiser, one, N)
    fit(one, X2(), Y1(), steps=2, optimiser=counted, progress=False)
    return counted.spent


BUDGET = real(1000.0, 0, open_ends=True).but("huge")
MAKERS = anything_else(lambda: {"KAN": lambda seed: kan()}, ("a function", lambda seed: kan()), ("none", {}),
    ("a class", {"KAN": KAN}), ("models", {"KAN": kan()}),
    Spoilt("names are numbers", lambda _: {3: lambda seed: kan()}, EXTREME), ("of no argument", {"KAN": kan}),
    ("of a number", {"KAN": lambda seed: seed}), ("a list", [kan]))  # fmt: skip
SPLINES = model(kan, Spoilt("of Chebyshev", lambda _: KAN([2, 1], basis="chebyshev")))
ANY = {"10^30": EXTREME, "10^9": EXTREME, "10^400": EXTREME}
COUNT = whole(10, 1, huge=False).but(**ANY)

FUNCTIONS = {
    "mse": (mse, {"Y": outputs(Y1).but(*OTHER_N, in_a_row=MAYBE), "T": outputs(Y1).but(in_a_row=SAME)}),
    "cross_entropy": (cross_entropy, {"Z": outputs(scores).but("a column more", *OTHER_N), "labels": LABELS}),
    "logistic_loss": (logistic_loss, {"Z": outputs(Y1).but(*OTHER_N), "labels": BINARY}),
    "losses.ask": (losses.ask, {"loss": LOSS.but("for classes", "of NaN", "of inf", "slope NaN", "an error"),
                                "outputs": outputs(Y1).but(*OTHER_N), "Y": outputs(Y1)}),
    "classify": (classify, {"Z": matrix(scores, columns=False).but(in_a_row=EXTREME), "threshold": real(0.0)}),
    "classify one": (classify, {"Z": vector(lambda: Y1()[:, 0]).but("two columns", "a row"), "threshold": real(0.1)}),
    "accuracy": (accuracy, {"Z": outputs(scores).but("a column more", *OTHER_N), "labels": LABELS,
    "threshold": real(0.0)}),
    "accuracy of words": (accuracy, {
        "Z": outputs(scores).but("a column more", *OTHER_N), "labels": names([*"abcabcab"]),
        "classes": names([*"abc"])}),
    "confusion": (confusion, {"Z": outputs(scores).but("a column more", *OTHER_N), "labels": LABELS,
    "threshold": real(0.0)}),
    "SGD": (SGD, {"lr": LR, "momentum": SHARE}),
    "Adam": (Adam, {"lr": LR, "beta1": SHARE, "beta2": SHARE, "eps": real(1e-8, 0, 1)}),
    "LBFGS": (LBFGS, {"memory": whole(5, 1, huge=False).but(**ANY)}),
    "LevenbergMarquardt": (LevenbergMarquardt, {
        "damping": LR, "floor": real(1e-6, 0, open_ends=True), "bent": flag(),
        "most": whole(100, 1, huge=False).but(**ANY)}),
    "SGD.step": (lambda theta, grad: steps_of(SGD(0.1, 0.5), theta, grad), {"theta": THETA, "grad": GRAD}),
    "Adam.step": (lambda theta, grad: steps_of(Adam(0.1), theta, grad), {"theta": THETA, "grad": GRAD}),
    "LBFGS.step": (lambda theta, evaluate: newton(LBFGS(), theta, evaluate), {"theta": THETA, "evaluate": EVALUATE}),
    "LevenbergMarquardt.step": (lambda **given: marquardt(LevenbergMarquardt(), **given), {
        "theta": THETA.but(float32=REFUSE), "residuals": RESIDUALS, "jacobian": JACOBIAN}),
    "GaussNewton": (GaussNewton, {
        "iterations": whole(5, 1, huge=False).but(**ANY), "tol": real(0.1, 0, 1, open_ends=True),
        "seed": whole(3, 0, huge=False).but(**ANY)}),
    "GaussNewton.step": (curved, {"theta": THETA, "evaluate": EVALUATE, "curvature": CURVATURE}),
    "losses.curvature": (lambda loss, Y: [ask(np.ones((N, 3))) for ask in losses.curvature(loss, Y)], {
        "loss": function(mse, result=False).also(("a name", "mse"), ("another", np.sin)), "Y": outputs(scores).but(
            *OTHER_N, "a column more", "transposed")}),
    "NewtonKaczmarz": (NewtonKaczmarz, {"mu": real(0.5, 0, 2, open_ends=True), "floor": real(1e-3, 1e-12, 1)}),
    "NewtonKaczmarz.step": (lambda **given: marquardt(NewtonKaczmarz(), **given), {
        "theta": THETA, "residuals": RESIDUALS, "jacobian": JACOBIAN}),
    "fit": (trained, {
        "model": MODEL, **WHERE, "steps": whole(2, 1), "optimiser": OPTIMISER, "loss": LOSS, "penalty": PENALTY,
        "batch_size": whole(4, 1, huge=False).but(**ANY).optional(), "val": VAL,
        "val_every": whole(1, 1, huge=False).but(**ANY),
        "patience": whole(2, 1, huge=False).but(**ANY).optional(), "callback": THREE,
        "progress": flag(False).optional(),
        "seed": seed()}),
    "fit MLP": (trained, {"model": model(mlp), **WHERE, "optimiser": OPTIMISER, "val": VAL}),
    "fit float32": (trained, {"model": model(float32), **WHERE, "optimiser": OPTIMISER.but(Levenberg=REFUSE)}),
    **{f"fit by {optimiser.__name__}": (
        lambda model, optimiser=optimiser, **given: trained(model, optimiser=optimiser(), **given),
        {"model": model(kan), **WHERE}) for optimiser in (
            LBFGS, LevenbergMarquardt, GaussNewton, NewtonKaczmarz)},
    "phases.in_phases": (lambda model, **given: (phases.in_phases(model, **given), model), {
        "model": model(kan), **WHERE, "only_coefficients": flag(), "steps": whole(2, 1), "lr": LR,
        "piece": vector(lambda: np.arange(N) % 2, length=True).but(
            *TOO_MANY, "1e-300", "subnormal", "truth values", "bytes of a picture", **{
                "all alike": REFUSE, "zeros": REFUSE}).also(
            ("halves", np.arange(N) / 2), ("negative", -(np.arange(N) % 2)), ("a gap", np.arange(N) % 2 * 2))}),
    "phases.in_phases MLP": (lambda model, **given: (phases.in_phases(model, **given, piece=np.arange(N) % 2), model), {
        "model": model(mlp), **WHERE, "steps": whole(2, 1)}),
    "phases.OnlyCoefficients": (lambda model, lr: steps_of(
        phases.OnlyCoefficients(model, lr), model.theta, np.ones_like(model.theta)), {
        "model": model(kan, Spoilt("an MLP", lambda _: mlp())), "lr": LR}),
    "races.on_table": (lambda makers, **given: races.on_table(makers, **given, splits=2), {
        "makers": MAKERS, "X": matrix(X2).but("first only", "a column more", "transposed"),
        "y": vector(lambda: Y1()[:, 0], length=True),
        "loss": function(mse, result=False).also(("another", own), ("a name", "mse")),
        "steps": whole(2, 1), "lr": LR, "patience": whole(2, 1, huge=False).but(**ANY).optional()}),
    "races.on_table splits": (lambda splits: races.on_table({"KAN": lambda seed: kan()}, X2(), Y1()[:, 0], steps=1,
                                                            splits=splits), {"splits": whole(2, 1)}),
    "races.spend": (lambda model, **given: (races.spend(model, **given), model), {
        "model": MODEL, **WHERE, "optimiser": OPTIMISER.but(its_class=EXTREME), "budget": BUDGET}),
    "races.seconds": (lambda **given: races.seconds(**given) > 0, {
        "model": model(kan), "N": whole(5, 1), "rounds": whole(2, 1)}),
    "races.verdict": (races.verdict, {"errors": anything_else(
        lambda: {"KAN": 0.1, "MLP": 0.2}, ("one", {"KAN": 0.1}), ("none", {}), ("pairs", [("KAN", 0.1)]),
        ("words", {"KAN": "0.1", "MLP": 1.0}), ("NaN", {"KAN": np.nan, "MLP": 1.0}), ("less", {"a": -1.0, "b": 1.0}),
        Spoilt("zeros", lambda _: {"a": 0.0, "b": 0.0}, EXTREME), ("a list", {"a": [1.0], "b": 1.0})),
        "factor": real(30, 1, 1e300)}),
    "tones.heard": (lambda model, X, tone, **given: (tones.heard(model, X, {"y": tone}, **given), model), {
        "model": MODEL, "X": X, "tone": Y, "steps": whole(2, 1), "lr": LR, "least": real(0.1, 0, 1, open_ends=True),
        "every": whole(1, 1)}),
    "tones.heard tones": (lambda tones_: tones.heard(kan(), X2(), tones_, steps=1), {"tones_": anything_else(
        lambda: {"y": Y1()}, ("none", {}), ("an array", Y1()), ("zeros", {"y": 0 * Y1()}), ("words", {"y": "a"}),
        ("of two shapes", {"y": Y1(), "z": Y1()[:2]}), ("a number for a name", {3: Y1()}))}),
    "fit classes": (lambda **given: trained(loss=cross_entropy, **given), {
        "model": model(classes, Spoilt("of one output", lambda _: kan())), "X": X, "Y": LABELS}),
    "fit two classes": (lambda **given: trained(loss=logistic_loss, **given), {
        "model": model(kan, Spoilt("of three outputs", lambda _: classes())), "X": X, "Y": BINARY}),
    "fit_with_refinement": (refined, {
        "model": MODEL, **WHERE, "grids": GRIDS, "starts": whole(1, 1), "enough": real(0.01, 0),
        "updates": whole(1, 1), "steps": whole(2, 1), "optimiser": OPTIMISER.but(a_function=REFUSE),
        "loss": function(mse, result=False).also(("another", cross_entropy), ("a name", "mse")), "val": VAL,
        "callback": THREE, "progress": flag(False).optional(),
        "executor": anything_else(lambda: ThreadPoolExecutor(1), ("a number", 4), ("a word", "processes"),
                                  ("a class", ThreadPoolExecutor)).optional(),
        "seed": seed().but(a_generator_of_numbers=MAYBE)}),
    "fit_with_refinement MLP": (lambda **given: refined(grids=None, **given), {"model": model(mlp), **WHERE,
    "val": VAL}),
    "fit_additive": (lambda model, **given: (model, fit_additive(model, **given)[:2]), {  # the score may be inf
        "model": model(lambda: KAN([2, 1], G=3), Spoilt("of two layers", lambda _: kan()),
                       Spoilt("of Chebyshev", lambda _: KAN([2, 1], basis="chebyshev"))), **WHERE,
        "smoothing": real(0.1, 0, 1e12).optional()}),
    "Diverged": (lambda message: Diverged(message, History()).history, {
        "message": choice("lost").but(*(way.label for way in choice("lost").ways))}),
    "History.rmse": (lambda loss: History(loss).rmse, {"loss": vector(lambda: np.ones(3) / 4).but(
        *(way.label for way in vector(lambda: np.ones(3)).ways))}),
    "fair.n_params": (fair.n_params, {"widths": anything_else(lambda: [2, 3, 1], ("a number", 3), ("one", [2]),
    ("none", []),
        ("a half", [2, 2.5, 1]), ("a zero", [2, 0, 1]), ("numerals", ["2", "3"]), ("NaN", [2, np.nan]),
        ("True", [2, True]),
        Spoilt("a tuple", tuple, SAME), Spoilt("an array", np.array, SAME),
        Spoilt("huge", lambda _: [2, 10**30], EXTREME))}),
    "fair.mlp_widths": (fair.mlp_widths, {
        "n_in": COUNT, "n_out": whole(1, 1, huge=False).but(**ANY), "P": whole(81, 1, huge=False).but(**ANY),
        "hidden": whole(1, 1)}),
    "fair.near": (fair.near, {"widths": anything_else(lambda: [2, 20, 1], ("a number", 3), ("one", [2]),
    ("a half", [2, 2.5, 1])),
                              "P": COUNT}),
    "fair.mlps_like": (fair.mlps_like, {
        "model": model(lambda: KAN([2, 5, 1])),
        "hidden": anything_else(lambda: (1, 2), ("a number", 3), ("a half", (1.5,)), ("a zero", (0,)), ("none", ()),
                                ("huge", (10**9,)), Spoilt("a list", list, SAME)),
        "activations": anything_else(lambda: ("tanh",), ("a name alone", "tanh"), ("another", ("step",)), ("none", ()),
                                     ("a number", 3), ("a function", (np.tanh,)), Spoilt("a list", list, SAME)),
        "seed": seed().but(a_generator_of_numbers=EXTREME)}),  # which goes on from one network to the next
    **{f"fair.{name}": (getattr(fair, name), {"layer": anything_else(
        lambda: kan().layers[0], ("a number", 3), Spoilt("a model", lambda _: kan()),
        Spoilt("of Chebyshev", lambda _: KAN([2, 1], basis="chebyshev").layers[0]))})
       for name in ("edge_products", "basis_products")},
    **{f"fair.{name}": (getattr(fair, name), {"model": SPLINES, "N": whole(10, 1, huge=False).but(**ANY)})
       for name in ("forward_work", "backward_work", "jacobian_work", "marquardt_work")},
    "fair.splinemlps_like": (fair.splinemlps_like, {
        "model": model(lambda: KAN([2, 5, 1])),
        "hidden": anything_else(lambda: (1, 2), ("a number", 3), ("a half", (1.5,)), ("a zero", (0,)), ("none", ()),
                                ("huge", (10**9,)), Spoilt("a list", list, SAME)),
        "G": whole(5, 1), "seed": seed().but(a_generator_of_numbers=EXTREME)}),
    "fair.refinement_work": (fair.refinement_work, {
        "model": SPLINES, "ladder": anything_else(lambda: (3, 6), ("a number", 3), ("a half", (1.5,)), ("none", ()),
                                                  ("a zero", (0,)), Spoilt("a list", list, SAME)),
        "N": whole(10, 1, huge=False).but(**ANY), "steps": whole(2, 1, huge=False).but(**ANY)}),
    "fair.normal_work": (fair.normal_work, {"R": COUNT, "P": COUNT}),
    "fair.solve_work": (fair.solve_work, {"P": COUNT}),
    "fair.Meter": (meter, {"optimiser": OPTIMISER.but(its_class=EXTREME), "N": whole(N, 1)}),
}  # fmt: skip
