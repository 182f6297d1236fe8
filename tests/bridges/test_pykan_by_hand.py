"""What pykan computes, by the formula in its own source: read and written without pykan installed."""

import json

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.bridges import BeyondGrid, from_pykan, pykan, to_pykan, torchfile, yamlfile
from kan_edu.networks.activations import silu
from kan_edu.splines.bspline import B

from .agreeing import assert_agree, moved, samples

THEIRS = {"0": lambda x: 0 * x, "cos": np.cos, "arccos": np.arccos, "x^2": np.square, "1/x^0.5": lambda x: x**-0.5,
          "sin": np.sin, "1/sqrt(x)": lambda x: x**-0.5}  # fmt: skip
INNER = {"arccos": (0.01, 0.1), "1/x^0.5": (0.01, 2.0)}  # within their domains for all |x| <= 30
BASES = {"silu": silu, "identity": lambda x: x, "zero": lambda x: 0 * x}


def checkpoint(base="silu", k=2, G=3, p=1):
    """(config, state) of a network [2, 3 sums and p products, 1] with random numbers wherever pykan has any."""
    rng = np.random.default_rng(0)
    config = {"width": [2, [3, p], [1, 0]], "grid": G, "k": k, "mult_arity": [[], [2] * p, []], "base_fun_name": base,
              "symbolic_enabled": True, "symbolic.funs_name.0": [["cos", "0"], ["0", "arccos"], ["x^2", "1/x^0.5"],
                                                                 *[["0", "0"]] * 2 * p],
              "symbolic.funs_name.1": [["0"] * (3 + p)]}  # fmt: skip
    state = {}
    for number, (n_in, sums, nodes) in enumerate([(2, 3 + 2 * p, 3 + p), (3 + p, 1, 1)]):
        shapes = {"act_fun.{}.coef": (n_in, sums, G + k), "act_fun.{}.scale_base": (n_in, sums),
                  "act_fun.{}.scale_sp": (n_in, sums), "subnode_scale_{}": sums, "subnode_bias_{}": sums,
                  "node_scale_{}": nodes, "node_bias_{}": nodes, "symbolic_fun.{}.affine": (sums, n_in, 4)}  # fmt: skip
        state |= {name.format(number): rng.normal(size=shape) for name, shape in shapes.items()}
        state[f"act_fun.{number}.grid"] = np.linspace(-2, 2, G + 1 + 2 * k) * np.arange(1, n_in + 1)[:, None]
        state[f"act_fun.{number}.mask"] = np.ones((n_in, sums))
        state[f"symbolic_fun.{number}.mask"] = np.zeros((sums, n_in))
    state["node_bias_0"][3:] = 0
    state["act_fun.0.mask"][0, 4] = 0.5
    for j, i in [(0, 0), (1, 1), (2, 0), (2, 1), (3, 1)]:  # the last: a constant, in the place of a spline
        state["symbolic_fun.0.mask"][j, i], state["act_fun.0.mask"][i, j] = 1.5, 0
        state["symbolic_fun.0.affine"][j, i, :2] = INNER.get(config["symbolic.funs_name.0"][j][i], (0.7, 0.3))
    return config, state


def said(config, state, X):
    """`MultKAN.forward` of pykan, edge by edge: the formula at the top of bridges/pykan.py."""
    k = config["k"]
    for number, products in enumerate([config["width"][1][1], 0]):
        part = {name: state[f"act_fun.{number}.{name}"] for name in ("grid", "coef", "mask", "scale_base", "scale_sp")}
        on, affine = state[f"symbolic_fun.{number}.mask"], state[f"symbolic_fun.{number}.affine"]
        Y = np.zeros((len(X), len(on)))
        for j, i in np.ndindex(on.shape):
            x, (a, b, c, d) = X[:, i], affine[j, i]
            spline = sum(part["coef"][i, j, m] * B(x, m, k, part["grid"][i]) for m in range(part["coef"].shape[2]))
            base = BASES[config["base_fun_name"]](x)
            Y[:, j] += part["mask"][i, j] * (part["scale_base"][i, j] * base + part["scale_sp"][i, j] * spline)
            if config["symbolic_enabled"] and on[j, i]:
                f = THEIRS[config[f"symbolic.funs_name.{number}"][j][i]]
                Y[:, j] += on[j, i] * (c * f(a * x + b) + d)
        Y = state[f"subnode_scale_{number}"] * Y + state[f"subnode_bias_{number}"]
        s = Y.shape[1] - 2 * products
        Y = np.hstack([Y[:, :s], Y[:, s::2] * Y[:, s + 1 :: 2]])
        X = state[f"node_scale_{number}"] * Y + state[f"node_bias_{number}"]
    return X


@pytest.mark.parametrize(("base", "p"), [*((base, 1) for base in BASES), ("silu", 2)])
@pytest.mark.parametrize("enabled", [True, False])
def test_a_checkpoint_with_all_that_pykan_has_is_its_formula(base, p, enabled):
    config, state = checkpoint(base, p=p)
    config["symbolic_enabled"] = enabled
    X = samples(2)
    assert_agree(pykan.made(config, state, "mark")(X), said(config, state, X), np.float64)


def refused(change):
    config, state = checkpoint()
    change(config, state)
    pykan.made(config, state, "mark")


@pytest.mark.parametrize(("change", "words"), [
    (lambda config, state: config.pop("k"), "has no k; expected what saveckpt"),
    (lambda config, state: config.update(mult_arity=3), "nodes of layer 1 multiply 3 sums"),
    (lambda config, state: config.update(base_fun_name="tanh"), "the base function is 'tanh'"),
    (lambda config, state: config["symbolic.funs_name.0"][0].__setitem__(0, "sgn"), r"\(0, 0, 0\) is the formula 'sgn"),
    (lambda config, state: state["act_fun.0.mask"].fill(1), r"edge \(0, 0, 0\) is a formula and a spline at once"),
    (lambda config, state: state["node_bias_0"].fill(1), "a node of layer 0 multiplies and then adds"),
    (lambda config, state: state.update(node_bias_2=np.ones(1)), "holds node_bias_2, which no network of pykan"),
    (lambda config, state: state.update({"act_fun.0.coef": np.ones((2, 5, 6))}), r"shape \(2, 5, 6\); expected \(2, 5"),
    (lambda config, state: state.update(node_bias_1=np.ones(1, np.float32)), "tensors of float32 and float64"),
])  # fmt: skip
def test_what_cannot_be_represented_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        refused(change)


def test_an_edge_that_is_a_straight_line_is_no_formula_besides():
    config, state = checkpoint("identity")
    state["act_fun.0.coef"][:], state["act_fun.0.mask"][:] = 0, 1
    with pytest.raises(ValueError, match="is a formula and a spline at once"):
        pykan.made(config, state, "mark")


def test_a_formula_beside_a_spline_that_counts_nothing_is_a_formula():
    config, state = checkpoint()
    state["act_fun.0.mask"][0, 0], state["act_fun.0.scale_base"][0, 0], state["act_fun.0.scale_sp"][0, 0] = 1, 0, 0
    X = samples(2)
    assert_agree(pykan.made(config, state, "mark")(X), said(config, state, X), np.float64)


# ------------------------------------------------------------------------------------------- and back


def read_and_removed(model):
    model.set_formula((0, 0, 0), "sin", (0.5, 2.0, 0.1))
    model.set_formula((0, 1, 1), "1/sqrt", (0.5, 1.0, 3.0))
    model.remove_edge((0, 2, 0))


def test_what_is_written_for_pykan_says_by_its_formula_what_the_model_says(written, tmp_path):
    X = np.random.default_rng(1).uniform(-1, 1, (100, 2))
    model = moved([2, (3, 1), 1], X, read_and_removed)
    to_pykan(model, str(tmp_path / "mark"), X=X)
    config = json.loads((tmp_path / "mark_config.yml").read_text(encoding="utf-8"))
    assert_agree(said({**config, "k": 3}, written["state"], X), model(X), np.float64)
    assert config["width"] == [[2, 0], [3, 1], [1, 0]] and config["grid"] == [5, 5] and config["k"] == [3, 3]
    model.set_formula((0, 0, 0), "cosh", (0.5, 1.0, 0.1))
    with pytest.raises(ValueError, match=r"edge \(0, 0, 0\) is the formula cosh, which pykan does not have"):
        to_pykan(model, str(tmp_path / "mark"), X=X)


def test_a_warning_points_at_the_line_of_who_called(written, monkeypatch, tmp_path):
    """Not at a line of kan_edu, where nobody can mend anything."""
    config, state = checkpoint()
    monkeypatch.setattr(yamlfile, "read", lambda path: config)
    monkeypatch.setattr(torchfile, "read", lambda path: state)
    with pytest.warns(BeyondGrid) as told:
        model = from_pykan("mark", fade=False)
        to_pykan(KAN([1, 1]), str(tmp_path / "mark"))
    assert [one.filename for one in told] == [__file__] * 2 and model.widths[0] == 2
