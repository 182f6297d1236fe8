"""The bench of reading: its rows say what they mean, one of them is measured and shown."""

import numpy as np
import pytest

from tests.bench import __main__ as bench
from tests.bench import reading, reading_none
from tests.bench.reading_rows import FURTHER, ROWS


@pytest.mark.parametrize("row", [*ROWS, *FURTHER], ids=lambda row: row.name)
def test_every_row_has_values_all_over_its_ranges(row):
    X = row.sample(500, np.random.default_rng(0))
    assert np.isfinite(row.f(X)).all() and row.f(X).std() > 0
    assert X.shape[1] == len(row.names)


def test_rows_are_counted_as_promised():
    assert len(ROWS) == 21 and len(FURTHER) == 12 and len(reading_none.SETS) == 20
    assert len({row.name for row in [*ROWS, *FURTHER]}) == 33


def test_a_row_is_read_and_shown(capsys):
    assert bench.main(["reading", "--rows", "I.27.6", "--seeds", "1", "--noise", "0", "--parts", "rows"]) == 0
    shown = capsys.readouterr().out
    assert "exact 1/1" in shown and "1 of 1 rows exact" in shown and "sure and false: 0" in shown


def test_a_wrong_formula_would_be_seen():
    wrong = {"exact": False, "sure": True, "cpu": 1.0, "text": "x", "error": 1.0}
    right = {**wrong, "exact": True}
    many = [{"row": str(k), "law": "x", 0.0: [right] * 5} for k in range(21)]
    assert reading.reached("rows", many, [0.0], 5)
    many[0] = {**many[0], 0.0: [right] * 4 + [wrong]}
    assert not reading.reached("rows", many, [0.0], 5)
