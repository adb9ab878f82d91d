r"""The steady state of linear cavities, at any drive: coherent light.

Without Kerr terms the output is in a coherent state of the amplitude :math:`\Omega \psi_1`, with
:math:`H_1 \psi_1 = -d^\dagger \psi_0`. Its photon numbers are Poissonian,
:math:`P_m = n^m e^{-n} / m!` with :math:`n = \Omega^2 |\psi_1|^2`, and g2 = g3 = 1.
"""

import numpy as np
from scipy.special import factorial

from . import accuracy
from .hierarchy import Hierarchy
from .moments import Moments

__all__ = ["coherent_states"]


def coherent_states(spectrum, Delta, drives, rtol, photons):
    """Return the steady states of devices with U_a = U_c = 0 at a few points.

    They are not done where rounding leaves no digits.

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device(U_a=0, U_c=0, Omega=2)])
    >>> states = coherent_states(spectrum, np.zeros(1), "ac", rtol=1e-6, photons=3)
    >>> states.T.round(3).tolist(), states.g2[0].tolist(), states.done.all().item()
    ([[1.0], [0.0]], [1.0], True)

    Parameters
    ----------
    spectrum : Spectrum
    Delta, drives, rtol, photons
        As for `steady_line`.

    Returns
    -------
    SteadyStates
        Their ``excitations`` are 1, since psi_1 determines the state.
    """
    hierarchy = Hierarchy(spectrum, drives, Delta)
    moments = Moments(spectrum, photons, photons + 1)
    Q, uncertainty = hierarchy.output(1)
    m = np.arange(photons + 1)[:, None, None]
    n = moments.x * Q
    values = np.concatenate([[Q, Q**0, Q**0], Q**m * np.exp(-n) / factorial(m)])
    relative = np.divide(uncertainty, Q, out=np.zeros_like(Q), where=Q > 0)
    resolved = np.where(Q > 0, relative, np.inf)
    rounding = np.concatenate([[relative, resolved, resolved], (m + n) * relative])
    values, error, converged = accuracy.settle(values, moments.scale, 0 * rounding, rounding, rtol)
    return moments.states(
        values,
        excitations=1,
        residual=hierarchy.residual,
        error=error,
        method="coherent",
        rounding=0.0,
        done=converged,
    )
