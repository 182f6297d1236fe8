"""Tensors in a file of torch, and back: arrays alone, since a pickle of anything else could run code when read."""

import io

import numpy as np

from kan_edu.checks.arguments import check_path
from kan_edu.files import write_whole


def get_torch():
    """The package torch; ImportError, which says what to install, without it."""
    try:
        import torch
    except ImportError:
        raise ImportError('this bridge needs the package torch. Type: pip install "kan-edu[bridges-torch]"') from None
    return torch


def read(path):
    """{name: array} of a file that torch.save(model.state_dict(), path) wrote; float32 and float64 stay what they are.

    Only tensors are read (weights_only). ValueError for a file that holds something else, or is none of torch's.
    """
    check_path(path)
    torch = get_torch()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:
        why = str(error).split("\n")[0][:200]
        raise ValueError(f"{path} could not be read as tensors and nothing else ({why}); expected a file that "
                         "torch.save(model.state_dict(), path) wrote") from None  # fmt: skip
    return arrays(state, path)


def arrays(state, name):
    """{name: array} of a mapping of tensors or arrays; ValueError, which names the entry, for anything else."""
    if not hasattr(state, "items"):
        raise ValueError(f"{name} holds a {type(state).__name__}; expected a state_dict: names with their tensors")
    found = {}
    for key, value in state.items():
        array = value.detach().cpu().numpy() if hasattr(value, "detach") else value
        if not isinstance(array, np.ndarray) or array.dtype not in (np.float32, np.float64):
            kind = getattr(array, "dtype", type(value).__name__)
            raise ValueError(f"{key!r} in {name} is {kind}; expected a tensor of float32 or float64: call "
                             "model.float() or model.double() before it is saved")  # fmt: skip
        if not np.isfinite(array).all():
            raise ValueError(f"{key!r} in {name} holds NaN or inf: such a model computes nothing; train it anew")
        found[key] = array
    return found


def dtype_of(arrays, name):
    """The one type of all arrays, float32 or float64; ValueError where they differ."""
    kinds = {array.dtype for array in arrays.values()}
    if len(kinds) != 1:
        raise ValueError(f"{name} holds tensors of {' and '.join(sorted(map(str, kinds)))}; expected one type: call "
                         "model.float() or model.double() before it is saved")  # fmt: skip
    return kinds.pop()


def write(path, state):
    """Write a mapping of names to arrays as tensors, or None, so that the file is whole or not there."""
    torch, file = get_torch(), io.BytesIO()
    torch.save(tensors(state) if state is not None else None, file)
    write_whole(path, file.getvalue(), follow=True)


def tensors(state):
    """{name: tensor} of {name: array}, each with memory of its own."""
    torch = get_torch()
    return {name: torch.from_numpy(np.array(array, order="C")) for name, array in state.items()}


def take(arrays, name, shape, where):
    """The array of this name; ValueError if it is missing, or of another shape (None: any length)."""
    if name not in arrays:
        raise ValueError(f"{where} holds no {name!r}; it holds {', '.join(list(arrays)[:6]) or 'nothing'}")
    found = arrays[name].shape
    if len(found) != len(shape) or any(n is not None and n != m for n, m in zip(shape, found, strict=True)):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name!r} in {where} has shape {found}; expected ({wanted})")
    return arrays[name]
