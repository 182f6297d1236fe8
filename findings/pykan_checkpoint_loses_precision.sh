#!/usr/bin/env bash
# pykan 0.2.8: a model in float64 is saved in float64, and comes back in float32 without a word.
#
# The guess: what `saveckpt` writes, `loadckpt` reads: the same model. The file does hold float64.
# What happens: `loadckpt` makes a new network in torch's default type, float32, and copies the numbers into it, which
#   rounds them. Outputs differ in the eighth digit. With torch.set_default_dtype(torch.float64) before, they are the same.
# Version: pykan 0.2.8 with torch 2.13.0. Source: its output; `loadckpt` in kan/MultKAN.py.
# Who is hurt: whoever trains in float64 to errors of 1e-9, saves, and finds 1e-7 the next day.
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

torch.set_default_dtype(torch.float64)
x = torch.linspace(-1, 1, 101)[:, None]
model = KAN(width=[1, 1], grid=5, k=3, auto_save=False, seed=0)
before = model(x).detach()
model.saveckpt("saved")
kept = KAN.loadckpt("saved")(x).detach()
torch.set_default_dtype(torch.float32)
held = torch.load("saved_state", weights_only=True)["act_fun.0.coef"].dtype
back = KAN.loadckpt("saved")
moved = (back(x.to(torch.float32)).detach() - before).abs().max().item()
print(f"pykan {version('pykan')}, torch {version('torch')}; the file holds {held}")
print(f"    loaded with float64 as the default: outputs move by {(kept - before).abs().max().item():.2g}")
print(f"    loaded with float32 as the default: {back.act_fun[0].coef.dtype}, outputs move by {moved:.2g}")
assert torch.equal(kept, before) and held == torch.float64, "something else has changed; nothing can be said"
assert back.act_fun[0].coef.dtype == torch.float32 and moved > 1e-9, "no longer so: float64 comes back"
print("still so: float64 in the file, float32 in the model, and no warning")
PY
venv/bin/python try.py
