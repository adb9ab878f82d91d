r"""Weak drive: what T, g2 and g3 tend to as the drive goes to zero.

The drive adds photons one by one, and a photon that is lost changes nothing at leading order. The
state is then pure, :math:`|\psi\rangle = \sum_n \Omega^n |\psi_n\rangle`, and its part with n
photons follows from the part with one photon less:

.. math:: H_n |\psi_n\rangle = -d^\dagger |\psi_{n-1}\rangle , \qquad |\psi_0\rangle = |0\rangle ,

where :math:`H_n` is the effective Hamiltonian of `fock.effective_hamiltonians` for n photons and d
the driven cavity. With o the detected cavity and
:math:`\langle o^n \rangle = \langle 0| o^n |\psi_n\rangle`,

.. math:: T = \kappa_a \kappa_c |\langle o \rangle|^2 , \qquad
          g^{(n)} = |\langle o^n \rangle|^2 / |\langle o \rangle|^{2n} .

Where interference makes :math:`\langle o \rangle` vanish, the next order decides: `dark_limits`.

``drive`` is the driven cavity, "a" or "c"; the other one is detected. All rates are in kappa.
"""

from math import factorial, sqrt

import numpy as np

from .checks import check_drive
from .device import check_device
from .fock import annihilator, effective_hamiltonians, occupation

#: The order of the modes, Eq. 8.
MODES = "acb"
#: The detected cavity for each driven one.
DETECTED = {"a": "c", "c": "a"}

#: A transmission below this is rounding: the amplitudes of single photons are of order one.
NO_LIGHT = 1e-20


def amplitudes(device, drive="a", photons=3):
    r"""Return :math:`|\psi_n\rangle` for n = 0 ... photons, one array of amplitudes for each n.

    The states of each n are in the order of `fock.occupation`. At the working point a photon from
    a is in a and c, and never in b:

    >>> from lossnr import Device
    >>> abs(amplitudes(Device(), photons=1)[1]).round(9).tolist()
    [1.0, 1.0, 0.0]
    """
    check_device(device)
    check_drive(drive)
    cavities = 3 if device.has_b else 2
    states = [np.ones(1, dtype=complex)]
    for n in range(1, photons + 1):
        H = effective_hamiltonians([device], n)[0]
        origin, element = annihilator(cavities, MODES.index(drive), n)
        source = np.zeros(len(H), dtype=complex)
        source[origin] = element * states[-1]
        states.append(np.linalg.solve(H, -source))
    return states


def limits(device, drive="a"):
    r"""Return T, g2 and g3 in the limit of zero drive.

    g2 and g3 are nan where no photon reaches the output.

    >>> from lossnr import Device
    >>> [round(value, 5) for value in limits(Device())]
    [1.0, 0.01062, 1e-05]
    >>> [round(value, 5) for value in limits(Device().replace(U=0))]
    [1.0, 1.0, 1.0]
    """
    one, two, three = _powers(device, drive)
    T = device.kappa_a * device.kappa_c * abs(one) ** 2
    if T < NO_LIGHT:
        return T, np.nan, np.nan
    return T, abs(two / one**2) ** 2, abs(three / one**3) ** 2


def pairs(device, drive="a"):
    r"""Return :math:`\langle o_i o_j \rangle - \langle o_i\rangle\langle o_j\rangle` over Omega^2.

    These are the amplitudes of the photon pairs that the Kerr terms add. Rows and columns are the
    coupled cavities in the order a, c, b. Without Kerr terms there are none:

    >>> from lossnr import Device
    >>> bool(abs(pairs(Device().replace(U=0))).max() < 1e-12)
    True
    """
    _, one, two = amplitudes(device, drive, photons=2)
    cavities = len(one)
    together = np.zeros((cavities, cavities), dtype=complex)
    for k in range(cavities):
        origin, element = annihilator(cavities, k, 2)
        together[:, k] = element * two[origin]
    return together - np.outer(one, one)


def incoherent_light(device, drive="a"):
    r"""Return the covariances of the light, over Omega^4, in the limit of zero drive.

    The matrix :math:`C_{ij} = \langle o_j^\dagger o_i \rangle - \langle o_j \rangle^*
    \langle o_i\rangle` obeys, with the matrix M of Eq. 10 in the rotating frame and the `pairs`
    :math:`\chi`,

    .. math:: M C - C M^\dagger = -2 \sum_{q=a,c} U_q
        \left( e_q\, \langle o_q^2\rangle\, \chi_q^\dagger - \mathrm{h.c.} \right) ,

    where :math:`e_q` is the unit vector of cavity q and :math:`\chi_q` a column of the pairs.

    Its diagonal holds photon numbers, which are positive:

    >>> from lossnr import Device
    >>> C = incoherent_light(Device(), drive="c")
    >>> bool(np.all(C.diagonal().real > 0)), bool(abs(C - C.conj().T).max() < 1e-12)
    (True, True)
    """
    chi = pairs(device, drive)
    one = amplitudes(device, drive, photons=1)[1]
    M = effective_hamiltonians([device], 1)[0]
    source = np.zeros_like(M)
    for q, U in enumerate((device.U_a, device.U_c)):
        square = chi[q, q] + one[q] ** 2
        source[q] += -2 * U * square * chi[:, q].conj()
    source -= source.conj().T
    unit = np.eye(len(M))
    equations = np.kron(M, unit) - np.kron(unit, M.conj())
    return np.linalg.solve(equations, source.ravel()).reshape(M.shape)


def dark_limits(device, drive="c"):
    r"""Return the limits of T / Omega^2, g2 Omega^4 and g3 Omega^6 for a dark output.

    They hold where the single-photon amplitude :math:`\langle o \rangle` of the detected cavity
    vanishes. Then :math:`\langle o^\dagger o\rangle = \Omega^4 C_{oo}`, with the covariance C of
    `incoherent_light`, and

    .. math:: T = \kappa_a \kappa_c C_{oo} \Omega^2 , \quad
              g^{(2)} = \frac{|\langle o^2 \rangle|^2}{C_{oo}^2} \Omega^{-4} , \quad
              g^{(3)} = \frac{|\langle o^3 \rangle|^2}{C_{oo}^3} \Omega^{-6} .

    >>> from lossnr import Device, steady_state
    >>> T, g2, g3 = dark_limits(Device())
    >>> weak = steady_state(Device(Omega=1e-3), drive="c")
    >>> abs(weak.T / (T * 1e-6) - 1) < 1e-4, abs(weak.g2 / (g2 * 1e12) - 1) < 1e-4
    (True, True)

    Raises
    ------
    ValueError
        If the output is not dark.
    """
    one, two, three = _powers(device, drive)
    T = device.kappa_a * device.kappa_c * abs(one) ** 2
    if T > NO_LIGHT:
        raise ValueError(
            f"drive = {drive!r}: the output is not dark, T = {T:.3g} at zero drive; "
            "allowed is a device whose two paths cancel"
        )
    k = MODES.index(DETECTED[drive])
    C = float(incoherent_light(device, drive)[k, k].real)
    return device.kappa_a * device.kappa_c * C, abs(two) ** 2 / C**2, abs(three) ** 2 / C**3


def probabilities(device, drive="a", photons=5):
    r"""Return :math:`P_m / \Omega^{2m}` of the detected cavity in the limit of zero drive.

    They are the squares of the amplitudes of m = 0 ... photons in this cavity and none in the
    others. Where the amplitude of one photon vanishes, jumps out of states of two photons decide
    P_1, see `dark_limits`.

    >>> from lossnr import Device
    >>> probabilities(Device(), photons=2).round(4).tolist()
    [1.0, 1.0, 0.0053]
    """
    return np.abs(_alone(device, drive, photons)) ** 2


def _alone(device, drive, photons):
    """Return the amplitudes of 0 ... photons in the detected cavity alone, over Omega^m."""
    states = amplitudes(device, drive, photons)
    k, cavities = MODES.index(DETECTED[drive]), 3 if device.has_b else 2
    return [
        complex(state[occupation(cavities, n)[:, k].argmax()]) for n, state in enumerate(states)
    ]


def _powers(device, drive):
    """Return the amplitudes of o, o^2 and o^3 of the detected cavity, over Omega, ..., Omega^3."""
    alone = _alone(device, drive, photons=3)
    return [sqrt(factorial(n)) * alone[n] for n in (1, 2, 3)]
