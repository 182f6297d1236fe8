"""The multilayer perceptron: sum, then activate.

Every edge carries one number, and a node applies a fixed function to the sum: a_j = sigma(sum_i W_{j,i} x_i + b_j).
The KAN of `kan.py` does it in the other order. Both offer the same methods and one flat `theta`, so that
whatever trains one trains the other.
"""

from itertools import pairwise

import numpy as np

from kan_edu.checks.arguments import check_choice, check_room, check_seed, check_sound, check_widths

from . import flat, passes
from .activations import ACTIVATIONS
from .saved import saving


class Dense:
    """y = W x + b for every sample; W (n_out, n_in) and b (n_out,) are views into `theta`, dW and db into `grad`.

    Initial values: W ~ N(0, 2 / (n_in + n_out)) (Glorot and Bengio 2010), b = 0.
    """

    W, b = flat.View(), flat.View()

    def __init__(self, n_in, n_out, rng):
        self.shapes = [(n_out, n_in), (n_out,)]
        size = n_out * (n_in + 1)
        self._bind(np.zeros(size), np.zeros(size))
        self.draw(rng)

    def draw(self, rng):
        """New random initial values."""
        self.W[...] = rng.normal(0, np.sqrt(2 / sum(self.W.shape)), self.W.shape)
        self.b[...] = 0

    def _bind(self, theta, grad):
        """Let the parameters and their gradients be views into two flat vectors."""
        self.theta, self.grad = theta, grad
        W, b = flat.views(theta, self.shapes)
        self.__dict__.update(W=W, b=b)  # past `View`, which copies
        self.dW, self.db = flat.views(grad, self.shapes)

    @property
    def samples(self):
        """What the last forward saw, or None."""
        return getattr(self, "X", None)

    def forward(self, X):
        """X (N, n_in) -> Z (N, n_out)."""
        self.X = X
        return X @ self.W.T + self.b

    def backward(self, dZ, to_input=True):
        """dZ = dL/dZ (N, n_out) -> dL/dX (N, n_in), or None if not asked for.

        One sample: z_j = sum_i W_{j,i} x_i + b_j, so dz_j/dW_{j,i} = x_i, dz_j/db_j = 1, dz_j/dx_i = W_{j,i}.
        W and b serve all samples (sum over n), x_i feeds all outputs (sum over j).
        """
        self.dW[...] = dZ.T @ self.X
        self.db[...] = dZ.sum(axis=0)
        return dZ @ self.W if to_input else None

    def _tangent(self, v, dX):
        """How Z of the last forward changes as theta goes along v and X along dX (None: it stays): (N, n_out).

        dz_j = sum_i dW_{j,i} x_i + db_j + sum_i W_{j,i} dx_i.
        """
        dW, db = flat.views(v, self.shapes)
        dZ = self.X @ dW.T + db
        return dZ if dX is None else dZ + dX @ self.W.T

    def _jacobian(self, D, J, to_input=True):
        """`backward` without its sum over samples, and for each of the network's outputs Y_o by itself.

        D[n, o, j] = dY_{n,o}/dz_{n,j}, (N, outputs, n_out) -> dY_{n,o}/dx_{n,i}, (N, outputs, n_in), at the x of the
        last forward; None if not asked for. J (N, outputs, P of this layer) is filled in:
        dY_{n,o}/dW_{j,i} = D_{n,o,j} x_{n,i}, dY_{n,o}/db_j = D_{n,o,j}.
        """
        J_W, J_b = flat.views(J, self.shapes)
        d, x = (np.ascontiguousarray(a) for a in (D.transpose(2, 1, 0), self.X.T))  # samples are columns, as in J
        np.multiply(d[:, None], x[:, None], out=J_W.transpose(2, 3, 1, 0))
        J_b[...] = D
        return D @ self.W if to_input else None


class MLP:
    """Dense layers with an activation between them (none after the last); widths = [2, 5, 1].

    `activation` is "tanh", "relu", "silu", "sigmoid" or "identity" (which makes every depth one straight map).
    `model.theta` and `model.grad` are (P,) float64. Raises ValueError for wrong widths or an unknown activation;
    `model(X)`, `forward` and `jacobian` raise OutOfBounds, a ValueError, where a parameter or an output is NaN or inf.

    >>> MLP([2, 5, 1]).n_params
    21
    """

    def __init__(self, widths, *, activation="tanh", seed=0):
        widths, rng = check_widths(widths), check_seed(seed)
        self.widths, self.activation = widths, check_choice(activation, "activation", sorted(ACTIVATIONS))
        P = sum((n + 1) * m for n, m in pairwise(widths))
        check_room(5 * P, f"an MLP with {P:,} parameters", "make it with fewer nodes")  # theta, grad, an optimiser's
        self.layers = [Dense(n, m, rng) for n, m in pairwise(self.widths)]
        self.join()

    theta, grad = flat.View(), flat.View()
    join, __setstate__, copy, __copy__ = flat.gather, flat.set_state, flat.copied, flat.copied

    @property
    def n_params(self):
        return self.theta.size

    @property
    def sigma(self):
        """The activation function, z (...) -> a (...): by its name, which can be sent to another process."""
        return ACTIVATIONS[self.activation][0]

    @property
    def slope(self):
        """sigma'(z), z and a = sigma(z) (...) -> (...)."""
        return ACTIVATIONS[self.activation][1]

    called = "an MLP"
    forward, __call__, backward, jacobian = passes.forward, passes.predict, passes.backward, passes.jacobian
    restart = passes.restart

    def _forward(self, A):
        """`forward` without its doors: training has looked at its samples once, and its loss sees what overflows."""
        self.Z, self.A = [], []
        for layer in self.layers[:-1]:
            self.Z.append(layer.forward(A))
            A = self.sigma(self.Z[-1])
            self.A.append(A)
        Y = self.layers[-1].forward(A)
        self.shape_out = Y.shape
        return Y

    def _backward(self, dY, to_input=False):
        """Through an activation the chain rule is one factor: a = sigma(z), dL/dz = dL/da sigma'(z)."""
        self.shape_out = None
        dA = self.layers[-1].backward(dY, to_input or len(self.layers) > 1)
        for layer, Z, A in zip(self.layers[-2::-1], self.Z[::-1], self.A[::-1], strict=True):
            dA = layer.backward(dA * self.slope(Z, A), to_input or layer is not self.layers[0])
        return dA

    def _per_sample(self):
        """How many numbers the layers write down for one sample."""
        return 3 * sum(self.widths)

    def _jacobian(self, X):
        Y = self.forward(X)
        return flat.jacobian(self, Y, self._slopes())

    def _slopes(self):
        """sigma' at what stands between two layers, a list of (N, n)."""
        return [self.slope(Z, A) for Z, A in zip(self.Z, self.A, strict=True)]

    def _tangent(self, v):
        """J v (N, n_out), how the outputs of the last forward change as theta goes along v (P,)."""
        return flat.tangent(self, v, self._slopes())

    def save(self, path):
        """Write widths, activation and parameters to `path` (npz without pickle; written whole or not at all).

        Raises ValueError for what is no path, and for parameters that are NaN or inf.
        """
        check_sound(self)
        arrays = {"widths": self.widths, "activation": self.activation, "theta": self.theta}
        saving.write(path, "kan_edu.MLP", arrays)

    @classmethod
    def load(cls, path):
        """Read a model that `save` wrote. Raises ValueError for a damaged, foreign, older or newer file."""
        saved = saving.read(path, "kan_edu.MLP")
        with saving.fitting(path):
            model = cls(saving.check_widths(saved), activation=str(saved["activation"]))
            model.theta[...] = saving.check_parameters(saved, model.n_params)
        return model

    def __repr__(self):
        return f"MLP({self.widths}, activation={self.activation!r}, {self.n_params} parameters)"
