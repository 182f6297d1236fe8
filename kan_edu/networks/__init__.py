"""Networks with hand-written backward passes (lessons 01, 02, 06, 07): `perceptron`, `mlp`, `kan`.

`perceptron.py` is one neuron and its rule, `mlp.py` sums and then activates, `kan.py` activates and then sums. Beside
them: `activations.py`; `edgesums.py`, the fast sums over edges; `grids.py`, where a KAN's grids lie and what happens
outside; `flat.py`, one vector for all parameters; `saving.py`. May import `splines` and `checks`; no training, no
pictures.
"""
