"""HTML of a lesson has words for each picture and needs no network for it, also if it was saved with its widgets."""

import copy
import re
from importlib import import_module

import nbformat
import pytest

from kan_edu.command import exporting
from kan_edu.files import source_folder

nbconvert = pytest.importorskip("nbconvert", reason='HTML needs nbconvert: pip install -e ".[site]"')
VIEW, STATE = (f"application/vnd.jupyter.widget-{what}+json" for what in ("view", "state"))


@pytest.fixture(scope="module")
def lesson():
    """Lesson 05 as JupyterLab saves it after a run, with the state of its widgets."""
    book = nbformat.read(source_folder() / "05_splines.ipynb", as_version=4)
    pictures = [output for cell in book.cells for output in cell.get("outputs", [])
                if "image/png" in output.get("data", {})]  # fmt: skip
    state = {}
    for number, output in enumerate(pictures[::2]):
        output.data[VIEW] = {"model_id": f"m{number}", "version_major": 2, "version_minor": 0}
        state[f"m{number}"] = {"model_name": "VBoxModel", "model_module": "@jupyter-widgets/controls", "state": {}}
    book.metadata["widgets"] = {STATE: {"state": state, "version_major": 2, "version_minor": 0}}
    assert len(pictures) > 6 and len(state) > 3
    return book, len(pictures)


def exported(book, **options):
    return nbconvert.HTMLExporter(**options).from_notebook_node(copy.deepcopy(book))[0]


def test_every_picture_of_a_lesson_has_its_words_and_lies_in_the_page(lesson):
    book, count = lesson
    name, _, value = exporting.OPTION.removeprefix("--HTMLExporter.").partition("=")
    page = exported(book, **{name: [value.strip("[']")]})
    pictures = re.findall(r"<img[^>]*>", page)
    assert len(pictures) == count and VIEW not in page
    assert all('src="data:image/png;base64,' in one for one in pictures)
    alts = [re.search(r'alt="([^"]*)"', one)[1] for one in pictures]
    assert not [alt for alt in alts if len(alt) < 20 or alt.startswith("No description")], alts


def test_without_it_most_words_are_lost_and_apps_want_a_network(lesson):
    """What nbconvert does by itself: if this changes, `with_words` may go."""
    page = exported(lesson[0])
    assert "No description has been provided for this image" in page and VIEW in page


def test_a_picture_without_an_alt_text_has_what_is_printed_and_other_outputs_stay():
    picture = nbformat.v4.new_output("display_data", data={"image/png": "QUJD\n", "text/plain": 'a "b" < c'})
    printed = nbformat.v4.new_output("stream", text="4\n")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_code_cell("4")])
    book.cells[1].outputs = [picture, printed]
    done, resources = exporting.with_words(book, {"a": 1})
    html = '<img src="data:image/png;base64,QUJD" alt="a &quot;b&quot; &lt; c">'
    assert done.cells[1].outputs[0].data == {"text/html": html} and resources == {"a": 1}
    assert done.cells[1].outputs[1] == printed


def test_the_option_names_the_function():
    place = re.search(r"\['(.*)\.(\w+)'\]", exporting.OPTION)
    assert getattr(import_module(place[1]), place[2]) is exporting.with_words
