"""What the solver accepts: its limits, and when a result has settled."""

from itertools import pairwise

import numpy as np

__all__ = ["DARK", "MAX_EXCITATIONS", "MAX_RESIDUAL", "UNRESOLVED", "ConvergenceError", "tail"]

#: Largest photon number that is looked at, and at which the Fock space may be cut.
MAX_EXCITATIONS = 16
#: Largest relative residual that a result may have.
MAX_RESIDUAL = 1e-9
#: Observables that rounding leaves a larger relative error in are not resolved.
UNRESOLVED = 1e-2
#: What rounding may leave in a transmission that is not resolved.
DARK = 1e-9


class ConvergenceError(ArithmeticError):
    """The steady state is beyond what the solver can do at the tolerance asked for."""


def tail(changes, needed):
    """Return what a series may still change, from its last three changes, the latest last.

    That is twenty times the rest of a geometric series. Its ratio is the largest one seen in any
    observable that is needed, for all have the same poles, but not below 0.01 or above 0.95.

    The factor is large because small changes may come in a row by accident.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [new / old for old, new in pairwise(changes)]
    largest = np.fmax.reduce([np.where(needed, ratio, 0.0).max(axis=0) for ratio in ratios])
    ratio = np.clip(np.where(np.isnan(largest), 0.95, largest), 0.01, 0.95)
    last = np.maximum(changes[-1], changes[-2] / 100)  # one small change may be an accident
    return 20 * last * ratio / (1 - ratio)
