"""A Meter: an optimiser that counts the work it causes, so that two models can be trained on one budget."""

from kan_edu.checks.arguments import check_has, check_integer, shown

from ..objective import as_optimiser
from .work import backward_work, forward_work, jacobian_work, normal_work, solve_work


class Meter:
    """An optimiser that counts the work it causes: `spent` multiply-adds so far. Give it to `fit` in the other's place.

    It counts for one model and N samples a step: `fit` refuses any other number, and a model whose steps cost more or
    less, with a ValueError.

    >>> import numpy as np
    >>> from kan_edu import MLP, Adam, fit
    >>> model = MLP([2, 20, 1])
    >>> meter = Meter(Adam(), model, N=100)
    >>> history = fit(model, np.zeros((100, 2)), np.zeros((100, 1)), steps=3, optimiser=meter)
    >>> meter.spent == 3 * (forward_work(model, 100) + backward_work(model, 100))
    True
    """

    def __init__(self, optimiser, model, N):
        check_has(model, None, "Meter")
        self.optimiser, self.spent, self.N = as_optimiser(optimiser), 0, check_integer(N, "N", 1)
        self.needs = getattr(self.optimiser, "needs", "gradient")
        self.forward, self.solve, self.gradient, self.jacobian = self.prices = _prices(model, N)

    def check_use(self, model, N):
        """ValueError for N samples a step other than it counts for, or a model whose steps cost something else."""
        if N != self.N:
            raise ValueError(f"the Meter counts the work of {shown(self.N)} samples a step, here there are {N}; make "
                             f"one for them: Meter(optimiser, model, N={N})")  # fmt: skip
        if _prices(model, N) != self.prices:
            raise ValueError(f"the Meter counts the work of another model than {shown(model)}, or of this one on "
                             f"another grid; make a new one: Meter(optimiser, model, N={N})")  # fmt: skip

    @property
    def stopped(self):
        return getattr(self.optimiser, "stopped", "")

    def restart(self):
        """As the optimiser's own; what was spent stays."""
        if hasattr(self.optimiser, "restart"):
            self.optimiser.restart()

    def step(self, theta, *asked):
        """As the optimiser's own; the work of what it asks for is added up."""
        if self.needs == "gradient":
            self.spent += self.gradient
            return self.optimiser.step(theta, *asked)
        if self.needs == "evaluate":
            return self.optimiser.step(theta, self._counted(*asked, self.gradient))
        if self.needs == "curvature":
            evaluate, curvature = asked
            return self.optimiser.step(theta, self._counted(evaluate, self.gradient), self._products(curvature))
        residuals, jacobian = asked
        before = self.spent
        tried = self._counted(residuals, self.forward + self.solve)
        value = self.optimiser.step(theta, tried, self._counted(jacobian, self.jacobian))
        self.spent -= min(2 * self.solve, self.spent - before)   # asked twice before the first solution
        return value

    def _products(self, curvature):
        """A forward for the place; then each way forward of a direction and back is as dear as a gradient."""
        def answer():
            self.spent += self.forward
            return [self._counted(ask, self.gradient) for ask in curvature()]
        return answer

    def _counted(self, ask, price):
        def answer(*given):
            self.spent += price
            return ask(*given)
        return answer


def _prices(model, N):
    """Multiply-adds of a forward, a solution, a gradient and a Jacobian with its normal equations, for N samples."""
    R, P, forward = N * model.widths[-1], model.n_params, forward_work(model, N)
    return forward, solve_work(P), forward + backward_work(model, N), jacobian_work(model, N) + normal_work(R, P)
