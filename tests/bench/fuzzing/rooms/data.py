"""What the lessons learn from: gates, clouds, functions, tables, labels, pictures."""

import numpy as np

from kan_edu import datasets, pictures

from ..arguments import ANYTHING, EXTREME, MAYBE, SAME, Argument, Spoilt, constant
from ..arrays import Frame, matrix, one_object, outputs, vector
from ..values import choice, function, names, real, seed, whole


def cloud(n=2):
    return np.random.default_rng(1).uniform(-1, 1, (9, n))


def words():
    return np.array(["USA", "Japan", "USA", "Europe", "Japan", "USA", "Europe", "USA", "Japan"])


def numbered():
    return np.array([2, 1, 2, 0, 1, 2, 0, 2, 1])


CLASSES = ("Europe", "Japan", "USA")
FEW = whole(7, 1)
NOISE = real(0.1, 0)
# Words, one of three, for each of nine samples.
WORDS = Argument(words, (
    *(way for way in ANYTHING if way.label != "a word"), Spoilt("a word", constant("abc")),
    Spoilt("a number", constant(0.5)), Spoilt("a function", constant(np.sin)), Spoilt("None inside", one_object(None)),
    Spoilt("NaN inside", one_object(np.nan)), Spoilt("a number inside", one_object(0.5)),
    Spoilt("a list inside", one_object([1, 2])), Spoilt("bytes inside", one_object(b"USA")),
    Spoilt("fractions", lambda w: np.arange(len(w)) + 0.5), Spoilt("NaN", lambda w: np.full(len(w), np.nan)),
    Spoilt("inf", lambda w: np.full(len(w), np.inf)), Spoilt("complex", lambda w: np.arange(len(w)) + 1j),
    Spoilt("dates", lambda w: np.arange(len(w)).astype("M8[D]")),
    Spoilt("lengths of time", lambda w: np.arange(len(w)).astype("m8[D]")),
    Spoilt("masked", lambda w: np.ma.masked_equal(w, "USA")),
    Spoilt("two columns", lambda w: np.stack([w, w], axis=1)), Spoilt("a row", lambda w: w[None, :]),
    Spoilt("3-D", lambda w: w[:, None, None]), Spoilt("empty", lambda w: w[:0]), Spoilt("an empty list", constant([])),
    Spoilt("as bytes", lambda w: w.astype(bytes)), Spoilt("a column", lambda w: w[:, None], SAME),
    Spoilt("a list", lambda w: w.tolist(), SAME), Spoilt("a tuple", lambda w: tuple(w.tolist()), SAME),
    Spoilt("objects", lambda w: w.astype(object), SAME), Spoilt("a table", Frame, SAME),
    Spoilt("strided", lambda w: np.repeat(w, 2)[::2], SAME),
))  # fmt: skip
STRANGE = Spoilt("another word", lambda w: np.where(w == "USA", "France", w))
# Rows are dealt out as they are: NaN marks what is missing, a date, a word or a fraction stays one.
DEALT = ("NaN", "inf", "-inf", "all NaN", "dates", "a missing date", "lengths of time", "complex",
         "complex without imaginary part", "numerals", "words", "bytes inside", "a word inside", "None inside",
         "an object inside", "a list inside", "a complex inside", "a record array", "3-D", "in a row", "a list",
         "an empty list", "objects", "decimals", "fractions", "a date inside", "10^400 inside", "a decimal NaN inside",
         "a function inside", "the words nan")  # fmt: skip
ROWS = matrix(cloud, columns=False).but(*DEALT, first_only="refuse").also(
    ("an empty list", []), Spoilt("a row less", lambda X: X[:-1]), Spoilt("a list", lambda X: X.tolist(), SAME))
TARGETS_OF = outputs(lambda: cloud(1)).but(
    *DEALT, "a column more", "transposed", "no columns").also(Spoilt("in a row", np.ravel, SAME))  # fmt: skip
STRATA = WORDS.also(
    Spoilt("one less", lambda w: w[:-1]), Spoilt("a class of one", lambda w: np.where(np.arange(len(w)) == 0, "x", w)),
    Spoilt("whole numbers", lambda w: numbered(), SAME)).optional()  # fmt: skip
# Columns to be scaled: a row (N,) and another number of columns are legal for train alone.
TRAIN = matrix(lambda: cloud(2)).but("in a row")
ALONE = TRAIN.but("a column more", "transposed")
OTHER = matrix(lambda: cloud(2) / 2).but("empty", "an empty list", in_a_row="refuse").also(("an empty list", []))
LABELS = vector(numbered).but("1e300", "1e-300", "1e30 away", "one huge", "2^63").also(
    Spoilt("beyond the last", lambda y: y + 1), Spoilt("negative", lambda y: y - 1),
    Spoilt("probabilities", lambda y: y / 3), Spoilt("1e300", lambda y: y * 1e300),
    Spoilt("2^63", lambda y: np.full(len(y), 2**63, dtype=np.uint64)))  # fmt: skip
PICTURE = matrix(lambda: np.random.default_rng(2).random((4, 5)), columns=False).also(
    Spoilt("no columns", lambda z: np.zeros((len(z), 0))))  # fmt: skip
PLACES = vector(lambda: np.linspace(0, 1, 9), length=True).but(
    "a column", "a row", "two columns", "3-D", "a number", "1e300", "1e30 away", "one huge", "2^63").also(
    Spoilt("a column", lambda x: x[:, None], MAYBE), Spoilt("two columns", lambda x: np.stack([x, x], axis=1)),
    Spoilt("a number", constant(0.5), EXTREME), Spoilt("beyond 1", lambda x: x * 1.01),
    Spoilt("below 0", lambda x: x - 0.01), Spoilt("1e300", lambda x: x * 1e300),
    Spoilt("as rows and columns", lambda x: x[:, None] + 0 * x))  # fmt: skip
MISSING = choice("drop")
OWN = function(lambda X: X[:, :1] ** 2)
SCALED = {"train": TRAIN, "other": OTHER}

FUNCTIONS = {
    "datasets.logic_gate": (datasets.logic_gate, {"name": choice("XOR")}),
    "datasets.moons": (datasets.moons, {"N": FEW, "noise": NOISE, "seed": seed()}),
    "datasets.spirals": (datasets.spirals, {
        "N": FEW, "turns": real(1.5, -1e6, 1e6), "noise": NOISE, "seed": seed(), "arms": whole(2, 1)}),
    **{f"datasets.{name}": (getattr(datasets, name), {"X": matrix(lambda n=n: cloud(n))}) for name, n in (
        ("exp_sine", 2), ("product", 2), ("bessel", 1), ("exp_two_sines", 4))},
    "datasets.exp_mean_sine": (datasets.exp_mean_sine, {"X": matrix(lambda: cloud(5)).but(
        "a column more", "transposed")}),
    "datasets.bessel_j0": (datasets.bessel_j0, {"x": vector(lambda: np.linspace(-3, 20, 9)).but(
        "a row", "two columns", "3-D")}),
    "datasets.Target": (lambda f, X: datasets.Target(f, 2, "")(X), {"f": OWN, "X": matrix(cloud).but(
        "a column more", "transposed")}),
    "datasets.sample": (datasets.sample, {
        "target": choice("f1").also(("a number", 3.0), ("an array", np.ones(3))), "N": FEW, "seed": seed(),
        "noise": NOISE}),
    "datasets.sample of f5": (lambda n_in, N: datasets.sample("f5", N, n_in=n_in), {
        "n_in": whole(3, 1).optional().also(Spoilt("none given", constant(None), EXTREME)), "N": FEW}),
    "datasets.sample of a function": (datasets.sample, {
        "target": OWN.but("a word"), "N": FEW, "n_in": whole(2, 1)}),
    "datasets.sample of a Target": (lambda f, n_in, lo, hi: datasets.sample(datasets.Target(f, n_in, "", lo, hi), 7), {
        "f": OWN, "n_in": whole(2, 1), "lo": real(0.0).also(("at hi", 2.0), ("beyond hi", 3.0)), "hi": real(2.0)}),
    "datasets.auto_mpg": (lambda missing: datasets.auto_mpg(missing), {"missing": MISSING}),
    "datasets.penguins": (lambda missing: datasets.penguins(missing), {"missing": MISSING}),
    "datasets.planets": (datasets.planets, {}),
    "datasets.hydrogen": (datasets.hydrogen, {"series": choice("Balmer").optional()}),
    "datasets.puromycin": (datasets.puromycin, {"state": choice("untreated")}),
    "datasets.one_hot": (datasets.one_hot, {"words": WORDS}),
    "datasets.to_labels": (datasets.to_labels, {"words": WORDS}),
    **{f"datasets.{name} of classes": (getattr(datasets, name), {
        "words": WORDS.also(STRANGE), "classes": names(CLASSES).but("None", "one more").also(
            Spoilt("twice", lambda c: [*c, c[0]]), Spoilt("one more", lambda c: [*c, "more"], EXTREME))})
       for name in ("one_hot", "to_labels")},
    "datasets.to_words": (datasets.to_words, {
        "labels": LABELS, "classes": names(CLASSES).but("one more", "numbers").also(
            Spoilt("twice", lambda c: [*c, c[0]]))}),
    "datasets.own_table": (lambda X, y: datasets.own_table((X, y)), {
        "X": matrix(lambda: np.random.default_rng(2).uniform(-1, 1, (12, 2)), columns=False),
        "y": vector(lambda: np.linspace(0, 1, 12), length=True)}),
    "datasets.split": (lambda X, y, share, seed: datasets.split(X, y, share, seed), {
        "X": ROWS, "y": TARGETS_OF, "share": real(0.7, 0, 1, open_ends=True), "seed": seed()}),
    "datasets.split by classes": (lambda stratify, share: datasets.split(cloud(), numbered(), share, 3, stratify), {
        "stratify": STRATA, "share": real(0.7, 0, 1, open_ends=True)}),
    "datasets.standardise": (datasets.standardise, {"train": ALONE}),
    "datasets.to_box": (datasets.to_box, {"train": ALONE}),
    "datasets.standardise both": (lambda train, other: datasets.standardise(train, other), SCALED),
    "datasets.to_box both": (lambda train, other: datasets.to_box(train, other), SCALED),
    "pictures.letters": (pictures.letters, {"side": whole(9, 1)}),
    "pictures.function_of": (lambda picture: pictures.function_of(picture)(0.3, 0.6), {"picture": PICTURE}),
    "pictures.function_of at": (lambda x, y: pictures.function_of(np.eye(4))(x, y), {"x": PLACES, "y": PLACES}),
}  # fmt: skip
