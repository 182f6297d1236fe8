#!/usr/bin/env bash
# flashkan 0.2.0: on a grid of 200 intervals its cubic B-splines, which lie between 0 and 2/3, are wrong by more than 1.
#
# The guess: they are cubic B-splines to the precision of float32, about 1e-6: never negative, and of sum 1. Its docstrings
#   say "exact B-spline values" and "partition of unity".
# What happens: each is a sum of five cut-off cubes that cancel, and the cubes grow with the distance from the first knot
#   in intervals. Wrong by 2e-2 at G = 50, by more than 1 at G = 200; negative values; sums more than 10 away from 1.
# Version: flashkan 0.2.0 with torch 2.13.0 in its default type, float32. Source: `flashkan/basis.py`, the function for
#   tests; its layer calls the same one compiled. Compared with SciPy's design_matrix.
# Who is hurt: whoever refines a grid to be more exact: from some tens of intervals on the curve becomes noise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q torch==2.13.0
venv/bin/pip install -q flashkan==0.2.0 scipy==1.17.1 numpy==2.4.6
cat > try.py <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from flashkan import KANLayer
from flashkan.basis import bspline_basis_eager
from scipy.interpolate import BSpline

torch.set_num_threads(1)
print(f"flashkan {version('flashkan')}, torch {version('torch')}, float32; cubic, G intervals on [-1, 1]")
x = np.linspace(-1, 1, 2001)[:-1]
wrong = {}
for G in (5, 50, 200):
    layer = KANLayer(1, 1, grid_size=G)
    basis = bspline_basis_eager(torch.tensor(x[:, None], dtype=torch.float32), layer.grid_starts, layer.inv_h)
    basis = basis[:, 0].numpy().astype(float)
    exact = BSpline.design_matrix(x, -1 + 2 / G * np.arange(-3, G + 4), 3).toarray()
    wrong[G] = np.abs(basis - exact).max()
    print(f"    G = {G:3}: wrong by {wrong[G]:.0e} at most; smallest value {basis.min():.0e}; "
          f"the sum is {np.abs(basis.sum(axis=1) - 1).max():.0e} away from 1 at most")
assert wrong[5] < 1e-3, "wrong on the coarse grid already; nothing can be said"
assert wrong[200] > 0.5, "no longer so: at G = 200 they are nearly right"
print("still so: at G = 200 the B-splines are wrong by about 1 or more")
PY
venv/bin/python try.py
