"""What holds for each app of the course: one of each is made, goes where a test takes it, and is looked at."""

import json

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances as open_widgets  # {name: widget}
from matplotlib.colors import to_rgb

from kan_edu import apps
from kan_edu.apps.common import tools
from kan_edu.apps.common.choices import Choice
from kan_edu.apps.common.words import Words
from kan_edu.apps.pyramid.numbers import Numbers
from tests.bench import labels_looked as labels
from tests.seeing.test_dark import contrast

STATES = 2   # of each app, at three widths; `python -m tests.bench labels` looks at 200


@pytest.fixture(scope="module", params=apps.__all__)
def app(request):
    app = getattr(apps, request.param)()
    yield app
    app.live.close()


def test_every_choice_shows_all_its_options_in_words(app):
    for control in app.controls.values():
        if hasattr(control, "options"):
            assert isinstance(control, Choice)
            assert all(isinstance(words, str) and words.strip() for words in control._options_labels)
            assert len(set(control._options_labels)) == len(control.options), "two options with the same words"


def test_all_words_have_contrast(app):
    for artist in labels.written_by(app.live.figure):
        colour = artist.get_facecolor() if isinstance(artist, Words | Numbers) else artist.get_color()
        assert contrast(255 * np.array(to_rgb(colour)), np.full(3, 255)) >= 4.5, artist


def test_no_text_runs_into_another_or_out_of_the_picture(app):
    texts, faults = labels.look_in(app, STATES, seed=1)
    assert texts > 10 * STATES * len(labels.WIDTHS)
    assert faults == {}


def test_it_is_its_code_again_and_refused_or_closed_leaves_no_widget(app):
    """In the state to which the test above has led; every state goes through code and through JSON."""
    made, before = type(app), set(open_widgets)
    for wrong in ({"controls": ("colour",)}, {"state": {"zz": 1}}, {"state": 5}, {"state": []}):
        with pytest.raises(ValueError):
            made(**wrong)
        assert set(open_widgets) == before
    again = eval(tools.code(app), {made.__name__: made})
    assert again.state == app.state == json.loads(json.dumps(app.state))
    again.live.close()
    assert set(open_widgets) == before
