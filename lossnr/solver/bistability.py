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
#: Newton steps to the brighter solution, from above.
NEWTON = 40


def brightest(device, Delta, drive):
    """Return the mean photon number of the brightest classical state; 0 if no state is bright.

    A state is bright if it lies beyond the turning points of the cubic, also where it is the only
    one. A cavity with a weak Kerr term far below resonance is dim or bright, a linear one is not:

    >>> from lossnr import Device
    >>> device = Device(U_a=0.2, U_c=0, Delta_a=-5.8, kappa_a=0.03, J_ac=0.5, Omega=4).without_b()
    >>> round(brightest(device, 0, "a"), 1)
    29.4
    >>> brightest(device.replace(U_a=0), 0, "a")
    0.0
    """
    H = effective_hamiltonians([device], 1)[0] + Delta * np.eye(3 if device.has_b else 2)
    d, U = {"a": 0, "c": 1}[drive], (device.U_a, device.U_c)
    drive_power = MARGIN * device.Omega**2
    found = 0.0
    for q, other in ((0, 1), (1, 0)):
        if U[q] == 0:
            continue
        intensities = GRID if U[other] else GRID[:1]
        M = np.repeat(H[None], len(intensities), axis=0)
        M[:, other, other] += 2 * U[other] * intensities
        R = np.linalg.pinv(M)
        bright = _brighter(drive_power * np.abs(R[:, q, d]) ** 2, 2 * U[q] * R[:, q, q])
        M[:, q, q] += 2 * U[q] * bright
        photons = drive_power * np.abs(np.linalg.pinv(M)[:, :, d]) ** 2
        consistent = (bright > 0) & (photons[:, other] >= intensities / MARGIN)
        consistent &= photons[:, other] <= np.maximum(intensities, GRID[1]) * MARGIN
        if U[other] == 0:
            consistent = bright > 0
        found = max(found, photons.sum(axis=1)[consistent].max(initial=0.0))
    return float(found)


def _brighter(power, g):
    """Return the largest I with I |1 + I g|^2 = power, 0 where no other one can be a solution."""
    square, real = np.abs(g) ** 2, g.real
    # The left side has its minimum beyond the first solution here, and is convex from there on.
    turn = (-2 * real + np.sqrt(np.maximum(4 * real**2 - 3 * square, 0))) / (3 * square)
    several = (4 * real**2 >= 3 * square) & (turn > 0) & (turn * abs(1 + turn * g) ** 2 <= power)
    I = np.maximum(4 * np.abs(real) / square, np.cbrt(2 * power / square))
    for _ in range(NEWTON):
        slope = 3 * square * I**2 + 4 * real * I + 1
        I = np.maximum(I - (I * np.abs(1 + I * g) ** 2 - power) / slope, turn)
    return np.where(several & (power > 0) & (np.abs(g) >= NEGLIGIBLE), I, 0.0)
