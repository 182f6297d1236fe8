#!/usr/bin/env bash
# pykan 0.2.8: what `prune_input` returns is saved without an error, and cannot be loaded; mended, it reads other columns.
#
# The guess: `saveckpt` and `loadckpt` take every model of the package; a pruned one comes back as it was.
# What happens: the pruned model holds its base function as an object instead of its name; `saveckpt` writes that object
#   into the configuration, and `loadckpt`, which reads plain values only, ends with a ConstructorError: the training is
#   in the file, and no function of pykan gets it out. With `del model.base_fun_name` and `model.base_fun_name = "silu"`
#   before saving it loads; but which inputs were kept is in no file, so that of a table with all columns it takes the
#   first ones, without a word.
# Version: pykan 0.2.8 with torch 2.13.0. Source: its output; `prune_input` and `saveckpt` in kan/MultKAN.py.
# Who is hurt: whoever prunes inputs, saves, and closes the notebook.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q torch==2.13.0
venv/bin/pip install -q pykan==0.2.8 numpy==2.4.6 matplotlib scikit-learn pandas pyyaml sympy tqdm
cat > try.py <<'PY'
from importlib.metadata import version

import torch
from kan import KAN

torch.manual_seed(0)
x = torch.rand(50, 2) * 2 - 1
model = KAN(width=[2, 2, 1], grid=3, k=3, auto_save=False, seed=0)
model(x)
pruned = model.prune_input(active_inputs=[1])
before = pruned(x).detach()
pruned.saveckpt("pruned")
print(f"pykan {version('pykan')}, torch {version('torch')}; kept: input 1; saved without an error")
try:
    KAN.loadckpt("pruned")
    error = ""
except Exception as raised:
    error = f"{type(raised).__name__}: {str(raised).splitlines()[0]}"
print(f"    loadckpt: {error}")
del pruned.base_fun_name
pruned.base_fun_name = "silu"
pruned.saveckpt("mended")
back = KAN.loadckpt("mended")
moved = (back(x).detach() - before).abs().max().item()
print(f"    with base_fun_name = 'silu': input {back.input_id.tolist()} is read; outputs move by {moved:.2g}")
assert "ConstructorError" in error, "no longer so: it loads"
assert moved > 0.01 and (back(x[:, [1]]).detach() - before).abs().max().item() < 1e-6, "no longer so: inputs are kept"
print("still so: saved, and not to be loaded; mended, it reads another column")
PY
venv/bin/python try.py
