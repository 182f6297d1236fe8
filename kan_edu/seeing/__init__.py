"""Pictures: `plot` (static, `plot_network` and `plot_regions` are parts of it), then `live` (they follow sliders).

Each function of `plot.py` is f(data, *, ..., ax=None) -> ax. `live.py` is the one way to draw a picture that moves,
`controls.py` its sliders and choices. May import the mathematics and `data`; holds none of either.
"""
