"""The pages without Python: formulas are drawn, code is left alone, links lead somewhere, pictures have words."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from ipywidgets import Checkbox, FloatSlider, IntSlider, SelectionSlider
from PIL import Image

from kan_edu import live
from kan_edu.apps import PolynomialApp
from kan_edu.command.course import TAG
from kan_edu.command.site import frames, lite, pages, pins, reading
from kan_edu.files import CourseError, source_folder

pytest.importorskip("latex2mathml", reason='the pages to read need latex2mathml: pip install -e ".[site]"')
from kan_edu.command.site.formulas import drawn  # noqa: E402

LESSONS = sorted(path.stem for path in source_folder().glob("*.ipynb"))
TEMPLATE = (Path(pages.HERE) / "lesson.html").read_text(encoding="utf-8")


def picture(opaque=True):
    """The bytes of a PNG with an alpha channel."""
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 4), np.uint8)
    pixels[..., 3] = 255 if opaque else pixels[..., 3]
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_formulas_are_drawn_and_dollars_in_code_are_left_alone():
    page = drawn("<p>Where $a &lt; b$ costs \\$5,</p>$$\\sum_m c_m$$<code>$HOME and $PATH</code><pre>$x$</pre>")
    assert page.count("<math") == 2 and page.count('display="block"') == 1
    assert "&lt;</mo>" in page or "&#x0003C;</mo>" in page
    assert "<code>$HOME and $PATH</code><pre>$x$</pre>" in page and "costs \\$5" in page


def test_an_output_is_a_picture_with_its_words_or_what_was_printed():
    data = {"image/png": base64.b64encode(picture()).decode(), "text/plain": "an app"}
    found = reading.output_html({"data": data, "metadata": {"image/png": {"alt": 'x < "1"'}}})
    assert found.endswith('alt="x &lt; &quot;1&quot;">')
    assert 'alt="an app"' in reading.output_html({"data": data})
    assert reading.output_html({"output_type": "stream", "text": ["a < b\n"]}) == "<pre>a &lt; b\n</pre>"
    assert reading.output_html({"data": {"application/x": 1}}) == ""


@pytest.mark.parametrize("opaque", [True, False])
def test_a_smaller_picture_has_the_same_pixels(opaque):
    before = picture(opaque)
    after = reading.smaller(before)
    assert after[8:12] == b"WEBP"
    same = [np.asarray(Image.open(io.BytesIO(one)).convert("RGBA")) for one in (before, after)]
    np.testing.assert_array_equal(*same)


def test_what_answers_a_guess_is_folded_away():
    cell = {"cell_type": "code", "source": "1 + 1", "metadata": {"tags": [TAG]}, "outputs": [{"text": "2"}]}
    assert "<details><summary>" in reading.cell_html(cell)
    assert "<details>" not in reading.cell_html({**cell, "metadata": {}})
    assert "<details>" not in reading.cell_html({**cell, "outputs": []})


@pytest.mark.parametrize("name", ["02_xor", "glossary"])
def test_a_lesson_to_read(name):
    titles = {one: f"T < {one}" for one in LESSONS}
    page = reading.lesson_page((source_folder() / f"{name}.ipynb").read_bytes(), name, titles, TEMPLATE, "LINKS")
    words = re.sub(r"<pre.*?</pre>|<code.*?</code>|<script.*?</script>|base64,[^\"]*", "", page, flags=re.DOTALL)
    assert "$" not in words and not re.search(r"\{\w+\}", words)
    pictures = re.findall(r"<img [^>]*>", page)
    assert pictures and all(re.search(r'alt="[^"]{10,}"', one) for one in pictures)
    for target in re.findall(r'href="([^"#:]+\.html)', page):
        assert Path(target).stem in [*LESSONS, "index"], target
    assert page.count("<script") == 1 and "src=\"http" not in page
    near = (LESSONS.index(name) + step for step in (-1, 1))
    assert all(f'href="{LESSONS[n]}.html">{word}: T &lt; {LESSONS[n]}<' in page
               for n, word in zip(near, ("back", "next"), strict=True) if 0 <= n < len(LESSONS))  # fmt: skip


def test_a_link_leads_to_the_lesson_that_can_be_read_and_to_the_set_that_can_be_run():
    links = reading.LINK.sub(lambda found: reading._link(found, LESSONS),
                             'href="exercises/02_xor.ipynb" href="../02_xor.ipynb#a"')  # fmt: skip
    assert links == 'href="../lab/index.html?path=exercises/02_xor.ipynb" href="02_xor.html#a"'


def test_code_has_colours_on_a_dark_page_too_and_a_heading_is_no_html():
    assert ".highlight" in pages.style().split("prefers-color-scheme: dark")[-1]
    assert "a &lt; b" in pages.lesson_row("a.ipynb", "a < b") and "a < b" not in pages.lesson_row("a.ipynb", "a < b")


def test_a_lesson_that_needs_more_than_the_site_has_is_not_offered_live():
    row = pages.lesson_row("a.ipynb", "A", ["scikit-learn"])
    assert "lab/index.html" not in row and "needs scikit-learn" in row and 'href="read/a.html"' in row
    found = pages.links("a", "https://github.com/one/two", lacking=["scikit-learn"])
    assert "lab/index.html" not in found and "scikit-learn" in found and "mybinder.org" in found


def test_links_to_binder_and_colab_only_where_the_repository_is_known():
    assert pages.links("02_xor", None).count("<a ") == 1
    assert "the first slider moves" in pages.links("02_xor", None, {2: ""})
    found = pages.links("02_xor", "https://github.com/one/two.git")
    assert "mybinder.org/v2/gh/one/two/HEAD?urlpath=lab/tree/kan_edu_course/02_xor.ipynb" in found
    assert "colab.research.google.com/github/one/two/blob/HEAD/notebooks/02_xor.ipynb" in found
    assert "pip install git+https://github.com/one/two<" in found and "enable_custom_widget_manager()<" in found


# ---------------------------------------------------------------------------------------- a slider that moves


def test_the_frames_are_the_app_at_places_from_end_to_end(tmp_path):
    cells = ["from kan_edu.apps import PolynomialApp\n3", "PolynomialApp()", "1 / 0"]
    book = {"cells": [{"cell_type": "code", "source": source} for source in cells]}
    (tmp_path / "x.ipynb").write_text(json.dumps(book))
    found = frames.write_frames(tmp_path / "x.ipynb", tmp_path)
    assert list(found) == [1]  # and the cell below is not run
    late = {"cells": [{"cell_type": "code", "source": "import not_here"}] * frames.EARLY + book["cells"]}
    (tmp_path / "late.ipynb").write_text(json.dumps(late))
    assert frames.write_frames(tmp_path / "late.ipynb", tmp_path) == {}
    app = PolynomialApp()
    name, first, shown = frames.frames_of(app.live)
    assert f"<label>{name} <input" in found[1] and f'value="{first}"' in found[1]
    assert shown[first][1] == PolynomialApp().live.text  # other controls are back where they were
    assert len({words for _, words in shown}) == len(shown) == len(list(tmp_path.glob("x_*.webp"))) > 3
    app.live.close()
    (tmp_path / "other.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "import not_there"}]}))
    assert frames.write_frames(tmp_path / "other.ipynb", tmp_path) == {}


def test_what_followed_the_slider_is_put_back_for_each_frame():
    """A second control counts the moves of x: each frame is one move from the state at the start."""
    x, moves = FloatSlider(0.0, min=0, max=1, step=0.5, description="x"), IntSlider(0, min=0, max=1)
    app = live.LiveFigure(live.figure(100, 60), [], {"x": x, "moves": moves}, "x = {x}, {moves} moves".format_map)
    x.observe(lambda change: setattr(moves, "value", moves.value + 1), "value")
    name, _, shown = frames.frames_of(app)
    assert (name, [words for _, words in shown]) == ("x", ["x = 0.0, 0 moves", "x = 0.5, 1 moves", "x = 1.0, 1 moves"])
    x.step = 1.0
    assert frames.frames_of(app) is None  # two places are no way
    app.close()


@pytest.mark.parametrize(
    ("control", "values", "first"),
    [
        (IntSlider(3, min=1, max=5), [1, 2, 3, 4, 5], 2),
        (FloatSlider(0.3, min=0, max=1.1, step=0.1), [n / 10 for n in range(12)], 3),
        (SelectionSlider(options=[("one", 1), ("two", 2)], value=2), [1, 2], 1),
        (Checkbox(), [], 0),
    ],
)
def test_places_of_a_control(control, values, first):
    places, place = frames.places_of(control)
    assert places == pytest.approx(values) and place == first


def test_a_long_slider_has_few_frames_with_its_ends_and_its_own_value():
    places, place = frames.places_of(FloatSlider(0.123, min=-1, max=1, step=0.001))
    assert len(places) == frames.MOST and (places[0], places[-1], places[place]) == (-1, 1, 0.123)


# ------------------------------------------------------------------------------------------- the start page


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A site of straw: a lesson, a set, a lock with one package of its own and one of the CDN."""
    place = tmp_path / "site" / lite.PLACE
    place.mkdir(parents=True)
    (tmp_path / "files" / "exercises").mkdir(parents=True)
    for name in ("02_xor.ipynb", "exercises/02_xor.ipynb"):
        (tmp_path / "files" / name).write_bytes((source_folder() / name).read_bytes())
    lock = {"numpy": {"file_name": "https://there/numpy.whl"}, "kan-edu": {"file_name": "kan.whl"},
            "sympy": {"file_name": "sympy.whl"}}  # fmt: skip
    (place / pins.LOCK).write_text(json.dumps({"packages": lock}))
    monkeypatch.setattr(pages, "write_frames", lambda path, folder: {2: "<p>it moves</p>"})
    settings = lite.settings("https://there/pyodide.mjs", ["numpy", "kan-edu"])
    (tmp_path / "site" / "jupyter-lite.json").write_text(json.dumps(settings))
    return tmp_path / "site"


def test_the_start_page_leads_to_all_notebooks_and_fetches_what_the_kernel_will_ask_for(made):
    pages.write_pages(made, ["02_xor.ipynb", "exercises/02_xor.ipynb"], made.parent / "files", "https://github.com/a/b")
    assert "mybinder.org/v2/gh/a/b" in (made / "read" / "02_xor.html").read_text(encoding="utf-8")
    page = (made / "index.html").read_text(encoding="utf-8")
    live = "lab/index.html?path="
    for target in (f"{live}02_xor.ipynb", f"{live}exercises/02_xor.ipynb", "read/02_xor.html"):
        assert f'href="{target}"' in page
    asked = json.loads(re.search(r"const files = (\[.*\]);", page)[1])
    core = [f"https://there/{name}" for name in pins.read_pins()["core"]]
    assert asked == [*core, "https://there/numpy.whl", "static/kan_edu/kan.whl"]
    assert sorted(path.name for path in (made / "read").iterdir()) == ["02_xor.html", "frames", "style.css"]
    assert (made / "read" / "02_xor.html").read_text(encoding="utf-8").count("<p>it moves</p>") == 1
    assert not re.search(r"\{(files|sets|lessons)\}", page)
    icon, lesson = Path(lite.ICON).name, (made / "read" / "02_xor.html").read_text(encoding="utf-8")
    assert f'href="{icon}"' in page and f'href="../{icon}"' in lesson
    config = '<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>'
    assert config in page  # without it the lab does not start


def test_of_a_compiled_library_the_page_fetches_that(made):
    settings = lite.settings("./there/pyodide.mjs", ["numpy"], "python_stdlib-1.zip")
    (made / "jupyter-lite.json").write_text(json.dumps(settings))
    asked = pages.asked_for(made)
    assert "./there/python_stdlib-1.zip" in asked and "./there/python_stdlib.zip" not in asked


def test_a_page_that_is_too_large_ends_the_build(made, monkeypatch):
    monkeypatch.setattr(pages, "LARGEST", 1000)
    with pytest.raises(CourseError, match="the page of 02_xor has 0.. MB"):
        pages.write_pages(made, ["02_xor.ipynb"], made.parent / "files")
