"""The course as a website in which Python runs in the visitor's browser (JupyterLite): `kan-edu site OUT`.

Read `build` (the whole site, written at once or not at all), then what it puts together: `pins` (which file of
which version, from pins.json), `packages` (the lock that names them), `wheels` (finds them, or has pip download
them), `own` (kan_edu's own wheel), `compiled/` (what a start imports), `contents` (lessons and sets as students get
them), `lite` (what JupyterLite is told; ahead/ has it start Python while it draws itself), `pages` (the start page)
and `reading` (the lessons to read; `formulas` draws their TeX, `frames` lets one slider move), all written into
start.html, lesson.html and style.css. tests/command/site/pins.py writes pins.json.
"""
