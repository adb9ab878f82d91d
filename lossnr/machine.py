"""This machine: its cores, and the versions of what computes on it."""

import os
import platform
from importlib.metadata import version

__all__ = ["__version__", "cores", "versions"]

__version__ = version("lossnr")


def versions():
    """Return the versions of Python, of this package and of the packages that compute.

    >>> list(versions())
    ['python', 'lossnr', 'numpy', 'scipy', 'qutip', 'xarray', 'matplotlib']

    Returns
    -------
    dict of str to str
    """
    packages = ("lossnr", "numpy", "scipy", "qutip", "xarray", "matplotlib")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def cores():
    """Return the number of cores that this process may use.

    The variable ``PYTHON_CPU_COUNT`` of the environment, which Python 3.13 knows too, sets it.

    >>> cores() >= 1
    True

    Returns
    -------
    int
    """
    count = os.environ.get("PYTHON_CPU_COUNT", "")
    if count.isdecimal() and int(count) > 0:
        return int(count)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
