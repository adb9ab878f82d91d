"""Physics that the paper leaves out: correlations in time, noise, tolerances, design.

The public names are functions of a `Device`, imported at their first use.

>>> from lossnr import Device, beyond
>>> beyond.g2_tau(Device(), [0, 1], drive="a").g2.round(3).tolist()
[0.011, 0.283]
"""

from importlib import import_module

# Imported at their first use (PEP 562), as in `lossnr`.
_LAZY = {
    "g2_tau": "time",
    "g2_curves": "curves",
    "clicks": "trajectories",
    "noisy_state": "noise",
    "noise_sweep": "noise",
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
