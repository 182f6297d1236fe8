"""Splines of one variable (lesson 05): `bspline`, then `fit`, then `bases`.

`bspline.py` has knots and the Cox-de Boor recursion three times over, `fit.py` least squares and finer knots,
`bases.py` what a network asks of B-splines, Chebyshev polynomials, Fourier terms and Gaussians alike, and what each of
them does outside the grid. Imports NumPy and `checks`.
"""
