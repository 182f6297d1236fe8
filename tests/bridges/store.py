"""Writes what the packages themselves say into tests/bridges/stored/, so that a test without them can compare.

`python -m tests.bridges.store`, with pykan 0.2.8 and efficient-kan 7b6ce1c installed: parameters, samples on the grids
and outside, and outputs, in float64. docs/bridges.md says how to install them.
"""

import json
import tempfile
from pathlib import Path

import numpy as np

from .agreeing import samples

STORED = Path(__file__).parent / "stored"


def main():
    import torch

    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    X = samples(2, N=40)
    write("pykan", X, *pykan(torch, X))
    write("efficient_kan", X, *efficient_kan(torch, X))


def pykan(torch, X):
    """A network with a node that multiplies, a formula and a pruned edge: (config, state, Y)."""
    import yaml
    from kan import KAN

    net = KAN(width=[2, [2, 1], 1], grid=2, k=2, auto_save=False)
    net.update_grid_from_samples(torch.from_numpy(X[:, :] / 3))
    net.fix_symbolic(0, 1, 0, "cos", fit_params_bool=False, verbose=False, log_history=False)
    net.symbolic_fun[0].affine.data[0, 1] = torch.tensor([0.7, 0.3, -1.3, 0.4])
    net.act_fun[0].mask.data[0, 1] = 0
    net.act_fun[1].coef.data = torch.randn(net.act_fun[1].coef.shape)
    net.node_scale_1.data[:] = 1.5
    with tempfile.TemporaryDirectory() as folder:
        net.saveckpt(f"{folder}/mark")
        state = torch.load(f"{folder}/mark_state", weights_only=True)
        config = yaml.safe_load(Path(f"{folder}/mark_config.yml").read_text(encoding="utf-8"))
    return config, state, net(torch.from_numpy(X)).detach()


def efficient_kan(torch, X):
    """A network on uneven grids: ({}, state, Y)."""
    from efficient_kan import KAN

    net = KAN([2, 2, 1], grid_size=3)
    with torch.no_grad():
        net(torch.from_numpy(X / 3), update_grid=True)
        return {}, net.state_dict(), net(torch.from_numpy(X))


def write(name, X, config, state, Y):
    held = {"X": X.tolist(), "Y": Y.tolist(), "config": config,
            "state": {key: value.tolist() for key, value in state.items()}}  # fmt: skip
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in held.items())
    (STORED / f"{name}.json").write_text(f"{{{lines}}}\n", encoding="utf-8")


def read(name):
    """(config, {name: array}, X, Y) of what `write` wrote."""
    held = json.loads((STORED / f"{name}.json").read_text(encoding="utf-8"))
    return held["config"], {key: np.array(value) for key, value in held["state"].items()}, *map(
        np.array, (held["X"], held["Y"]))  # fmt: skip


if __name__ == "__main__":
    main()
