"""This machine: its cores, and the versions of what computes on it."""

import os
import platform
from importlib.metadata import version

__all__ = ["__version__", "cores", "versions"]

__version__ = version("lossnr")


def versions():
    """Return a dict of the versions of Python, this package and the packages that compute."""
    packages = ("lossnr", "numpy", "scipy", "qutip", "xarray", "matplotlib")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def cores():
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
