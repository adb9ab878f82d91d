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

from .machine import __version__, lazily, versions
from .model.device import DIRECTIONS, Device

_LAZY = {
    "steady_state": "solver.steadystate",
    "sweep": "sweeps.sweep",
    "axis": "sweeps.sweep",
    "SteadyState": "model.observables",
    "ConvergenceError": "solver.accuracy",
}

__all__ = ["Device", *_LAZY, "versions", "DIRECTIONS", "__version__"]

__getattr__, __dir__ = lazily(__name__, _LAZY)
