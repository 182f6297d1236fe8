"""Differential equations solved by networks (lesson 08): `curvature`, then `poisson`.

`curvature.py` has second derivatives of a network and their Jacobian, `poisson.py` solves Poisson's equation with
them. May import `learning`, `networks` and what lies below.
"""
