"""Physics that the paper leaves out: noise, and how exactly a device has to be made.

From the ground up: `noise` (thermal photons and dephasing) and `tolerances` (what each parameter
may be off by, and the yield).
"""

from importlib import import_module

# Imported at their first use (PEP 562), as the public names of `lossnr` are.
_LAZY = {
    "noise_sweep": "noise",
    "noisy_state": "noise",
    "design": "designs",
    "front": "designs",
    "least_U": "designs",
}

__all__ = [*_LAZY]


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    return value


def __dir__():
    return sorted({*globals(), *__all__})
