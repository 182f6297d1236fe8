"""Who is measured in `step`: each contestant builds its network and says what one training step is.

One step is forward, mean square error, backward and Adam, in float64. Each library is used as its own documentation
uses it, with its own Adam. The MLPs have one activation, tanh.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from .cases import mlp_widths

LR = 1e-3
TORCH_FIRST = "pip install torch==2.13.0"  # before the rest: a plain torch brings CUDA
EXTRAS = 'pip install -e ".[bench]"'


@dataclass
class Ready:
    """A network about to train: step(*convert(X, T)) -> loss; n_params() once a step was taken.

    basis(x (n,)) -> (n, G+k): its functions of the first input, where they are to be compared with exact B-splines.
    """

    step: Callable
    n_params: Callable
    convert: Callable = lambda X, T: (X, T)
    basis: Callable | None = None


def _by_hand(model):
    from kan_edu import Adam, mse

    adam = Adam(lr=LR)

    def step(X, T):
        loss, dY = mse(model.forward(X), T)
        model.backward(dY)
        adam.step(model.theta, model.grad)
        return loss

    return Ready(step, lambda: model.n_params)


def kan_edu(case, form=None, dtype="float64"):
    import numpy as np

    from kan_edu import KAN

    model = KAN(list(case.widths), G=case.G, k=case.k, form=form, seed=0, dtype=dtype)
    ready = _by_hand(model)
    ready.convert = lambda X, T: (X.astype(dtype), T.astype(dtype))
    ready.basis = lambda x: model.layers[0].basis.values(np.tile(x[:, None], case.widths[0]).astype(dtype))[:, 0]
    return ready


def textbook(case):
    return kan_edu(case, form="textbook")


def kan_edu_mlp(case):
    from kan_edu import MLP

    return _by_hand(MLP(mlp_widths(case), activation="tanh", seed=0))


def by_torch(model, **options):
    """Any torch module, trained by torch's Adam with these options, in torch's default type."""
    import torch

    adam = torch.optim.Adam(model.parameters(), lr=LR, **options)

    def step(X, T):
        adam.zero_grad()
        loss = torch.mean((model(X) - T) ** 2)
        loss.backward()
        adam.step()
        return loss.item()

    def n_params():  # pykan also holds parameters of its symbolic branch, which no gradient reaches
        return sum(p.numel() for p in model.parameters() if p.grad is not None)

    def convert(X, T):
        return tuple(torch.from_numpy(array).to(torch.get_default_dtype()) for array in (X, T))

    return Ready(step, n_params, convert)


def one_thread_of_torch(dtype):
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(getattr(torch, dtype))
    torch.manual_seed(0)
    return torch


def pykan(case, dtype="float64"):
    torch = one_thread_of_torch(dtype)
    from kan import MultKAN

    # auto_save=False: otherwise it writes a folder ./model at every turn
    model = MultKAN(width=list(case.widths), grid=case.G, k=case.k, seed=0, auto_save=False)
    ready = by_torch(model.speed())  # without the symbolic branch and without the records for its plots
    from kan.spline import B_batch

    grid = model.act_fun[0].grid[:1]
    ready.basis = lambda x: B_batch(torch.from_numpy(x[:, None]).to(grid.dtype), grid, case.k)[:, 0].numpy()
    return ready


def torch_mlp(case, dtype="float64"):
    nn = one_thread_of_torch(dtype).nn
    widths = mlp_widths(case)
    layers = [layer for n, m in zip(widths, widths[1:], strict=False) for layer in (nn.Linear(n, m), nn.Tanh())]
    return by_torch(nn.Sequential(*layers[:-1]))


def sklearn_mlp(case, dtype="float64"):
    from sklearn.neural_network import MLPRegressor

    model = MLPRegressor(
        hidden_layer_sizes=mlp_widths(case)[1:-1], activation="tanh", solver="adam", alpha=0, learning_rate_init=LR,
        batch_size=case.batch, shuffle=False, random_state=0,
    )  # fmt: skip

    def step(X, T):
        return 2 * model.partial_fit(X, T).loss_  # it counts half the square

    def n_params():
        return sum(array.size for array in [*model.coefs_, *model.intercepts_])

    def convert(X, T):
        return X.astype(dtype), (T[:, 0] if T.shape[1] == 1 else T).astype(dtype)

    return Ready(step, n_params, convert)


@dataclass(frozen=True)
class Contestant:
    """`modules` are imported under the clock; `packages` are named with their versions; `install` says how.

    `computes`: what its functions of one variable are, in `peers`.
    """

    title: str
    make: Callable
    modules: tuple
    packages: tuple
    install: str = "pip install -e ."
    computes: str = ""

    def missing(self):
        """The first package of `modules` that is not installed, or None; nothing is imported."""
        return next((m for m in self.modules if find_spec(m.partition(".")[0]) is None), None)


CONTESTANTS = {
    "kan_edu": Contestant("kan_edu KAN", kan_edu, ("kan_edu",), ("numpy",)),
    "textbook": Contestant("kan_edu KAN, textbook form", textbook, ("kan_edu",), ("numpy",)),
    "pykan": Contestant("pykan, speed()", pykan, ("torch", "kan"), ("pykan", "torch"), f"{TORCH_FIRST}; {EXTRAS}"),
    "kan_edu_mlp": Contestant("kan_edu MLP", kan_edu_mlp, ("kan_edu",), ("numpy",)),
    "torch_mlp": Contestant("torch MLP", torch_mlp, ("torch",), ("torch",), TORCH_FIRST),
    "sklearn_mlp": Contestant(
        "scikit-learn MLP", sklearn_mlp, ("sklearn.neural_network",), ("scikit-learn",), f"{TORCH_FIRST}; {EXTRAS}"
    ),
}
