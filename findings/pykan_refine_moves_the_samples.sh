#!/usr/bin/env bash
# pykan 0.2.8: to refine the grid of a trained network can spoil it, even at its own samples.
#
# The guess: `model.refine(G)` keeps what was learnt, at least where there are samples: with 20 samples and 19 or 35
#   coefficients an edge there are curves that go through all of them.
# What happens: the curve moves by more than 1 at the samples for G = 32 (the target is a sine, between -1 and 1), and
#   in some processes by 0.1 for G = 16: the amount changes from process to process. Nothing is raised or warned of.
#   The coefficients come from torch.linalg.lstsq with its default driver on a CPU, gelsy, which in this version takes
#   the rank of a spline matrix for less than it is. With the driver gelsd put in its place the samples stay to 1e-10.
# Version: pykan 0.2.8 with torch 2.13.0. Source: `curve2coef` in kan/spline.py; for torch, its issue 187411.
# Who is hurt: whoever refines a grid with few samples, sees the loss jump and takes that for overfitting.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q torch==2.13.0
venv/bin/pip install -q pykan==0.2.8 numpy==2.4.6 matplotlib scikit-learn pandas pyyaml sympy tqdm  # it declares none
cat > try.py <<'PY'
import contextlib, io
from importlib.metadata import version

import numpy as np
import torch
from kan import KAN

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
x = torch.tensor(np.random.default_rng(1).uniform(-1, 1, (20, 1)))
y = torch.sin(3 * x)
data = {"train_input": x, "train_label": y, "test_input": x, "test_label": y}


def moved(G):
    "Train on 4 intervals, refine to G; by how much the network changes at its 20 samples."
    model = KAN(width=[1, 1], grid=4, k=3, seed=0, auto_save=False)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        model.fit(data, opt="LBFGS", steps=30, log=1000)
    with torch.no_grad():
        before = model(x).clone()
        return (model.refine(G)(x) - before).abs().max().item()


def gelsd(A, b, lstsq=torch.linalg.lstsq):
    return lstsq(A, b, driver="gelsd")


print(f"pykan {version('pykan')}, torch {version('torch')}; largest change at the samples")
default = {G: moved(G) for G in (8, 16, 32)}
torch.linalg.lstsq = gelsd
other = {G: moved(G) for G in (8, 16, 32)}
for G in default:
    print(f"refined from 4 to {G:2} intervals: {default[G]:.1e}, with the driver gelsd {other[G]:.1e}")
assert default[32] > 0.1, "no longer so: the samples stay"
assert other[32] < 1e-8, "no longer so: gelsd moves them too"
print("still so: the samples move, and with another driver they do not")
PY
for _ in 1 2 3; do venv/bin/python try.py && exit 0; done  # the amount changes from process to process, and may be small
exit 1
