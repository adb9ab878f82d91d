r"""Numbers of the laboratory: thermal photons, photons per second, and time to count.

The device's rates are in units of kappa. Here kappa has a value: ``linewidth`` is
:math:`\kappa/2\pi` in Hz.
"""

import numpy as np
from scipy.constants import c, h, k

#: Room temperature, in K.
ROOM = 300.0
#: Frequency of light of 1550 nm, in Hz.
TELECOM = c / 1550e-9


def thermal_occupation(frequency, temperature):
    r"""Return the mean number of thermal photons, :math:`1 / (e^{h\nu/k_B T} - 1)`.

    A cavity of 5 GHz at 1 K, as for microwaves:

    >>> round(float(thermal_occupation(5e9, 1.0)), 2)
    3.69

    Parameters
    ----------
    frequency : float
        In Hz.
    temperature : float
        In K.
    """
    return 1 / np.expm1(h * frequency / (k * temperature))


def temperature_of(n_th, frequency):
    """Return the temperature, in K, at which baths of a frequency in Hz hold so many photons.

    >>> round(float(temperature_of(thermal_occupation(5e9, 1.0), 5e9)), 9)
    1.0
    """
    return h * frequency / (k * np.log1p(1 / n_th))


def photon_rate(n, kappa, linewidth):
    r"""Return the photons per second, :math:`\kappa_o \langle o^\dagger o\rangle`, at an output.

    >>> round(photon_rate(0.01, kappa=1.0, linewidth=1e6))
    62832

    Parameters
    ----------
    n : float
        Mean photon number of the output cavity.
    kappa : float
        Its loss, in units of kappa.
    linewidth : float
    """
    return 2 * np.pi * linewidth * kappa * n


def counting_time(rate, g2, linewidth, accuracy=0.1):
    r"""Return the seconds that it takes to measure g2(0) to a relative accuracy.

    A beam splitter sends half of the photons to each of two ideal detectors. A pair of clicks
    within a window of the coherence time :math:`1/\kappa` is a coincidence. There are

    .. math:: N = g^{(2)}(0) \left(\frac{R}{2}\right)^2 \frac{t}{\kappa}

    of them in a time t at R photons per second, with the shot noise :math:`\sqrt N`. The time is
    that for :math:`1/\sqrt N` to be the accuracy. Detectors of efficiency eta need
    :math:`1/\eta^2` of it.

    >>> print(f"{counting_time(rate=1e6, g2=1.0, linewidth=1e6):.1e}")
    2.5e-03
    """
    return 4 * 2 * np.pi * linewidth / (accuracy**2 * g2 * rate**2)
