"""Networks with hand-written backward passes (lessons 01, 02, 06, 07): `perceptron`, `mlp`, `kan`.

`perceptron.py` is one neuron and its rule, `mlp.py` sums and then activates, `kanlayer.py` activates and then sums,
`kan.py` is a stack of such layers: each with its forward and, directly below, its backward; `splinemlp.py` is an MLP
that learns its activation. Beside them: `activations.py`; `edgesums.py`, the fast sums over edges; `products.py`,
nodes that multiply; `formulas/`, edges that are formulas; `grids.py`, where a KAN's grids lie, moved and made finer
(what an edge does outside its grid is its basis's affair: `splines/bases.py`); `flat.py`, one vector for all
parameters; `passes.py`, forward and backward as anybody may call them, alike for all networks; `saved/`, networks in
files. May import `splines` and `checks`; no training, no pictures.
"""
