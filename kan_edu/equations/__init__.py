"""Differential equations solved by networks (lesson 11): `curvature`, then `poisson`, then `pendulum`.

`curvature.py` has second derivatives of a network and their Jacobian, `poisson.py` solves Poisson's equation with
them (`descent.py` is how it trains), `pendulum.py` finds a swing and its constants from a few measurements and the
equation. May import `learning`, `networks` and what lies below.
"""
