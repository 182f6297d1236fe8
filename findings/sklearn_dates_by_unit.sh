#!/usr/bin/env bash
# scikit-learn 1.9.1: a model that has learnt from a column of dates predicts otherwise for the same dates in another unit.
#
# The guess: a column of dates is refused, or the same dates give the same predictions.
# What happens: dates become the number of their units since 1970, and nothing remembers the unit. pandas says that the
#   two tables are equal; read_csv makes microseconds, a Series of NumPy's days makes seconds. Trees, forests, nearest
#   neighbours, SVR and StandardScaler then answer for 1970, all dates alike, without a warning. (LinearRegression stops,
#   for NumPy multiplies no dates.)
# Version: scikit-learn 1.9.1 with pandas 3.1.1 and NumPy 2.4.6. Source: `check_array` of sklearn/utils/validation.py,
#   which converts whatever `numpy.asarray(X, dtype=float)` converts; scikit-learn/scikit-learn#10590 asks about it, open.
# Who is hurt: whoever trains on dates of a CSV and predicts for a table made otherwise: predictions look sound, and are
#   those of another time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q scikit-learn==1.9.1 pandas==3.1.1 numpy==2.4.6
cat > try.py <<'PY'
import io
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

warnings.simplefilter("error")
print(f"scikit-learn {version('scikit-learn')}, pandas {version('pandas')}: y grows by 1 a month, 0 to 4")
months = [f"2024-0{n}-01" for n in range(1, 6)]
learnt = pd.read_csv(io.StringIO("\n".join(["day", *months])), parse_dates=["day"])
asked = pd.DataFrame({"day": pd.Series([np.datetime64(month) for month in months])})
print(f"    learnt from {learnt['day'].dtype}, asked for {asked['day'].dtype}; "
      f"all dates are equal: {(learnt == asked).all().all()}")
assert (learnt == asked).all().all(), "the dates are not the same; nothing can be said"
for model in (DecisionTreeRegressor(), RandomForestRegressor(10, random_state=0), KNeighborsRegressor(1), SVR()):
    model.fit(learnt, np.arange(5.0))
    same, other = model.predict(learnt), model.predict(asked)
    print(f"    {type(model).__name__:22} {same.round(1)} and {other.round(1)}")
    assert np.ptp(same) > 1, "it has learnt nothing; nothing can be said"
    assert np.ptp(other) == 0, "no longer so: the unit does not decide"
print("still so: the same dates in seconds get one and the same answer, without a warning")
PY
venv/bin/python try.py
