#!/usr/bin/env bash
# scikit-learn 1.9.1: a class that is missing in a list of words is learnt as a class of the name "nan".
#
# The guess: "Input contains NaN", as for the same words in an array of objects or a column of pandas.
# What happens: a list of words with a NaN becomes an array of words, in which NaN is the word "nan". Classifiers learn
#   three classes of two and predict "nan"; `y.tolist()` of a column that is refused is enough. No warning.
# Version: scikit-learn 1.9.1 with pandas 3.1.1 and NumPy 2.4.6. Source: `numpy.asarray(["a", float("nan")])`, which
#   `check_array` of sklearn/utils/validation.py calls before it looks for NaN.
# Who is hurt: whoever has labels in a list, from JSON or a loop, with gaps: the model has a class that nobody named, and
#   its accuracy counts it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q scikit-learn==1.9.1 pandas==3.1.1 numpy==2.4.6
cat > try.py <<'PY'
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

warnings.simplefilter("error")
print(f"scikit-learn {version('scikit-learn')}, pandas {version('pandas')}: cat, dog and, in the last two rows, NaN")
X = np.arange(8.0)[:, None]
column = pd.Series(["cat", "dog"] * 3 + [np.nan] * 2)
for model in (LogisticRegression(), DecisionTreeClassifier(), KNeighborsClassifier(1)):
    try:
        model.fit(X, column)
        refused = False
    except ValueError as error:
        refused = "NaN" in str(error)
    assert refused, "a column with NaN is not refused either; nothing can be said"
    model.fit(X, column.tolist())
    said = f"{model.classes_.tolist()}, predicts {model.predict(X[-1:])[0]!r}"
    print(f"    {type(model).__name__:22} refuses the column; of column.tolist() it makes {said}")
    assert model.classes_.tolist() == ["cat", "dog", "nan"], "no longer so"
print('still so: NaN in a list is a class, "nan"')
PY
venv/bin/python try.py
