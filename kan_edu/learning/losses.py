"""How wrong the outputs are: each loss gives its value and the gradient that `backward` starts from; accuracy counts.

Where does a car come from? The whole way from words to words: their numbers, a test part that has each class's share,
one output for each class, and back.

>>> from kan_edu import KAN, LBFGS, accuracy, classify, cross_entropy, datasets, fit
>>> cars = datasets.auto_mpg()
>>> labels, names = datasets.to_labels(cars.extra["origin"])
>>> names
('Europe', 'Japan', 'USA')
>>> X, X_test, y, y_test = datasets.split(cars.X[:, :6], labels, stratify=labels)
>>> X, X_test, *_ = datasets.to_box(X, X_test)
>>> model = KAN([6, 3], G=3)
>>> history = fit(model, X, y, loss=cross_entropy, optimiser=LBFGS(), steps=20)
>>> print(f"{accuracy(model(X_test), y_test):.1f} are right; {(y_test == 2).mean():.1f} if one says USA each time")
0.8 are right; 0.6 if one says USA each time
>>> datasets.to_words(classify(model(X_test[:3])), names).tolist()
['USA', 'Europe', 'USA']
"""

from numbers import Real

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, check_number, check_room, counted, shown
from kan_edu.checks.arrays import as_array, check_labels, floats, numbers
from kan_edu.checks.functions import call
from kan_edu.data.labels import to_labels


def mse(Y, T):
    """Mean square error: Y, T (N, n_out) -> (value, dL/dY (N, n_out)).

    L = 1/(N n_out) sum_{n,j} (Y - T)^2,   dL/dY = 2 (Y - T) / (N n_out).
    RMSE is its square root. T (N,) counts as the one column (N, 1): NumPy would compare every sample with every
    other. Raises ValueError for other shapes that differ, when both are empty, and where the
    value is beyond 1e308 (1e38 for float32).
    """
    Y, T = floats(Y, "the output", finite=False), floats(T, "the targets", finite=False)
    if T.ndim == 1 and Y.shape == (len(T), 1):
        T = T[:, None]
    if Y.shape != T.shape:
        raise ValueError(f"the model's output has shape {Y.shape}, the targets {T.shape}; give both as (N, n_out)")
    if Y.size == 0:
        raise ValueError(f"output and targets are empty (shape {Y.shape}); a mean needs at least one sample")
    with np.errstate(over="ignore", invalid="ignore"):
        E = Y - T
        flat = E.ravel(order="K")
        return check_value(float(flat @ flat) / E.size, Y, T), E * (2 / E.size)


def cross_entropy(Z, labels):
    """Cross-entropy of softmax(Z): scores Z (N, classes), labels (N,) whole numbers -> (value, dL/dZ (N, classes)).

    p = softmax(Z),   L = -1/N sum_n log p_{n, label_n},   dL/dZ = (p - onehot(labels)) / N.
    Raises ValueError for labels of another shape, of another type or outside 0 .. classes-1, or none at all, and for
    scores of one column. Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.
    """
    Z = _sound(numbers(Z, "the scores", finite=False))
    if Z.ndim != 2:
        raise ValueError(f"the scores have shape {Z.shape}; expected (N, classes), one column for each class")
    N, classes = Z.shape
    check_outputs(cross_entropy, classes)
    labels = check_labels(labels, N, classes)
    with np.errstate(over="ignore"):
        Z = Z - Z.max(axis=1, keepdims=True)  # softmax does not change, and exp cannot overflow
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    dZ = np.exp(log_p)
    dZ[np.arange(N), labels] -= 1
    return check_value(float(-log_p[np.arange(N), labels].mean()), Z), dZ / N


def logistic_loss(Z, labels):
    """Cross-entropy of two classes by one output: Z (N, 1), labels (N,) of 0 and 1 -> (value, dL/dZ (N, 1)).

    Z is the logarithm of the odds of class 1: p = sigma(z) = 1 / (1 + exp(-z)), more than 1/2 where z > 0. With the
    sign s = 1 for class 1 and s = -1 for class 0, the probability of a sample's own class is sigma(s z), and

        L = -1/N sum_n log sigma(s_n z_n) = 1/N sum_n log(1 + exp(-s_n z_n)),   dL/dz_n = -s_n sigma(-s_n z_n) / N.

    That slope is (p - label) / N, without its rounding where p is close to the label. The same as cross_entropy of
    the two scores 0 and z. Raises ValueError for outputs that are not one column, labels other than 0 and 1 (True and
    False), or none at all. Source: Bishop (2006), section 4.3.2.

    >>> logistic_loss([[0.0], [800.0], [-800.0]], [1, 1, 1])[0] * 3  # log 2, 0 and 800
    800.6931471805599
    """
    Z = _sound(numbers(Z, "the outputs", finite=False))
    if Z.ndim != 2:
        raise ValueError(f"the outputs have shape {Z.shape}; expected one column, (N, 1)")
    check_outputs(logistic_loss, Z.shape[1])
    s = 2.0 * check_labels(labels, len(Z), 2)[:, None] - 1  # (N, 1)
    value = np.logaddexp(0, -s * Z).mean()  # log(e^0 + e^(-sz)), which cannot overflow
    return check_value(float(value), Z), -s * np.exp(-np.logaddexp(0, s * Z)) / len(Z)


def _sound(Z):
    return Z if np.isfinite(Z).all() else check_value(np.nan, Z)


def check_value(value, *arrays):
    """The value of a loss, or OutOfBounds where it is NaN or inf, which training takes for too large a step."""
    if np.isfinite(value):
        return value
    bad = sum(int((~np.isfinite(array)).sum()) for array in arrays)
    held = counted(bad, "value", " that are NaN or inf")
    why = f"outputs and targets hold {held}" if bad else "they are too far apart"
    raise OutOfBounds(f"the loss is {value}, since {why}; scale X and Y with datasets.to_box, or make the model anew")


def check_outputs(loss, outputs):
    """ValueError unless a loss that takes labels goes with this number of outputs; any other loss does."""
    if loss is cross_entropy and outputs < 2:
        raise ValueError("there is one output; cross_entropy compares one for each class: make a second, or "
                         "use logistic_loss")  # fmt: skip
    if loss is logistic_loss and outputs != 1:
        raise ValueError(f"there are {outputs} outputs; logistic_loss tells two classes by one: "
                         "use cross_entropy, or make one output")  # fmt: skip


def curvature(loss, Y):
    """L'', the loss's second derivative at the outputs Y (N, n_out), in two functions: u -> L'' u and s -> W s.

    mse: L'' u = 2 u / (N n_out). cross_entropy: a sample's L'' is (diag(p) - p p') / N. logistic_loss: p (1 - p) / N.
    None of them sees the targets, or is negative anywhere: L'' = W W', with W s for random signs s as small as u.
    All are (N, n_out). ValueError for another loss, which tells its slope only, and for outputs that do not fit it.
    """
    if not any(loss is known for known in (mse, *LABELLED)):
        raise ValueError(f"the second derivative of {shown(loss)} is not known, only those of mse, cross_entropy and "
                         "logistic_loss: use one of these, or another optimiser, such as LBFGS or Adam")  # fmt: skip
    Y = _sound(numbers(Y, "the outputs", finite=False))
    if Y.ndim != 2 or Y.size == 0:
        raise ValueError(f"the outputs have shape {Y.shape}; expected (N, n_out), a row for each of N > 0 samples")
    check_outputs(loss, Y.shape[1])
    if loss is mse:
        return lambda u: u * (2 / Y.size), lambda s: s * (2 / Y.size) ** 0.5
    N = len(Y)
    if loss is logistic_loss:
        weight = np.exp(-np.logaddexp(0, Y) - np.logaddexp(0, -Y)) / N  # p (1 - p) / N, without rounding at the ends
        return lambda u: weight * u, lambda s: np.sqrt(weight) * s
    p = np.exp(Y - Y.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    root = np.sqrt(p)
    return (lambda u: p * (u - (p * u).sum(axis=1, keepdims=True)) / N,
            lambda s: root * (s - root * (root * s).sum(axis=1, keepdims=True)) / np.sqrt(N))


LABELLED = (cross_entropy, logistic_loss)  # they take labels (N,) for Y, one class number a sample


def ask(loss, outputs, Y):
    """What a loss says of outputs (N, n_out) and Y: its value, a float, and dL/doutputs; a ValueError for all else."""
    said = call(loss, outputs, Y, name="loss", example="mse")
    value = said[0] if isinstance(said, tuple | list) and len(said) == 2 else None
    value = value[()] if isinstance(value, np.ndarray) else value
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_):
        raise ValueError(f"the loss returned {type(said).__name__}; expected a pair of its value, a single number, and "
                         "the slope dL/doutputs (N, n_out)")  # fmt: skip
    slope = said[1]
    sound = isinstance(slope, np.ndarray) and not np.ma.isMaskedArray(slope) and slope.dtype.kind in "fiu"
    if not sound or slope.shape != np.shape(outputs):
        came = f"an array of {slope.dtype} of shape {slope.shape}" if isinstance(slope, np.ndarray) else shown(slope)
        raise ValueError(f"the loss returned {came} as its slope; expected dL/doutputs of shape {np.shape(outputs)}")
    return float(value), slope


# Which class the outputs say, and how often that is right


def classify(Z, threshold=0.0):
    """The class that each sample's outputs say: (N, q) -> the largest of the q; (N, 1) or (N,) -> 0 or 1; (N,) ints.

    One output says 1 where it is above `threshold`: 0 after logistic_loss (p > 1/2), 0.5 after mse on targets 0 and 1.
    Of several that are equal and largest, the first. Raises ValueError for NaN and inf, and for no samples.

    >>> classify([[0.2], [-0.7]]).tolist(), classify([[0.1, 0.3, 0.2]]).tolist()
    ([1, 0], [1])
    """
    Z, threshold = numbers(Z, "the outputs"), check_number(threshold, "threshold")
    Z = Z[:, None] if Z.ndim == 1 else Z
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"the outputs have shape {Z.shape}; expected (N, q), one row for each of N > 0 samples")
    return Z.argmax(axis=1) if Z.shape[1] > 1 else (Z[:, 0] > threshold).astype(int)


def accuracy(Z, labels, classes=None, threshold=0.0):
    """The share of samples whose outputs Z (N, q), (N, 1) or (N,) say the right class: a float from 0 to 1.

    labels     (N,) whole numbers 0 .. q-1 (0 and 1 for one output); or words, given the `classes` of `to_labels`
    threshold  for one output, as for `classify`

    Raises ValueError for labels that fit no output, and words that are not in `classes`.

    >>> accuracy([[3.0], [-1.0], [0.5]], ["yes", "no", "no"], classes=("no", "yes")).__round__(3)
    0.667
    """
    said, true, _ = _said_and_true(Z, labels, classes, threshold)
    return float((said == true).mean())


def confusion(Z, labels, classes=None, threshold=0.0):
    """How many samples of each class (row) are said to be of each (column): (q, q) ints; arguments as `accuracy`.

    On the diagonal stand those that are right. Raises ValueError as `accuracy`, and for more classes than 2 GiB hold.

    >>> confusion([[3.0], [-1.0], [0.5]], [1, 0, 0])
    array([[1, 1],
           [0, 1]])
    """
    said, true, q = _said_and_true(Z, labels, classes, threshold)
    check_room(q * q, f"a table of {q} x {q} classes", "give outputs of fewer classes: Z is (N, q), a row a sample")
    return np.bincount(q * true + said, minlength=q * q).reshape(q, q)


def _said_and_true(Z, labels, classes, threshold):
    """The class that the outputs say and the true one, both (N,) ints, and how many classes the outputs can say."""
    Z = as_array(Z, "the outputs")
    if Z.ndim == 1 and Z.dtype.kind in "iu":
        raise ValueError("the outputs are whole numbers in a row, as classes are; give what model(X) returns")
    said = classify(Z, threshold)
    q = max(2, Z.shape[1] if Z.ndim == 2 else 1)
    if classes is not None:
        labels, names = to_labels(labels, classes)
        if len(names) != q:
            raise ValueError(f"classes has {len(names)} names, these outputs tell {q} classes; give each class's name")
    return said, check_labels(labels, len(said), q), q
