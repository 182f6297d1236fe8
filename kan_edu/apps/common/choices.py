"""A choice among a few options, all of them on the page in words, as buttons of which one is pressed.

No widget of ipywidgets is it. In JupyterLab's command mode a plain arrow key on a Dropdown moves on to the next cell,
and letters are commands. RadioButtons are each a group of its own, so that arrow keys do nothing and Tab stops at
each; they do not wrap. ToggleButtons tell a screen reader none that is pressed. Both make all buttons anew when the
kernel changes the value, and the focus is gone. For the kernel this is a SelectionSlider: options, value, index.
"""

from pathlib import Path

from anywidget import AnyWidget
from ipywidgets import Layout, SelectionSlider

from kan_edu.seeing.controls import WIDTH

HERE, MARGINS = Path(__file__).parent, "4px"   # to its left and right; what reaches beyond its row is cut off


class Choice(AnyWidget, SelectionSlider):
    """One of `options`, shown by `choices.js`; arrow keys, Home and End choose, as they move a slider."""

    _esm = (HERE / "choices.js").read_text(encoding="utf-8")
    _css = (HERE / "buttons.css").read_text(encoding="utf-8")


def choice(description, options, value, *, tip=None):
    """A Choice with `value` pressed; options is a list or [(words, value), ...].

    As wide as its words need, half a row at least and a row at most; there they wrap. `tip` belongs to the description.
    """
    return Choice(description=description, options=options, value=value, tooltip=tip,
                  layout=Layout(width="auto", min_width=f"min({WIDTH}, 50% - {MARGINS})",
                                max_width=f"calc(100% - {MARGINS})"))   # fmt: skip
