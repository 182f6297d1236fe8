"""Arrays in a file: npz, no pickle (loading runs no code), written whole or not at all."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

VERSION = 1  # of the format, unless the caller says another


def write(path, kind, arrays, version=VERSION):
    """Write named arrays to `path`, whatever its suffix, marked as a file of `kind` ("kan_edu.KAN").

    The file is written beside `path` and then renamed, so an interrupted save leaves the old file as it was.
    """
    path = Path(path)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        try:
            np.savez(file, format=kind, version=version, **arrays)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise


def read(path, kind, versions=(VERSION,)):
    """The arrays that `write` wrote, as a dict. Raises ValueError for a damaged or foreign file or another version."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise ValueError(f"{path} is damaged or no saved model ({error}); save the model again") from None
    if str(arrays.get("format")) != kind:
        raise ValueError(f"{path} is no saved {kind} (it holds {', '.join(sorted(arrays)[:5]) or 'nothing'})")
    version = int(arrays.get("version", 0))
    if version not in versions:
        older = "load it with the kan_edu that wrote it and save it again"
        mend = "upgrade kan_edu" if version > max(versions) else older
        known = " and ".join(map(str, versions))
        raise ValueError(f"{path} has format version {version}; this kan_edu reads version {known}: {mend}")
    return arrays
