r"""Numbers of the laboratory: thermal photons, photons per second, and time to count.

The device's rates are in units of kappa. Here kappa has a value: ``linewidth`` is
:math:`\kappa/2\pi` in Hz. All functions take single numbers. They raise a TypeError for what is no
number, and a ValueError for a number out of range.
"""

from math import expm1, inf, log1p, pi

from scipy.constants import c, h, k

from ..model.checks import check_number
from ..model.device import LARGEST

#: Room temperature, in K.
ROOM = 300.0
#: Frequency of light of 1550 nm, in Hz.
TELECOM = c / 1550e-9
#: What is allowed as a frequency or linewidth, in Hz.
_HERTZ = (1e-3, 1e20)
#: From this exponent on there are less than 1e-300 photons: none.
_COLD = 690
#: Width of the range of delays that count as none, in 1/kappa.
WINDOW = 0.2


def thermal_occupation(frequency, temperature):
    r"""Return the mean number of thermal photons, :math:`1 / (e^{h\nu/k_B T} - 1)`.

    A cavity of 5 GHz at 1 K, as for microwaves, and at zero temperature:

    >>> round(thermal_occupation(5e9, 1.0), 2), thermal_occupation(5e9, 0)
    (3.69, 0.0)

    Parameters
    ----------
    frequency : float
        In Hz, from 1e-3 to 1e20.
    temperature : float
        In K, from 0 to 1e12.
    """
    check_number("frequency", frequency, *_HERTZ)
    check_number("temperature", temperature, 0, 1e12)
    if k * temperature * _COLD <= h * frequency:
        return 0.0
    return 1 / expm1(h * frequency / (k * temperature))


def temperature_of(n_th, frequency):
    """Return the temperature, in K, at which baths of a frequency in Hz hold so many photons.

    >>> round(temperature_of(thermal_occupation(5e9, 1.0), 5e9), 9), temperature_of(0, 5e9)
    (1.0, 0.0)
    """
    check_number("n_th", n_th, 0, 1e20)
    check_number("frequency", frequency, *_HERTZ)
    return h * frequency / (k * log1p(1 / n_th)) if n_th > 1e-300 else 0.0


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
    check_number("n", n, 0, inf)
    check_number("kappa", kappa, 0, LARGEST)
    check_number("linewidth", linewidth, *_HERTZ)
    return 2 * pi * linewidth * kappa * n


def counting_time(rate, g2, linewidth, accuracy=0.1):
    r"""Return the seconds that it takes to measure g2(0) to a relative accuracy.

    A beam splitter sends half of the photons to each of two ideal detectors. A pair of clicks
    that are at most w/2 apart is a coincidence, with :math:`w = 0.2/\kappa`: averaged over these
    delays, g2(tau) of the paper's device is within 10 % of g2(0). There are

    .. math:: N = g^{(2)}(0) \left(\frac{R}{2}\right)^2 t w

    of them in a time t at R photons per second, with the shot noise :math:`\sqrt N`. The time is
    that for :math:`1/\sqrt N` to be the accuracy. It is infinite without photons or pairs.
    Detectors of efficiency eta need :math:`1/\eta^2` of it.

    >>> print(f"{counting_time(rate=1e6, g2=1.0, linewidth=1e6):.1e}")
    1.3e-02
    """
    check_number("g2", g2, 0, inf)
    return _time(rate, g2, linewidth, accuracy, 2)


def triple_counting_time(rate, g3, linewidth, accuracy=0.1):
    r"""Return the seconds that it takes to measure g3(0) to a relative accuracy.

    As `counting_time`, with a third of the photons at each of three ideal detectors. A triple is a
    click of the first one, and one of each of the others at most w/2 earlier or later. There are

    .. math:: N = g^{(3)}(0) \left(\frac{R}{3}\right)^3 t w^2

    of them, if g3 in the window is g3(0). That of the paper's device grows within the window, by
    more than a half on average: there are more triples, and g3(0) takes a shorter window. Detectors
    of efficiency eta need :math:`1/\eta^3` of the time.

    >>> print(f"{triple_counting_time(rate=1e6, g3=1.0, linewidth=1e6):.1e}")
    2.7e+00
    """
    check_number("g3", g3, 0, inf)
    return _time(rate, g3, linewidth, accuracy, 3)


def _time(rate, g, linewidth, accuracy, photons):
    """Return the time to count coincidences of so many photons, each at a detector of its own."""
    check_number("rate", rate, 0, inf)
    check_number("linewidth", linewidth, *_HERTZ)
    check_number("accuracy", accuracy, 1e-9, 1)
    window = WINDOW / (2 * pi * linewidth)
    per_second = g * (rate / photons) ** photons * window ** (photons - 1)
    return 1 / (accuracy**2 * per_second) if per_second > 0 else inf
