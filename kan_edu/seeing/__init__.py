"""Pictures: `plot` (static, `plot_network` and `plot_regions` are parts of it), then `live` (they follow sliders).

Each function of `plot.py` is f(data, *, ..., ax=None) -> ax; `canvas.py` is what they draw on and what file comes of
it, `knots.py` where splines are drawn, `network_artists.py` what a network is drawn with. `live.py` is the one way to
draw a picture that moves, `controls.py` its sliders and choices, `parts.py` its doors; `touch.py`, with `touch.js` and
`icon.js`, lets its parts be dragged, `dark.py` draws it for dark pages, `letters.py` keeps letters readable where it is
narrow. May import the mathematics and `data`; holds none of it.
"""
