"""Families of functions: slopes against differences, domains, names that sympy reads the same way."""

import numpy as np
import pytest

from kan_edu.networks.formulas.families import FAMILIES, family


@pytest.fixture
def inside():
    return np.linspace(0.07, 0.93, 11)


@pytest.mark.parametrize("name", FAMILIES)
def test_slope_is_the_derivative(name, inside):
    h = 1e-6
    f = FAMILIES[name].f
    np.testing.assert_allclose(FAMILIES[name].slope(inside), (f(inside + h) - f(inside - h)) / (2 * h), rtol=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_valid_says_where_values_and_slopes_are_finite(name):
    u = np.array([-1.3, -1.0, -0.5, -0.0, 0.5, 1.0, 1.3])
    u = u[u != 0] if name == "x^1.5" else u  # where it is finite, but its curvature is not
    with np.errstate(all="ignore"):
        values, slopes = FAMILIES[name].f(u), FAMILIES[name].slope(u)
    valid = FAMILIES[name].valid(u)
    assert np.isfinite(values[valid]).all() and np.isfinite(slopes[valid]).all()
    assert not (np.isfinite(values[~valid]) & np.isfinite(slopes[~valid])).any()


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_not_free_is_redundant(name, inside):
    """f(2x) and f(x + 0.05) lie in the span of f(x) and 1 exactly where b or c is not free."""
    one = FAMILIES[name]
    basis = np.stack([one.f(inside), np.ones_like(inside)], axis=1)
    for free, moved in [(one.scales, one.f(0.9 * inside)), (one.shifts, one.f(inside + 0.05))]:
        left = moved - basis @ np.linalg.lstsq(basis, moved, rcond=None)[0]
        straight = name == "abs" and moved is not None
        assert free == (np.abs(left).max() > 1e-9) or straight  # abs is straight on one side of its corner


@pytest.mark.parametrize("name", FAMILIES)
def test_sympy_means_the_same(name, inside):
    sympy = pytest.importorskip("sympy")
    expression = sympy.sympify(FAMILIES[name].sympy.format(u="u"))
    np.testing.assert_allclose(sympy.lambdify("u", expression)(inside), FAMILIES[name].f(inside), rtol=1e-12)


@pytest.mark.parametrize("name", FAMILIES)
def test_text_and_latex_have_a_place_for_the_argument(name):
    assert "x_1" in FAMILIES[name].text.format(u="x_1") and "x_1" in FAMILIES[name].latex.format(u="x_1")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="'sine'.*sin"):
        family("sine")
