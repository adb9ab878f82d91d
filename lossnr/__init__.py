"""lossnr computes the physics of "Loss-induced quantum nonreciprocity" (arXiv:2403.14476).

`Device` holds the parameters, `steady_state` computes one steady state, and `sweep` computes many.
All rates are in units of kappa, the loss of cavities a and c.

>>> from lossnr import Device, steady_state, sweep
>>> device = Device(kappa_b=1.0)  # all other parameters as in Fig. 2 of the paper
>>> light = steady_state(device, drive="a")  # drive a, detect c
>>> print(f"T = {light.T:.3f}, g2 = {light.g2:.3f}")
T = 0.972, g2 = 0.011
>>> sweep(device, kappa_b=[0, 1])["T"].values.round(3).tolist()  # a->c, then c->a
[[0.972, 0.972], [0.972, 0.002]]
"""

from importlib import import_module

from .machine import __version__, versions
from .model.device import DIRECTIONS, Device

# Imported at their first use (PEP 562): NumPy, SciPy and xarray take half a second.
_LAZY = {
    "steady_state": "solver.steadystate",
    "sweep": "sweeps.sweep",
    "axis": "sweeps.sweep",
    "SteadyState": "model.observables",
    "ConvergenceError": "solver.accuracy",
}

__all__ = ["Device", *_LAZY, "versions", "DIRECTIONS", "__version__"]


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    return value


def __dir__():
    return sorted({*globals(), *__all__})
