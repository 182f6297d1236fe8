#!/usr/bin/env bash
# jupyter_server 2.21.1: of the messages that answer one request, all but the first come 40 ms late, on one machine with Linux.
#
# The guess: between a server and a page on the same machine an answer takes as long as the kernel's work.
# What happens: a kernel answers with several short messages (busy, its input, its output, idle). The server leaves Nagle's
#   rule on for the websocket that carries them: the second message waits until the first is confirmed, and Linux confirms
#   what needs no answer only after 40 ms. Tornado has a method against that, `set_nodelay`, which the server does not
#   call. With a connection class that calls it, the same cell is answered in a fraction of the time.
# Version: jupyter_server 2.21.1, tornado 6.6.1, ipykernel 7.4.0, a plain Python client. Source: RFC 896; RFC 1122, section
#   4.2.3.2; the times below.
# Who is hurt: whoever draws while something is dragged (25 pictures a second leave 40 ms for each), or steps through cells.
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q jupyter_server==2.21.1 tornado==6.6.1 ipykernel==7.4.0 websocket-client==1.8.0
cat > at_once.py <<'PY'
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class Connection(ZMQChannelsWebsocketConnection):
    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
PY
cat > ask.py <<'PY'
import json
import statistics
import sys
import time
import urllib.request
import uuid

import websocket

port, times, name = sys.argv[1], 40, sys.argv[2]
server = f"http://127.0.0.1:{port}/api"
for _ in range(120):
    try:
        urllib.request.urlopen(f"{server}/status")
        break
    except OSError:
        time.sleep(0.5)
made = urllib.request.urlopen(urllib.request.Request(f"{server}/kernels", data=b"{}", method="POST"))
page = websocket.create_connection(f"ws://127.0.0.1:{port}/api/kernels/{json.load(made)['id']}/channels?session_id=a", timeout=60)


def ask():
    """[(ms, message)] of all that answers a cell, until the kernel is idle."""
    mark = uuid.uuid4().hex
    header = {"msg_id": mark, "msg_type": "execute_request", "username": "", "session": "a", "date": "", "version": "5.3"}
    content = {"code": "print(1)", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    parts = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    begun, heard = time.perf_counter(), []
    page.send(json.dumps(parts))
    while True:
        message = json.loads(page.recv())
        if message["parent_header"].get("msg_id") == mark:
            heard.append((1000 * (time.perf_counter() - begun), message["msg_type"]))
            if message["content"].get("execution_state") == "idle":
                return heard


answers = [ask() for _ in range(times)][times // 2 :]
middle = sorted(answers, key=lambda heard: heard[-1][0])[len(answers) // 2]
print(f"    {name}: " + ", ".join(f"{kind} after {ms:.1f} ms" for ms, kind in middle), file=sys.stderr)
print(statistics.median(heard[-1][0] for heard in answers))
PY
export HOME="$folder" PYTHONPATH="$folder"
measure() {  # name, options of the server -> ms until a cell is done
    local port
    port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    venv/bin/jupyter server --no-browser --allow-root --port "$port" --IdentityProvider.token= \
      --ServerApp.disable_check_xsrf=True "${@:2}" >server.log 2>&1 &
    server=$!
    venv/bin/python ask.py "$port" "$1" > took || { tail -20 server.log; exit 1; }
    kill "$server"
    wait "$server" || true
}
measure "as it is"
usual=$(cat took)
measure "with set_nodelay" --ServerApp.kernel_websocket_connection_class=at_once.Connection
python3 - "$usual" "$(cat took)" <<'PY' || { echo "no longer so"; exit 1; }
import sys

usual, at_once = map(float, sys.argv[1:])
print(f"    print(1) is answered after {usual:.1f} ms, with set_nodelay after {at_once:.1f} ms")
sys.exit(0 if usual > at_once + 20 else 1)
PY
echo "still so: a kernel's second message waits for the first to be confirmed"
