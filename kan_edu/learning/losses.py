"""How wrong the outputs are: each loss gives its value and the gradient that `backward` starts from."""

import numpy as np


def mse(Y, T):
    """Mean square error: Y, T (N, n_out) -> (value, dL/dY (N, n_out)).

    L = 1/(N n_out) sum_{n,j} (Y - T)^2,   dL/dY = 2 (Y - T) / (N n_out).
    RMSE is its square root. Raises ValueError when the shapes differ: (N,) against (N, 1) would silently
    compare every sample with every other. Also when both are empty.
    """
    T = np.asarray(T, dtype=float)
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
    labels, (N, classes) = np.asarray(labels), Z.shape
    if labels.shape != (N,) or N == 0:
        raise ValueError(f"labels have shape {labels.shape}; expected ({N or 'N > 0'},), one class number a sample")
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels are of type {labels.dtype}; expected whole numbers: use labels.astype(int)")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}; expected whole numbers 0 .. {classes - 1}")
    Z = Z - Z.max(axis=1, keepdims=True)  # softmax does not change, and exp cannot overflow
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    dZ = np.exp(log_p)
    dZ[np.arange(N), labels] -= 1
    return float(-log_p[np.arange(N), labels].mean()), dZ / N
