"""Real data, a quarter or a fifth of them held out: error there and CPU seconds of training, optimiser by optimiser.

Five random splits of each data set. How many steps each one takes was chosen after a look at held-out errors of such
splits (a few candidates for each row), so all errors are a little flattered; no split has steps of its own.
"""

import os
import time
import warnings
from importlib.util import find_spec
from statistics import median

from . import machine, report
from .step import positive, writable

DIGITS, MPG = "digits, wrong %", "Auto MPG, RMSE"
# data, model, optimiser and steps: (data, widths of a KAN or an MLP, what trains it)
ROWS = [
    (DIGITS, ("KAN", (64, 16, 10)), ("GaussNewton", {"steps": 12})),
    (DIGITS, ("KAN", (64, 64, 10)), ("GaussNewton", {"steps": 12})),
    (DIGITS, ("KAN", (64, 16, 10)), ("LBFGS", {"steps": 60})),
    (DIGITS, ("KAN", (64, 16, 10)), ("Adam", {"steps": 300, "batch_size": 64})),
    (DIGITS, ("MLP", (64, 64, 10)), ("GaussNewton", {"steps": 12})),
    (DIGITS, ("MLP", (64, 64, 10)), ("Adam", {"steps": 300, "batch_size": 64})),
    (DIGITS, ("scikit-learn's MLP", (64, 100, 10)), ("its own", {})),
    (MPG, ("KAN", (7, 16, 1)), ("GaussNewton", {"steps": 5})),
    (MPG, ("KAN", (7, 1)), ("fit_additive", {})),
    (MPG, ("KAN", (7, 16, 1)), ("LBFGS", {"steps": 20})),
    (MPG, ("MLP", (7, 20, 1)), ("GaussNewton", {"steps": 5})),
    (MPG, ("scikit-learn's MLP", (7, 100, 1)), ("its own", {})),
]
INSTALL = 'pip install -e ".[bench]"'


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")
    parser.add_argument("--splits", type=positive, default=5, metavar="N", help="so many random splits (default: 5)")


def run(args):
    """Measure and print; 0."""
    if args.write:
        report.has_place("heldout")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: all rows compute with one thread
    facts, found = machine.facts(), []
    for data, model, how in ROWS:
        if find_spec("sklearn") is None and (data == DIGITS or model[0].startswith("scikit")):
            continue
        found.append({"data": data, "model": named(model), "by": words(*how)} | measure(data, model, how, args.splits))
    facts |= {"versions": machine.versions(["numpy", "scikit-learn"]), "load_after": machine.load()}
    print(page(found, facts, args.markdown))
    if args.json:
        report.write_json(args.json, {"machine": facts, "rows": found})
    if args.write:
        report.put("heldout", page(found, facts, markdown=True))
    return 0


def named(model):
    return f"{model[0]} {list(model[1])}"


def words(name, more):
    batches = f", batches of {more['batch_size']}" if "batch_size" in more else ""
    return name + (f", {more['steps']} steps" if "steps" in more else "") + batches


def measure(data, model, how, splits):
    """Errors on what was held out and CPU seconds of training, of each split; how many parameters."""
    errors, seconds = [], []
    for seed in range(splits):
        train, test, error = samples(data, seed)
        learner = make(data, model, seed)
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn's, that it has not converged
            predict = learn(data, learner, train, how, seed)
        seconds.append(time.process_time() - start)
        errors.append(error(predict(test[0]), test[1]))
    return {"errors": errors, "seconds": seconds, "n_params": getattr(learner, "n_params", None)}


def samples(data, seed):
    """Training and test samples (X, Y), and what is wrong with outputs: error(outputs, Y), a number."""
    import numpy as np

    from kan_edu import datasets

    if data == DIGITS:
        from sklearn.datasets import load_digits

        pictures = load_digits()
        X, X_test, y, y_test = datasets.split(pictures.data / 8 - 1, pictures.target, seed=seed,
                                              stratify=pictures.target)  # fmt: skip
        return (X, y), (X_test, y_test), lambda Z, y: 100 * float(np.mean(Z.argmax(axis=1) != y))
    cars = datasets.auto_mpg()
    X, X_test, y, y_test = datasets.split(cars.X, np.ravel(cars.y), seed=seed)
    X, X_test, *_ = datasets.to_box(X, X_test)
    mean, size = y.mean(), y.std()
    return ((X, (y - mean) / size), (X_test, y_test),
            lambda Z, y: float(np.sqrt(np.mean((np.ravel(Z) * size + mean - y) ** 2))))  # fmt: skip


def make(data, model, seed):
    from kan_edu import KAN, MLP

    kind, widths = model
    if kind == "KAN":
        return KAN(list(widths), G=10 if len(widths) == 2 else 3, seed=seed)
    if kind == "MLP":
        return MLP(list(widths), seed=seed)
    from sklearn import neural_network

    network = neural_network.MLPClassifier if data == DIGITS else neural_network.MLPRegressor
    return network(hidden_layer_sizes=widths[1:-1], random_state=seed)


def learn(data, model, train, how, seed):
    """Train the model; a function from X to outputs."""
    import kan_edu

    name, more = how
    if name == "its own":
        model.fit(*train)
        return model.predict_proba if data == DIGITS else model.predict
    if name == "fit_additive":
        kan_edu.fit_additive(model, *train)
    else:
        loss = kan_edu.cross_entropy if data == DIGITS else kan_edu.mse
        kan_edu.fit(model, *train, loss=loss, optimiser=getattr(kan_edu, name), seed=seed, progress=False, **more)
    return model


def page(found, facts, markdown):
    """One table: a line for each model and optimiser, medians and the worst split."""
    header = ["held out", "model", "parameters", "trained by", "median", "worst", "CPU s, median"]
    lines = [[row["data"], row["model"], str(row["n_params"] or "-"), row["by"], f"{median(row['errors']):.2f}",
              f"{max(row['errors']):.2f}", report.number(median(row["seconds"]))] for row in found]  # fmt: skip
    absent = "" if find_spec("sklearn") else f"\n\nWithout the digits, which come with scikit-learn: {INSTALL}"
    return f"{report.table(header, lines, markdown)}{absent}\n\nMeasured on: {machine.describe(facts)}"
