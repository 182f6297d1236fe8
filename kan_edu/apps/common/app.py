"""What every app is: controls, a picture that follows them, and a state that can be written down and set again."""
import contextlib
import functools
import inspect

from kan_edu.seeing.controls import all_or_nothing, check_names, check_value
from kan_edu.seeing.live import LiveFigure

from .player import Player
from .tools import Tools


class App:
    """The base class of all apps. An app makes its controls and its picture, then calls this `__init__`, last.

    shown      names of the controls that are on the page: a tuple of names out of `names`
    state      what to start from, a dict: all of a state, or a part of one; or None
    names      the controls that a reader may choose among
    rows       rows of names below the picture; of each row stays what is shown, an empty row goes
    partners   {name: the control it stands on the page with}; None: it is always there
    extras     {name: widget} that are no part of the state, as LiveFigure takes them

    What it needs of an app: `self.controls`, {name: control}; `self.picture`, with `figure` and `moving`; and
    `_update(state)`, which sets the artists and returns the words. An app with more than its controls in its state has
    its own getter of `state` and its own `_apply`; one whose controls depend on each other has `_react(name)`; one in
    whose picture something can be dragged has `_things()`; one that trains has `runs`, a Runs, and a Player "play".

    `widget` is what the page shows, `live` the LiveFigure behind it. The last row, `tools`, is the same for all.
    """

    runs = None

    def __init_subclass__(cls):
        """An app that refuses its arguments, at any place of its own `__init__` or in this one, leaves no widget.

        The names of the controls that are to be on the page are looked at before anything is made of them.
        """
        make = cls.__init__
        names = inspect.signature(make).parameters["controls"].default

        @functools.wraps(make)
        def made(self, *args, **options):
            check_shown(args[0] if args else options.get("controls", names), names)
            with all_or_nothing():
                make(self, *args, **options)
                self.as_usual = self.shown == tuple(names)

        cls.__init__ = made

    def __init__(self, shown, state, *, names, rows, partners=None, extras=None):
        self._take({} if state is None else state)   # before the picture is drawn: one drawing, not two
        self.shown, partners, on_page = tuple(shown), partners or {}, {*shown, None}
        rows = [[name for name in row if partners.get(name, name) in on_page] for row in rows]
        self.players = [part for part in (extras or {}).values() if isinstance(part, Player)]
        for player in self.players:
            player.app = self
        self.live = LiveFigure(self.picture.figure, self.picture.moving, self.controls, self._shown,
                               react=self._react, rows=[row for row in rows if row], extras=extras,
                               things=self._things, title=type(self).__name__)
        self.widget = self.live.widget
        self.tools = Tools(self)
        self.widget.children = [*self.widget.children, self.tools.box]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.widget._repr_mimebundle_()

    def png(self):
        """The PNG bytes of the picture as it is shown."""
        return self.live.png()

    @property
    def state(self):
        """The values of all controls, on the page or not, as a plain dict."""
        return {name: control.value for name, control in self.controls.items()}

    @state.setter
    def state(self, values):
        """Set all or some of it. ValueError, and nothing changes, for an unknown name or an illegal value."""
        with self.live.quiet():
            self._take(values)
        with contextlib.nullcontext() if self.runs is None else self.runs.at_once():
            self.live.draw()

    def _shown(self, state):
        """The drawing of a state; where training has not yet come to it, the page is to ask for more."""
        words = self._update(state)
        behind = self.runs is not None and self.runs.behind
        for player in self.players:
            player.behind = behind and player.trains
        return f"Training goes on. {words}" if behind else words

    def _take(self, values):
        check_names(values, self.state)
        self._apply(values)

    def _apply(self, values):
        """Check all values of known names, then set the controls: an error comes before anything has changed."""
        self._set(self._checked(values))

    def _checked(self, values, names=None):
        """Those of `values` that are among `names` (None: all), as their controls take them; else a ValueError."""
        names = values if names is None else [name for name in names if name in values]
        return {name: check_value(name, self.controls[name], values[name]) for name in names}

    def _set(self, values):
        for name, value in values.items():
            self.controls[name].value = value

    def _react(self, name):
        """The user moved control `name`: adjust what depends on it."""

    def _things(self):
        """What can be dragged: `touch.Thing`s, of those whose control is on the page. They move the same state."""
        return []

    def _put(self, name, value, *, snap=False):
        """Something in the picture was dragged: its control `name` takes the value, cut to its range.

        snap    to whole steps of the slider, where the numbers are to stay round; else exactly, between the steps
        """
        control = self.controls[name]
        if snap:
            value = round(round(value / control.step) * control.step, 12)
        value = min(max(value, control.min), control.max)
        control.value = round(value) if isinstance(control.value, int) else value
        self._react(name)


def check_shown(shown, names):
    """ValueError unless these are names of controls that may be on the page, a tuple or a list."""
    if not isinstance(shown, list | tuple) or any(not isinstance(name, str) or name not in names for name in shown):
        raise ValueError(f"controls = {shown!r}; expected a tuple of names out of {names}")
