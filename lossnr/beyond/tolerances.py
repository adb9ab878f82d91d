"""How exactly a device has to be made: drifts of one parameter, random errors of all, and noise.

What has to be kept is a function that takes T, g2 and g3, arrays whose first axis is the direction
("a->c", "c->a"), and returns the margin of each device: how far the criterion is met, in any
measure that is positive where it is met, and continuous. `one_way`, `single_photon_diode` and
`two_photon_diode` make such functions.
"""

import json
from functools import cache
from reprlib import repr as short

import numpy as np
import xarray as xr
from scipy.optimize import brentq

from ..model.checks import check_accuracy, check_number, check_whole_number
from ..model.device import SHARED, check_device
from ..solver.accuracy import ConvergenceError
from ..solver.steadystate import steady_points
from .arguments import check_numbers
from .noise import NoisyDevice

__all__ = [
    "FARTHEST",
    "POSITIVE",
    "at_least",
    "drifted",
    "drifts",
    "kept",
    "noise_limit",
    "one_way",
    "random_devices",
    "single_photon_diode",
    "two_photon_diode",
    "yields",
]

#: A drift that is survived is not followed further than this, in kappa or rad.
FARTHEST = 5.0
#: The first drift that is tried, and the factor to the next one.
FIRST, STEP = 0.01, 1.5
#: Relative width at which the bracket of a drift is narrow enough.
NARROW = 5e-4
#: Parameters that cannot be negative begin so. They drift down by this part of their value.
POSITIVE, DOWN = ("kappa", "Omega"), 0.9
#: Largest standard deviation of random errors: no positive parameter becomes negative.
LARGEST_SPREAD = 0.1
#: Less noise than this is none.
LEAST_NOISE = 1e-30
#: The first noise that is tried, and the logarithm of the factor to the next one.
FIRST_NOISE, NOISE_STEP = {"n_th": 1e-4, "gamma_phi": 0.03}, np.log(4)


def one_way(about):
    """Return how far light passes one way only, "a->c": T within ``about`` of 1, and of 0 back.

    >>> one_way(0.05)(np.array([[0.97], [0.002]]), None, None).round(3).tolist()
    [0.02]

    Raises
    ------
    TypeError, ValueError
        Unless ``about`` is a number from 0 to 1.
    """
    check_number("about", about, 0, 1)

    def margin(T, g2, g3):
        return about - np.maximum(abs(T[0] - 1), T[1])

    return margin


def single_photon_diode(factor):
    """Return how far light is blockaded one way only: g2 at most 1/factor, and at least it back.

    The margin is logarithmic.

    >>> single_photon_diode(10)(None, np.array([[0.01], [100]]), None).round(3).tolist()
    [2.303]

    Raises
    ------
    TypeError, ValueError
        Unless ``factor`` is a number from 1 to 1e100.
    """
    check_number("factor", factor, 1, 1e100)

    def margin(T, g2, g3):
        return np.minimum(-np.log(g2[0]), np.log(g2[1])) - np.log(factor)

    return margin


def two_photon_diode(resolved=1e-12):
    """Return how far g2 < 1 from a to c, and g2 > 1 and g3 < 1 from c to a; logarithmic.

    Differences of ``resolved`` from 1 are rounding.

    >>> g2, g3 = np.array([[0.01], [1.4]]), np.array([[1e-5], [0.2]])
    >>> two_photon_diode()(None, g2, g3).round(3).tolist()
    [0.336]

    Raises
    ------
    TypeError, ValueError
        Unless ``resolved`` is a number from 0 to 1.
    """
    check_number("resolved", resolved, 0, 1)

    def margin(T, g2, g3):
        return np.minimum.reduce([-np.log(g2[0]), np.log(g2[1]), -np.log(g3[1])]) - resolved

    return margin


def kept(data, margin):
    """Return where a criterion is met, as a DataArray of bool over the axes of a Dataset.

    >>> from lossnr import Device
    >>> from lossnr.beyond import noise_sweep
    >>> data = noise_sweep(Device(), n_th=[0, 1e-4], rtol=1e-3)
    >>> kept(data, single_photon_diode(10)).values.tolist()
    [True, False]
    """
    T, g2, g3 = (data[name].transpose("direction", ...) for name in ("T", "g2", "g3"))
    with np.errstate(divide="ignore", invalid="ignore"):
        margins = margin(T.values, g2.values, g3.values)
    return T.isel(direction=0, drop=True).copy(data=np.nan_to_num(margins, nan=-np.inf) > 0)


def at_least(T_least, *, g2_max, T_back_max):
    """Return how far T and g2 from a to c, and T from c to a, are within bounds, relatively.

    >>> margin = at_least(0.5, g2_max=0.1, T_back_max=0.01)
    >>> margin(np.array([[0.9], [0.001]]), np.array([[0.02], [90]]), None).round(3).tolist()
    [0.8]

    Raises
    ------
    TypeError, ValueError
        Unless all are numbers from 1e-100 to 1e100.
    """
    bounds = {"T_least": T_least, "g2_max": g2_max, "T_back_max": T_back_max}
    for name, bound in bounds.items():
        check_number(name, bound, 1e-100, 1e100)

    def margin(T, g2, g3):
        parts = [T[0] / T_least - 1, 1 - g2[0] / g2_max, 1 - T[1] / T_back_max]
        return np.minimum.reduce(parts)

    return margin


def drifts(device, margin, *, photons=3, rtol=1e-4):
    """Return how far each parameter may drift alone, down and up, before a criterion is lost.

    >>> from lossnr import Device
    >>> found = drifts(Device(), single_photon_diode(10), photons=2)
    >>> found["J"].round(4).tolist()
    [-0.0315, 0.033]

    Parameters
    ----------
    device : Device
    margin : callable
        What has to be kept (see the top of this module).
    photons : int
        2 where the criterion needs no g3, which is faster.
    rtol : float
        Relative error of T, g2 and g3.

    Returns
    -------
    dict of ndarray, shape (2,)
        By the names of the parameters and of the paper's shared symbols, the drifts in kappa or rad
        to three digits. A drift is infinite if the criterion is kept up to `FARTHEST`, or down to a
        tenth of a parameter that cannot be negative. It is 0 if the device does not meet the
        criterion. Drifts where the solver does not converge count as lost.

    Raises
    ------
    TypeError, ValueError
        For anything but a `Device`, a margin that cannot be called, or a number out of range.
    """
    check_device(device)
    _check_margin("margin", margin)
    rtol, photons = check_accuracy(rtol, photons)

    def solve(devices):
        return _margins(devices, [margin], photons, rtol)[0]

    varied = [*device.parameters(), *SHARED]
    if not solve([device])[0] > 0:
        return {name: np.zeros(2) for name in varied}
    sides = {(name, sign): _farthest(device, name, sign) for name in varied for sign in (-1, 1)}
    kept, lost = dict.fromkeys(sides, 0.0), {}

    def kept_at(tried):
        """Return which of some drifts, by parameter and sign, keep the criterion."""
        devices = [drifted(device, name, sign * drift) for (name, sign), drift in tried.items()]
        return dict(zip(tried, solve(devices) > 0, strict=True))

    growing, drift = list(sides), FIRST
    while growing:
        tried = {side: min(drift, sides[side]) for side in growing}
        survives = kept_at(tried)
        for side in growing:
            (kept if survives[side] else lost)[side] = tried[side]
        growing = [side for side in growing if survives[side] and drift < sides[side]]
        drift *= STEP
    while wide := [side for side in lost if lost[side] - kept[side] > NARROW * lost[side]]:
        middle = {side: (kept[side] + lost[side]) / 2 for side in wide}
        for side, survives in kept_at(middle).items():
            (kept if survives else lost)[side] = middle[side]
    return {
        name: np.array(
            [sign * (kept[name, sign] if (name, sign) in lost else np.inf) for sign in (-1, 1)]
        )
        for name in varied
    }


def drifted(device, name, drift):
    """Return the device with a parameter, or the parameters of a shared symbol, changed alike.

    >>> from lossnr import Device
    >>> device = drifted(Device(), "J", -0.1)
    >>> round(device.J_ab, 3), round(device.J_bc, 3)
    (0.607, 0.607)
    """
    return device.replace(
        **{each: getattr(device, each) + drift for each in SHARED.get(name, (name,))}
    )


def _farthest(device, name, sign):
    """Return how far a drift of a parameter is followed, down (-1) or up (1)."""
    if sign < 0 and name.startswith(POSITIVE):
        return DOWN * min(getattr(device, each) for each in SHARED.get(name, (name,)))
    return FARTHEST


def random_devices(device, spread, count, seed=0):
    """Return devices like one, each with independent errors of all parameters.

    The errors have a normal distribution of this standard deviation: relative for the losses, Kerr
    terms, couplings and the drive; in units of kappa for the detunings, whose errors are those of
    frequencies and do not vanish at zero detuning; in rad for theta. The same seed gives the same
    errors up to the factor ``spread``.

    >>> from lossnr import Device
    >>> [round(each.J_ac, 3) for each in random_devices(Device(), 0.01, count=3)]
    [0.703, 0.71, 0.702]

    Raises
    ------
    TypeError, ValueError
        For anything but a `Device`, a spread outside of 0 to 0.1, a count outside of 1 to 1e6, or a
        seed that is no whole number from 0 to 2**32 - 1.
    """
    check_device(device)
    spread = float(check_number("spread", spread, 0, LARGEST_SPREAD))
    count = check_whole_number("count", count, 1, 1_000_000)
    seed = check_whole_number("seed", seed, 0, 2**32 - 1)
    parameters = device.parameters()
    errors = np.random.default_rng(seed).standard_normal((count, len(parameters)))
    size = [1.0 if name.startswith(("Delta", "theta")) else v for name, v in parameters.items()]
    values = np.array(list(parameters.values())) + spread * errors * size
    return [type(device)(**dict(zip(parameters, row, strict=True))) for row in values.tolist()]


def yields(device, margins, spreads, count, *, seed=0, photons=3, rtol=1e-2):
    """Return which share of devices keeps each criterion when all parameters have random errors.

    Every steady state is that of the full quantum model, by the fast solver in batches: a device
    takes about half a millisecond with ``photons = 2``, and one with 3.

    >>> from lossnr import Device
    >>> criteria = {"one-way light": one_way(0.05), "blockade": single_photon_diode(10)}
    >>> found = yields(Device(), criteria, [0.001, 0.05], 200, photons=2)
    >>> found["share"].sel(criterion="blockade").values.round(2).tolist()
    [1.0, 0.39]
    >>> found["uncertainty"].sel(criterion="blockade").values.round(2).tolist()
    [0.0, 0.03]

    Parameters
    ----------
    device, photons, rtol
        As for `drifts`.
    margins : dict of callable
        What has to be kept, by its name.
    spreads : array_like, shape (points,)
        Standard deviations of the errors (see `random_devices`).
    count, seed
        As for `random_devices`.

    Returns
    -------
    xarray.Dataset
        ``share`` and its statistical ``uncertainty`` over ``criterion`` and ``spread``. With k of n
        devices these are k/n and the standard deviation of the yield given k, for a uniform prior,
        which does not vanish at k = n.

    Raises
    ------
    TypeError, ValueError
        As `random_devices` and `drifts` do.
    """
    if not isinstance(margins, dict) or not margins:
        raise TypeError(
            f"margins = {short(margins)}: allowed is a dict of functions by their names"
        )
    for name, margin in margins.items():
        _check_margin(f"margins[{name!r}]", margin)
    spreads = check_numbers("spreads", spreads, 0, LARGEST_SPREAD)
    rtol, photons = check_accuracy(rtol, photons)
    k = np.zeros((len(margins), len(spreads)))
    for column, spread in enumerate(spreads):
        devices = random_devices(device, spread, count, seed)
        found = _margins(devices, margins.values(), photons, rtol)
        k[:, column] = np.count_nonzero(found > 0, axis=1)
    uncertainty = np.sqrt((k + 1) * (count - k + 1) / ((count + 2) ** 2 * (count + 3)))
    dims = ("criterion", "spread")
    return xr.Dataset(
        {"share": (dims, k / count), "uncertainty": (dims, uncertainty)},
        {"criterion": list(margins), "spread": spreads},
        {"device": json.dumps(device.parameters()), "count": count, "seed": seed, "error": rtol},
    )


def noise_limit(device, margin, name, *, rtol=1e-4):
    """Return the noise from which on a criterion is lost, to three digits.

    The bunching from c to a is lost at a few thermal photons in a hundred thousand:

    >>> from lossnr import Device
    >>> print(f"{noise_limit(Device(), single_photon_diode(10), 'n_th'):.2e}")
    5.19e-05

    Parameters
    ----------
    device, margin, rtol
        As for `drifts`.
    name : {"n_th", "gamma_phi"}
        The noise, see `noisy_state`.

    Returns
    -------
    float
        Infinite if the criterion is kept up to `FARTHEST`, 0 if it is not met without noise.

    Raises
    ------
    ConvergenceError
        Where `noisy_state` cannot tell.
    TypeError, ValueError
        As `drifts` does, and for an unknown noise.
    """
    check_device(device)
    _check_margin("margin", margin)
    if not isinstance(name, str) or name not in FIRST_NOISE:
        raise ValueError(f"name = {short(name)}: allowed are {', '.join(FIRST_NOISE)}")
    rtol, _ = check_accuracy(rtol, 2)
    noisy = NoisyDevice(device, "ac", rtol)

    @cache
    def at(logarithm):
        noise = {"n_th": 0.0, "gamma_phi": 0.0} | {name: np.exp(logarithm)}
        return _margin(noisy.states(**noise), margin)[0]

    if not _margin(noisy.quiet, margin)[0] > 0:
        return 0.0

    high = np.log(FIRST_NOISE[name])
    if at(high) <= 0:
        while at(high - NOISE_STEP) <= 0:
            high -= NOISE_STEP
            if high < np.log(LEAST_NOISE):
                return 0.0
    else:
        while at(high := high + NOISE_STEP) > 0:
            if high > np.log(FARTHEST):
                return np.inf
    return float(np.exp(brentq(at, high - NOISE_STEP, high, xtol=2e-4)))


def _check_margin(name, margin):
    if not callable(margin):
        raise TypeError(
            f"{name} = {short(margin)}: allowed is a function of T, g2 and g3, as one_way(0.05) is"
        )


def _margins(devices, margins, photons, rtol):
    """Return the margins of devices, shape (margins, devices).

    They are -inf where the solver does not converge.
    """
    try:
        found = steady_points(devices, photons=photons, rtol=rtol)
    except ConvergenceError:
        if len(devices) == 1:
            return np.full((len(margins), 1), -np.inf)
        half = len(devices) // 2
        parts = devices[:half], devices[half:]
        return np.hstack([_margins(part, margins, photons, rtol) for part in parts])
    return np.array([_margin(found, margin) for margin in margins])


def _margin(found, margin):
    """Return the margin of each point; -inf where an output is too dark for correlations."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(margin(found.T, found.g2, found.g3), nan=-np.inf, posinf=np.inf)
