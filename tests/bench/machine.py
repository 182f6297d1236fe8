"""What a measurement ran on: processor, Python, libraries, how busy it was; no names of hosts or folders."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

IDLE = 0.5  # cores that work for others: what is measured beside more does not go into the docs
LOOK = 2.0  # seconds


def facts():
    """A dict of plain values for this process: cpu, cores, system, python, load."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": load(),
    }


def cpu_model():
    """The processor's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]  # macOS
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return platform.processor() or "unknown"


def load():
    """Load average of the last minute, or None where the system has none (Windows)."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def running():
    """How many cores work for others, on average over the next seconds, in which this process sleeps.

    The load average would count what ended a minute ago; it is what there is without psutil.
    """
    try:
        import psutil
    except ImportError:
        return load() or 0
    return round(psutil.cpu_percent(LOOK) / 100 * psutil.cpu_count(), 2)


def too_busy(facts):
    """Whether other work would be measured too: said, so that no table of a busy machine goes into the docs.

    What was found goes into the facts, as "running".
    """
    now = facts["running"] = running()
    if now > IDLE:
        print(f"other work keeps {now} cores busy: wait until it is at most {IDLE}, or leave out --write")
    return now > IDLE


def versions(packages):
    """{package: version}, None for what is not installed."""
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def blas():
    """The BLAS that NumPy has loaded, with its kernel if threadpoolctl is there; imports NumPy."""
    import numpy as np

    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    name = f"{built.get('name')} {built.get('version')}"
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return name
    kernels = {pool["architecture"] for pool in threadpool_info() if pool.get("architecture")}
    return f"{name}, kernels for {', '.join(sorted(kernels))}" if kernels else name


def peak_mb():
    """Most memory that this process ever held, in MB, or None where the system does not tell."""
    try:  # Linux: of this program alone; getrusage counts what its parent held when it was started
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        pass
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if platform.system() == "Darwin" else peak / 1024


def describe(facts):
    """The facts in one paragraph of words."""
    libraries = ", ".join(f"{name} {version}" for name, version in facts.get("versions", {}).items() if version)
    parts = [f"{facts['cpu']}, {facts['cores']} cores, {facts['system']}", f"Python {facts['python']}", libraries]
    parts += [f"BLAS of NumPy: {facts['blas']}"] if facts.get("blas") else []
    if facts.get("running") is not None:
        parts.append(f"other work at the start {facts['running']} cores")
    if facts.get("load") is not None:
        loads = [facts["load"], facts.get("load_after")]
        parts.append("load average " + " to ".join(str(x) for x in loads if x is not None))
    return "; ".join(part for part in parts if part) + "."
