"""The course as a website in which Python runs in the visitor's browser (JupyterLite): `kan-edu site OUT`.

Read `build` (the whole site, written at once or not at all), then what it puts together: `pins` (which file of which
version, pins.json), `wheels` (find them, or download them), `own` (kan_edu's own wheel), `contents` (lessons and sets as
students get them), `lite` (what JupyterLite is told), `pages` (the start page, start.html and style.css), `reading` (the lessons
as pages that need no Python). tests/command/site/pins.py writes pins.json.
"""
