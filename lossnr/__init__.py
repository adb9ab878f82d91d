"""lossnr: the physics of "Loss-induced quantum nonreciprocity" (arXiv:2403.14476), computed.

Read from the ground floor up: `device`, `arguments`, `scattering`, `observables`, `moments`,
`lindblad`, `fock`, `spectrum`, `hierarchy`, `lookahead`, `series`, `krylov`, `coherent`,
`steadystate`, `store`, `tiles`, `sweep`, `symbolic`, `claims`, `pictures`, `plots`, `schematic`,
`report`, `verdicts`, `trials`, `benchmark`, `downloads`, `expressions`, `notebooks`, `changes`,
`folders`, `execute`, `rerun`, `gallery`, `cli`. All rates are in units of kappa.
"""

from .machine import __version__, versions
from .model.device import DIRECTIONS, Device
from .model.observables import SteadyState
from .solver.accuracy import ConvergenceError
from .solver.steadystate import steady_state
from .sweeps.sweep import axis, sweep

__all__ = [
    "DIRECTIONS",
    "ConvergenceError",
    "Device",
    "SteadyState",
    "__version__",
    "axis",
    "steady_state",
    "sweep",
    "versions",
]
