#!/usr/bin/env bash
# ipywidgets 8.1.9: RadioButtons are no group for the browser, and ToggleButtons do not say which of them is pressed.
#
# The guess: RadioButtons are the browser's radio buttons: one stop for the Tab key, the arrow keys choose, a screen reader
#   says "2 of 3". Of ToggleButtons the chosen one is `aria-pressed`.
# What happens: the radio buttons have no `name`, so each is a group of its own, in which nothing else can be chosen: the
#   arrow keys do nothing, Tab stops at each, and a screen reader says "1 of 1" of all. The chosen ToggleButton differs
#   from the others by a class, that is by its colour, alone.
# Version: @jupyter-widgets/controls 5.0.13, which ipywidgets 8.1.9 runs, rendered by @jupyter-widgets/html-manager 1.0.15
#   in jsdom 26.1.0. Source: the elements that they make.
# Who is hurt: students who work by keyboard or with a screen reader in a notebook with choices.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q ipywidgets==8.1.9
npm install --silent --no-audit --no-fund @jupyter-widgets/html-manager@1.0.15 @jupyter-widgets/controls@5.0.13 jsdom@26.1.0
cat > make.py <<'PY'
"""The page of two widgets, as ipywidgets writes it, without the script that would come from a CDN."""
import json

from ipywidgets import RadioButtons, ToggleButtons
from ipywidgets.embed import embed_data

said = embed_data(views=[RadioButtons(options=["a", "b", "c"], value="b"), ToggleButtons(options=["a", "b"], value="b")])
page = f'<script type="application/vnd.jupyter.widget-state+json">{json.dumps(said["manager_state"])}</script>'
for spec in said["view_specs"]:
    page += f'<div><script type="application/vnd.jupyter.widget-view+json">{json.dumps(spec)}</script></div>'
script = '<script src="node_modules/@jupyter-widgets/html-manager/dist/embed.js"></script>'
open("page.html", "w").write(f"<!DOCTYPE html><body>{page}{script}</body>")
PY
venv/bin/python make.py
echo "$(venv/bin/pip list 2> /dev/null | grep -E '^ipywidgets ' | tr -s ' \n' ' '), @jupyter-widgets/controls $(node -p 'require("@jupyter-widgets/controls/package.json").version')"
cat > render.cjs <<'JS'
// Renders the page with the widgets' own script, and asks the elements what a browser and a screen reader would ask.
const { JSDOM, VirtualConsole } = require("jsdom");

function browserish(window) {  // what jsdom lacks and the script asks for
  window.DragEvent = class extends window.MouseEvent {};
  window.ResizeObserver = window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };
  window.matchMedia = () => ({ matches: false, addEventListener() {}, addListener() {} });
}

JSDOM.fromFile("page.html", { runScripts: "dangerously", resources: "usable", pretendToBeVisual: true,
                              beforeParse: browserish, virtualConsole: new VirtualConsole() }).then(look);

function look({ window }) {
  const all = words => [...window.document.querySelectorAll(words)];
  let tries = 0;
  const wait = setInterval(() => {
    const radios = all("input[type=radio]"), buttons = all(".widget-toggle-buttons button");
    if (radios.length < 3 || buttons.length < 2) {
      if (++tries > 300) { console.log("nothing was rendered; nothing can be said"); process.exit(1); }
      return;
    }
    clearInterval(wait);
    const chosen = buttons.find(one => one.classList.contains("mod-active"));
    console.log(`    RadioButtons: ${radios.length} inputs, their names ${JSON.stringify(radios.map(one => one.name))}`);
    console.log(`    ToggleButtons: ${chosen.cloneNode(false).outerHTML}`);
    const group = radios.some(one => one.name) || all("[role=radiogroup]").length;
    const pressed = buttons.some(one => ["aria-pressed", "aria-checked", "aria-selected"].some(a => one.hasAttribute(a)));
    process.exit(group || pressed ? 1 : 0);
  }, 100);
}
JS
node render.cjs || { echo "no longer so"; exit 1; }
echo "still so: no radio button belongs to a group, and no toggle button says that it is pressed"
