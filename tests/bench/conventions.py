"""What each package of KANs computes, keeps at a grid change, does outside its grid and saves: as measured.

`python -m tests.bench.conventions` prints the table of docs/peers.md. Each network has one edge with a cubic spline on
[-1, 1], G = 5, random coefficients and the type float32, and is used as its documentation uses it. A package that is
not installed, or fails, says so in its row. What each draws is the one column that is listed, not measured.
"""

import os
import tempfile
from importlib.metadata import PackageNotFoundError, version

import numpy as np

FAR = 3.0  # an x outside the grid, and outside the last knot of a grid with three more intervals at each end
SAMPLES = np.linspace(-1, 1, 1000, endpoint=False)[:, None]


def ours():
    from kan_edu import KAN, grids

    model = KAN([1, 1], G=5, k=3, seed=0, dtype=np.float32)
    model.theta[:] = np.random.default_rng(0).normal(size=model.theta.size)

    def save(path):
        model.save(path + ".npz")
        return KAN.load(path + ".npz")

    return {"f": model, "refine": lambda: grids.extend(model, G=10), "save": save, "how": "`grids.extend`",
            "saves": "`save`: npz without pickle", "draws": "network, edges, grids, live apps"}  # fmt: skip


def of_torch(model, how="", refine=None, draws="-", make=None):
    import torch

    with torch.no_grad():
        torch.manual_seed(0)
        for parameter in model.parameters():
            if parameter.requires_grad and parameter.is_floating_point():
                parameter.copy_(torch.randn_like(parameter))

    def f(X, model=model):
        with torch.no_grad():
            return model(torch.tensor(X, dtype=torch.float32)).numpy()

    def save(path):
        torch.save(model.state_dict(), path)
        other = make()
        other.load_state_dict(torch.load(path))
        return lambda X: f(X, other)

    return {
        "f": f,
        "refine": refine,
        "save": make and save,
        "how": how,
        "saves": "torch's `state_dict`",
        "draws": draws,
    }


def pykan():
    import torch
    from kan import KAN

    def make():
        return KAN(width=[1, 1], grid=5, k=3, seed=0, auto_save=False)

    model = make()
    kan = of_torch(model, "`refine`", draws="network, edges", make=make)

    def refine():
        model(torch.tensor(SAMPLES, dtype=torch.float32))  # its refine needs the activations of samples
        finer = model.refine(10)
        kan["f"] = lambda X: finer(torch.tensor(X, dtype=torch.float32)).detach().numpy()

    def save(path):
        model.saveckpt(path)
        other = KAN.loadckpt(path)
        return lambda X: other(torch.tensor(X, dtype=torch.float32)).detach().numpy()

    return {**kan, "refine": refine, "save": save, "saves": "`saveckpt`: three files", "kan": kan}


def inkan():
    from inkan import KANNetwork

    def make():
        return KANNetwork([1, 1], grid_size=5, compile_basis=False)

    return of_torch(make(), draws="network, edges, B-splines", make=make)


def flashkan():
    import flashkan.layer
    from flashkan import KANNetwork
    from flashkan.basis import bspline_basis_eager

    flashkan.layer.bspline_basis = bspline_basis_eager  # the same function, not compiled

    def make():
        return KANNetwork([1, 1], grid_size=5)

    return of_torch(make(), draws="network, edges, B-splines", make=make)


def kanditioned():
    from KANditioned.kan_layer import KANLayer

    def make():
        return KANLayer(1, 1, init="zero", num_control_points=8, spline_width=2.0, impl="embedding_bag")

    return of_torch(make(), draws="edges", make=make)


def jaxkan():
    from jaxkan.models.KAN import KAN

    model = KAN([1, 1], "spline", {"k": 3, "G": 5, "grid_range": (-1, 1)}, seed=0)
    return {
        "f": lambda X, model=model: np.asarray(model(np.asarray(X, dtype=np.float32))),
        "how": "`update_grids`",
        "refine": lambda: model.update_grids(SAMPLES.astype(np.float32), 10),
        "save": None,
        "saves": "nothing of its own; flax's ways not tried",
        "draws": "-",
    }


PACKAGES = {"kan_edu": ("kan-edu", ours), "pykan": ("pykan", pykan), "inkan": ("inkan", inkan),
            "flashkan": ("flashkan", flashkan), "kanditioned": ("kanditioned", kanditioned),
            "jaxkan": ("jaxkan", jaxkan)}  # fmt: skip


def outside(f):
    """How f goes on beyond the grid: what is left of it when the best a + b x + c silu(x) is taken away."""
    x = np.linspace(FAR, FAR + 2, 21)
    y = f(x[:, None])[:, 0].astype(float)
    silu = x / (1 + np.exp(-x))
    line = [np.ones_like(x), x]
    for words, columns in {
        "silu(x) alone": [silu],
        "straight on": line,
        "straight on, and silu(x)": [*line, silu],
    }.items():
        A = np.stack(columns, axis=1)
        if np.abs(A @ np.linalg.lstsq(A, y, rcond=None)[0] - y).max() < 1e-4 * np.abs(y).max():
            return words
    return "something else"


def pieces(f):
    """Degree of the pieces: a cubic has constant third differences inside an interval, a straight piece no second."""
    x = np.linspace(0.21, 0.27, 7)  # inside an interval of 5 on [-1, 1], and of 7
    silu = x / (1 + np.exp(-x))
    y = f(x[:, None])[:, 0].astype(float)
    for degree in (1, 3):
        A = np.column_stack([np.vander(x - x.mean(), degree + 1), silu])
        if np.abs(A @ np.linalg.lstsq(A, y, rcond=None)[0] - y).max() < 1e-5 * np.abs(y).max():
            return {1: "straight pieces", 3: "cubic pieces"}[degree]
    return "something else"


def row(name):
    """The cells of one package, as measured."""
    distribution, make = PACKAGES[name]
    try:
        cells = [f"{name} {version(distribution)}"]
    except PackageNotFoundError:
        return [name, "not installed", *[""] * 4]
    made = make()
    before = made["f"](SAMPLES).copy()
    cells.append(pieces(made["f"]))
    beyond = outside(made["f"])
    with tempfile.TemporaryDirectory() as folder:
        kept = made["save"] and np.abs(made["save"](os.path.join(folder, "model"))(SAMPLES) - before).max()
    saves = made["saves"] + ("" if kept is None else f"; back to {kept:.0e}" if kept else "; back exactly")
    if made["refine"]:
        made["refine"]()
        after = (made.get("kan") or made)["f"](SAMPLES)
        change = f"{made['how']} 5 to 10: moves by {np.abs(after - before).max() / np.abs(before).max():.0e}"
    else:
        change = "cannot change its grid"
    return [*cells, change, beyond, saves, made["draws"]]


def main():
    header = ["package", "an edge is", "at a grid change", "outside the grid", "saves", "draws"]
    print("| " + " | ".join(header) + " |\n" + "|---" * len(header) + "|")
    for name in PACKAGES:
        try:
            cells = row(name)
        except Exception as error:  # one package that fails is one row
            cells = [name, f"failed: {type(error).__name__}: {error}"[:80], *[""] * 4]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
