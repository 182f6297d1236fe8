#!/usr/bin/env bash
# scikit-learn 1.9.1: of a masked array it uses what lies under the mask, and its imputer leaves it there.
#
# The guess: values that are masked are left out, filled in, or refused, as NaN is.
# What happens: the mask is dropped without a word. One reading of -9999 of ten, masked in X or in y, is what the model
#   learns from; SimpleImputer hands it on; mean_squared_error counts it. numpy.ma.polyfit and the array's own mean leave
#   it out.
# Version: scikit-learn 1.9.1 with NumPy 2.4.6. Source: `check_array` of sklearn/utils/validation.py asks for a plain
#   array, and `numpy.asarray` of a masked one is what lies under the mask.
# Who is hurt: whoever has their data from netCDF or FITS files, whose readers mark what is missing by masks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q scikit-learn==1.9.1 numpy==2.4.6
cat > try.py <<'PY'
import warnings
from importlib.metadata import version

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

warnings.simplefilter("error")
print(f"scikit-learn {version('scikit-learn')}: y = 2x at x = 0, ..., 9, of which the fifth is -9999 and masked")
x = np.arange(10.0)
X, y = x[:, None], 2 * x
lost = np.ma.masked_array(np.where(x == 4, -9999, x), mask=x == 4)
marks = np.ma.masked_array(np.where(x == 4, -9999, y), mask=x == 4)
in_x = LinearRegression().fit(lost[:, None], y).predict([[20.0]])[0]
in_y = LinearRegression().fit(X, marks).predict([[20.0]])[0]
slope, start = np.ma.polyfit(x, marks, 1)
print(f"    at x = 20: {slope * 20 + start:.1f} by numpy.ma.polyfit; {in_x:.1f} by LinearRegression with the mask in X, "
      f"{in_y:.1f} with it in y")
filled = SimpleImputer().fit_transform(lost[:, None])[4, 0]
print(f"    SimpleImputer fills in {filled:g}; the mean square error of y against itself is "
      f"{mean_squared_error(marks, y):.3g}")
assert abs(slope * 20 + start - 40) < 1e-9, "NumPy does not leave it out either; nothing can be said"
assert min(abs(in_x - 40), abs(in_y - 40)) > 20 and filled == -9999, "no longer so"
print("still so: what lies under the mask is used, without a warning")
PY
venv/bin/python try.py
