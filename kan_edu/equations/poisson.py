"""Poisson's equation solved by a network: what is wrong inside and on the border, squared and made small.

Find u with u_xx + u_yy = f inside the square [-1, 1]^2 and u = g on its border. A network u(x, y) is a solution as far
as its residuals vanish, at points inside and at points on the border:

    alpha mean (u_xx + u_yy - f)^2 + mean (u - g)^2,    alpha = 0.1, as second derivatives are large by nature.

That is a sum of squares. `curvature.py` gives its Jacobian with respect to theta, so Levenberg-Marquardt (Gauss-Newton
with damping) can minimise it; no data are needed but f and g. Source: arXiv 2404.19756, section 3.4, whose problem is
`paper()`: f such that u = sin(pi x) sin(pi y^2), g = 0. In the paper alpha is 0.01 and the optimiser L-BFGS.
"""

import numpy as np

from kan_edu.checks.arguments import (
    check_callback,
    check_flag,
    check_function,
    check_has,
    check_integer,
    check_number,
    check_room,
    check_seed,
    shown,
)
from kan_edu.checks.arrays import check_vector
from kan_edu.checks.functions import values_of
from kan_edu.learning import refinement
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt, squares
from kan_edu.learning.loop import MOST_STEPS
from kan_edu.learning.objective import in_blocks
from kan_edu.learning.progress import Progress, watched
from kan_edu.learning.run import MOST_STARTS, MOST_UPDATES, Run
from kan_edu.learning.threads import one_thread

from . import curvature
from .descent import Equation

GRIDS = (3, 5, 10, 20, 50)
EQUATIONS_PER_PARAMETER = 3  # with fewer, u is free between the points


def paper(**more):
    """The paper's problem: u = sin(pi x) sin(pi y^2) solves it, and is zero on the border."""

    def solution(X):
        return np.sin(np.pi * X[:, 0]) * np.sin(np.pi * X[:, 1] ** 2)

    def source(X):
        x, square = np.pi * X[:, 0], np.pi * X[:, 1] ** 2
        return np.sin(x) * (2 * np.pi * np.cos(square) - (np.pi**2 + 4 * np.pi * square) * np.sin(square))

    return Poisson(source, solution=solution, **more)


class Poisson:
    """u_xx + u_yy = source on [-1, 1]^2, u = border on its edge; both take X (N, 2) and return (N,).

    border      None: zero
    solution    the true u, if known: X (N, 2) -> (N,); `error` compares with it, training never sees it
    inside      that many points inside, spread evenly (`seed` shifts them); `side`: points on each of the four sides
    alpha       weight of what is wrong inside

    Raises ValueError for counts below 1, an alpha that is not positive, functions of another shape, or NaN in them.
    """

    def __init__(self, source, border=None, *, solution=None, inside=1000, side=40, alpha=0.1, seed=0):
        alpha = check_number(alpha, "alpha", 0, open_ends=True, example=0.1)
        if solution is not None:
            check_function(solution, "solution", EXAMPLE)
        N, side = check_integer(inside, "inside", 1), check_integer(side, "side", 2)
        check_room(6 * (N + 4 * side), f"a problem of {N} points inside and {side} on each side", "choose fewer")
        self.given, self.solution = (source, border), solution
        self.more = {"solution": solution, "alpha": alpha, "seed": seed}
        self.X = spread(N, check_seed(seed).uniform(size=2))
        edge = np.linspace(-1, 1, side)
        self.B = np.concatenate([[[x, end], [end, x]] for x in edge for end in (-1.0, 1.0)])
        self.f = _values(source, self.X, "source")
        self.g = np.zeros(len(self.B)) if border is None else _values(border, self.B, "border")
        self.weights = np.sqrt(alpha / N), np.sqrt(1 / len(self.B))

    def residuals(self, model):
        """What is wrong at each point inside and on the border, weighted: (R,); its square sum is the loss."""
        check_solver(model)
        laplacian = curvature.second(model, self.X)[2][:, 0]
        inside, border = self.weights
        return np.concatenate([inside * (laplacian - self.f), border * (model(self.B)[:, 0] - self.g)])

    def jacobian(self, model):
        """The residuals' derivative with respect to theta, (R, P). ValueError for more than the memory."""
        check_has(model, None, "Poisson's equation")
        rows = len(self.X) + len(self.B)
        check_room(2 * rows * model.n_params, f"a Jacobian of {rows} x {model.n_params} numbers",
                   "use jacobian_blocks, which gives some rows after the other")  # fmt: skip
        return np.concatenate(list(self.jacobian_blocks(model)))

    def jacobian_blocks(self, model):
        """The rows of `jacobian`, some at a time where all would fill the memory: what Levenberg-Marquardt asks for."""
        check_solver(model)
        inside, border = self.weights
        for jacobian, X in [(lambda X: inside * curvature.jacobian(model, X)[1], self.X),
                            (lambda X: border * model.jacobian(X)[:, 0], self.B)]:
            J = in_blocks(jacobian, X, model.n_params)
            yield from [J] if isinstance(J, np.ndarray) else J

    def loss(self, model):
        """alpha mean (u_xx + u_yy - f)^2 + mean (u - g)^2; inf where it overflows."""
        check_solver(model)
        return squares(lambda: self.residuals(model))

    def thinned(self, inside, side):
        """The same problem on other points, at most so many inside and on each side."""
        inside, side = check_integer(inside, "inside", 1), check_integer(side, "side", 2)
        return Poisson(*self.given, inside=min(inside, len(self.X)), side=min(side, len(self.B) // 4), **self.more)

    def error(self, model, points=101):
        """Root mean square of u - solution on a lattice of points^2 places, none of them on the border."""
        if self.solution is None:
            raise ValueError("the true solution is not known: make the problem with solution=, a function of X")
        check_solver(model)
        points = check_integer(points, "points", 1)
        check_room(100 * points**2, f"a lattice of {points} x {points} places", "fewer do")
        line = (np.arange(points) + 0.5) / points * 2 - 1
        X = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
        return float(np.sqrt(np.mean((model(X)[:, 0] - _values(self.solution, X, "solution")) ** 2)))


def spread(N, shift):
    """N points of [-1, 1]^2 without the holes and clusters of random ones: X (N, 2).

    Steps of 1/p and 1/p^2, from `shift` on and modulo 1, where p = 1.3247... solves p^3 = p + 1: the golden section's
    sister in the plane. Source: H. Niederreiter, Random Number Generation (1992), section 3.1 (Kronecker sequences).
    """
    check_room(4 * check_integer(N, "N", 1), f"{N} points", "choose fewer")
    shift = check_vector(shift, "shift", 2) % 1
    p = 1.32471795724474602596
    return 2 * ((shift + np.arange(N)[:, None] / [p, p**2]) % 1) - 1


EXAMPLE = "lambda X: np.sin(X[:, 0])"


def _values(f, X, name):
    return values_of(f, X, name=name, example=EXAMPLE, shape=(len(X),))


def check_solver(model):
    """ValueError for a model that is no u(x, y): 2 inputs, 1 output, finite parameters."""
    check_has(model, None, "Poisson's equation")
    if (model.widths[0], model.widths[-1]) != (2, 1):
        raise ValueError(f"{model!r} has widths {model.widths}; u(x, y) has 2 inputs and 1 output, such as [2, 5, 1]")


def solve(model, problem=None, *, grids=None, starts=20, enough=0.01, updates=3, steps=None, callback=None,
          progress=None, seed=0):
    """Train `model`, a KAN of B-splines (k >= 3) or an MLP, 2 inputs and 1 output, to solve `problem`; a Refinement.

    problem     a Poisson; None: the paper's
    grids       numbers of intervals, increasing; None: as many of 3, 5, 10, 20, 50 as the points can settle
    starts      most random starts, on few points and the first grid; the one with the least loss goes on
    enough      no further start once the root of the loss is `enough` times that of u = 0
    updates     how often the first grid is moved to where the points arrive, with 10 steps after each
    steps       at most so many on each grid; None: 30, and 300 for an MLP
    callback    callback(words, model, loss) after each step; training ends when it returns True

    Ctrl-C ends it, warns, and keeps the best so far. ValueError for a model without second derivatives, of other
    widths, for wrong grids, or more parameters on the last of them than Levenberg-Marquardt takes.
    """
    if not isinstance(problem, Poisson | None):
        raise ValueError(f"problem is {shown(problem)}; expected one such as Poisson(source), or None: the paper's")
    problem, enough = paper() if problem is None else problem, check_number(enough, "enough", 0, 1e6)
    curvature.stages(model), check_solver(model)
    check_callback(callback, "words", "model", "loss")
    seed = check_integer(seed, "seed", 0)
    grids = check_grids(model, grids, len(problem.X) + len(problem.B))
    steps = (300 if grids == (None,) else 30) if steps is None else check_integer(steps, "steps", 1, MOST_STEPS)
    starts = check_integer(starts, "starts", 1, MOST_STARTS)
    updates = check_integer(updates, "updates", 1, MOST_UPDATES)
    refinement.check_size(model, grids, LevenbergMarquardt)
    line = Progress(watched() if progress is None else check_flag(progress, "progress"))
    objective = Equation(problem, enough, steps, line, callback)
    with one_thread(matters=True):
        return Run(model, objective, line).go(grids, starts, updates, seed)


def check_grids(model, grids, equations):
    """`refinement.check_grids`, with a ladder and bounds of its own."""
    check_integer(equations, "equations", 1)
    return refinement.check_grids(model, grids, equations, GRIDS, EQUATIONS_PER_PARAMETER, most=np.inf)
