"""What leaves as ONNX: onnxruntime says what the model says, on its grids, at their ends and outside."""

import json

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.bridges import to_onnx
from kan_edu.checks.arguments import OutOfBounds
from kan_edu.networks import grids

onnx = pytest.importorskip("onnx", reason='onnx is missing: pip install "kan-edu[bridges]"')
runtime = pytest.importorskip("onnxruntime", reason='onnxruntime is missing: pip install "kan-edu[bridges]"')


def run(path, X):
    """What onnxruntime computes, as a dict of arrays."""
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"X": X}), strict=True))


def samples(model, N=300):
    """Samples in the grids and well outside, and every grid point itself."""
    grid = model.layers[0].basis.grid
    lo, hi = grid[:, 0], grid[:, -1]
    inside = np.random.default_rng(0).uniform(lo, hi, (N, len(grid)))
    return np.concatenate([inside, 3 * inside, grid.T, lo[None] - 1e-9, hi[None] + 1e-9])


MODELS = {
    "one edge": lambda **to: KAN([1, 1], **to), "[3, 4, 2]": lambda **to: KAN([3, 4, 2], **to),
    "other ranges": lambda **to: KAN([2, 3, 1], lo=[0, -50], hi=[1, 50], G=7, **to),
    "no base": lambda **to: KAN([2, 1], base=False, **to), "straight": lambda **to: KAN([2, 2, 1], k=1, **to),
    "quintic": lambda **to: KAN([2, 2, 1], k=5, G=4, **to), "one interval": lambda **to: KAN([2, 1], G=1, **to),
    "products": lambda **to: KAN([2, (1, 2), 1], **to), "products alone": lambda **to: KAN([2, (0, 2), 1], **to),
}  # fmt: skip


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("kind", MODELS)
def test_onnxruntime_says_what_the_model_says(kind, dtype, close, tmp_path):
    model = MODELS[kind](seed=1, dtype=dtype)
    to_onnx(model, tmp_path / "kan.onnx")
    X = samples(model).astype(dtype)
    Y, said = model(X), run(tmp_path / "kan.onnx", X)["Y"]
    assert said.dtype == dtype and said.shape == Y.shape
    assert np.abs(said - Y).max() <= close * max(1, np.abs(Y).max())


def test_constants_jump_where_the_model_jumps(tmp_path):
    model = KAN([1, 1], k=0, seed=1)
    to_onnx(model, tmp_path / "kan.onnx")
    X = samples(model)
    assert np.abs(run(tmp_path / "kan.onnx", X)["Y"] - model(X)).max() < 1e-12


def test_uneven_grids_and_removed_edges(tmp_path):
    model = KAN([2, 3, 1], seed=1)
    grids.update(model, np.random.default_rng(0).normal(size=(300, 2)) ** 3, adaptive=1.0)
    model.remove_edge((0, 1, 0))
    to_onnx(model, tmp_path / "kan.onnx")
    X = samples(model)
    assert np.abs(run(tmp_path / "kan.onnx", X)["Y"] - model(X)).max() < 1e-12 * np.abs(model(X)).max()


def test_the_file_is_plain(tmp_path):
    to_onnx(KAN([2, 3, 1]), str(tmp_path / "kan.onnx"))
    file = onnx.load(tmp_path / "kan.onnx")
    assert [(one.domain, one.version) for one in file.opset_import] == [("", 17)]
    assert {node.domain for node in file.graph.node} == {""} and not file.functions


@pytest.mark.parametrize(
    ("model", "said"),
    [(MLP([1, 2, 1]), "expected a KAN"), (3, "expected a KAN"), (KAN([1, 1], basis="fourier"), "expected B-splines")],
)
def test_what_it_cannot_write_is_refused_in_words(model, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        to_onnx(model, tmp_path / "kan.onnx")
    assert not list(tmp_path.iterdir())


def test_edges_that_are_formulas_are_refused(tmp_path):
    model = KAN([1, 1])
    model.set_formula((0, 0, 0), "sin", (1, 1, 0))
    with pytest.raises(ValueError, match="edges that are formulas"):
        to_onnx(model, tmp_path / "kan.onnx")


def test_a_parameter_that_is_none_and_a_path_that_is_none_are_refused(tmp_path):
    with pytest.raises(ValueError, match="the path is 3"):
        to_onnx(KAN([1, 1]), 3)
    model = KAN([1, 1])
    model.theta[0] = np.nan
    with pytest.raises(OutOfBounds):
        to_onnx(model, tmp_path / "kan.onnx")
    assert not list(tmp_path.iterdir())


def test_without_onnx_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ImportError, match=r'pip install "kan-edu\[bridges\]"'):
        to_onnx(KAN([1, 1]), tmp_path / "kan.onnx")


class TestEstimators:
    """Scaling goes into the file: tables in, their units out."""

    def table(self):
        rng = np.random.default_rng(0)
        X = rng.uniform([0, 100], [1, 300], (80, 2))
        return X, 1000 * X[:, 0] + X[:, 1]

    @pytest.fixture(autouse=True)
    def scikit_learn(self):
        pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')

    def test_a_regressor(self, tmp_path):
        from kan_edu.sklearn import KANRegressor

        X, y = self.table()
        model = KANRegressor(starts=1, grids=(3,), steps=5, random_state=0).fit(X, y)
        to_onnx(model, tmp_path / "kan.onnx")
        assert np.abs(run(tmp_path / "kan.onnx", 2 * X)["Y"][:, 0] - model.predict(2 * X)).max() < 1e-12 * 1e4

    @pytest.mark.parametrize("classes", [("no", "yes"), ("high", "low", "middle")])
    def test_a_classifier(self, classes, tmp_path):
        from kan_edu.sklearn import KANClassifier

        X, y = self.table()
        words = np.array(classes)[np.digitize(y, np.quantile(y, np.arange(1, len(classes)) / len(classes)))]
        model = KANClassifier((), starts=1, steps=5, random_state=0).fit(X, words)
        to_onnx(model, tmp_path / "kan.onnx")
        said = run(tmp_path / "kan.onnx", 2 * X)["probabilities"]
        assert np.abs(said - model.predict_proba(2 * X)).max() < 1e-12
        kept = {one.key: one.value for one in onnx.load(tmp_path / "kan.onnx").metadata_props}
        assert json.loads(kept["classes"]) == sorted(classes)
