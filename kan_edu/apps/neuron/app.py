"""One neuron of an MLP and one node of a KAN on the same two inputs, side by side, with their numbers."""

from functools import partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.written import number
from kan_edu.networks.activations import ACTIVATIONS
from kan_edu.networks.kan import KAN
from kan_edu.seeing.controls import as_lists, check_number, slider
from kan_edu.seeing.plot import greville, indexed
from kan_edu.seeing.touch import Thing

from .picture import NeuronPicture

G, K = 4, 3                     # both edges of the KAN node: G + K = 7 coefficients each
LIMIT = 1.5                     # coefficients and weights go from -LIMIT to LIMIT
CONTROLS = ("x1", "x2", "w1", "w2", "b", "activation", "edge", "coefficient")
ROWS = (("x1", "x2"), ("w1", "edge"), ("w2", "coefficient"), ("b", "value"), ("activation",))
PARTNERS = {"value": "coefficient"}   # on the page with the control it belongs to
NAMES = ("of the MLP", "of the KAN")
START = ((-0.2, 0.0, -0.8, 0.0, 0.8, 0.0, 0.2), (0.8, 0.5, -0.1, -0.3, -0.1, 0.5, 0.8))   # a wave and a bowl
AT = np.linspace(-1, 1, 121)    # where the curves are drawn


class NeuronApp(App):
    """Left an MLP neuron, z = w1 x1 + w2 x2 + b, y = sigma(z); right a KAN node, z = phi_1(x1) + phi_2(x2).

    controls   which controls are on the page, of "x1", "x2", "w1", "w2", "b", "activation", "edge", "coefficient"
               (with its value); what has no control keeps its value
    state      a dict as `app.state` gives it, or part of one

    phi_1 and phi_2 are cubic B-splines on [-1, 1] with 7 coefficients each, without a base function:
    `app.layer` is the KANLayer that computes them. `app.state` can be read and set, in parts too.

    >>> app = NeuronApp()
    >>> app.state = {"x1": 0.5, "x2": -0.6, "w1": 1.0, "w2": -0.5, "b": 0.1, "activation": "relu"}
    >>> app.live.text.partition(" KAN")[0]
    'MLP: z = 1.0·0.50 + (−0.5)·(−0.60) + 0.1 = 0.900, y = relu(z) = 0.900.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.layer = KAN([2, 1], G=G, k=K, base=False).layers[0]
        self.layer.c[0] = START
        self.parts = self.layer.basis.values(np.column_stack([AT, AT]))[:, 0].T   # (G+K, P), the same on both edges
        self.places = np.clip(greville(self.layer.basis.knots[0], K), -1, 1)
        self.marked = "coefficient" in controls
        self.controls, self.picture = make_controls(), NeuronPicture(AT, self.marked)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS)

    # --- the state -----------------------------------------------------------------------------------

    @App.state.getter   # the setter stays that of App
    def state(self):
        """What the picture shows: numbers, two words and the coefficients of both edges, (2, 7), as lists."""
        return {**{name: self.controls[name].value for name in CONTROLS}, "coefficients": self.layer.c[0].tolist()}

    def _apply(self, values):
        given = self._checked(values, CONTROLS)
        self.layer.c[0] = check_coefficients(values.get("coefficients", self.layer.c[0]))
        self._set(given)
        self._sync()

    # --- controls to coefficients, coefficients to controls ------------------------------------------

    def _chosen(self):
        return self.controls["edge"].value - 1, self.controls["coefficient"].value

    def _react(self, name):
        """The user moved control `name`: bend the chosen edge, or show the coefficient that is now chosen."""
        if name == "value":
            self.layer.c[0][self._chosen()] = self.controls["value"].value
        elif name in ("edge", "coefficient"):
            self._sync()

    def _sync(self):
        self.controls["value"].value = self.layer.c[0][self._chosen()]

    # --- what can be dragged -------------------------------------------------------------------------

    def _things(self):
        """Weights, at the right end of their lines; inputs, by the point on each curve; the chosen coefficient."""
        values, flow = {name: control.value for name, control in self.controls.items()}, self.flow()
        for name, edge in zip(("w1", "w2"), self.picture.edges[:2], strict=True):
            if name in self.shown:
                yield Thing(f"weight {name}", edge["axes"], 1.0, values[name], partial(self._drag, name, 1),
                            (0.0, self.controls[name].step), f"{values[name]:.1f}")
        if self.marked:
            i, m = self._chosen()
            yield Thing(f"coefficient {m}", self.picture.edges[2 + i]["axes"], float(self.places[m]),
                        values["value"], partial(self._drag, "value", 1), (0.0, self.controls["value"].step),
                        f"{values['value']:.2f}")
        for n, (edge, part) in enumerate(zip(self.picture.edges, flow["parts"], strict=True)):
            name = ("x1", "x2")[n % 2]
            if name in self.shown:
                yield Thing(f"input {name} {NAMES[n // 2]}", edge["axes"], values[name], float(part),
                            partial(self._drag, name, 0), (self.controls[name].step, 0.0), f"{values[name]:.2f}")

    def _drag(self, name, axis, *place):
        """On steps: sums of such numbers are exact in the digits that the picture writes."""
        self._put(name, place[axis], snap=True)

    # --- the picture ---------------------------------------------------------------------------------

    def flow(self):
        """Every number in the picture: x (2,), parts (4,) on the edges, b, z, y of the MLP, sum of the KAN."""
        state = self.state
        x, w = np.array([state["x1"], state["x2"]]), np.array([state["w1"], state["w2"]])
        phi = self.layer.edges(x[None, :])[0, 0]   # (2,)
        z = float(w @ x + state["b"])
        y = float(ACTIVATIONS[state["activation"]][0](z))
        return {"x": x, "w": w, "parts": [*(w * x), *phi], "b": state["b"], "z": z, "y": y, "sum": float(phi.sum())}

    def _update(self, state):
        flow, name = self.flow(), state["activation"]
        c, (edge, m) = self.layer.c[0], self._chosen()
        chosen = (edge, self.places[m], c[edge, m], c[edge, m] * self.parts[m]) if self.marked else None
        self.picture.show(flow, [*(flow["w"][:, None] * AT), *(c @ self.parts)], name, ACTIVATIONS[name][0], chosen)
        return " ".join(self._sentences(flow, name))

    def _sentences(self, flow, activation):
        """The picture in words and numbers."""
        products = " + ".join(f"{signed(w, 1)}·{signed(x, 2)}" for w, x in zip(flow["w"], flow["x"], strict=True))
        yield f"MLP: z = {products} + {signed(flow['b'], 1)} = {number(flow['z'])},"
        yield f"y = {'z' if activation == 'identity' else activation + '(z)'} = {number(flow['y'])}."
        first, second = flow["parts"][2:]
        yield f"KAN: z = φ₁(x₁) + φ₂(x₂) = {number(first)} + {signed(second, 3)} = {number(flow['sum'])}."
        if self.marked:
            edge, m = self._chosen()
            yield f"On φ{'₁₂'[edge]}: {indexed('c', m)} = {number(self.layer.c[0, edge, m], 2)}."


def signed(value, digits):
    """A number as a term of a sum or a product: in brackets when it has a minus."""
    text = number(value, digits)
    return f"({text})" if text.startswith("−") else text


def check_coefficients(values):
    """Two rows of seven numbers as an array (2, 7), or a ValueError that says which one is wrong."""
    values = as_lists("coefficients", values)
    try:
        rows = [list(row) for row in values]
    except TypeError:
        rows = []
    if [len(row) for row in rows] != [G + K] * 2:
        raise ValueError(f"coefficients = {values!r}; expected two rows of {G + K} numbers, for phi_1 and phi_2")
    return np.array([[check_number(f"coefficients[{i}][{m}]", value, -LIMIT, LIMIT) for m, value in enumerate(row)]
                     for i, row in enumerate(rows)])


def make_controls():
    """The app's nine controls by name. Steps of 0.05 and 0.1 keep every sum of the MLP exact in three digits."""
    names = [("none (identity)", "identity"), *((name, name) for name in ("relu", "sigmoid", "silu", "tanh"))]
    return {"x1": slider("input x₁", 0.4, -1.0, 1.0, 0.05),
            "x2": slider("input x₂", -0.6, -1.0, 1.0, 0.05),
            "w1": slider("weight w₁", 0.8, -LIMIT, LIMIT, 0.1, digits=1),
            "w2": slider("weight w₂", -0.5, -LIMIT, LIMIT, 0.1, digits=1),
            "b": slider("bias b", 0.1, -1.0, 1.0, 0.1, digits=1),
            "activation": choice("activation σ", names, "tanh"),
            "edge": choice("bend edge", [("φ₁", 1), ("φ₂", 2)], 1),
            "coefficient": slider("choose c", 2, 0, G + K - 1),
            "value": slider("its value", 0.0, -LIMIT, LIMIT, 0.05)}
