"""One curve, one family: the constants come back, and what cannot be fitted is said."""

import numpy as np
import pytest

from kan_edu.networks.formulas.curvefit import fit_curve
from kan_edu.networks.formulas.families import FAMILIES

TRUE = {name: (1.7, 1.3, 0.35) if family.scales and family.shifts else (1.7, 0.9, 0.0) if family.scales
        else (1.7, 1.0, 0.8) if family.shifts else (1.7, 1.0, 0.0) for name, family in FAMILIES.items()}  # fmt: skip


def span(name):
    """Where a TRUE formula has its domain, and more shape than a straight line."""
    a, b, c = TRUE[name]
    ends = {"arcsin": (-0.9, 0.9), "arctanh": (-0.95, 0.95), "tan": (-1.3, 1.2)}.get(name, (0.3, 3.0))
    return np.linspace(*((u - c) / b for u in ends), 150)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_constants_come_back(name, sign):
    a, b, c = np.array(TRUE[name]) * [sign, 1, 1]
    x = span(name)
    y = a * FAMILIES[name].f(b * x + c) - 4
    found = fit_curve(name, x, y)
    assert found.r2 > 1 - 1e-12
    p, q, r = found.params
    np.testing.assert_allclose(p * FAMILIES[name].f(q * x + r) + found.constant, y, atol=1e-7)


@pytest.mark.parametrize("name", ["log", "sqrt", "1/x"])
def test_domains_that_open_to_the_left(name):
    x = np.linspace(-3, 2, 100)
    y = 2 * FAMILIES[name].f(3 - x)
    found = fit_curve(name, x, y)
    assert found.r2 > 1 - 1e-10 and found.params[1] in (-1, 1)
    assert FAMILIES[name].valid(found.params[1] * x + found.params[2]).all()


def test_r2_is_one_minus_the_unexplained_share_and_no_correlation():
    x = np.linspace(-1, 1, 80)
    y = x + 0.3 * np.sin(9 * x)
    found = fit_curve("x", x, y)
    r = found.params[0] * x + found.constant - y
    assert found.r2 == pytest.approx(1 - (r @ r) / ((y - y.mean()) @ (y - y.mean())))
    assert 0.5 < found.r2 < 0.99


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_far_from_the_origin_and_on_any_scale(scale):
    x = scale * np.linspace(40, 42, 100)
    found = fit_curve("sin", x, scale * np.sin(5 * x / scale))
    assert found.r2 > 1 - 1e-9


@pytest.mark.parametrize(("name", "true"), [
    ("x^2", (2, 1, -1000.5)), ("exp", (1, -15, 0)), ("exp", (1, 15, 0)), ("tanh", (3, 9, -9000)),
    ("sqrt", (1, 1, -999.9)),
])  # fmt: skip
def test_narrow_places_far_away_and_steep_curves(name, true):
    x = np.linspace(1000, 1001, 100) if name != "exp" else np.linspace(-1, 1, 100)
    y = true[0] * FAMILIES[name].f(true[1] * x + true[2])
    assert fit_curve(name, x, y).r2 > 1 - 1e-9


@pytest.mark.parametrize("name", FAMILIES)
def test_a_constant_curve_and_one_place_make_no_nan(name):
    for x, y in ((np.linspace(0, 1, 20), np.full(20, 3.0)), (np.full(20, 0.5), np.full(20, 3.0)),
                 (np.array([1.0]), np.array([2.0]))):
        found = fit_curve(name, x, y)
        if found is not None:
            assert np.isfinite([*found.params, found.constant, found.r2]).all()
            np.testing.assert_allclose(found.params[0] * FAMILIES[name].f(found.params[1] * x + found.params[2])
                                       + found.constant, y, atol=1e-6)


def test_bad_points_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        fit_curve("sin", [0.0, np.nan], [1.0, 2.0])
    with pytest.raises(ValueError, match="no family is called"):
        fit_curve("wavelet", [0.0, 1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="x has shape"):
        fit_curve("sin", [0.0, 1.0, 2.0], [1.0, 2.0])
