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


def coherent_states(spectrum, drive, Delta, rtol, photons):
    """Return one steady state of a device with U_a = U_c = 0.

    Parameters and results are those of `krylov.krylov_states`; ``excitations`` is 1, since psi_1
    determines the state.

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device(U_a=0, U_c=0, Omega=2)])
    >>> state = coherent_states(spectrum, "a", 0.0, rtol=1e-6, photons=3)[0, 0].state()
    >>> print(f"T = {state.T:.3f}, g2 = {state.g2:.0f}")
    T = 1.000, g2 = 1

    Raises
    ------
    ConvergenceError
        If rounding leaves no digits.
    """
    hierarchy = Hierarchy(spectrum, [drive], np.array([Delta]))
    moments = Moments(spectrum, photons, photons + 1)
    Q, uncertainty = hierarchy.output(1)
    m = np.arange(photons + 1)[:, None, None]
    n = moments.x * Q
    values = np.concatenate([[Q, Q**0, Q**0], Q**m * np.exp(-n) / factorial(m)])
    relative = np.divide(uncertainty, Q, out=np.zeros_like(Q), where=Q > 0)
    resolved = np.where(Q > 0, relative, np.inf)
    rounding = np.concatenate([[relative, resolved, resolved], (m + n) * relative])
    values, error, converged = accuracy.settle(values, moments.scale, 0 * rounding, rounding, rtol)
    if not converged[0, 0]:
        raise accuracy.ConvergenceError(
            "rounding leaves no digits: a mode of the cavities loses almost no photons"
        )
    return moments.states(
        values,
        excitations=1,
        residual=hierarchy.residual,
        error=error,
        method="coherent",
        rounding=0.0,
        done=converged,
    )
