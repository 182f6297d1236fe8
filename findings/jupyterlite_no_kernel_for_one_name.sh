#!/usr/bin/env bash
# jupyterlite-core 0.8.6: of two open notebooks of one name, in two folders, the second gets no kernel.
#
# The guess: each open notebook has a kernel of its own, as in JupyterLab with a server.
# What happens: a session is looked for by the *file name*, whatever the folder, so the second notebook is handed that of the
#   first, which belongs to another path: it stays without a kernel, "initializing", and nothing says so.
# Version: jupyterlite-core 0.8.6 with jupyterlite-javascript-kernel 0.3.0, in Chromium. Source: asked below.
# Who is hurt: students with a lesson 02.ipynb open and the exercises/02.ipynb that belongs to it: no cell of it runs.
# It needs Debian's chromium (or the path of a browser in CHROME).
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
CHROME=${CHROME:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
python3 -m venv venv
venv/bin/pip install -q jupyterlite-core==0.8.6 jupyterlite-javascript-kernel==0.3.0 jupyter_server==2.21.1 \
  playwright==1.65.2
mkdir -p files/exercises
for path in files/02.ipynb files/exercises/02.ipynb files/exercises/03.ipynb; do
  echo '{"cells": [], "metadata": {"kernelspec": {"name": "javascript", "display_name": "JavaScript"}},
         "nbformat": 4, "nbformat_minor": 5}' > "$path"
done
echo '{"jupyter-lite-schema-version": 0, "jupyter-config-data": {"exposeAppInBrowser": true}}' > jupyter-lite.json
venv/bin/jupyter lite build --contents files --output-dir site > build.log 2>&1
PYTHONUNBUFFERED=1 venv/bin/python -m http.server 0 --bind 127.0.0.1 --directory site > server.log 2>&1 &
server=$!
cat > ask.py <<'PY'
import re
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

while not (found := re.search(r"port (\d+)", Path("server.log").read_text())):
    time.sleep(0.2)
KERNEL = """async path => {
    const app = window.jupyterapp;
    await app.restored;
    while (!app.serviceManager.kernelspecs.specs?.kernelspecs.javascript)
        await new Promise(later => setTimeout(later, 100));
    const notebook = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
    await notebook.context.ready;
    for (let tries = 0; tries < 300 && !notebook.sessionContext.session?.kernel; tries++)
        await new Promise(later => setTimeout(later, 100));
    return notebook.sessionContext.session?.kernel?.id ?? null;
}"""
with sync_playwright() as playwright:
    page = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"]).new_page()
    page.goto(f"http://127.0.0.1:{found[1]}/lab/index.html")
    page.wait_for_function("window.jupyterapp", timeout=120_000)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_timeout(5_000)  # a notebook that is opened before JupyterLite has its drive gets no kernel
    kernels = {path: page.evaluate(KERNEL, path) for path in ("02.ipynb", "exercises/02.ipynb", "exercises/03.ipynb")}
for path, kernel in kernels.items():
    print(f"    {path:20} {f'has the kernel {kernel[:8]}' if kernel else 'has no kernel after 30 s'}")
lesson, exercise, other = kernels.values()
if not lesson or not other or lesson == other:
    sys.exit("notebooks of different names have no kernels of their own either; nothing can be said")
sys.exit(0 if exercise is None else 1)
PY
venv/bin/python ask.py "$CHROME" || { echo "no longer so"; exit 1; }
echo "still so: beside 02.ipynb exercises/02.ipynb gets none"
