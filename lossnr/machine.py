"""The versions of what a notebook was computed with."""

import platform
from importlib.metadata import version

__all__ = ["__version__", "versions"]

__version__ = version("lossnr")


def versions():
    """Return a dict of the versions of Python, this package and the packages that compute."""
    packages = ("lossnr", "numpy", "scipy", "qutip", "xarray", "matplotlib")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}
