"""Checks what the course needs, one small function for each thing, and says what to type where it is wrong.

A check returns a few words about what it found or raises `Problem`. Heavy imports stand inside the
checks, so that the doctor still speaks when NumPy itself is broken.
"""

import ast
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

from .hiding import PACKAGE, check_folder
from .problem import Problem, command

PYTHON = (3, 11)
KERNEL_SECONDS = 60
KERNEL_QUESTION = "[__import__('sys').prefix, __import__('kan_edu').__file__]"


def examine(checks=None):
    """Run the checks, print a line or two for each, and return 0 if all is well, 1 if not.

    checks  list of (name, function, line to type if the function fails in a way it does not foresee)
    """
    problems = 0
    for name, check, cure in CHECKS if checks is None else checks:
        try:
            print(f"ok       {name}: {check()}", flush=True)
            continue
        except Problem as problem:
            what, cure = str(problem), problem.cure
        except Exception as error:  # whatever a broken installation raises is a finding
            what = _words(error)
        problems += 1
        print(f"PROBLEM  {name}: {what}\n         type: {cure}", flush=True)
    print(f"Problems: {problems}. Cure the first one first." if problems else "All is well.")
    return 1 if problems else 0


def install(*requirements):
    """The line to type that installs or updates `requirements` for this very Python."""
    return command("pip", "install", "--upgrade", *requirements)


def install_lab():
    """The line to type that installs kan_edu with all that the course needs, from where it came.

    An index is named only if it came from one: then the installed metadata says of no file or address (PEP 610).
    """
    clone = PACKAGE.parent
    if (clone / "pyproject.toml").is_file():
        return command("pip", "install", "-e", f"{clone}[lab]")
    try:
        said = distribution("kan-edu").read_text("direct_url.json")
    except PackageNotFoundError:
        return f'{command("pip", "install", "-e", ".[lab]")}  # in the folder of the course, where pyproject.toml lies'
    return install(f"kan-edu[lab] @ {json.loads(said)['url']}" if said else "kan-edu[lab]")


def wanted(package, by="kan-edu"):
    """What `by` asks of `package` in its installed metadata, as a packaging Requirement."""
    from packaging.requirements import Requirement

    try:
        asked = map(Requirement, requires(by) or ())
    except PackageNotFoundError:  # check_installed reports that; here any version will do
        asked = ()
    return next((one for one in asked if one.name.replace("_", "-") == package), Requirement(package))


def check_version(package, by="kan-edu"):
    """The installed version of `package`; Problem if there is none or `by` asks for another."""
    asked = wanted(package, by)
    bare = f"{package}{asked.specifier}"  # without the marker: extra == "lab"
    try:
        here = version(package)
    except PackageNotFoundError:
        raise Problem(f"{package} is not installed, {by} needs {bare}", install(bare)) from None
    if not asked.specifier.contains(here, prereleases=True):
        raise Problem(f"{package} {here} is installed, {by} needs {bare}", install(bare))
    return here


def check_python():
    """Python is new enough."""
    here = platform.python_version()
    if sys.version_info[:2] < PYTHON:
        raise Problem(
            f"this is Python {here} ({sys.executable}), {PYTHON[0]}.{PYTHON[1]} or newer is needed",
            "get Python from python.org, make an environment with it, and install the course there as README says",
        )
    return f"{here}, {sys.executable}"


def check_installed():
    """kan_edu is installed, not merely found in the current folder."""
    try:
        return f"{version('kan-edu')}, {PACKAGE}"
    except PackageNotFoundError:
        what = f"it is not installed for {sys.executable}, only found in {PACKAGE}"
        raise Problem(what, install_lab()) from None


def check_numpy():
    """NumPy has a fitting version and multiplies matrices as integers do, exactly."""
    here = check_version("numpy")
    import numpy as np

    a = np.arange(96 * 128).reshape(96, 128) % 11 - 5
    b = np.arange(128 * 64).reshape(128, 64) % 7 - 3
    # Integers do not go through BLAS, floats do; numbers this small are exact in both.
    if not np.array_equal(a.astype(float) @ b.astype(float), a @ b):
        what = f"NumPy {here} multiplies matrices wrongly (its BLAS library does not fit this processor)"
        raise Problem(what, command("pip", "install", "--force-reinstall", "--no-cache-dir", "numpy"))
    return f"{here}, matrix product exact"


def check_matplotlib():
    """matplotlib draws a line into a PNG picture with Agg, as every picture of the course is drawn."""
    here = check_version("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure, picture = Figure(figsize=(2, 1)), io.BytesIO()
    figure.add_subplot().plot([0, 1], [1, 0])
    FigureCanvasAgg(figure).print_png(picture)
    if not picture.getvalue().startswith(b"\x89PNG"):
        raise Problem("drew something that is not a PNG picture", install("matplotlib", "pillow"))
    return f"{here}, drew a picture of {picture.tell()} bytes"


def check_widgets():
    """A slider and a picture to be dragged can be made; the browser's half of ipywidgets fits to that in Python."""
    here, touch = check_version("ipywidgets"), check_version("anywidget")
    lab = check_version("jupyterlab-widgets", by="ipywidgets")
    import ipywidgets

    from kan_edu.seeing.touch import TouchPicture

    ipywidgets.FloatSlider(value=0.5)
    TouchPicture(2, 1)
    return f"{here} with jupyterlab-widgets {lab} and anywidget {touch}"


def check_jupyterlab():
    """JupyterLab is there, and finds the browser's halves of the widgets."""
    here = check_version("jupyterlab")
    from jupyter_core.paths import jupyter_path

    sliders = command("pip", "install", "--force-reinstall", "jupyterlab_widgets")
    touch = command("pip", "install", "--force-reinstall", "anywidget")
    cures = {"@jupyter-widgets/jupyterlab-manager": sliders, "anywidget": touch}
    for extension, cure in cures.items():
        if not any(Path(folder, extension, "package.json").is_file() for folder in jupyter_path("labextensions")):
            raise Problem(f"JupyterLab does not find the widgets' extension ({extension})", cure)
    return here


def check_kernel():
    """The kernel "python3" that JupyterLab starts is this very Python and imports kan_edu in any folder."""
    from jupyter_client.manager import KernelManager

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, tempfile.TemporaryFile() as said:
        manager = KernelManager(kernel_name="python3")
        try:
            manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
            prefix, package = ask_kernel(manager.client())
        except RuntimeError as error:  # it died or was silent: its last line of stderr says more than we can
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise Problem(". ".join([str(error), *last]), install("ipykernel", "jupyter_client")) from error
        finally:
            manager.shutdown_kernel(now=True)
    if os.path.realpath(prefix) != os.path.realpath(sys.prefix):
        what = f'the kernel "python3" is the Python of {prefix}, this is the Python of {sys.prefix}'
        raise Problem(what, command("jupyter", "kernelspec", "remove", "python3"))
    return f"it is this Python, kan_edu comes from {Path(package).parent}"


def ask_kernel(client):
    """[sys.prefix, path of kan_edu] as the kernel behind `client` sees them.

    Raises RuntimeError if the kernel does not answer, Problem if it cannot import kan_edu.
    """
    client.start_channels()
    try:
        client.wait_for_ready(timeout=KERNEL_SECONDS)
        question = {"answer": KERNEL_QUESTION}
        reply = client.execute("", user_expressions=question, reply=True, timeout=KERNEL_SECONDS)
    except TimeoutError:
        raise RuntimeError(f"the kernel did not answer within {KERNEL_SECONDS} seconds") from None
    finally:
        client.stop_channels()
    answer = reply["content"]["user_expressions"]["answer"]
    if answer["status"] != "ok":
        raise Problem(f"in the kernel: {answer['ename']}: {answer['evalue']}", install_lab())
    return ast.literal_eval(answer["data"]["text/plain"])


def check_gradient():
    """A tiny KAN's backward pass agrees with central differences in every parameter."""
    import numpy as np

    from kan_edu.learning.losses import mse
    from kan_edu.networks.kan import KAN

    rng, h = np.random.default_rng(0), 1e-6
    model, X, T = KAN([2, 3, 1], G=4, k=3, seed=0), rng.uniform(-1, 1, (5, 2)), rng.normal(size=(5, 1))
    model.theta[:] = rng.normal(size=model.theta.size)
    model.backward(mse(model.forward(X), T)[1])
    exact, measured = model.grad.copy(), np.empty(model.theta.size)
    for p in range(model.theta.size):
        middle = model.theta[p]
        model.theta[p] = middle + h
        above = mse(model.forward(X), T)[0]
        model.theta[p] = middle - h
        measured[p] = (above - mse(model.forward(X), T)[0]) / (2 * h)
        model.theta[p] = middle
    error = np.abs(exact - measured).max() / np.abs(measured).max()
    if not error < 1e-6:  # written so that NaN is a problem too
        raise Problem(f"the gradient of a KAN is wrong by {error:.1e}, relative", install_lab())
    return f"all {exact.size} entries of a KAN's gradient right (error {error:.0e})"


def _words(error):
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


CHECKS = [
    ("Python", check_python, ""),
    ("kan_edu", check_installed, install_lab()),
    ("folder", check_folder, ""),
    ("NumPy", check_numpy, command("pip", "install", "--force-reinstall", "numpy")),
    ("matplotlib", check_matplotlib, command("pip", "install", "--force-reinstall", "matplotlib")),
    ("widgets", check_widgets, command("pip", "install", "--force-reinstall", "ipywidgets")),
    ("JupyterLab", check_jupyterlab, install_lab()),
    ("kernel", check_kernel, install("ipykernel", "jupyter_client")),
    ("gradient", check_gradient, install_lab()),
]
