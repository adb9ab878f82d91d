r"""Linear theory, Eqs. 7-15: what the cavities transmit without the Kerr terms.

Everything here is algebra in the couplings and :math:`x_o = \omega - \omega_o + i\kappa_o/2`.
At the drive's frequency :math:`\omega = \omega_p` this is :math:`-\Delta_o + i\kappa_o/2`, so that
the paper's :math:`\delta` is :math:`-\Delta`. The scattering matrix is that of Eq. 12 with
:math:`\sqrt\Gamma` as its last factor; the printed equation has :math:`\Gamma` there. Every mode
of the coupled cavities is damped, since a and c lose light: no denominator vanishes.
"""

from cmath import exp
from math import sqrt

import numpy as np

from .device import check_device


def scattering_matrix(device):
    r"""Return the scattering matrix at the drive's frequency, Eqs. 10-12.

    .. math:: S = -i \sqrt\Gamma (M - \omega I)^{-1} \sqrt\Gamma - I

    The Kerr terms and the drive's amplitude do not enter. S is unitary, since all losses count as
    outputs. Rows (outputs) and columns (inputs) are in the order a, c, b of Eq. 8.

    At the working point light from a leaves through c, and light from c is lost in b:

    >>> from lossnr import Device
    >>> (abs(scattering_matrix(Device())) ** 2).round(9)
    array([[0., 0., 1.],
           [1., 0., 0.],
           [0., 1., 0.]])
    """
    check_device(device)
    d = device
    J_ac = d.J_ac * exp(1j * d.theta)
    M = np.array(
        [
            [d.Delta_a - 0.5j * d.kappa_a, J_ac.conjugate(), d.J_ab],
            [J_ac, d.Delta_c - 0.5j * d.kappa_c, d.J_bc],
            [d.J_ab, d.J_bc, d.Delta_b - 0.5j * d.kappa_b],
        ]
    )
    if d.kappa_b == 0 and not d.has_b:
        M[2, 2] = 1  # an uncoupled, lossless b does not enter: any value keeps M regular
    root = np.sqrt([d.kappa_a, d.kappa_c, d.kappa_b])
    return -1j * root[:, None] * np.linalg.inv(M) * root - np.eye(3)


def transmission(device):
    r"""Return the transmission from a to c and from c to a, Eqs. 13-15.

    For cavities of any detunings and couplings, the closed forms read

    .. math::

        T_{a\to c} &= \kappa_a \kappa_c
            \left| \frac{J_{ab} J_{bc} + e^{i\theta} J_{ac} x_b}{D} \right|^2, \qquad
        T_{c\to a} = \left. T_{a\to c} \right|_{\theta\to-\theta},

        D &= 2 \cos\theta \, J_{ab} J_{bc} J_{ac} + J_{ac}^2 x_b + J_{ab}^2 x_c + J_{bc}^2 x_a
            - x_a x_b x_c .

    For equal detunings and J_ab = J_bc = J these are the paper's. Without cavity b
    (J_ab = J_bc = 0) the common factor x_b is cancelled.

    The loss of b makes the transmission nonreciprocal, Fig. 2(b):

    >>> from lossnr import Device
    >>> [round(T, 6) for T in transmission(Device(kappa_b=1))]
    [1.0, 0.0]
    >>> forward, backward = transmission(Device(kappa_b=0))
    >>> abs(forward - backward) < 1e-12
    True
    """
    return tuple(abs(sum(paths)) ** 2 for paths in path_amplitudes(device).values())


def path_amplitudes(device):
    r"""Return the amplitudes of the two paths from input to output, direct and through cavity b.

    They are the two terms of Eqs. 13 and 14 without the common factor -i, and T is the squared
    modulus of their sum:

    .. math::

        \sqrt{\kappa_a \kappa_c}\, e^{\pm i\theta} J_{ac} x_b / D, \qquad
        \sqrt{\kappa_a \kappa_c}\, J_{ab} J_{bc} / D ,

    with + for "a->c", - for "c->a" and D of `transmission`. The result is a dict by the direction.

    At the working point the two paths from c to a interfere destructively:

    >>> from lossnr import Device
    >>> direct, through_b = path_amplitudes(Device())["c->a"]
    >>> round(abs(direct), 6), round(abs(direct + through_b), 6)
    (0.707107, 0.0)
    """
    check_device(device)
    d = device
    x_a, x_b, x_c = (
        complex(-Delta, kappa / 2)
        for Delta, kappa in [(d.Delta_a, d.kappa_a), (d.Delta_b, d.kappa_b), (d.Delta_c, d.kappa_c)]
    )
    phase = exp(1j * d.theta)
    if d.has_b:
        through_b = d.J_ab * d.J_bc
        D = 2 * phase.real * d.J_ab * d.J_bc * d.J_ac
        D += d.J_ac**2 * x_b + d.J_ab**2 * x_c + d.J_bc**2 * x_a - x_a * x_b * x_c
    else:
        through_b, x_b = 0.0, 1.0
        D = d.J_ac**2 - x_a * x_c
    scale = sqrt(d.kappa_a * d.kappa_c) / D
    return {
        "a->c": (scale * phase * d.J_ac * x_b, scale * through_b),
        "c->a": (scale / phase * d.J_ac * x_b, scale * through_b),
    }


def paths(device):
    """Return the amplitudes of `path_amplitudes` as a labelled dataset.

    It has ``real`` and ``imaginary`` over ``direction`` and ``path`` ("direct", "through b").

    >>> from lossnr import Device
    >>> paths(Device())["real"].sel(direction="c->a").values.round(6).tolist()
    [0.5, -0.5]
    """
    import xarray as xr  # slow to import

    amplitudes = path_amplitudes(device)
    values = np.array(list(amplitudes.values()))
    parts = {"real": values.real, "imaginary": values.imag}
    return xr.Dataset(
        {name: (("direction", "path"), part) for name, part in parts.items()},
        {"direction": list(amplitudes), "path": ["direct", "through b"]},
        device.parameters(),
    )
