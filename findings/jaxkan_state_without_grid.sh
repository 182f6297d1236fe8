#!/usr/bin/env bash
# jaxkan 0.3.7: flax's state of a network does not hold its grids; restored, a network with moved grids is another one.
#
# The guess: `nnx.state(model)` is all that the network computes with, as flax's guide to saving says; put into a new
#   network of the same options it gives the same outputs, or an error.
# What happens: the grid is no variable of flax but a plain attribute, so it is not in the state. After `update_grids` the
#   coefficients belong to other knots than a new network has: they are loaded without a word, and the curve is another.
# Version: jaxkan 0.3.7 with jax 0.10.2 and flax 0.12.8. Source: its output; `BaseGrid` in jaxkan/grids, `BaseLayer`.
# Who is hurt: whoever trains with grid updates, as the package's examples do, and saves by flax or orbax.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q jaxkan==0.3.7 jax==0.10.2 flax==0.12.8 numpy==2.4.6
cat > try.py <<'PY'
from importlib.metadata import version

import jax
import jax.numpy as jnp
from flax import nnx
from jaxkan.models.KAN import KAN

x = jnp.linspace(-2, 2, 101)[:, None]
options = {"k": 3, "G": 5}
model = KAN([1, 1], "spline", options, seed=0)
model.update_grids(x, 5)
before, state = model(x), nnx.state(model, nnx.Param)
names = sorted({"/".join(map(str, path)) for path, _ in nnx.to_flat_state(nnx.state(model))})
other = KAN([1, 1], "spline", options, seed=1)
nnx.update(other, state)
moved = float(jnp.abs(other(x) - before).max())
other.layers[0].grid.item = model.layers[0].grid.item
same = float(jnp.abs(other(x) - before).max())
print(f"jaxkan {version('jaxkan')}, flax {version('flax')}, jax {version('jax')}; the state holds {', '.join(names)}")
print(f"    restored: outputs move by {moved:.2g}, of {float(jnp.abs(before).max()):.2g} at most; with the grid: {same:.2g}")
assert same == 0, "something else differs; nothing can be said"
assert moved > 0.01, "no longer so: the outputs are the same"
print("still so: loaded without a word, and another curve")
PY
venv/bin/python try.py
