"""A site of `kan-edu site` as a visitor has it: served on 127.0.0.1, opened in a headless Chromium."""

import contextlib
import functools
import http.server
import threading
import time

from tests.browser.lab import chrome
from tests.browser.page import BROWSER, CELL_ERRORS, FRONT

SECONDS = 300  # until a kernel is there, or a cell is done
IDLE = f"""path => {{ const {{sessionContext}} = ({FRONT})(path) || {{}};
    return sessionContext?.session?.kernel?.status === 'idle' && sessionContext.pendingInput === false; }}"""
THERE = f"path => ({FRONT})(path)?.context.isReady"
OPEN = "async path => { await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'}); }"
RUN = """async number => { const {content} = jupyterapp.shell.currentWidget;
    content.activeCellIndex = number; content.deselectAll();
    await jupyterapp.commands.execute('notebook:run-cell'); }"""
OUTPUTS = "number => jupyterapp.shell.currentWidget.content.model.cells.get(number).outputs?.toJSON() ?? []"
CLOSE = """async () => { const notebook = jupyterapp.shell.currentWidget;
    await notebook.sessionContext.shutdown();
    notebook.context.model.dirty = false;
    notebook.close(); }"""
COUNT = "() => jupyterapp.shell.currentWidget.content.model.cells.length"
WRITE = """([number, source]) => {
    jupyterapp.shell.currentWidget.content.model.cells.get(number).sharedModel.setSource(source); }"""
SOURCE = "number => jupyterapp.shell.currentWidget.content.model.cells.get(number).sharedModel.getSource()"
BROKEN = """() => [...document.querySelectorAll('.jp-OutputArea img')].filter(img => img.complete && !img.naturalWidth)
    .length"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *said):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a server of the folder's files on this machine, which ends with the block."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Visit:
    """`with Visit(address) as visit:` one browser with its own storage; `elsewhere` lists requests to other hosts.

    home    a folder that keeps what the browser stores, for a second visit; None: nothing is kept
    """

    def __init__(self, address, home=None):
        self.address, self.home, self.elsewhere, self.said = address, home, [], []

    def __enter__(self):
        from playwright.sync_api import sync_playwright

        self.playwright = sync_playwright().start()
        options = {"executable_path": chrome(), "headless": True, "args": BROWSER}
        if self.home:
            self.context = self.browser = self.playwright.chromium.launch_persistent_context(self.home, **options)
        else:
            self.browser = self.playwright.chromium.launch(**options)
            self.context = self.browser.new_context(viewport={"width": 1280, "height": 1000})
        self.page = self.context.new_page()
        self.page.set_default_timeout(1000 * SECONDS)
        self.page.on("request", lambda request: request.url.startswith((self.address, "data:", "blob:"))
                     or self.elsewhere.append(request.url))  # fmt: skip
        self.page.on("console", lambda message: message.type == "error" and self.said.append(message.text))
        return self

    def __exit__(self, *error):
        self.browser.close()
        self.playwright.stop()

    def open(self, path, kernel=True):
        """Open a notebook and wait until its kernel is ready, or only its text; the seconds that it took."""
        begin = time.monotonic()
        if self.page.url.startswith(f"{self.address}lab/"):   # as by a double click in the list on the left
            self.page.evaluate(OPEN, path)
        else:
            self.page.goto(f"{self.address}lab/index.html?path={path}")
            self.page.wait_for_function("() => window.jupyterapp")
        self.page.wait_for_function(IDLE if kernel else THERE, arg=path)
        return time.monotonic() - begin

    def close(self):
        """Close the notebook that is open and end its kernel, which may hold half a gigabyte."""
        self.page.evaluate(CLOSE)

    def cells(self):
        """The number of cells of the notebook that is open."""
        return self.page.evaluate(COUNT)

    def run(self, number):
        """Run cell `number` and wait for it; its outputs, as a notebook stores them."""
        self.page.evaluate(RUN, number)
        return self.page.evaluate(OUTPUTS, number)

    def write(self, number, source):
        """Type `source` into cell `number`."""
        self.page.evaluate(WRITE, [number, source])

    def source(self, number):
        """What stands in cell `number`."""
        return self.page.evaluate(SOURCE, number)

    def errors(self):
        """Errors that cells of the notebook raised."""
        return self.page.evaluate(CELL_ERRORS)

    def broken_pictures(self):
        """How many pictures among the outputs could not be shown."""
        return self.page.evaluate(BROKEN)

    def save(self):
        """Save the notebook that is open, as Ctrl+S does, and wait until the browser has it."""
        self.page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")

    def start_page(self):
        """Go to the site's first page and wait until it lists the visitor's work."""
        self.page.goto(self.address)
        self.page.wait_for_function("() => !document.getElementById('work').innerText.includes('Looking')")

    def work(self):
        """The rows of the start page's table of the visitor's work."""
        return self.page.locator("#work tr").all_inner_texts()

    def download(self, path, folder):
        """Press the button beside a notebook on the start page; the file that the browser saves."""
        row = self.page.locator("#work tr", has_text=path)
        with self.page.expect_download() as coming:
            row.get_by_role("button", name="Download").click()
        target = folder / coming.value.suggested_filename
        coming.value.save_as(target)
        return target

    def bring_back(self, path):
        """Press the button that forgets the visitor's copy of a notebook, and say yes."""
        self.page.once("dialog", lambda dialog: dialog.accept())
        self.page.locator("#work tr", has_text=path).get_by_role("button", name="Bring back").click()
        self.page.wait_for_function("path => !document.getElementById('work').innerText.includes(path)", arg=path)
