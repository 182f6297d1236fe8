#!/usr/bin/env bash
# SciPy 1.17.1: `make_lsq_spline` answers with NaN, without a word, where its other method raises an error.
#
# The guess: where the samples do not determine the coefficients, a least-squares fit says so, or takes the smallest.
# What happens: with 20 samples and 19 coefficients, but three knots with no sample between them and so no sample in the
#   support of some B-splines (Schoenberg and Whitney's condition), the default method "qr" returns a spline that is NaN
#   at every sample: no error, no warning. The method "norm-eq" raises LinAlgError on the same input. The page asks for
#   the condition and does not say what happens without it.
# Version: SciPy 1.17.1 with NumPy 2.4.6. Source: its output.
# Who is hurt: whoever refines the grid of a spline or an edge of a KAN until an interval has no sample: the NaN is in the
#   coefficients, and shows first as the loss of the next step.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q scipy==1.17.1 numpy==2.4.6
cat > try.py <<'PY'
import warnings
from importlib.metadata import version

import numpy as np
from scipy.interpolate import make_lsq_spline

x = np.sort(np.random.default_rng(0).uniform(-1, 1, 20))
y = np.sin(3 * x)
print(f"scipy {version('scipy')}, numpy {version('numpy')}; 20 samples of sin(3x), cubic, G even intervals on [-1, 1]")


def fitted(G, method):
    """What the fit does, in words."""
    t = np.r_[[-1] * 3, np.linspace(-1, 1, G + 1), [1] * 3]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            spline = make_lsq_spline(x, y, t, k=3, method=method)
    except np.linalg.LinAlgError as error:
        return f"LinAlgError: {error}"
    error = np.abs(spline(x) - y)
    return f"{np.isnan(error).sum()} of {len(x)} samples are NaN" if np.isnan(error).any() else "a good fit"


said = {(G, method): fitted(G, method) for G in (8, 16) for method in ("qr", "norm-eq")}
for (G, method), words in said.items():
    print(f'    G = {G:2}, {G + 3} coefficients, method="{method}": {words}')
assert said[8, "qr"] == said[8, "norm-eq"] == "a good fit", "the coarse fit fails; nothing can be said"
assert said[16, "norm-eq"].startswith("LinAlgError"), "no longer so: norm-eq does not raise"
assert said[16, "qr"] == "20 of 20 samples are NaN", "no longer so: qr"
print("still so: the default method answers with NaN and says nothing")
PY
venv/bin/python try.py
