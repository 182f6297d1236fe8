"""Two hidden neurons fold the plane until one line separates XOR: weights by hand or trained, with any activation."""
from functools import partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.player import Player
from kan_edu.apps.common.shapes import inside
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.apps.common.written import number
from kan_edu.data.datasets import logic_gate
from kan_edu.learning.downhill.gradient import SGD
from kan_edu.learning.losses import mse
from kan_edu.networks.mlp import MLP
from kan_edu.seeing.controls import as_lists, check_number, slider
from kan_edu.seeing.touch import Thing

from .picture import FAR, HIGH, LOW, NEAR, XorPicture

CONTROLS = ("fold", "activation", "weights", "seed", "frame", "weight")
ROWS = (("fold", "folding"), ("activation", "weights"), ("weight", "value"), ("seed",), ("frame", "play", "speed"))
# on the page with the control they belong to
PARTNERS = {"folding": "fold", "value": "weight", "play": "frame", "speed": "frame"}
NAMES = ("w₁₁", "w₁₂", "w₂₁", "w₂₂", "b₁", "b₂", "v₁", "v₂", "c")    # the order of MLP.theta
BY_HAND = (1.0, 1.0, 1.0, 1.0, 0.0, -1.0, 1.0, -2.0, 0.0)             # y = relu(x1 + x2) - 2 relu(x1 + x2 - 1)
MOVES = ((4, 5), (1, 3), (0, 2))   # the numbers of theta that the points 00, 01 and 10 of the hidden space go with
GRAIN = 0.05
SEEDS, FRAMES, STEPS, SCALE = 40, 101, 10, 0.7                        # frame f is the net after STEPS f steps
X, LABELS = logic_gate("XOR")
WORDS = {"relu": "relu", "tanh": "tanh", "identity": ""}


def start(seed):
    """The nine random numbers that training starts from."""
    return SCALE * np.random.default_rng(seed).normal(size=len(NAMES))


def train(activation, seed):
    """The nine numbers after 0, 10, 20, ... steps of gradient descent on the mean square error of all four points."""
    net, optimiser, Y = MLP([2, 2, 1], activation=activation), SGD(lr=0.1), LABELS[:, None].astype(float)
    net.theta[:] = start(seed)
    while True:
        yield net.theta.copy()
        for _ in range(STEPS):
            net.backward(mse(net.forward(X), Y)[1])
            optimiser.step(net.theta, net.grad)


class XorApp(App):
    """The net y = v·h + c, h = sigma(W x + b), with two hidden neurons: input space left, hidden space right.

    controls   which controls are on the page, of "fold" (with a Play), "activation", "weights" (by hand or trained),
               "seed", "frame" (with Play) and "weight" (choose one; with its value)
    state      a dict as `app.state` gives it, or part of one: fold 0 to 100 (per cent of the way from x over
               W x + b to h), activation "relu", "tanh" or "identity", weights "hand" or "trained", seed 0 to 39,
               frame 0 to 100, weight (which one the slider moves), theta (9 numbers, those set by hand)

    Training is gradient descent, 10 steps a frame, from `start(seed)`; the picture then ignores theta.

    >>> XorApp(state={"fold": 100}).live.text.partition("Outputs")[2]
    ' at 00, 01, 10, 11: 0.00, 1.00, 1.00, 0.00; right: 4 of 4.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.theta, self.runs, self.picture = list(BY_HAND), Runs(train), XorPicture(X, LABELS)
        self.controls, self.extras = make_controls()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=self.extras)

    # --- the state -----------------------------------------------------------------------------------

    @App.state.getter   # the setter stays that of App
    def state(self):
        """What the picture shows, as a plain dict of numbers, words and the list theta."""
        return {**{name: self.controls[name].value for name in CONTROLS}, "theta": list(self.theta)}

    def _apply(self, values):
        given = self._checked(values, CONTROLS)
        self.theta = check_theta(values.get("theta", self.theta))
        self._set(given)
        self._sync()

    # --- controls to weights, weights to controls ----------------------------------------------------

    def _react(self, name):
        """The user moved control `name`: set the chosen weight, or show what is now chosen."""
        if name == "value":
            self.theta[self.controls["weight"].value] = self.controls["value"].value
        else:
            self._sync()

    def _sync(self):
        """Show the chosen weight; switch off what does not count for these weights."""
        controls, trained = self.controls, self.controls["weights"].value == "trained"
        controls["value"].value = self.theta[controls["weight"].value]
        controls["value"].disabled = trained
        for part in (controls["seed"], controls["frame"], self.extras["play"], self.extras["speed"]):
            part.disabled = not trained

    # --- what can be dragged -------------------------------------------------------------------------

    def _things(self):
        """By hand: the three lines, which go with the pointer by b1, b2 or c, and points on their way to h.

        The point 00 goes with both biases, 10 and 01 with the weights of their input; 11 follows from these.
        """
        if "weight" not in self.shown or self.controls["weights"].value == "trained":
            return
        theta, picture = self.theta, self.picture
        lines = [("line of h₁", picture.left, (0, 1, 4), 0.0), ("line of h₂", picture.left, (2, 3, 5), 0.0),
                 ("line y = ½", picture.right, (6, 7, 8), 0.5)]
        for name, ax, which, level in lines:
            w, b = np.array([theta[n] for n in which[:2]]), theta[which[2]] - level
            ends = inside(w, b, *((LOW, HIGH) if ax is picture.left else (NEAR, FAR)))
            if len(ends):
                step = tuple(GRAIN / abs(part) if part else 0.0 for part in w)
                says = f"{NAMES[which[2]]} = {number(theta[which[2]], 2)}"
                yield Thing(name, ax, *map(float, ends.mean(axis=0)), partial(self._drag_line, w, which[2], level),
                            step, says, ends=ends.tolist())
        t, net = self.controls["fold"].value / 100, self._net()
        for n, (word, which) in enumerate(zip(("00", "01", "10"), MOVES, strict=True)):
            place = folded(net, X, t)[n]
            if t > 0 and ((NEAR <= place) & (place <= FAR)).all():
                yield Thing(f"point {word}", picture.right, *map(float, place), partial(self._drag_hidden, n, t),
                            (GRAIN, GRAIN), ", ".join(f"{NAMES[m]} = {number(theta[m], 2)}" for m in which))

    def _drag_line(self, w, which, level, x, y):
        self._set_weight(which, level - w[0] * x - w[1] * y)
        self._sync()

    def _drag_hidden(self, n, t, *place):
        """The sums that the point (input n) has at this place of the folding, and the weights that give them."""
        net = self._net()
        now, sums = folded(net, X, t)[n], net.layers[0].forward(X)[n]
        for j, m in enumerate(MOVES[n]):
            if abs(place[j] - now[j]) > 1e-3:   # where relu has made it 0, a coordinate that stays tells nothing
                z = sum_at(net.activation, place[j], X[n, j], t)
                self._set_weight(m, self.theta[m] + z - sums[j])
        self._sync()

    def _set_weight(self, which, value):
        """Choose a weight and give it a value, on a step of its slider.

        The slider gets it last, once: a page sends back what a slider shows, and it would come to another weight.
        """
        self.theta[which] = min(max(round(GRAIN * round(value / GRAIN), 12), -3.0), 3.0)
        self.controls["weight"].value = which

    # --- the picture ---------------------------------------------------------------------------------

    def _net(self):
        net = MLP([2, 2, 1], activation=self.controls["activation"].value)
        net.theta[:] = self.present_theta()
        return net

    def present_theta(self):
        """The nine numbers in the picture."""
        state = self.state
        if state["weights"] == "hand":
            return np.array(self.theta)
        frames = self.runs.frames({"activation": state["activation"], "seed": state["seed"]}, state["frame"])
        self.come_to = len(frames) - 1
        return frames[-1]

    def _update(self, state):
        net = self._net()
        outputs, t = net(X)[:, 0], state["fold"] / 100
        self.picture.show(net, lambda points: folded(net, points, t), t)
        # 1e-9: a sum that is 1/2 up to rounding is undecided on every machine
        right = np.where(LABELS == 1, outputs > 0.5 + 1e-9, outputs < 0.5 - 1e-9)
        trained = state["weights"] == "trained"
        self.picture.head(t, f"step {STEPS * self.come_to}, seed {state['seed']}" if trained else "weights by hand",
                          int(right.sum()))
        return " ".join(sentences(net, outputs, int(right.sum())))


def folded(net, points, t):
    """Points (N, 2) on their way: x at t = 0, the sums z = W x + b at t = 1/2, h = sigma(z) at t = 1."""
    z = net.layers[0].forward(points)
    if t <= 0.5:
        return (1 - 2 * t) * points + 2 * t * z
    return (2 - 2 * t) * z + (2 * t - 1) * net.sigma(z)


def sum_at(activation, place, x, t):
    """The sum z whose way from x is at `place` now, for one coordinate of a folded point: the way back of `folded`.

    >>> round(sum_at("relu", -0.5, 0.0, 0.75), 6), round(sum_at("tanh", np.tanh(0.5), 0.0, 1), 6)
    (-1.0, 0.5)
    """
    if t <= 0.5:
        return (place - (1 - 2 * t) * x) / (2 * t)
    if activation != "tanh":   # relu at t = 1 has nothing below 0: there the sum is as far below as the hand
        return place if activation == "identity" or place > 0 or t == 1 else place / (2 - 2 * t)
    low, high = -9.0, 9.0
    for _ in range(50):   # halve: the place grows with the sum
        middle = (low + high) / 2
        below = (2 - 2 * t) * middle + (2 * t - 1) * np.tanh(middle) < place
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2


def sentences(net, outputs, right):
    """The picture in words and numbers."""
    (W, b), (v, c) = ((layer.W, layer.b) for layer in net.layers)
    name = WORDS[net.activation]
    for j in range(2):
        total = f"{terms(W[j], 'x')} {signed(b[j])}"
        yield f"h{'₁₂'[j]} = " + (f"{name}({total})" if name else total) + ","
    yield f"y = {terms(v[0], 'h')} {signed(c[0])}."
    if net.activation == "relu":
        dead = [f"h{'₁₂'[j]}" for j in range(2) if (net.layers[0].forward(X)[:, j] <= 0).all()]
        yield from [f"Dead, 0 at all four points: {' and '.join(dead)}."] * bool(dead)
    yield f"Outputs at 00, 01, 10, 11: {', '.join(number(value, 2) for value in outputs)}; right: {right} of 4."


def terms(w, letter):
    """Two products with their signs: '1.00 x₁ − 2.00 x₂'."""
    return f"{number(w[0], 2)} {letter}₁ {signed(w[1])} {letter}₂"


def signed(value):
    """A number with its sign set off: '+ 0.50', '− 2.00'."""
    text = number(value, 2)
    return f"− {text[1:]}" if text.startswith("−") else f"+ {text}"


def check_theta(values):
    """Nine numbers from -3 to 3 as a list, or a ValueError that says which one is wrong."""
    values = as_lists("theta", values)
    values = list(values) if isinstance(values, list | tuple) else []
    if len(values) != len(NAMES):
        raise ValueError(f"theta has {len(values)} numbers; expected {len(NAMES)}: {', '.join(NAMES)}")
    return [check_number(name, value, -3.0, 3.0) for name, value in zip(NAMES, values, strict=True)]


def make_controls():
    """The app's controls by name, and the two Plays."""
    frame, extras = frame_slider("frame", FRAMES, tip=f"{STEPS} steps of training each")
    fold = slider("fold, %", 0, 0, 100, tip="from the plane of x over the sums to the plane of h")
    extras["folding"] = Player(fold, step=2, description="fold", trains=False)
    return {"fold": fold,
            "activation": choice("activation σ", [("relu", "relu"), ("tanh", "tanh"), ("none", "identity")], "relu"),
            "weights": choice("weights", [("by hand", "hand"), ("trained", "trained")], "hand"),
            "weight": choice("choose weight", [(name, n) for n, name in enumerate(NAMES)], 5),
            "value": slider("its value", BY_HAND[5], -3.0, 3.0, GRAIN),
            "seed": slider("seed", 0, 0, SEEDS - 1),
            "frame": frame}, extras
