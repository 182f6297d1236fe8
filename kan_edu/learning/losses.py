"""How wrong the outputs are: each loss gives its value and the gradient that `backward` starts from."""

import numpy as np

from kan_edu.checks import check_labels, numbers


def mse(Y, T):
    """Mean square error: Y, T (N, n_out) -> (value, dL/dY (N, n_out)).

    L = 1/(N n_out) sum_{n,j} (Y - T)^2,   dL/dY = 2 (Y - T) / (N n_out).
    RMSE is its square root. T (N,) counts as the one column (N, 1): NumPy would compare every sample with every
    other. Raises ValueError for other shapes that differ, or when both are empty.
    """
    Y, T = numbers(Y, "the output", finite=False), numbers(T, "the targets", finite=False)
    if T.ndim == 1 and Y.shape == (len(T), 1):
        T = T[:, None]
    if Y.shape != T.shape:
        raise ValueError(f"the model's output has shape {Y.shape}, the targets {T.shape}; give both as (N, n_out)")
    if Y.size == 0:
        raise ValueError(f"output and targets are empty (shape {Y.shape}); a mean needs at least one sample")
    E = Y - T
    flat = E.ravel(order="K")
    return float(flat @ flat) / E.size, E * (2 / E.size)


def cross_entropy(Z, labels):
    """Cross-entropy of softmax(Z): scores Z (N, classes), labels (N,) whole numbers -> (value, dL/dZ).

    p = softmax(Z),   L = -1/N sum_n log p_{n, label_n},   dL/dZ = (p - onehot(labels)) / N.
    Raises ValueError for labels of another shape, of another type or outside 0 .. classes-1, or none at all.
    """
    Z = numbers(Z, "the scores", finite=False)
    if Z.ndim != 2:
        raise ValueError(f"the scores have shape {Z.shape}; expected (N, classes), one column for each class")
    N, classes = Z.shape
    labels = check_labels(labels, N)
    if classes < 2:
        raise ValueError("the scores have one column; cross_entropy compares one output for each class: make a second")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}; expected whole numbers 0 .. {classes - 1}")
    Z = Z - Z.max(axis=1, keepdims=True)  # softmax does not change, and exp cannot overflow
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    dZ = np.exp(log_p)
    dZ[np.arange(N), labels] -= 1
    return float(-log_p[np.arange(N), labels].mean()), dZ / N
