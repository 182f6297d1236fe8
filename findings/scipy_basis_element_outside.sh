#!/usr/bin/env bash
# SciPy 1.17.1: the sum of all B-splines made by `BSpline.basis_element` is 8 where it should be 1.
#
# The guess: `BSpline.basis_element(t)` is the B-spline on the knots t: zero outside them, so that all of them on a knot
#   vector sum to 1 between its inner knots, as the columns of `BSpline.design_matrix` do.
# What happens: outside its knots it goes on as its first or last polynomial, and with `extrapolate=False` it is NaN
#   there; it is zero in neither case. For degree 2 on the knots 0..8 the sum at x = 2 is 8. For degree 0 a knot belongs
#   to both its neighbours: with the NaN counted as 0 the sum at a knot is 2. The page says "extrapolate beyond the base
#   interval, or return nans"; which of them a B-spline by its definition has, it does not say.
# Version: SciPy 1.17.1 with NumPy 2.4.6. Source: its output beside that of its own `design_matrix`.
# Who is hurt: whoever builds an edge of a KAN, or a page that teaches B-splines, from their definition.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q scipy==1.17.1 numpy==2.4.6
cat > try.py <<'PY'
from importlib.metadata import version

import numpy as np
from scipy.interpolate import BSpline

t = np.arange(9.0)
x = np.array([2.0, 2.5, 3.0, 4.0, 5.0, 6.0])


def elements(k, **options):
    return [BSpline.basis_element(t[m : m + k + 2], **options)(x) for m in range(len(t) - k - 1)]


matrix = BSpline.design_matrix(x, t, 2).toarray().sum(axis=1)
default = np.sum(elements(2), axis=0)
cut = np.sum(elements(2, extrapolate=False), axis=0)
steps = np.nansum(elements(0, extrapolate=False), axis=0)
print(f"scipy {version('scipy')}, numpy {version('numpy')}; the sum of all B-splines on the knots 0..8 at x = {x}")
print(f"    degree 2, design_matrix:                     {matrix}")
print(f"    degree 2, basis_element:                     {default}")
print(f"    degree 2, basis_element, extrapolate=False:  {cut}")
print(f"    degree 0, the same, NaN counted as 0:        {steps}")
assert np.allclose(matrix, 1), "the matrix does not sum to 1; nothing can be said"
assert np.isclose(default[0], 8), "no longer so: no 8"
assert np.isnan(cut).all(), "no longer so: outside is not NaN"
assert np.array_equal(steps, [2, 1, 2, 2, 2, 2]), "no longer so: a knot belongs to one interval"
print("still so: outside its knots a B-spline of basis_element is not 0")
PY
venv/bin/python try.py
