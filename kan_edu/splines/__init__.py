"""Splines of one variable (lesson 05): `bspline`, then `fit`, then `bases`.

`knots.py` makes knots, `bspline.py` has the Cox-de Boor recursion three times over, with its arithmetic for many
samples in `coxdeboor.py`; `fit.py` least squares and finer knots, `bases.py` what a network asks of B-splines, and,
in `wholerange.py`, of Chebyshev polynomials, Fourier terms and Gaussians alike, and what each of them does outside the
grid; `ranges.py` their doors. Imports NumPy and `checks`.
"""
