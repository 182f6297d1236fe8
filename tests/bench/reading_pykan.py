"""pykan 0.2.8 on a few of the rows, by its own recipe: train, prune, train, auto_symbolic, train; shown beside ours."""

import time
from importlib import metadata, util

NAMES = ("toy", "product", "ratio", "I.16.6", "I.27.6")
SHORT = ["x", "x^2", "1/x", "exp", "log", "sqrt", "sin", "tanh"]
WIDTHS = {"product": [2, [0, 1], 1], "ratio": [2, [0, 1], 1]}


def page(rows, samples=1000, steps=50):
    """A table, or a line that says that pykan is not installed."""
    if util.find_spec("kan") is None:
        return "### pykan\n\nNot measured: pykan is not installed (extra `bench`)."
    from .report import table

    lines = []
    for row in rows:
        for library in (None, SHORT) if row.name in NAMES else ():
            exact, cpu, words = read(row, library, samples, steps)
            lines.append([row.name, "short" if library else "its own", "yes" if exact else "no", f"{cpu:.0f}", words])
            print("pykan", *lines[-1], flush=True)
    header = ["row", "library", "exact", "CPU s", "as read"]
    return f"### pykan {metadata.version('pykan')}, noise 0\n\n{table(header, lines, True)}"


def read(row, library, samples, steps):
    """(exact, CPU seconds, formula as text) of one row; widths [n, 2, 1], or one product node where the law is one."""
    import contextlib
    import io
    import tempfile

    import numpy as np
    import torch
    from kan import KAN

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    X = row.sample(samples, rng)
    y = row.f(X)[:, None]
    data = {f"{part}_{kind}": torch.tensor(v, dtype=torch.float32)
            for part in ("train", "test") for kind, v in (("input", X), ("label", y))}  # fmt: skip
    start = time.process_time()
    try:
        with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
            model = KAN(WIDTHS.get(row.name, [len(row.ranges), 2, 1]), grid=5, k=3, seed=0, ckpt_path=folder)
            model.fit(data, opt="LBFGS", steps=steps, lamb=0.001)
            model = model.prune()
            model.fit(data, opt="LBFGS", steps=steps)
            model.auto_symbolic(**({"lib": library} if library else {}))
            model.fit(data, opt="LBFGS", steps=steps)
            formula = model.symbolic_formula(var=row.names)[0][0]
    except Exception as error:  # whatever it stumbles over is its result
        return False, time.process_time() - start, f"{type(error).__name__}: {error}"[:60]
    cpu = time.process_time() - start
    import sympy

    with np.errstate(all="ignore"):
        read = sympy.lambdify(row.names, formula)(*X.T) * np.ones(len(X))
    return bool(np.abs(read - y[:, 0]).max() < 1e-6 * y.std()), cpu, str(sympy.N(formula, 3))[:60]
