"""What is learnt in `accuracy`: functions, networks, how they are trained, and what is expected of them."""

from dataclasses import dataclass, field

N = 3000  # training samples, and as many test samples
SEEDS = (0, 1, 2, 3, 4)
PAPER = (3, 5, 10, 20, 50, 100)
STUCK = 0.01  # of the standard deviation of Y: a start or a run that stays above it, is stuck


@dataclass(frozen=True)
class Task:
    """A KAN of these widths and degree learns the target, grid after grid; `most` is the bound of the test RMSE."""

    name: str
    target: str
    widths: tuple
    k: int
    grids: tuple
    most: float | None  # None: nothing is expected, it is there for the comparison with the MLP
    cpu: float  # seconds, bound of the median
    judged: str = "median"  # or "worst"; of the seeds
    stuck: int | None = None  # so many runs may be stuck
    base: bool = True
    more: dict = field(default_factory=dict, hash=False)  # arguments of fit_with_refinement
    slope: bool = False  # is the error's slope over G measured?
    mlp: bool = True  # does an MLP of the same size compete?

    @property
    def n_params(self):
        """On the last grid: G+k coefficients, w_s and perhaps w_b on each edge."""
        edges = sum(n * m for n, m in zip(self.widths, self.widths[1:], strict=False))
        return edges * (self.grids[-1] + self.k + 1 + self.base)

    def __str__(self):
        return f"{self.target} {list(self.widths)} k={self.k}{'' if self.base else ', no base'}, G={self.grids[-1]}"


TASKS = {
    task.name: task
    for task in [
        Task("f1k3", "f1", (2, 1, 1), 3, PAPER, 1e-7, 3, "worst", slope=True, mlp=False),
        Task("f1k5", "f1", (2, 1, 1), 5, PAPER, 2e-10, 3, "worst", slope=True),
        Task("f1wide", "f1", (2, 5, 1), 5, (3, 5, 7, 10, 14, 20, 28, 40), 1e-7, 15),
        Task("f2", "f2", (2, 2, 1), 2, (5,), 1e-13, 3, base=False),
        Task("f3k3", "f3", (1, 1), 3, (200,), 5e-7, 1, mlp=False),
        Task("f3k5", "f3", (1, 1), 5, (200,), 1e-9, 1),
        Task("f4", "f4", (4, 2, 1, 1), 5, (3, 5, 10, 20, 40), 1e-8, 15, stuck=1, more={"starts": 30}),
        Task("f5", "f5", (100, 1, 1), 3, (3, 5, 8), 1e-4, 15, more={"starts": 1, "updates": 2}),
        Task("tanh", "tanh net", (4, 4, 1), 3, (2, 5), None, 15),  # lesson 08's: an MLP [4, 10, 1] is it
    ]
}


# -- the fair MLP: the same samples, the same optimiser, as many parameters, as much time


SHAPES = [(1, "tanh"), (2, "tanh"), (3, "tanh"), (2, "silu")]  # hidden layers, activation
TRIED = 2  # seeds that choose among the shapes, by training error; the best then runs with all
PATIENT = 5  # CPU seconds: where the KAN took less, the best MLP also gets that long


def mlp_shapes(n_in, n_out, size):
    """[(widths, activation)] of SHAPES whose number of parameters is within 10 % of `size`."""
    from kan_edu.learning import fair  # here and not above: it imports NumPy, which the page does without

    found = [(tuple(fair.mlp_widths(n_in, n_out, size, depth)), activation) for depth, activation in SHAPES]
    return [(widths, activation) for widths, activation in found if fair.near(widths, size)]


# -- Poisson's equation: three contestants, and an MLP of another shape


@dataclass(frozen=True)
class Solver:
    """A network that solves the paper's problem; without `grids` the MLP with this activation."""

    title: str
    widths: tuple
    grids: tuple | None = None
    base: bool = True
    activation: str = "tanh"


SOLVERS = {
    "mirror": Solver("KAN [2, 2, 1] k=5, no base: it can hold the solution", (2, 2, 1), (3, 5, 10, 20, 50), base=False),
    "wide": Solver("KAN [2, 10, 1] k=5: wider than it needs", (2, 10, 1), (3, 5, 7, 10)),
    "mlp": Solver("MLP [2, 50, 1] tanh", (2, 50, 1)),
    "deep": Solver("MLP [2, 9, 9, 9, 1] tanh", (2, 9, 9, 9, 1)),
}
POISSON_MOST, POISSON_CPU = 1e-7, 10

# -- pykan on f1: widths -> grids, 200 steps of its L-BFGS on each; and kan_edu's L-BFGS likewise

PYKAN = {"[2, 1, 1]": ((2, 1, 1), (3, 5, 10)), "[2, 5, 1]": ((2, 5, 1), (3, 5))}
PYKAN_STEPS = 200
ITERATIONS = 20  # of L-BFGS in each of these steps, at most
LBFGS = ", L-BFGS"
