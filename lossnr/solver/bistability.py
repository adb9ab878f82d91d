r"""Whether the light may be bright, by the classical equations of the cavities.

With amplitudes :math:`\alpha_o` instead of operators, Eq. 4 becomes linear but for the detunings
:math:`\Delta_q + 2 U_q |\alpha_q|^2`. For one of the Kerr cavities, at a given intensity of the
other, this is a cubic equation in the intensity I,

.. math:: I\, |1 + 2 U I g|^2 = \Omega^2 |\chi|^2,

with its response chi to the drive and g to a drive of its own. Where it has a second, brighter
solution, quantum noise may take the light there, however improbable each of its steps: a solution
with few photons cannot know.
"""

import numpy as np

from ..model.fock import effective_hamiltonians

__all__ = ["brightest"]

#: The intensity of the drive may be effectively larger by this factor: the limits of the classical
#: bistability are not sharp.
MARGIN = 4
#: A Kerr term that shifts the cavity by less, relatively and per photon, counts as none: its square
#: would underflow.
NEGLIGIBLE = 1e-100
#: Intensities of one Kerr cavity at which the other one is examined.
GRID = np.concatenate([[0.0], np.geomspace(1e-2, 1e3, 51)])


def brightest(device, Delta, drive):
    """Return the mean photon number of the brightest of several classical states; 0 if one only.

    A cavity of a weak Kerr term far below resonance is dim or bright, a linear one is not:

    >>> from lossnr import Device
    >>> device = Device(U_a=0.2, U_c=0, Delta_a=-5.8, kappa_a=0.03, J_ac=0.5, Omega=4).without_b()
    >>> round(brightest(device, 0, "a"), 1)
    29.4
    >>> brightest(device.replace(U_a=0), 0, "a")
    0.0
    """
    H = effective_hamiltonians([device], 1)[0] + Delta * np.eye(3 if device.has_b else 2)
    d, U = {"a": 0, "c": 1}[drive], (device.U_a, device.U_c)
    found = 0.0
    for q in (0, 1):
        other = 1 - q
        if U[q] == 0:
            continue
        shifted = np.repeat(H[None], len(GRID) if U[other] else 1, axis=0)
        shifted[:, other, other] += 2 * U[other] * GRID[: len(shifted)]
        for g, M in enumerate(shifted):
            R = np.linalg.inv(M) if np.linalg.cond(M) < 1e14 else np.linalg.pinv(M)
            response, own = abs(R[q, d]) ** 2 * MARGIN * device.Omega**2, 2 * U[q] * R[q, q]
            if abs(own) < NEGLIGIBLE:
                continue
            slope = np.roots([3 * abs(own) ** 2, 4 * own.real, 1])
            if response == 0 or slope.imag.any() or slope.max() <= 0:
                continue  # one solution
            turn = slope.max()
            if turn * abs(1 + turn * own) ** 2 > response:
                continue  # too weak a drive
            roots = np.roots([abs(own) ** 2, 2 * own.real, 1, -response])
            bright = M.copy()
            bright[q, q] += 2 * U[q] * roots.real.max()
            photons = MARGIN * device.Omega**2 * np.abs(np.linalg.inv(bright)[:, d]) ** 2
            if (
                GRID[g] / MARGIN <= photons[other] <= max(GRID[g], GRID[1]) * MARGIN
                or U[other] == 0
            ):
                found = max(found, float(photons.sum()))
    return found
