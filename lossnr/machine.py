"""The machine: its cores, and the versions of the software."""

import os
import platform
import sys
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import Lock

from threadpoolctl import ThreadpoolController

__all__ = ["FINDINGS", "__version__", "cores", "later", "lazily", "one_blas_thread", "versions"]

__version__ = version("lossnr")
#: The variable that names the folder in which the kernels of one build share what they measured.
FINDINGS = "LOSSNR_FINDINGS"


def lazily(package, names):
    """Return ``__getattr__`` and ``__dir__`` of a package that imports some names late (PEP 562).

    NumPy, SciPy and xarray take half a second. ``names`` says in which module of the package each
    name is; it is imported at its first use.

    >>> get, _ = lazily("lossnr", {"sweep": "sweeps.sweep"})
    >>> get("sweep").__name__
    'sweep'

    Raises
    ------
    AttributeError
        By ``__getattr__``, for a name that is not among them.
    """
    namespace = vars(sys.modules[package])

    def __getattr__(name):
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = namespace[name] = getattr(import_module(f".{names[name]}", package), name)
        return value

    def __dir__():
        return sorted({*namespace, *names})

    return __getattr__, __dir__


class later:
    """A module that is imported when something in it is first used, since that takes long.

    >>> later("math").pi  # doctest: +ELLIPSIS
    3.14...
    """

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return getattr(import_module(self._name), name)


def versions():
    """Return the versions of Python, of this package and of the packages that compute, by name.

    >>> list(versions())
    ['python', 'lossnr', 'numpy', 'scipy', 'qutip', 'xarray', 'matplotlib']
    """
    packages = ("lossnr", "numpy", "scipy", "qutip", "xarray", "matplotlib")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def cores():
    """Return the number of cores that this process may use.

    The environment variable ``PYTHON_CPU_COUNT``, which Python 3.13 also reads, overrides it.

    >>> cores() >= 1
    True
    """
    count = os.environ.get("PYTHON_CPU_COUNT", "")
    if count.isdecimal() and int(count) > 0:
        return int(count)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


# BLAS is looked up once, at the first use, when NumPy and SciPy have loaded it.
_blas = cache(ThreadpoolController)
_lock = Lock()
_limited = []  # one limit for each block that is running


@contextmanager
def one_blas_thread():
    """Limit BLAS to one thread within a ``with`` block or a decorated function.

    The matrices here are small, and several threads of BLAS would only wait for each other. The
    limit holds for the process. Blocks may overlap in time: the last one to end lifts the limit.

    >>> with one_blas_thread():
    ...     len(_limited)
    1
    """
    with _lock:
        _limited.append(_limited[0] if _limited else _blas().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            limit = _limited.pop()
            if not _limited:
                limit.restore_original_limits()
