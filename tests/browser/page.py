"""A notebook in JupyterLab as a reader has it: open it, run it, move its sliders, look at its pictures."""

import base64

import numpy as np

from tests.browser.direct import decoded
from tests.browser.lab import PATIENCE

BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]
APP = ".widget-vbox:has(> .kan-edu-picture)"   # what LiveBox of live.py becomes on the page
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# A function that is waited for must not be async: Playwright takes the promise itself for the answer "yes".
THERE = "() => Boolean(window.jupyterapp)"
OPEN = """async path => { await jupyterapp.restored;
    await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'}); }"""
FRONT = """path => { const {shell} = jupyterapp;
    const here = [...shell.widgets('main')].find(it => it.context?.path === path);
    if (here && here !== shell.currentWidget) shell.activateById(here.id);   // JupyterLab's launcher may come after it
    return here === shell.currentWidget ? here : null; }"""
IDLE = f"""path => {{ const here = ({FRONT})(path);
    return here && here.sessionContext.isReady && here.sessionContext.session?.kernel?.status === 'idle'; }}"""
RUN = """async cells => { const {content} = jupyterapp.shell.currentWidget;
    for (const number of cells) {
        content.activeCellIndex = number;
        content.deselectAll();
        await jupyterapp.commands.execute('notebook:run-cell'); } }"""
CLOSE = """async () => { const notebook = jupyterapp.shell.currentWidget;
    await notebook.sessionContext.shutdown();
    notebook.context.model.dirty = false;   // no question whether to save it
    notebook.close(); }"""
FADED = """() => document.getAnimations()
    .every(one => !(one instanceof CSSTransition) || one.playState === 'finished')"""
CELL_ERRORS = """() => [...jupyterapp.shell.currentWidget.content.model.cells].filter(cell => cell.type === 'code')
    .flatMap(cell => cell.outputs.toJSON()).filter(output => output.output_type === 'error')
    .map(output => output.ename + ': ' + output.evalue)"""
PICTURE = """async (img, known) => { let source, bytes;
    for (let tries = 0; !source; tries++) try { const now = img.src;
        await img.decode();   // this and fetch fail if the next picture comes meanwhile
        if (now !== known) bytes = new Uint8Array(await (await fetch(now)).arrayBuffer());
        source = now;
    } catch (error) { if (tries > 100) throw error; await new Promise(done => setTimeout(done, 20)); }
    let text = ''; for (let i = 0; i < bytes?.length; i += 8192)
        text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return [source, btoa(text)]; }"""
CONTRAST = """box => { // the least contrast, 1 to 21 as WCAG defines it, of a text in the box with what lies behind it
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => numbers(colour).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = node => { for (; node; node = node.parentElement) {
        const colour = getComputedStyle(node).backgroundColor, [, , , alpha = 1] = numbers(colour);
        if (alpha > 0.5) return colour; } return 'rgb(255, 255, 255)'; };
    const texts = [...box.querySelectorAll('*')].filter(node => node.checkVisibility() && !node.closest('[disabled]')
        && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()));
    return Math.min(...texts.map(node => { const [a, b] = [light(getComputedStyle(node).color), light(behind(node))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); })); }"""
FREE = """box => [...box.querySelectorAll(`.widget-hslider:has(.noUi-target:not([disabled])) label,
    .kan-edu-choice:not(.kan-edu-unnamed):has(button:not([disabled])) > label`)].map(label => label.innerText)"""
TO_TOP = """() => { const node = jupyterapp.shell.currentWidget.content.node;
    for (const part of [node, ...node.querySelectorAll('*')]) if (part.scrollTop) part.scrollTop = 0; }"""
HEIGHT = """() => jupyterapp.shell.currentWidget.content.node.querySelector('.jp-WindowedPanel-viewport')?.scrollHeight
    ?? jupyterapp.shell.currentWidget.content.node.scrollHeight"""


class Tab:
    """A running `Lab` in a tab of the browser; JupyterLab takes seconds to load, so all notebooks are opened in one.

    errors   what the page complained about: exceptions and errors in its console
    """

    def __init__(self, lab, browser):
        self.lab, self.errors, self.page = lab, [], browser.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(
            f"console error: {message.text} {message.location}"))
        self.page.goto(lab.url())
        self.page.wait_for_function(THERE)   # JupyterLab may come a while after its page's load event


class Notebook:
    """The notebook `path` of the lab, opened in the tab; close it before the next is opened."""

    def __init__(self, tab, path, theme="light"):
        self.lab, self.page, self.errors, self.name = tab.lab, tab.page, tab.errors, path
        self.page.evaluate(OPEN, path)
        self.page.wait_for_function(IDLE, arg=path)   # a run before this ends in a dialog that asks for a kernel
        self.show_theme(theme)

    def start(self, cells=None):
        """Begin to run all cells, or those with these numbers, and return meanwhile; `finish` waits for them."""
        run = "jupyterapp.commands.execute('notebook:run-all-cells')" if cells is None else f"({RUN})({cells})"
        self.page.evaluate(f"() => {{ window.running = {run}; }}")

    def finish(self):
        """Wait until all cells have run; returns the errors that they ended with, in words."""
        self.page.evaluate("() => window.running")
        self.page.wait_for_function(IDLE, arg=self.name)
        return self.page.evaluate(CELL_ERRORS)

    def run(self, cells=None):
        """Run all cells, or those with these numbers, and wait."""
        self.start(cells)
        return self.finish()

    def apps(self, count=0):
        """All apps on the page, as soon as there are `count`."""
        if count:
            self.page.locator(APP).nth(count - 1).wait_for()
        return [App(box) for box in self.page.locator(APP).all()]

    def kernel(self):
        """The process of this notebook's kernel."""
        own = self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
        return next(process for process in self.lab.kernels() if own in " ".join(process.cmdline()))

    def show_theme(self, name):
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", THEMES[name])
        light = "true" if name == "light" else "false"
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")
        self.page.wait_for_function(FADED)

    def keep(self, file):
        """Write a screenshot of the whole notebook."""
        size = self.page.viewport_size
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size({**size, "height": min(15_000, 150 + self.page.evaluate(HEIGHT))})
        self.page.evaluate(TO_TOP)   # a run ends at the last cell
        self.page.screenshot(path=file)
        self.page.set_viewport_size(size)

    def close(self):
        """End its kernel and close it; what the page complains about meanwhile is no fault of the next notebook."""
        self.page.evaluate(CLOSE)
        self.errors.clear()


class App:
    """One live picture on the page, with the text below it and its sliders."""

    def __init__(self, box):
        self.box, self.page, self.image = box, box.page, box.locator("> .kan-edu-picture img")
        self.source, self.data = "", b""   # of the picture that was fetched last: a blob, which does not change

    def picture(self):
        """The pixels (height, width, 4), 0 to 1, of what the <img> shows now."""
        source, text = self.image.evaluate(PICTURE, self.source)
        if source != self.source:
            self.source, self.data = source, base64.b64decode(text)
        return decoded(self.data)

    def meet(self, here):
        """Draw the app in the test's own process as this one is on the page: as large, as dark. Returns it."""
        dark = self.page.get_attribute("body", "data-jp-theme-light") == "false"
        here.live.fit(*self.image.evaluate("image => [image.clientWidth, devicePixelRatio]"), dark)
        return here

    def size(self):
        """[width, height] of the picture on the page."""
        return self.image.evaluate("image => [image.clientWidth, image.clientHeight]")

    def text(self):
        """The line with the numbers; what it begins with tells an error."""
        return self.box.locator("[role=status], [role=alert]").inner_text()

    def caption(self):
        """What stands in the picture's corner while the keyboard moves something in it: its name and value."""
        return self.box.locator("[aria-live=polite]").inner_text()

    def alt(self):
        """The words for who cannot see the picture."""
        return self.image.get_attribute("alt")

    def drag(self, place, by, moves=8):
        """Press the mouse at a place, shares of the picture, drag it by so many pixels (x, y), and let go.

        Returns where it began and where it ended, in shares too: the mouse stands on whole pixels.
        """
        self.image.scroll_into_view_if_needed()
        box, mouse = self.image.bounding_box(), self.page.mouse
        x, y = round(box["x"] + place[0] * box["width"]), round(box["y"] + place[1] * box["height"])
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by[0], y + by[1], steps=moves)
        mouse.up()
        shares = (np.array([[x, y], [x + by[0], y + by[1]]]) - [box["x"], box["y"]]) / [box["width"], box["height"]]
        return shares[0], shares[1]

    def contrast(self):
        """The least contrast of its texts with what lies behind them; 4.5 is readable."""
        return self.box.evaluate(CONTRAST)

    def sliders(self):
        """{description: Slider or Choice} of all that can be moved, but for the speed of a Player."""
        rows, found = self.box.locator(".widget-hslider, .kan-edu-choice"), {}
        for name in self.box.evaluate(FREE):
            # by its name, not by its number: a choice may enable and disable sliders before it
            row = rows.filter(has=self.page.locator("label").get_by_text(name, exact=True))
            found[name] = Choice(row) if row.get_by_role("radio").count() else Slider(row)
        return found

    def button(self, name):
        """A button of a Player, or of the last row: "Play", "Pause", "Step", "Back", "Reset"."""
        return self.box.locator("button").filter(has_text=name).first


class Choice:
    """One choice of an app; its value is the place of the chosen option, as for the kernel."""

    def __init__(self, row):
        self.page, self.radios = row.page, row.get_by_role("radio")

    def value(self):
        return [radio.get_attribute("aria-checked") for radio in self.radios.all()].index("true")

    def press(self, *keys):
        """Press keys on the chosen button, which take the focus along."""
        self.radios.nth(self.value()).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, part):
        """Click on a button: part 0 is the first, 1 the last."""
        self.radios.nth(round(part * (self.radios.count() - 1))).click()


class Slider:
    """One slider of an app."""

    def __init__(self, row):
        self.page, self.handle, self.track = row.page, row.locator(".noUi-handle"), row.locator(".noUi-base")

    def value(self):
        """The value as the kernel gets it: the page says -0.16999999999999998 and sends -0.17."""
        return round(float(self.handle.get_attribute("aria-valuetext")), 9)

    def press(self, *keys):
        """Press keys on the handle one after the other, without waiting for any picture."""
        self.handle.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, part):
        """Click on the track: part 0 is its left end, 1 its right."""
        self.track.scroll_into_view_if_needed()
        box = self.track.bounding_box()
        self.page.mouse.click(box["x"] + part * box["width"], box["y"] + box["height"] / 2)

    def drag(self, part, moves):
        """Drag the handle to that part of the track by so many moves of the mouse."""
        self.track.scroll_into_view_if_needed()
        box, grip = self.track.bounding_box(), self.handle.bounding_box()
        y = grip["y"] + grip["height"] / 2
        self.page.mouse.move(grip["x"] + grip["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + part * box["width"], y, steps=moves)
        self.page.mouse.up()
