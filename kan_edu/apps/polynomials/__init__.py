"""PolynomialApp (lesson 05): `app` is all of it."""
