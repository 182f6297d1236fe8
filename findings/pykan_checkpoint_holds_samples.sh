#!/usr/bin/env bash
# pykan 0.2.8: a checkpoint holds the last samples that the model has computed, and who gets it can read them.
#
# The guess: `saveckpt` saves a network: its shape and its parameters.
# What happens: beside them it writes a third file, NAME_cache_data, with all inputs of the last call of the model, and
#   `loadckpt` puts them back. With auto_save, which is the default, each change of the model writes such a file, too.
# Version: pykan 0.2.8 with torch 2.13.0. Source: its output; `saveckpt` and `forward` in kan/MultKAN.py. That function's
#   documentation names the file and does not say what is in it.
# Who is hurt: whoever trains on data that must not leave the house, and shares the model.
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

secret = torch.tensor([[0.123456, 0.654321], [0.5, -0.25]])
model = KAN(width=[2, 1], grid=3, k=3, auto_save=False, seed=0)
model(secret)
model.saveckpt("shared")
found = torch.load("shared_cache_data", weights_only=True)
print(f"pykan {version('pykan')}, torch {version('torch')}; the file shared_cache_data holds")
print(f"    {found.tolist()}")
back = KAN.loadckpt("shared")
assert torch.equal(found, secret) and torch.equal(back.cache_data, secret), "no longer so: the samples are not there"
print("still so: the last samples are in the checkpoint, to the last bit")
PY
venv/bin/python try.py
