"""Read a trained KAN: prune it, choose an edge, put a formula in its place, and watch the rest follow."""

import numpy as np
from ipywidgets import HTMLMath, Layout

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.networks.formulas.curvefit import fit_curve
from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.networks.grids import layer_inputs
from kan_edu.reading.symbolic import rmse
from kan_edu.seeing.controls import set_range, slider

from .picture import ReaderPicture
from .state import Reader, edges_of
from .tables import TABLES
from .written import edge_names, equations

CONTROLS = ("table", "prune", "edge", "family")
ROWS = (("table", "prune"), ("edge", "family"), ("formula",))
SPLINE = "spline, not read"
POINTS = 61     # of the chosen edge's curve


class ReaderApp(App):
    """A KAN trained on a table of measurements, to be pruned and read edge by edge; its formula stands below.

    controls   which controls are on the page, of "table", "prune", "edge", "family"; the others keep their values
    state      what to start from; a dict as `app.state` gives it, or a part of one
               table: "planets", "formula", "pendulum", "enzyme" or "hydrogen"
               prune: steps in which edges are taken away, each with a refit; 0 to as many as the table allows
               edge: [layer, j, i], the edge that is looked at
               read: [[edge, family], ...] in the order in which they were read; each was followed by a refit

    "family" moves through the chosen edge's candidates: the spline first, then the one with which the whole network,
    refitted, is best. To go back to the spline is to undo. `app.model` is the network as it is shown.

    >>> app = ReaderApp(state={"table": "planets", "prune": 1, "read": [[[0, 0, 0], "x^1.5"]]})
    >>> app.formula
    ['T = 0.9992 (a + 0.005088)^1.5 - 0.00665']
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = make_controls()
        self.reader, self.read, self.live = Reader(self._busy), (), None
        self.picture = ReaderPicture({name: (self.reader.example(name), self.reader.blank(name)) for name in TABLES})
        self.words = HTMLMath(layout=Layout(width="720px", max_width="95%", min_height="44px", margin="6px 0 0 20px"))
        self._sync()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners={"formula": None},
                         extras={"formula": self.words})

    # --- the state -----------------------------------------------------------------------------------

    @property
    def state(self):
        """A plain dict of names and numbers."""
        return {"table": self.table, "prune": self.steps, "edge": list(self.edge),
                "read": [[list(edge), family] for edge, family in self.read]}

    state = state.setter(App.state.fset)

    @property
    def table(self):
        return self.controls["table"].value

    @property
    def steps(self):
        return self.controls["prune"].value

    @property
    def edge(self):
        return self.controls["edge"].value

    @property
    def others(self):
        """What was read, without the chosen edge."""
        return tuple((edge, family) for edge, family in self.read if edge != self.edge)

    @property
    def model(self):
        return self.reader.model(self.table, self.steps, self.read)

    @property
    def formula(self):
        """The formula as it is read so far, a line for each node that needs one."""
        return equations(self.reader.example(self.table), self.model)

    def _apply(self, values):
        """Check everything before anything changes: the table limits `prune`, and that says which edges are left."""
        table = self._checked(values, ["table"]).get("table", self.table)
        models = self.reader.pruned(table)
        steps = check_steps(values.get("prune", self.steps if table == self.table else 0), len(models) - 1)
        left = edges_of(models[steps])
        kept = [] if table != self.table else [(e, family) for e, family in self.read if e in left]
        read = check_read(values.get("read", kept), left)
        edge = check_edge(values["edge"], left) if "edge" in values else self.edge if self.edge in left else left[0]
        self.reader.model(table, steps, read)   # a family may have no value where its edge is: a ValueError
        self.controls["table"].value = table
        self._limit(len(models) - 1, steps)
        self.read = read
        self._sync(edge)

    def _react(self, name):
        if name == "table":
            self.read = ()
            self._limit(len(self.reader.pruned(self.table)) - 1, 0)
            self._sync()
        elif name == "prune":
            left = edges_of(self.reader.pruned(self.table)[self.steps])
            self.read = tuple((edge, family) for edge, family in self.read if edge in left)
            self._sync(self.edge if self.edge in left else None)
        elif name == "edge":
            self._sync(self.edge)
        elif name == "family":
            family = self.controls["family"].value
            self.read = self.others if family == SPLINE else (*self.others, (self.edge, family))

    # --- controls that follow others -----------------------------------------------------------------

    def _limit(self, most, steps):
        set_range(self.controls["prune"], 0, max(most, 1), steps)
        self.controls["prune"].disabled = most == 0

    def _sync(self, edge=None):
        """The lists of edges and of candidates, for the present table, pruning and edge."""
        example, left = self.reader.example(self.table), edges_of(self.reader.pruned(self.table)[self.steps])
        names = edge_names(example, self.model)
        renew(self.controls["edge"], [(names[e], e) for e in left], edge or left[0])
        self.controls["edge"].disabled = len(left) == 1
        rows = self.rows()
        chosen = dict(self.read).get(self.edge, SPLINE)
        labels = [(f"{row.family}: {size(row.rmse, example.Y.std())}", row.family) for row in rows]
        if chosen not in [SPLINE, *(row.family for row in rows)]:
            labels.append((chosen, chosen))   # set by a state, and not among the best
        renew(self.controls["family"], [(SPLINE, SPLINE), *labels], chosen)

    def rows(self):
        """The candidates of the chosen edge, the best network first."""
        return self.reader.candidates(self.table, self.steps, self.others, self.edge).rows

    def _busy(self, words):
        if self.live is not None:
            self.live.say(words)

    # --- what is shown -------------------------------------------------------------------------------

    def _update(self, state):
        example, model = self.reader.example(self.table), self.model
        self.picture.show_network(self.table, example, model, self.edge)
        self._show_edge(example)
        spread, rows = example.Y.std(), self.rows()
        chosen = self.controls["family"].index
        self.picture.show_candidates(
            [(row.family, np.sqrt(max(1 - row.r2, 0)), row.rmse / spread, size(row.rmse, spread)) for row in rows],
            chosen - 1 if 0 < chosen <= len(rows) else None)  # fmt: skip
        lines = equations(example, model, tex=True)
        self.words.value = "$$" + r" \qquad ".join(lines) + "$$"
        return " ".join(sentences(self, example, model))

    def _show_edge(self, example):
        """The chosen edge as a spline, while the others are as they were read, and the nearest of the chosen family."""
        before = self.reader.model(self.table, self.steps, self.others)
        n, j, i = self.edge
        at = layer_inputs(before, example.X)[n][:, i]
        x = np.linspace(at.min(), at.max(), POINTS)
        family = self.controls["family"].value
        found = None if family == SPLINE else fit_curve(family, at, before.layers[n].phi(j, i, at))
        nearest = np.zeros(0)
        if found is not None:
            a, b, c = found.params
            with np.errstate(all="ignore"):
                nearest = a * FAMILIES[family].f(b * x + c) + found.constant
        name = edge_names(example, before)[self.edge]
        self.picture.show_curve(f"the edge {name}", x, before.layers[n].phi(j, i, x), at, nearest)


def make_controls():
    """The app's controls by name; lists and ranges follow the table."""
    tip = "each with the RMSE of the network, refitted; the first undoes: the edge is a spline again"
    return {"table": choice("data", [(label, name) for name, (label, _) in TABLES.items()], "planets"),
            "prune": slider("prune", 0, 0, 1, tip="how many steps of pruning, each with a refit"),
            "edge": choice("edge", [("a → T", (0, 0, 0))], (0, 0, 0)),
            "family": choice("read it as", [(SPLINE, SPLINE)], SPLINE, tip=tip)}


def renew(control, options, value):
    """Give a choice another list, and a value out of it, in one message."""
    with control.hold_sync():
        if list(control.options) != options:
            control.options = options
        control.value = value


def size(error, spread):
    """An error with three digits; below 1e-12 of the spread it is no more than rounding, and its digits mean nothing.

    >>> size(0.0028837, 55.3), size(3e-15, 55.3)
    ('0.00288', 'rounding')
    """
    return f"{error:.3g}" if error > 1e-12 * spread else "rounding"


def check_steps(steps, most):
    """A whole number of pruning steps from 0 to most, or a ValueError."""
    if not _is_whole(steps) or not 0 <= steps <= most:
        raise ValueError(f"prune = {steps!r}; expected a whole number from 0 to {most} for this table")
    return int(steps)


def _is_whole(value):
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.timedelta64)


def check_edge(edge, left):
    """The edge as a tuple, if it is one of those that are left, or a ValueError."""
    if not isinstance(edge, list | tuple) or not all(map(_is_whole, edge)) or tuple(edge) not in left:
        raise ValueError(f"edge = {edge!r} is not one of those that are left: {[list(e) for e in left]}")
    return tuple(map(int, edge))


def check_read(read, left):
    """((edge, family), ...) of a list of such pairs; each edge once."""
    if not isinstance(read, list | tuple) or any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in read):
        raise ValueError(f"read = {read!r}; expected a list of [edge, family]")
    pairs = tuple((check_edge(edge, left), family) for edge, family in read)
    for _, family in pairs:
        if not isinstance(family, str) or family not in FAMILIES:
            raise ValueError(f"read: no family is called {family!r}; expected one of {', '.join(FAMILIES)}")
    if len({edge for edge, _ in pairs}) < len(pairs):
        raise ValueError(f"read = {read!r} names an edge twice")
    return pairs


def sentences(app, example, model):
    """The picture in words and numbers."""
    left, read = edges_of(model), dict(app.read)
    many = f"{len(left)} edge" + "s" * (len(left) != 1)
    yield f"{len(example.X)} samples, {many} left, {len(read)} of them read."
    error, spread = rmse(model, example.X, example.Y), example.Y.std()
    yield f"RMSE of the network {size(error, spread)}; the spread of {example.output} is {spread:.3g}."
    yield f"Edge {edge_names(example, model)[app.edge]}: {read.get(app.edge, SPLINE)}."
    yield "; ".join(equations(example, model)) + "."
