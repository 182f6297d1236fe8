"""Arrays in a file: npz, no pickle (loading runs no code), written whole or not at all."""

import io
from contextlib import contextmanager

import numpy as np

from kan_edu.checks.arguments import check_path
from kan_edu.checks.arrays import FLOAT64, check_finite
from kan_edu.files import write_whole

ZIP = b"PK\x03\x04"  # the first bytes of an npz
VERSION = 1  # of the format, unless the caller says another


def write(path, kind, arrays, version=VERSION):
    """Write named arrays to `path`, whatever its suffix, marked as a file of `kind` ("kan_edu.KAN").

    An interrupted save leaves the old file as it was. A link is followed, a mode that the file had is kept. Raises
    OSError that names `path`: no such folder, no room, or a device, a pipe or a folder of that name.
    """
    check_path(path)
    file = io.BytesIO()
    np.savez(file, format=kind, version=version, **arrays)
    write_whole(path, file.getvalue(), follow=True)


def read(path, kind, versions=(VERSION,)):
    """The arrays that `write` wrote, as a dict. Raises ValueError for a damaged or foreign file or another version."""
    check_path(path)
    name = kind.split(".")[1]
    with open(path, "rb") as file:
        begins = file.read(len(ZIP))
    if begins != ZIP:
        what = "it is empty" if not begins else "it is no npz file, which is a ZIP of arrays"
        raise ValueError(f"{path} is damaged or no saved model: {what}; load a file that {name}.save wrote")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # a flipped byte makes zipfile raise NotImplementedError, RuntimeError, zlib.error, ...
        why = "it holds Python objects, which could run code" if "pickle" in str(error) else error
        raise ValueError(f"{path} is damaged or no saved model ({why}); load a file that {name}.save wrote") from None
    if str(arrays.get("format")) != kind:
        holds = str(arrays["format"]) if "format" in arrays else ", ".join(sorted(arrays)[:5]) or "nothing"
        raise ValueError(f"{path} is no saved {kind} (it holds {holds}); load a file that {name}.save wrote")
    version = arrays.get("version", np.array(0))
    if version.shape or version.dtype.kind not in "iu":
        raise ValueError(f"{path} is damaged (its format version is {version}); save the model again")
    if version not in versions:
        older = "load it with the kan_edu that wrote it and save it again"
        mend = "upgrade kan_edu" if version > max(versions) else older
        known = " and ".join(map(str, versions))
        raise ValueError(f"{path} has format version {version}; this kan_edu reads version {known}: {mend}")
    return arrays


@contextmanager
def fitting(path):
    """Whatever goes wrong while a model is made of the arrays of a file becomes a ValueError that names the file."""
    try:
        yield
    except Exception as error:
        words = f"{path} is damaged: its parts do not fit together ({error}); save the model again"
        raise ValueError(words) from None


def check_parameters(saved, n_params, dtype=FLOAT64):
    """The saved theta (P,): ValueError unless it has so many parameters, all of them finite."""
    theta = saved["theta"]
    if theta.shape != (n_params,) or theta.dtype != dtype:
        raise ValueError(f"{theta.shape} parameters of type {theta.dtype} where ({n_params},) {dtype} are needed")
    check_finite(theta, "theta")
    return theta


def check_widths(saved):
    """The saved widths as a list: ValueError if they ask for more weights than there are parameters."""
    widths = saved["widths"].tolist()
    weights = sum(n * m for n, m in zip(widths, widths[1:], strict=False))
    if weights > saved["theta"].size:
        raise ValueError(f"{saved['theta'].size} parameters where widths {widths} need at least {weights}")
    return widths
