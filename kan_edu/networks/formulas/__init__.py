"""Edges that are formulas: `families` (the functions), `curvefit` (a curve to a f(b x + c) + d), `snapped` (in a layer).

May import `checks`; `kan.py` above uses it, and a saved network names its functions.
"""
