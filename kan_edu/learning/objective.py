"""What an optimiser may ask of a model, its samples and a loss: gradient, residuals, Jacobian; all as theta stands."""

from numbers import Real
from weakref import WeakKeyDictionary, ref

import numpy as np

from kan_edu.checks.arguments import all_finite, check_integer, shown

from .losses import LABELLED, ask, curvature, mse

BLOCK = 2**25  # so many numbers of a Jacobian at once: 256 MiB


def in_blocks(jacobian, X, numbers):
    """jacobian(X), or where it would fill the memory an iterator of it for some rows of X after the other.

    `numbers` of it belong to each row of X.
    """
    rows = max(1, BLOCK // numbers)
    if rows >= len(X):
        return jacobian(X)
    return (jacobian(X[start : start + rows]) for start in range(0, len(X), rows))


def price(penalty, model):
    """What the penalty puts on the model, a number; its gradient goes into the model's. 0 without a penalty."""
    if penalty is None:
        return 0.0
    added = penalty.add(model)
    if not isinstance(added, Real) or isinstance(added, bool | np.bool_):
        raise ValueError(f"the penalty's add(model) returned {shown(added)}; expected its price, a number")
    return float(added)


def _blame(loss, value, dY, outputs):
    """What a loss of one's own returned, if it is NaN or inf although the outputs are finite; else ""."""
    if loss is mse or loss in LABELLED or (np.isfinite(value) and all_finite(dY)) or not all_finite(outputs):
        return ""
    came = f"{int((~np.isfinite(dY)).sum())} slopes that are NaN or inf" if np.isfinite(value) else f"the value {value}"
    return f"the loss function returned {came} for outputs from {outputs.min():.3g} to {outputs.max():.3g}"


class Objective:
    """The loss of `model` on X (N, n_in) and Y (N, n_out) or labels (N,), as a function of model.theta (P,).

    A penalty adds its price: penalty.add(model) returns it and adds its gradient, after forward and backward.
    """

    def __init__(self, model, X, Y, loss=mse, penalty=None):
        self.model, self.X, self.Y, self.loss, self.penalty = model, X, Y, loss, penalty
        self.blame = ""  # in words, if the loss function made no number of numbers

    def evaluate(self):
        """The loss and its gradient (P,). Where the model meets NaN the loss is inf: a line search then turns back."""
        try:
            outputs = self.model._forward(self.X)
            value, dY = ask(self.loss, outputs, self.Y)
            self.blame = self.blame or _blame(self.loss, value, dY, outputs)
            if np.isfinite(value):
                self.model._backward(dY)
                added = price(self.penalty, self.model)
                if not np.isfinite(added):
                    self.blame = self.blame or f"the penalty's add(model) returned {added}"
                value += added
        except FloatingPointError:
            value = np.inf
        return value, self.model.grad

    def residuals(self):
        """r (N n_out,) with |r|^2 = mean square error: r = (output - target) / sqrt(N n_out)."""
        return ((self.model._forward(self.X) - self.Y) / np.sqrt(self.Y.size)).ravel()

    def jacobian(self):
        """dr/dtheta, (N n_out, parameters that may change); where it would fill the memory, in blocks of rows."""
        return in_blocks(self._jacobian, self.X, self.Y[0].size * self.model.n_params)

    def _jacobian(self, X):
        J = self.model._jacobian(X)
        J /= np.sqrt(self.Y.size)
        J, free = J.reshape(-1, J.shape[-1]), getattr(self.model, "free", None)
        return J if free is None or free.all() else J[:, free]

    def curvature(self):
        """Gauss-Newton's matrix H = J' L'' J (P, P) at theta as it is, by what it does: v -> H v, and rng -> J'W s.

        Both are (P,); s are random signs and L'' = W W', so the squares of J'W s are the diagonal of H on average.
        """
        outputs = self.model._forward(self.X)
        times, root = curvature(self.loss, outputs)

        def back(dY):
            self.model._backward(dY)
            return self.model.grad.copy()

        def draw(rng):
            return back(root(rng.choice([-1.0, 1.0], size=outputs.shape)))

        return lambda v: back(times(self.model._tangent(v))), draw

    def step(self, optimiser):
        """One step of an optimiser of any kind; returns the loss before it."""
        needs, theta = getattr(optimiser, "needs", "gradient"), self.model.theta
        if needs == "jacobian":
            return self._least_squares_step(optimiser)
        if needs == "evaluate":
            return _number(optimiser, optimiser.step(theta, self.evaluate))
        if needs == "curvature":
            return _number(optimiser, optimiser.step(theta, self.evaluate, self.curvature))
        value, grad = self.evaluate()
        if np.isfinite(value):
            _check_step(optimiser, theta, grad)
        return value

    def _least_squares_step(self, optimiser):
        """Only parameters that may change are solved for: the others would make the matrix larger, and singular."""
        theta, free = self.model.theta, getattr(self.model, "free", None)  # an MLP's may all change
        if free is None or free.all():
            return _number(optimiser, optimiser.step(theta, self.residuals, self.jacobian))
        part = theta[free]

        def residuals():
            theta[free] = part
            return self.residuals()

        def jacobian():
            theta[free] = part
            return self.jacobian()

        try:
            return _number(optimiser, optimiser.step(part, residuals, jacobian))
        finally:
            theta[free] = part


IN_PLACE = "a step must change theta in place: theta -= lr * grad, or theta[...] = new"


def _check_step(optimiser, theta, grad):
    """Let an optimiser take its step; ValueError if it returned new parameters and left theta as it was."""
    before = theta.copy()
    said = optimiser.step(theta, grad)
    new = isinstance(said, np.ndarray) and said.shape == theta.shape and not np.array_equal(said, before)
    if new and np.array_equal(before, theta) and grad.any():
        raise ValueError(f"{type(optimiser).__name__}.step returned an array and left theta as it was; {IN_PLACE}")


def _number(optimiser, said):
    """The loss that an optimiser's step returned; ValueError for anything but a number."""
    if not isinstance(said, Real) or isinstance(said, bool | np.bool_):
        raise ValueError(f"{type(optimiser).__name__}.step returned {shown(said)}; expected the loss before the step, "
                         f"a number, since it has `needs`; and {IN_PLACE}")  # fmt: skip
    return float(said)


def as_optimiser(optimiser):
    """An optimiser from itself, or from what makes one when it is called: Adam(0.02), Adam, lambda: Adam(0.02)."""
    made = optimiser
    if isinstance(optimiser, type) or (callable(optimiser) and not hasattr(optimiser, "step")):
        try:
            made = optimiser()
        except TypeError as error:
            raise ValueError(f"optimiser could not be made without arguments ({error}); make one: Adam(0.1)") from None
    if not callable(getattr(made, "step", None)):
        raise ValueError(f"optimiser is {optimiser!r}; expected one with a method step, without quotation marks: "
                         "Adam(0.01), SGD(0.1), LBFGS() or LevenbergMarquardt()")  # fmt: skip
    return made


SERVED = WeakKeyDictionary()  # optimiser: a weak reference to the model that it last trained


def serve(optimiser, model, N):
    """Let an optimiser that has trained another model start anew; with the same model it goes on.

    What it has seen, gradients, curvature or damping, tells of the place where that model was.
    An optimiser that is made for a model and a number of samples a step, N, looks at them (`Meter`).
    """
    if hasattr(optimiser, "check_use"):
        optimiser.check_use(model, N)
    try:
        before, SERVED[optimiser] = SERVED.get(optimiser), ref(model)
    except TypeError:  # an optimiser of one's own that cannot be looked up: it sees to this itself
        return
    if before is not None and before() is not model and hasattr(optimiser, "restart"):
        optimiser.restart()


def check_optimiser(optimiser, loss, batch_size, penalty=None):
    """ValueError for mini-batches with an optimiser that compares losses, or Levenberg-Marquardt without squares."""
    needs, name = getattr(optimiser, "needs", "gradient"), type(optimiser).__name__
    if batch_size is not None:
        check_integer(batch_size, "batch_size", 1)
    if needs != "gradient" and batch_size is not None and not getattr(optimiser, "any_batch", False):
        raise ValueError(f"{name} compares losses of the same samples; leave batch_size out, or use Adam")
    if penalty is not None and (isinstance(penalty, type) or not callable(getattr(penalty, "add", None))):
        raise ValueError(f"penalty is {shown(penalty)}; expected one with a method add, such as Sparsity(0.01)")
    if needs == "jacobian" and (loss is not mse or penalty is not None):
        what = "this loss" if loss is not mse else "a loss with a penalty"
        raise ValueError(f"{name} minimises a sum of squares; use loss=mse, or LBFGS or Adam for {what}")
    if needs == "curvature" and ((loss is not mse and loss not in LABELLED) or penalty is not None):
        what = "of this loss" if penalty is None else "of a penalty"
        raise ValueError(f"{name} needs the second derivative {what}, which it cannot know; use mse, cross_entropy or "
                         "logistic_loss without a penalty, or LBFGS or Adam")  # fmt: skip
