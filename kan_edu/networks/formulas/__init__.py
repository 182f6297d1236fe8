"""Edges that are formulas: `families`, then `curvefit`, `snapped` and `snap`.

`families.py` has the functions, `curvefit.py` finds a f(b x + c) + d for a curve, `snapped.py` is a layer's formulas,
`snap.py` puts one in an edge's place. May import `checks`; a KAN uses it, and a saved network names its
functions.
"""
