#!/usr/bin/env bash
# nbformat 5.11.1: `import nbformat` takes several times as long once JupyterLab's server is installed beside it.
#
# The guess: what reads and checks notebooks starts as quickly in an environment with JupyterLab as in one without.
# What happens: nbformat imports jsonschema, and jsonschema imports rfc3987_syntax wherever it is installed, which builds
#   grammars for internationalised addresses as it is imported, seconds of CPU on a slow machine, though no notebook is
#   checked for such an address. JupyterLab brings it: jupyter-events asks for jsonschema[format-nongpl].
# Version: nbformat 5.11.1, jsonschema 4.26.0, rfc3987-syntax 1.1.0, lark 1.3.1. Source: its output.
# Who is hurt: whoever starts a process for each notebook: nbval and nbconvert in a loop, graders, a kernel's helpers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q nbformat==5.11.1 jsonschema==4.26.0
cat > start.py <<'PY'
import statistics
import subprocess
import sys

CODE = "import time; import nbformat; print(time.process_time())"
times = [float(subprocess.check_output([sys.executable, "-c", CODE])) for _ in range(6)][1:]
print(statistics.median(times))
PY
alone=$(venv/bin/python start.py)
venv/bin/pip install -q rfc3987-syntax==1.1.0 lark==1.3.1
beside=$(venv/bin/python start.py)
venv/bin/python - "$alone" "$beside" <<'PY'
import sys
from importlib.metadata import requires, version

import nbformat

alone, beside = map(float, sys.argv[1:])
print(f"nbformat {version('nbformat')}, jsonschema {version('jsonschema')}, "
      f"rfc3987-syntax {version('rfc3987-syntax')}; Python and `import nbformat`, CPU time, medians of 5")
print(f"    without rfc3987-syntax {alone:.2f} s, with it {beside:.2f} s: {beside / alone:.1f} times as long")
print("    asked for by:", next(line for line in requires("jsonschema") if line.startswith("rfc3987-syntax")))
assert "rfc3987_syntax" in sys.modules, "no longer so: it is not imported"
assert beside > 2 * alone, "no longer so: it starts quickly"
print("still so: every start pays for addresses that no notebook holds")
PY
