"""Who is measured in `peers`: other packages of KANs, in float32 and in float64, each as its documentation uses it.

A contestant's name ends with the digits of its type: inkan_32, inkan_64.
"""

from functools import partial

from . import contestants
from .contestants import LR, Contestant, Ready, by_torch, one_thread_of_torch

INSTALL = 'pip install torch==2.13.0; pip install -e ".[bench-peers]"'
EXACT, CUT = "cubic B-splines and silu", "cubic B-splines and silu, the sum of cut-off cubes"
TYPES = {"64": "float64", "32": "float32"}


def inkan(case, dtype, compiled):
    torch = one_thread_of_torch(dtype)
    from inkan import KANNetwork, bspline_basis_local_eager

    model = KANNetwork(list(case.widths), grid_size=case.G, spline_order=case.k, compile_basis=compiled)
    ready = by_torch(model, **({"fused": True} if compiled else {}))
    layer = model.layers[0]
    grid = layer.grid_starts, layer.inv_h, layer.n_bases
    ready.basis = _of_torch(torch, lambda x: bspline_basis_local_eager(x, *grid))
    return ready


def flashkan(case, dtype):
    torch = one_thread_of_torch(dtype)
    from flashkan import KANNetwork
    from flashkan.basis import bspline_basis_eager

    model = KANNetwork(list(case.widths), grid_size=case.G, spline_order=case.k).to(getattr(torch, dtype))
    ready, layer = by_torch(model), model.layers[0]
    ready.basis = _of_torch(torch, lambda x: bspline_basis_eager(x, layer.grid_starts, layer.inv_h))
    return ready


def _of_torch(torch, basis):
    """basis(x (n, 1)) -> (n, 1, G+k) in torch, as a function of x (n,) in NumPy."""
    return lambda x: basis(torch.from_numpy(x[:, None]).to(torch.get_default_dtype()))[:, 0].numpy()


def kanditioned(case, dtype):
    torch = one_thread_of_torch(dtype)
    from KANditioned.kan_layer import KANLayer

    options = {"init": "random_normal", "num_control_points": case.G + case.k, "spline_width": 2.0,
               "impl": "embedding_bag"}  # fmt: skip
    pairs = zip(case.widths, case.widths[1:], strict=False)
    return by_torch(torch.nn.Sequential(*[KANLayer(n, m, **options) for n, m in pairs]).to(getattr(torch, dtype)))


def jaxkan(case, dtype):
    import jax

    jax.config.update("jax_enable_x64", dtype == "float64")
    import optax
    from flax import nnx
    from jaxkan.models.KAN import KAN

    model = KAN(list(case.widths), "spline", {"k": case.k, "G": case.G, "grid_range": (-1, 1)}, seed=0)
    nnx.update(model, jax.tree.map(lambda array: array.astype(dtype), nnx.state(model, nnx.Param)))
    optimiser = nnx.Optimizer(model, optax.adam(LR), wrt=nnx.Param)

    @nnx.jit
    def train(model, optimiser, X, T):
        loss, grads = nnx.value_and_grad(lambda model: ((model(X) - T) ** 2).mean())(model)
        optimiser.update(model, grads)
        return loss

    def n_params():
        return sum(array.size for array in jax.tree.leaves(nnx.state(model, nnx.Param)))

    def convert(X, T):
        return jax.numpy.asarray(X, dtype=dtype), jax.numpy.asarray(T, dtype=dtype)

    def basis(x):
        columns = jax.numpy.tile(jax.numpy.asarray(x, dtype=dtype)[:, None], case.widths[0])
        return jax.device_get(model.layers[0].basis(columns))[:, 0]  # of (n, n_in, G+k)

    return Ready(lambda X, T: float(train(model, optimiser, X, T)), n_params, convert, basis)


def _both(name, title, make, modules, packages, computes, **options):
    """The contestant in its two types."""
    made = {digits: partial(make, dtype=dtype, **options) for digits, dtype in TYPES.items()}
    return {f"{name}_{digits}": Contestant(title, make, modules, packages, INSTALL, computes)
            for digits, make in made.items()}  # fmt: skip


TORCH, MLP = ("torch",), "no splines"
PEERS = {
    **_both("kan_edu", "kan_edu", contestants.kan_edu, ("kan_edu",), ("numpy",), EXACT),
    **_both("inkan", "inkan, eager", inkan, ("torch", "inkan"), ("inkan", "torch"), EXACT, compiled=False),
    **_both("inkan_compiled", "inkan, compiled, fused Adam", inkan, ("torch", "inkan"), ("inkan", "torch"), EXACT,
            compiled=True),
    **_both("flashkan", "flashkan, compiled", flashkan, ("torch", "flashkan"), ("flashkan", "torch"), CUT),
    **_both("kanditioned", "kanditioned", kanditioned, ("torch", "KANditioned"), ("kanditioned", "torch"),
            "straight pieces"),
    **_both("jaxkan", "jaxkan, jit", jaxkan, ("jax", "jaxkan"), ("jaxkan", "jax"), EXACT),
    **_both("pykan", "pykan, speed()", contestants.pykan, ("torch", "kan"), ("pykan", "torch"), EXACT),
    **_both("torch_mlp", "torch MLP", contestants.torch_mlp, TORCH, TORCH, MLP),
    **_both("sklearn_mlp", "scikit-learn MLP", contestants.sklearn_mlp, ("sklearn.neural_network",), ("scikit-learn",),
            MLP),
}  # fmt: skip
LEFT_OUT = {("pykan", "F"): "pykan holds a number for each sample and edge, 0.4 GB an array in F: left out there"}
