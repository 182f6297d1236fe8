"""Python is started while JupyterLab still draws itself; what does it runs in Node here, without a page."""

import json
import subprocess

import pytest

from kan_edu.command.site import lite
from kan_edu.command.site.compiled import bytecode

# A page of straw: prints what the plugin asks for, and which sessions it started before and after Python was there.
PAGE = """
globalThis.window = globalThis;
globalThis.location = { search: process.argv[2] };
console.info = () => {};
require(process.argv[1]);
const started = [], factories = new Map(), dispose = () => started.push("connection closed");
const sessions = { startNew: async session => { started.push(session); return { dispose }; } };
const files = { ready: process.argv[3] === "no files" ? Promise.reject(new Error()) : Promise.resolve() };
const exports_ = found => ({ "0.8.6": { get: async () => () => found } });
const pause = () => new Promise(done => setTimeout(done));
(async () => {
  const extension = _JUPYTERLAB["kan-edu-ahead"];
  extension.init({ "@jupyterlite/apputils": exports_({ IServiceWorkerManager: "files" }),
                   "@jupyterlite/services": exports_({ IKernelSpecs: "kernels" }) });
  const { requires, activate } = (await extension.get("./extension"))().default;
  let look;
  const specs = { factories, changed: { connect: slot => { look = slot; } } };
  activate({ serviceManager: { ready: Promise.resolve(), sessions } }, files, specs);
  await pause();
  const early = started.length;
  factories.set("python", 1);
  look?.();
  await pause();
  if (process.argv[3] === "another") await sessions.startNew({ path: "exercises/1234", name: "02_xor.ipynb" });
  console.log(JSON.stringify([requires, early, started]));
})();
"""


def started(search, *more):
    """What the page of straw prints with this behind its address."""
    node = bytecode.find_node()
    if node is None:
        pytest.skip('no Node.js here to run the extension in: pip install -e ".[site]"')
    command = [node, "-e", PAGE, str(lite.AHEAD / "ahead.js"), search, *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_python_starts_for_the_notebook_in_the_address_once_the_page_knows_it():
    path, kernel = "exercises/02_xor.ipynb", {"name": "python"}
    session = {"path": path, "name": path, "type": "notebook", "kernel": kernel}  # with its folder in the name
    assert started(f"?path={path}") == [["files", "kernels"], 0, [session, "connection closed"]]


@pytest.mark.parametrize("more", [("",), ("?path=a.csv",), ("?path=a.ipynb", "no files")])
def test_without_a_notebook_or_its_files_nothing_is_started(more):
    assert started(*more)[1:] == [0, []]


def test_two_notebooks_of_one_name_have_sessions_of_two_names():
    """JupyterLite would take the second for the first, and leave it without a Python."""
    ours, _, theirs = started("?path=02_xor.ipynb", "another")[2]
    assert (ours["name"], theirs["name"]) == ("/02_xor.ipynb", "exercises/02_xor.ipynb")
    assert theirs["path"] == "exercises/1234"


def test_jupyterlite_takes_the_extension_by_its_name_and_file():
    said = json.loads((lite.AHEAD / "package.json").read_text(encoding="utf-8"))
    built = said["jupyterlab"]["_build"]
    assert f'["{said["name"]}"]' in (lite.AHEAD / built["load"]).read_text(encoding="utf-8")
    assert built["extension"] == "./extension"
