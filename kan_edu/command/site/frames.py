"""Frames for the reading copy: the first app of a lesson at several places of its finest slider.

The lesson is run from its top down to that app, with the code that made the stored picture. The page then shows one
frame or the other, without any kernel.
"""

import ast
import contextlib
import html
import io
import json
from pathlib import Path

MOST = 12  # frames of a slider
EARLY = 6  # code cells: before an app further down a lesson may train for a minute


def write_frames(path, folder):
    """Run a lesson down to its first app, write its frames into `folder`; {number of the cell: HTML}.

    {} for a lesson without an app among its first cells, whose first app has no slider, or that needs what is not
    installed here, such as scikit-learn.

    path    of the lesson; the files are called after it: 05_splines_00.webp, ...
    """
    cells, names = json.loads(path.read_bytes())["cells"], {"__name__": "__main__"}
    code = [(number, cell) for number, cell in enumerate(cells) if cell["cell_type"] == "code"]
    if not any("App(" in "".join(cell["source"]) for _, cell in code[:EARLY]):
        return {}  # and it may import what is not here: lesson 12 does
    for number, cell in code[:EARLY]:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                app = run("".join(cell["source"]), names)
        except ImportError:
            return {}
        if hasattr(app, "live"):
            shown = frames_of(app.live)
            app.live.close()
            return {number: figure_html(shown, path.stem, folder)} if shown else {}
    return {}


def run(source, names):
    """Execute a cell's source in the namespace `names`; the value of its last expression, or None."""
    body = ast.parse(source).body
    last = body.pop().value if body and isinstance(body[-1], ast.Expr) else ast.Constant(None)
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.fix_missing_locations(ast.Expression(last)), "<cell>", "eval"), names)


def frames_of(live):
    """(what the slider is called, the frame to begin with, [(PNG bytes, words), ...]), or None without a slider.

    live    a LiveFigure, which is left at its last place
    """
    name = max(live.controls, key=lambda name: len(places_of(live.controls[name])[0]), default=None)
    places, first = places_of(live.controls[name]) if name else ([], 0)
    frames, start = [], live.state
    for value in places:
        for state in ({name: start[name]}, start, {name: value}):  # other controls may have followed
            live.state = state
        frames.append((live.png(), live.text))
    return (live.controls[name].description, first, frames) if len(frames) > 2 else None


def places_of(control):
    """At most `MOST` values of a slider from end to end, among them its own; and the place of that one."""
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
    elif hasattr(control, "max") and control.max > control.min:
        steps = round((control.max - control.min) / control.step)
        few = sorted({round(n * steps / (MOST - 1)) for n in range(MOST)})
        values = [type(control.value)(float(f"{control.min + n * control.step:.12g}")) for n in few]
    else:
        return [], 0
    near = min(range(len(values)), key=lambda n: values[n] != control.value if hasattr(control, "options")
               else abs(values[n] - control.value))  # fmt: skip
    values[near] = control.value
    return values[:MOST] if near < MOST else [], near


def figure_html(shown, stem, folder):
    """Write the frames as files of 128 colours, 20 kB each; the HTML of picture, slider and words."""
    from PIL import Image

    name, first, frames = shown
    for n, (png, _) in enumerate(frames):
        picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE).convert("RGB")
        picture.save(Path(folder) / f"{stem}_{n:02}.webp", lossless=True, quality=60, method=2)
    words = html.escape(json.dumps([text for _, text in frames]), quote=True)
    return (f'<figure class="frames" data-stem="frames/{stem}" data-words="{words}">'
            f'<img src="frames/{stem}_{first:02}.webp" alt="{html.escape(frames[first][1], quote=True)}">'
            f'<label>{html.escape(name)} <input type="range" min="0" max="{len(frames) - 1}" value="{first}"></label>'
            f'<figcaption aria-live="polite">{html.escape(frames[first][1])}</figcaption></figure>')  # fmt: skip
