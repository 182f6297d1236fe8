"""The plain ways downhill: SGD and Adam know nothing but the gradient, so any batch of samples will do."""

import numpy as np

from kan_edu.checks.arguments import check_number

from .answers import check_both

BLOCK = 2**15  # Adam goes through theta in blocks that fit in the processor's cache: twice as fast for large P


def positive(value, name="the learning rate"):
    """The number as it is, or a ValueError in words unless it is above 0 and finite."""
    try:
        return check_number(value, name, 0, open_ends=True)
    except ValueError:
        raise ValueError(f"{name} is {value!r}; expected a positive number, such as 0.01") from None


def share(value, name):
    """A number from 0, below 1."""
    value = check_number(value, name, 0, 1)
    if value == 1:
        raise ValueError(f"{name} is {value}; expected 0 <= {name} < 1")
    return value


class SGD:
    """Gradient descent with momentum:  v <- momentum v - lr grad,   theta <- theta + v."""

    def __init__(self, lr=0.1, momentum=0.0):
        self.lr, self.momentum, self.v = positive(lr), share(momentum, "momentum"), None

    def restart(self):
        """Forget the steps taken so far; `fit` asks for that when it is given another model."""
        self.v = None

    def step(self, theta, grad):
        """theta and grad are (P,). ValueError for what is none, and for NaN and inf."""
        check_both(theta, grad)
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
        self.lr, self.beta1, self.beta2 = positive(lr), share(beta1, "beta1"), share(beta2, "beta2")
        self.eps = check_number(eps, "eps", 0, 1, example=1e-8)
        self.restart()

    def restart(self):
        """Forget the gradients seen so far; `fit` asks for that when it is given another model."""
        self.m = self.v = None
        self.t = 0

    def step(self, theta, grad):
        """theta and grad are (P,). ValueError for what is none, and for NaN and inf."""
        check_both(theta, grad)
        if self.m is None or self.m.shape != theta.shape:  # first step, or the model's grid has changed
            self.m, self.v, self.t = np.zeros_like(theta), np.zeros_like(theta), 0
            self.room = np.empty_like(theta[:BLOCK])
        self.t += 1
        for start in range(0, theta.size, BLOCK):
            part = slice(start, start + BLOCK)
            self._update(theta[part], grad[part], self.m[part], self.v[part], self.room[: theta[part].size])

    def _update(self, theta, grad, m, v, d):
        """Every operation in place, d being room for the step: no other array is made.

        Two passes are saved: m is without its factor 1 - beta1, and v without 1 - beta2, until both are in the hats.
        """
        m *= self.beta1
        m += grad
        v *= self.beta2
        v += np.multiply(grad, grad, out=d)
        m_hat = (1 - self.beta1) / (1 - self.beta1**self.t)  # times m, as
        root = ((1 - self.beta2) / (1 - self.beta2**self.t)) ** 0.5  # times sqrt(v)
        np.sqrt(v, out=d)
        d += self.eps / root
        np.divide(m, d, out=d)
        d *= self.lr * m_hat / root
        theta -= d
