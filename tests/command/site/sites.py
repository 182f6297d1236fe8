"""Small sites for the tests, with one lesson and one set of the course, and a CDN that is played on this machine.

The files that they need are asked for by the variable KAN_EDU_WHEELS: the folder in which they lie, or into which they
are downloaded once, 110 MB, of which 25 MB are kept. `kan_edu_wheels`, where `kan-edu site` puts them, is taken if it
is there.
"""

import importlib.util
import json
import os
from pathlib import Path

import pytest

from kan_edu.command.site import build, contents, lite, packages, pins, wheels

ROOT = Path(__file__).resolve().parents[3]
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}  # without them a browser does not take these
LESSON, SET = "00_start_here", "exercises/02_xor"
ASK = ("no site to visit. To build small ones here: pip install -e \".[site]\", then KAN_EDU_WHEELS=kan_edu_wheels "
       "pytest tests/command/site (downloads 110 MB once); or name a built one: KAN_EDU_SITE=SITE")  # fmt: skip


def wheels_folder(environment=os.environ, root=ROOT):
    """The folder of the files that a site needs; skips, aloud, if nobody asks for sites here."""
    named = environment.get("KAN_EDU_WHEELS")
    if not named and not (root / "kan_edu_wheels").is_dir():
        pytest.skip(ASK)
    missing = [name for name in build.NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f'a site needs {", ".join(missing)}: pip install -e ".[site]"')
    return Path(named or root / "kan_edu_wheels")


def build_small(out, folder, offline):
    """Build a site of one lesson and one set into `out`; everything else about it is as in a whole one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "course_files", lambda source: [Path(f"{LESSON}.ipynb"), Path(f"{SET}.ipynb")])
        build.build_site(out, offline=offline, folder=folder)
    return out


class Cdn:
    """Pyodide's CDN, played from a folder: `asked` names what a browser fetched from it.

    Of packages that run everywhere PyPI's build stands for Pyodide's own, so their sums in the site's lock are
    exchanged: it is not fit to be published after that. Those of the interpreter and of the packages built for the
    browser stay.

    later    whether it has, too, what waits for a cell that imports it
    """

    def __init__(self, site, folder, later=False):
        table = pins.read_pins()
        self.address, self.asked = pins.CDN.format(table["pyodide"]), []
        path = site / lite.PLACE / pins.LOCK
        lock = json.loads(path.read_text(encoding="utf-8"))
        asked, more = packages.chosen(table, offline=False)
        asked |= more if later else {}
        far = {name: one for name, one in lock["packages"].items() if name in asked and "://" in one["file_name"]}
        found = wheels.gather({name: asked[name] for name in far}, table["core"], table, folder)
        for name, one in far.items():
            if not asked[name].get("carried"):
                one["sha256"] = pins.sha256(found[name])
        path.write_text(json.dumps(lock), encoding="utf-8")
        self.files = {one["file_name"]: found[name] for name, one in far.items()}
        self.files |= {self.address + name: found[name] for name in table["core"]}

    def answer(self, route):
        """What the browser gets for a request to the CDN: the file, or 404."""
        url = route.request.url
        self.asked.append(url)
        if url in self.files:
            kind = TYPES.get(self.files[url].suffix, "application/octet-stream")
            route.fulfill(path=self.files[url], headers={"Access-Control-Allow-Origin": "*", "Content-Type": kind})
        else:
            route.fulfill(status=404)
