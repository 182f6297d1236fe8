"""scikit-learn's own questions to an estimator: each of them is asked, none is skipped, and none is excused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, warnings
from sklearn.utils.estimator_checks import check_estimator
from kan_edu.sklearn import KANClassifier, KANRegressor

warnings.simplefilter("ignore")
for model in [KANRegressor(starts=1, grids=(3,), steps=3), KANClassifier(starts=1, steps=10, early_stopping=True)]:
    answers = check_estimator(model, on_skip=None, on_fail=None)
    print(json.dumps([[one["check_name"], one["status"], str(one["exception"])[:500]] for one in answers]))
"""


def test_scikit_learn_finds_nothing_wrong():
    """In a Python of its own: SciPy looks once, when it is loaded, whether arrays of other libraries are meant too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCIPY_ARRAY_API": "1"}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for answers in map(json.loads, done.stdout.splitlines()[-2:]):
        assert len(answers) > 40 and [one for one in answers if one[1] != "passed"] == []
