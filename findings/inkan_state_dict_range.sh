#!/usr/bin/env bash
# inkan 0.5.2: a saved layer, loaded into a layer with another grid_range, says "all keys matched" and computes another curve.
#
# The guess: a `state_dict` holds the function. The grid is one of its buffers (`grid_starts`), so it is loaded too; or
#   loading raises an error where the layers do not fit together, as it does for another grid_size.
# What happens: the first knot comes from the file, and the width of an interval, a plain number `inv_h`, from the new
#   layer. Between them lies a curve that neither layer has, wrong by as much as the function is large. `repr` does not
#   show grid_range. Loaded into a layer with the same grid_range the curve is the same.
# Version: inkan 0.5.2 with torch 2.13.0. Source: its output; `KANLayer.__init__` in inkan/layer.py.
# Who is hurt: whoever trains on a range of their own and loads the weights into `KANLayer(n, m)` later.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q torch==2.13.0
venv/bin/pip install -q inkan==0.5.2 numpy==2.4.6
cat > try.py <<'PY'
from importlib.metadata import version

import torch
from inkan import KANLayer

torch.set_num_threads(1)
torch.manual_seed(0)
x = torch.linspace(-2, 2, 401)[:, None]
saved = KANLayer(1, 1, grid_range=(-2.0, 2.0), compile_basis=False)
print(f"inkan {version('inkan')}, torch {version('torch')}; saved from a layer on [-2, 2]: {saved}")
moved = {}
for name, options in {"on [-2, 2]": {"grid_range": (-2.0, 2.0)}, "as by default": {}}.items():
    layer = KANLayer(1, 1, compile_basis=False, **options)
    said = layer.load_state_dict(saved.state_dict())
    with torch.no_grad():
        moved[name] = (layer(x) - saved(x)).abs().max().item()
    print(f"    loaded into a layer {name}: {said}; it differs by {moved[name]:.2g} at most")
with torch.no_grad():
    print(f"    the largest value of the curve: {saved(x).abs().max().item():.2g}")
assert moved["on [-2, 2]"] == 0, "the same range differs too; nothing can be said"
assert moved["as by default"] > 0.05, "no longer so: the curve is the same"
print("still so: loaded without a word, and another curve")
PY
venv/bin/python try.py
