#!/usr/bin/env bash
# nbconvert 7.17.2: the words for a picture in a notebook do not come into the HTML; another sentence takes their place.
#
# The guess: `display(Image(...), metadata={"image/png": {"alt": "..."}})` gives the picture an alternative text, which
#   Jupyter stores with it, and which `jupyter nbconvert --to html` writes as `alt`.
# What happens: the template `lab`, the default, does not ask for it, and the exporter then writes into each such picture
#   alt="No description has been provided for this image", and warns that the text is missing. `--template classic` writes
#   the author's words.
# Version: nbconvert 7.17.2. Source: the two HTML files; share/jupyter/nbconvert/templates/lab/base.html.j2.
# Who is hurt: readers with a screen reader, who are told that nobody described the picture; and authors who did.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q nbconvert==7.17.2 nbformat==5.10.4
cat > make.py <<'PY'
"""A notebook with one picture and words for it, as Jupyter stores them."""
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
picture = new_output("display_data", {"image/png": DOT, "text/plain": "<a picture>"})
picture.metadata = {"image/png": {"alt": "a red dot on white"}}
nbformat.write(new_notebook(cells=[new_code_cell("show()", outputs=[picture])]), "book.ipynb")
PY
venv/bin/python make.py
venv/bin/pip list 2> /dev/null | grep -E '^(nbconvert|nbformat) ' | tr -s ' \n' ' '; echo
for template in lab classic; do
    venv/bin/jupyter nbconvert --to html --template "$template" --output "$template.html" book.ipynb > "$template.txt" 2>&1
done
venv/bin/python - <<'PY' || { echo "no longer so"; exit 1; }
from html.parser import HTMLParser
from pathlib import Path


class Pictures(HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag == "img":
            said.append(dict(attrs).get("alt"))


found = {}
for template in ("lab", "classic"):
    said = []
    Pictures().feed(Path(f"{template}.html").read_text(encoding="utf-8"))
    found[template] = said
    print(f"    template {template}: alt of its pictures: {said}")
assert found == {"lab": ["No description has been provided for this image"], "classic": ["a red dot on white"]}
PY
grep -o "Alternative text is missing on .*" lab.txt | sed 's/^/    nbconvert says: /' || { echo "no longer so"; exit 1; }
echo "still so: the default template leaves the words out, and another sentence is written in their place"
