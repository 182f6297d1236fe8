#!/usr/bin/env bash
# @lumino/commands 2.3.4: `data-lm-suppress-shortcuts` on a wrapper does not keep JupyterLab's keys from a button in it.
#
# The guess: keys pressed inside an element with `data-lm-suppress-shortcuts` are its own: no shortcut of JupyterLab runs.
# What happens: the search for a shortcut goes from the focused element upwards and stops at the attribute, but tries the
#   focused element first. JupyterLab's keys for notebooks (Enter, arrows, D D, ...) have selectors that end in `:focus`
#   and so match the focused element itself: the wrapper's attribute is never reached. It has to stand on each button.
# Version: @lumino/commands 2.3.4 in jsdom 26.1.0, with the selectors in the files of jupyterlab 4.6.6. Source: which
#   commands ran.
# Who is hurt: whoever uses a widget in a notebook by keyboard: Enter on its button starts to edit the cell, D D deletes it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q jupyterlab==4.6.6
npm install --silent --no-audit --no-fund @lumino/commands@2.3.4 jsdom@26.1.0
cat > press.cjs <<'JS'
// A notebook's cell with a button in its output, JupyterLab's own keys, and D pressed twice on the button.
const { JSDOM } = require("jsdom");
const fs = require("fs");

const schema = "venv/share/jupyter/lab/schemas/@jupyterlab/notebook-extension/tracker.json";
const known = JSON.parse(fs.readFileSync(schema, "utf8"))["jupyter.lab.shortcuts"];
const { keys, selector } = known.find(one => one.command === "notebook:delete-cell");
console.log(`    notebook:delete-cell has the keys ${keys.join(" ")} and the selector ${selector}`);

function ran(wrapper, button) {
  const dom = new JSDOM(`<div class="jp-Notebook jp-mod-commandMode"><div class="jp-Cell" tabindex="0">
    <div ${wrapper}><button ${button}>a widget's button</button></div></div></div>`, { pretendToBeVisual: true });
  const { window } = dom;
  for (const name of ["window", "document", "Element", "KeyboardEvent", "Event"]) global[name] = window[name] ?? window;
  Object.defineProperty(global, "navigator", { value: window.navigator, configurable: true });
  const { CommandRegistry } = require("@lumino/commands");
  const commands = new CommandRegistry(), done = [];
  commands.addCommand("notebook:delete-cell", { execute: () => done.push("notebook:delete-cell") });
  commands.addKeyBinding({ command: "notebook:delete-cell", keys, selector });
  window.document.addEventListener("keydown", event => commands.processKeydownEvent(event), true);
  const focused = window.document.querySelector("button");
  focused.focus();
  for (let n = 0; n < 2; n++)
    focused.dispatchEvent(new window.KeyboardEvent("keydown", { key: "d", code: "KeyD", keyCode: 68, bubbles: true,
                                                                cancelable: true }));
  return done.length;
}

const attribute = 'data-lm-suppress-shortcuts="true"';
const told = { "nowhere": ran("", ""), "on the wrapper": ran(attribute, ""), "on the button": ran("", attribute) };
for (const [where, count] of Object.entries(told)) console.log(`    attribute ${where}: cells deleted: ${count}`);
if (told.nowhere !== 1 || told["on the button"] !== 0) { console.log("nothing can be said"); process.exit(1); }
process.exit(told["on the wrapper"] === 1 ? 0 : 1);
JS
node press.cjs || { echo "no longer so"; exit 1; }
echo "still so: on a wrapper the attribute does not help"
