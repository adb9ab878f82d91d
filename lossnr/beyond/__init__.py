"""Physics that the paper leaves out: correlations in time, noise, tolerances, design.

The public names are functions of a `Device`, imported at their first use.

>>> from lossnr import Device, beyond
>>> beyond.g2_tau(Device(), [0, 1], drive="a").g2.round(3).tolist()
[0.011, 0.283]
"""

from ..machine import lazily

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

__getattr__, __dir__ = lazily(__name__, _LAZY)
