"""The tables with a law behind them: the law holds in them, as well as their README says; known rows; wrong names."""

from importlib.resources import files

import numpy as np
import pytest

from kan_edu.data import datasets
from kan_edu.data.laws import hydrogen, planets, puromycin


def test_keplers_third_law_holds_for_all_planets():
    orbits = planets()
    a, T = orbits.X[:, 0], orbits.y
    np.testing.assert_allclose(T**2 / a**3, 1, atol=0.0013)
    np.testing.assert_allclose(T[:4] ** 2 / a[:4] ** 3, 1, atol=3.5e-5)
    slope, intercept = np.polyfit(np.log(a), np.log(T), 1)
    assert abs(slope - 1.5) < 2e-4 and abs(intercept) < 1e-4
    assert orbits.extra["name"].tolist() == "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune".split()
    assert orbits.X[0].tolist() == [0.38709927, 0.20563593] and round(orbits.y[7], 2) == 164.79


def test_all_lines_of_hydrogen_give_one_rydberg_constant():
    lines = hydrogen()
    assert lines.X.shape == (18, 2) and (lines.X[:, 0] < lines.X[:, 1]).all()
    R = 1e7 / lines.y / (1 / lines.X[:, 0] ** 2 - 1 / lines.X[:, 1] ** 2)  # 1/cm
    assert 109678.2 < R.min() and R.max() < 109678.95


def test_a_series_has_one_lower_level_and_its_known_lines():
    first = [hydrogen(series).y[0] for series in ("Lyman", "Balmer", "Paschen")]
    assert first == [121.567, 656.4632, 1875.6096]
    balmer = hydrogen("Balmer")
    assert balmer.X.ravel().tolist() == [3, 4, 5, 6, 7, 8] and balmer.columns == ("n2",)
    np.testing.assert_allclose(1 / balmer.y, 0.0109678 * (1 / 4 - 1 / balmer.X[:, 0] ** 2), rtol=1e-5)


def test_the_least_squares_fit_of_puromycin_is_the_published_one():
    table = puromycin()
    c, v = table.X[:, 0], table.y
    V, K = 212.68370, 0.0641212  # R 4, nls(rate ~ SSmicmen(conc, Vm, K))
    assert ((V * c / (K + c) - v) ** 2).sum() == pytest.approx(1195.449, abs=1e-3)
    for step in ((0.01, 0), (0, 1e-5)):
        assert (((V + step[0]) * c / (K + step[1] + c) - v) ** 2).sum() > 1195.4488
    assert len(puromycin("untreated").y) == 11 and puromycin("untreated").y[-1] == 160


@pytest.mark.parametrize("load, wrong, words", [(hydrogen, "Brackett", "one of 'Lyman', 'Balmer', 'Paschen'"),
                                                (puromycin, "both", "one of 'treated', 'untreated'")])
def test_another_name_is_refused_with_those_there_are(load, wrong, words):
    with pytest.raises(ValueError, match=f"'{wrong}'; expected {words}"):
        load(wrong)


@pytest.mark.parametrize("table", [planets(), hydrogen(), puromycin()], ids=lambda table: table.name)
def test_a_table_says_its_units_source_and_licence_and_its_readme_too(table):
    assert len(table.columns) == len(table.units) == table.X.shape[1] and table.dropped == 0
    text = files("kan_edu").joinpath("data", "README.md").read_text(encoding="utf-8")
    assert table.source.split(",")[0].split(". ")[-1].split("(")[0].strip() in text and table.licence
    assert {"planets", "hydrogen", "puromycin"} <= set(datasets.__all__)
