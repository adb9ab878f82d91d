r"""The curve g2(tau) in both directions, and what is read off it.

Delays and sigma are in 1/kappa. The functions of ``data`` take a Dataset as from `g2_curves`, with
delays from 0 on. They return a DataArray with the dimension ``direction``, nan where the output is
dark.
"""

import json

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from ..machine import __version__
from ..model.checks import check_drive
from ..model.device import DIRECTIONS, check_device
from ..model.names import QUANTITIES
from ..model.weak_drive import DETECTED, MODES, NO_LIGHT, amplitudes, pairs
from ..solver.accuracy import ConvergenceError
from .arguments import check_numbers
from .time import Correlation, g2_tau

__all__ = [
    "first_halfway",
    "followers",
    "g2_curves",
    "halfway",
    "largest_later",
    "partner",
    "smallest_later",
    "smeared",
]

#: Standard deviations of a Gaussian that count, and the nodes of its integral.
WIDTH, NODES = 8.0, 400


def g2_curves(device, taus, *, rtol=1e-6, partial=False):
    r"""Return g2(tau) in both directions as a Dataset like those of `lossnr.sweep`.

    >>> from lossnr import Device
    >>> g2_curves(Device(), [0, 1], rtol=1e-3)["g2"].dims
    ('direction', 'tau')

    Parameters
    ----------
    device : Device
    taus : float or array_like, shape (delays,)
        Delays in 1/kappa, not negative.
    rtol : float
        As for `g2_tau`.
    partial : bool
        Whether a direction that `g2_tau` refuses is nan, and the attribute ``refused`` says why.

    Returns
    -------
    xarray.Dataset
        ``g2`` over the dimensions ``direction`` and ``tau``.

    Raises
    ------
    ConvergenceError, TypeError, ValueError
        As `g2_tau` does.
    """
    check_device(device)
    taus = check_numbers("taus", taus, 0, np.finfo(float).max)
    found, refused = [], []
    for drive, _ in DIRECTIONS.values():
        try:
            found.append(g2_tau(device, taus, drive, rtol=rtol))
        except ConvergenceError as error:
            if not partial:
                raise
            found.append(Correlation(taus, np.full(taus.shape, np.nan), 0, 0.0))
            refused.append(str(error))
    words = {"long_name": QUANTITIES["g2"].words, "units": "1"}
    return xr.Dataset(
        {"g2": (("direction", "tau"), np.array([each.g2 for each in found]), words)},
        {
            "direction": list(DIRECTIONS),
            "tau": ("tau", taus, {"units": QUANTITIES["tau"].unit}),
        },
        {
            "device": json.dumps(device.parameters()),
            "rtol": rtol,
            "excitations": max(each.excitations for each in found),
            "error": max(each.error for each in found),
            "refused": "; ".join(refused),
            "lossnr": __version__,
        },
    )


def halfway(data):
    r"""Return the first delay at which g2 has come halfway from g2(0) to 1.

    This is how long the correlation lasts: for a single-photon blockade, until a second photon is
    half as likely as in laser light. It is nan where the curve ends before.

    >>> tau = np.linspace(0, 5, 501)
    >>> data = xr.Dataset({"g2": (("direction", "tau"), [1 - np.exp(-tau)])}, {"tau": tau})
    >>> halfway(data).values.round(4).tolist()  # ln 2
    [0.6931]
    """
    return _along(data, first_halfway)


def first_halfway(tau, g2):
    """Return what `halfway` does for one curve: two arrays, the first value of tau being 0.

    >>> first_halfway(np.array([0, 1.0, 2.0]), np.array([0, 0.25, 0.75]))
    1.5
    """
    left = (g2 - 1) - (g2[0] - 1) / 2
    passed = np.flatnonzero(left * left[0] <= 0)
    if not len(passed) or left[0] == 0:
        return np.nan
    after, before = passed[0], passed[0] - 1
    part = left[before] / (left[before] - left[after])
    return float(tau[before] + part * (tau[after] - tau[before]))


def largest_later(data):
    """Return the largest g2 at the delays after the first one over g2(0).

    Light is bunched in the strict sense if this is below one.

    >>> data = xr.Dataset({"g2": (("direction", "tau"), [[2.0, 1.5, 3.0]])}, {"tau": [0, 1, 2]})
    >>> largest_later(data).item(), smallest_later(data).item()
    (1.5, 0.75)
    """
    return _along(data, lambda tau, g2: g2[1:].max() / g2[0])


def smallest_later(data):
    """Return the smallest g2 at the delays after the first one over g2(0).

    Light is antibunched in the strict sense if this is above one.

    >>> data = xr.Dataset({"g2": (("direction", "tau"), [[0.5, 0.75, 1.0]])}, {"tau": [0, 1, 2]})
    >>> smallest_later(data).item()
    1.5
    """
    return _along(data, lambda tau, g2: g2[1:].min() / g2[0])


def smeared(data, sigmas):
    r"""Return g2(0) as a detector with timing jitter sees it.

    .. math:: \int g^{(2)}(\tau)\, \frac{e^{-\tau^2 / 2\sigma^2}}{\sqrt{2\pi}\, \sigma}\, d\tau

    The standard deviation sigma is that of a measured delay between two clicks: with two detectors
    of the jitter s each it is :math:`\sqrt 2\, s`. After the last delay of ``data`` g2 counts as 1.

    >>> tau = np.linspace(0, 20, 2001)
    >>> data = xr.Dataset({"g2": (("direction", "tau"), [1 - np.exp(-tau)])}, {"tau": tau})
    >>> smeared(data, [1e-3, 1.0])["g2"].values.round(4).tolist()
    [[0.0008, 0.4768]]

    Parameters
    ----------
    data : xarray.Dataset
        With delays from 0 on, so close to each other that a cubic spline follows g2.
    sigmas : array_like, shape (sigmas,)
        In 1/kappa, from 1e-9 to 1e9.

    Returns
    -------
    xarray.Dataset
        ``g2`` over ``direction`` and ``sigma``, with the attributes of ``data``.

    Raises
    ------
    TypeError, ValueError
        For other sigmas.
    """
    sigmas = check_numbers("sigmas", sigmas, 1e-9, 1e9)
    x, weights = np.polynomial.legendre.leggauss(NODES)
    x, weights = WIDTH * (x + 1) / 2, WIDTH * weights / 2
    weights = weights * np.exp(-(x**2) / 2)
    weights /= weights.sum()

    def smear(tau, g2):
        if np.isnan(g2).any():
            return np.full(len(sigmas), np.nan)
        spline, at = CubicSpline(tau, g2 - 1), np.outer(sigmas, x)
        return 1 + np.where(at <= tau[-1], spline(at), 0) @ weights

    axis = xr.Variable("sigma", sigmas, {"units": QUANTITIES["sigma"].unit})
    found = _along(data, smear, sigma=axis).assign_attrs(data["g2"].attrs)
    return found.to_dataset(promote_attrs=False).assign_attrs(data.attrs)


def followers(data, rates):
    r"""Return how many photons follow one, beyond those that follow by chance.

    .. math:: R \int (g^{(2)}(\tau) - 1)\, d\tau

    ``rates`` holds the photons R that leave the output per 1/kappa, one for each direction. The
    integral ends with the delays of ``data``.

    >>> tau = np.linspace(0, 20, 2001)
    >>> data = xr.Dataset({"g2": (("direction", "tau"), [1 + 5 * np.exp(-tau)])}, {"tau": tau})
    >>> round(followers(data, [0.01]).item(), 4)
    0.05
    """
    return _along(data, lambda tau, g2: np.trapezoid(g2 - 1, tau)) * rates


def partner(device, drive="a"):
    r"""Return where the second photon of a pair is when the first one is detected, at weak drive.

    The probabilities are proportional to :math:`|\langle o_j o \rangle|^2` for the detected
    cavity o; they are a dict by the names of the cavities.

    From c to a it is hardly ever in the detected cavity a too, and has to come there first:

    >>> from lossnr import Device
    >>> {name: round(share, 2) for name, share in partner(Device(), drive="c").items()}
    {'a': 0.01, 'c': 0.85, 'b': 0.15}

    Where no photon pair reaches the output they are nan.

    Raises
    ------
    TypeError, ValueError
        For anything but a `Device`, or another drive.
    ZeroDivisionError
        Where a mode of the cavities is undamped and resonant.
    """
    check_device(device)
    drive = check_drive(drive)
    one = amplitudes(device, drive, photons=1)[1]
    together = pairs(device, drive) + np.outer(one, one)
    weight = np.abs(together[MODES.index(DETECTED[drive])]) ** 2
    total = weight.sum() if weight.sum() > NO_LIGHT else np.nan
    return dict(zip(MODES, (weight / total).tolist(), strict=False))


def _along(data, read, **dimension):
    """Return what ``read`` makes of the delays and of g2 in each direction, with a dimension."""
    g2 = data["g2"].transpose("direction", "tau")
    values = np.array([read(g2["tau"].values, each) for each in g2.values])
    coordinates = {name: g2[name] for name in g2.coords if name == "direction"} | dimension
    return xr.DataArray(values, coordinates, ("direction", *dimension), name="g2")
