"""A KAN in a file: npz, no pickle (loading runs no code), written whole or not at all."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

FORMAT, VERSION = "kan_edu.KAN", 1


def save(model, path):
    """Write widths, basis, grids and parameters of a KAN to `path`, whatever its suffix.

    The file is written beside `path` and then renamed, so an interrupted save leaves the old file as it was.
    """
    path = Path(path)
    arrays = {f"grid_{n}": layer.basis.grid for n, layer in enumerate(model.layers)}
    header = {"format": FORMAT, "version": VERSION, "widths": model.widths, "kind": model.kind, "base": model.base}
    arrays |= header | {"order": [layer.basis.order for layer in model.layers], "theta": model.theta}
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        try:
            np.savez(file, **arrays)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise


def load(path):
    """The KAN that `save` wrote. Raises ValueError for a file that is damaged, foreign or of another version."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise ValueError(f"{path} is damaged or no file of KAN.save ({error}); save the model again") from None
    if str(arrays.get("format")) != FORMAT:
        raise ValueError(f"{path} was not written by KAN.save (it holds {sorted(arrays)[:5]})")
    if arrays["version"] != VERSION:
        raise ValueError(
            f"{path} has format version {arrays['version']}; this kan_edu reads version {VERSION}: "
            f"{'upgrade kan_edu' if arrays['version'] > VERSION else 'load and save it with the kan_edu that wrote it'}"
        )
    try:
        return _rebuild(arrays)
    except (KeyError, ValueError, IndexError) as error:
        raise ValueError(f"{path} is damaged: its parts do not fit together ({error})") from None


def _rebuild(arrays):
    from .bases import BASES
    from .kan import KAN

    kind = str(arrays["kind"])
    model = KAN(arrays["widths"].tolist(), basis=kind, base=bool(arrays["base"]))
    for n, layer in enumerate(model.layers):
        layer.use(BASES[kind](arrays[f"grid_{n}"], int(arrays["order"][n])))
    model.join()
    if arrays["theta"].shape != model.theta.shape:
        raise ValueError(f"{arrays['theta'].shape} parameters where {model.theta.shape} are needed")
    model.theta[...] = arrays["theta"]
    return model
