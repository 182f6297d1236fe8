"""Edges that are formulas: `families`, then `curvefit`, then `snapped`.

`families.py` has the functions, `curvefit.py` finds a f(b x + c) + d for a curve, `snapped.py` puts formulas into a
layer. May import `checks`; `kan.py` above uses it, and a saved network names its functions.
"""
