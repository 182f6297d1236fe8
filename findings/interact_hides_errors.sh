#!/usr/bin/env bash
# ipywidgets 8.1.9: a cell whose `interact` function raises counts as a cell that worked.
#
# The guess: `jupyter nbconvert --execute` stops with an error at a cell whose code raises, also where `interact` calls it.
# What happens: `interact(f, x=(0, 5))` calls f at once, catches its exception and puts the traceback into an Output
#   widget. The cell has no error output, nbconvert ends with 0, and later cells run. The same function called by its
#   name ends it with 1. In the stored notebook the traceback stands in the widgets' state only.
# Version: ipywidgets 8.1.9 with nbconvert 7.17.2 and ipykernel 7.4.0. Source: exit codes and the notebook written.
# Who is hurt: whoever tests a course by executing its notebooks: every live picture can be broken and all is green.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q ipywidgets==8.1.9 nbconvert==7.17.2 ipykernel==7.4.0
export PATH="$folder/venv/bin:$PATH"
cat > make.py <<'PY'
"""Two notebooks: in one the broken function is called by interact, in the other by its name."""
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

BROKEN = "from ipywidgets import interact\n\n\ndef f(x):\n    raise ValueError('the picture is broken')\n\n\n"
for name, call in (("by_interact", "interact(f, x=(0, 5));"), ("by_name", "f(2)")):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = new_notebook(metadata={"kernelspec": kernel}, cells=[new_code_cell(BROKEN + call), new_code_cell("print(1)")])
    nbformat.write(book, f"{name}.ipynb")
PY
venv/bin/python make.py
echo "$(venv/bin/pip list 2> /dev/null | grep -E '^(ipywidgets|nbconvert|ipykernel) ' | tr -s ' \n' ' ')"
codes=""
for name in by_interact by_name; do
    code=0
    jupyter nbconvert --execute --to notebook --output "$name.done.ipynb" "$name.ipynb" > "$name.txt" 2>&1 || code=$?
    echo "    jupyter nbconvert --execute $name.ipynb: exit code $code"
    codes="$codes $code"
done
test "${codes##* }" -ne 0 || { echo "a plain error passes too; nothing can be said"; exit 1; }
test "$codes" = " 0 1" || { echo "no longer so"; cat by_interact.txt; exit 1; }
venv/bin/python - <<'PY' || { echo "no longer so: an output tells of it"; exit 1; }
import nbformat

book = nbformat.read("by_interact.done.ipynb", as_version=4)
kinds = [output.output_type for cell in book.cells for output in cell.outputs]
print(f"    outputs of its cells: {kinds}; the words 'the picture is broken' stand in the widgets' state: "
      f"{'the picture is broken' in str(book.metadata.get('widgets'))}")
assert kinds == ["display_data", "stream"]
PY
echo "still so: the error is in a widget, and the notebook counts as executed"
