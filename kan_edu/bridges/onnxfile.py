"""A KAN as a file of ONNX: what a product, a phone or a browser loads, without Python and without kan_edu.

Source: the operators' definitions, https://onnx.ai/onnx/operators/ (opset 17).
"""

import json

import numpy as np

from kan_edu.checks.arguments import check_path, check_sound
from kan_edu.files import write_whole
from kan_edu.networks.kan import KAN
from kan_edu.splines.bases import BSpline

from . import operators

OPSET, IR = 17, 8  # what runtimes since 2022 read


def to_onnx(model, path):
    """Write a KAN of B-splines, or a fitted KANRegressor or KANClassifier, to `path` as an ONNX model (opset 17).

    Its input "X" is (N, n_in). A KAN's output "Y" is (N, n_out), in the model's type (float64 or float32). A regressor
    takes X and gives Y in their own units, with the scaling inside; a classifier gives "probabilities" (N, K), and the
    names of its classes stand in the file's metadata, "classes", as JSON. Outputs agree with the model's to rounding,
    on the grids and outside.
    Raises ImportError without the package onnx, ValueError for another model, another basis and edges that are
    formulas, OutOfBounds where a parameter is NaN or inf, OSError where `path` cannot be written.
    """
    onnx = _onnx()
    check_path(path)
    kan = getattr(model, "model_", model)
    _check(kan, model)
    graph = operators.Graph(onnx, kan.dtype)
    x = "X"
    if kan is not model:
        x = graph.add("Div", graph.add("Sub", x, model.center_[None]), model.half_[None])
    for layer in kan.layers:
        x = operators.layer(graph, x, layer)
    classes, output = _finish(graph, x, model, kan)
    write_whole(path, _assembled(onnx, graph, kan.widths[0], output, classes))


def _onnx():
    try:
        import onnx
    except ImportError:
        raise ImportError('to_onnx needs the package onnx. Type: pip install "kan-edu[bridges]"') from None
    return onnx


def _check(kan, model):
    if not isinstance(kan, KAN):
        raise ValueError(f"the model is {model!r}; expected a KAN, or a KANRegressor or KANClassifier after fit")
    check_sound(kan)
    for layer in kan.layers:
        if not isinstance(layer.basis, BSpline):
            raise ValueError(f"the model's basis is {kan.kind!r}; expected B-splines: make it with basis='bspline'")
        if layer.formulas:
            raise ValueError("the model has edges that are formulas, which to_onnx does not write; save it before "
                             "set_formula, or use the formula itself: kan_edu.formula(model)")  # fmt: skip


def _finish(graph, y, model, kan):
    """Name the output, in the units of the model; returns its classes (None: it has none) and (name, columns)."""
    classes, columns = getattr(model, "classes_", None), kan.widths[-1]
    if classes is not None and columns == 1:
        second = graph.add("Sigmoid", y)
        graph.add("Concat", graph.add("Sigmoid", graph.add("Neg", y)), second, axis=1, output="probabilities")
    elif classes is not None:
        graph.add("Softmax", y, axis=1, output="probabilities")
    elif kan is not model:
        graph.add("Add", graph.add("Mul", y, model.spread_[None]), model.mean_[None], output="Y")
    else:
        graph.add("Identity", y, output="Y")
    return classes, ("Y", columns) if classes is None else ("probabilities", len(classes))


def _assembled(onnx, graph, n_in, output, classes):
    """The file's bytes, after ONNX's own check of them."""
    helper, kind = onnx.helper, onnx.helper.np_dtype_to_tensor_dtype(np.dtype(graph.dtype))
    ends = [helper.make_tensor_value_info(name, kind, ["N", n]) for name, n in (("X", n_in), output)]
    made = helper.make_model(
        helper.make_graph(graph.nodes, "KAN", ends[:1], ends[1:], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR, producer_name="kan_edu")  # fmt: skip
    if classes is not None:
        helper.set_model_props(made, {"classes": json.dumps(classes.tolist())})
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString()
