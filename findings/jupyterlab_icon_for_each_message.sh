#!/usr/bin/env bash
# jupyterlab 4.6.6: for each message to a kernel the page asks the server anew for the file of its tab's icon.
#
# The guess: the two icons, kernel idle and kernel busy, are fetched once each; after that the browser has them.
# What happens: the tab's icon is exchanged when the kernel becomes busy and when it is idle again, and the server says
#   "Cache-Control: no-cache" of static files: a browser may keep them, but has to ask each time. So there is about a
#   request for each cell that is run, and for each message of a widget.
# Version: jupyterlab 4.6.6 with jupyter_server 2.21.1 in Chromium. Source: the page's requests, counted below.
# Who is hurt: whoever draws while a slider moves: thirty messages a second are thirty requests and more, answered by the
#   process that also carries the pictures.
# It needs Debian's chromium (or the path of a browser in CHROME).
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
CHROME=${CHROME:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
python3 -m venv venv
venv/bin/pip install -q jupyterlab==4.6.6 jupyter_server==2.21.1 ipykernel==7.4.0 playwright==1.65.2
mkdir course
export JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data" JUPYTER_RUNTIME_DIR="$folder/run" HOME="$folder"
port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
root=()
[ "$(id -u)" = 0 ] && root=(--allow-root)
venv/bin/jupyter lab --no-browser --port "$port" --IdentityProvider.token= --LabApp.expose_app_in_browser=True \
  "${root[@]}" course >server.log 2>&1 &
server=$!
cat > count.py <<'PY'
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

address, browser, times = f"http://127.0.0.1:{sys.argv[1]}", sys.argv[2], 20
for _ in range(120):
    try:
        headers = urllib.request.urlopen(f"{address}/static/favicons/favicon-busy-1.ico").headers
        break
    except OSError:
        time.sleep(0.5)
print(f"    the server says of an icon: Cache-Control: {headers['Cache-Control']}")
RUN = """async times => {
    await window.jupyterapp.restored;
    const notebook = await window.jupyterapp.commands.execute("notebook:create-new", { kernelName: "python3" });
    await notebook.sessionContext.ready;
    const kernel = notebook.sessionContext.session.kernel;
    const run = async count => {
        for (let n = 0; n < count; n++) {
            await kernel.requestExecute({ code: "pass" }).done;
            await new Promise(later => setTimeout(later, 200));
        }
    };
    await run(3);            // both icons have been seen by now
    await window.counted();  // from here on
    await run(times);
}"""
with sync_playwright() as playwright:
    page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
    asked, begun = [], []
    page.on("request", lambda request: asked.append(request.url) if "favicon" in request.url else None)
    page.expose_function("counted", lambda: begun.append(len(asked)))
    page.goto(f"{address}/lab")
    page.wait_for_function("window.jupyterapp")
    page.evaluate(RUN, times)
    found = [url.rsplit("/", 1)[1] for url in asked[begun[0]:]]
print(f"    {times} cells were run: {len(found)} requests for icons, of {len(set(found))} files: {sorted(set(found))}")
sys.exit(0 if len(found) > times / 2 else 1)
PY
venv/bin/python count.py "$port" "$CHROME" || { echo "no longer so"; exit 1; }
echo "still so: each message asks for the icon again"
