"""What several claims measure: steady states, their lines and maps, and the second method."""

from copy import copy
from dataclasses import replace
from functools import cache, wraps
from itertools import islice, product
from math import pi, remainder

import numpy as np
import xarray as xr
from scipy.optimize import minimize

from ..model import lindblad
from ..model.device import DIRECTIONS, OPPOSITE, SHARED, Device
from ..model.names import equation, number, rounded_up, symbol
from ..model.scattering import transmission
from ..solver.accuracy import ConvergenceError
from ..solver.series import sum_series
from ..solver.spectrum import Spectrum
from ..solver.steadystate import steady_line, steady_points, steady_state
from ..sweeps.sweep import axis, sweep
from .conditions import Condition
from .ledger import Undecided
from .thresholds import ABOUT, CONFIRMED, DARK, FACTOR

#: A peak is refined to this, in kappa.
REFINED = 1e-4
#: The step of the differences that give slopes, in kappa.
SLOPE = 1e-3
#: The drive that stands for the limit of weak drive where one is needed.
WEAK = 1e-4


def _refuse_drive(device):
    drive = equation("Omega", device.Omega)
    raise Undecided(
        f"the drive {drive} is too strong: a solution without power series takes minutes"
    )


def _is_quick(device):
    """Return whether the power series in the drive decides, or there are no Kerr terms."""
    # With little loss the same drive brings more photons; two cavities are quick all the same.
    loss = min(device.kappa_a, device.kappa_c) if device.has_b else 1
    if device.Omega <= Device().Omega * loss or not (device.U_a or device.U_c):
        return True
    with np.errstate(all="ignore"):
        found = sum_series([Spectrum([device])], np.zeros(1), ("a", "c"), 1e-6, 2)
    return bool(found.done.all())


def _remembered(function):
    """Cache what a function returns, and its refusals, which take as long."""

    @cache
    def outcome(*arguments, **named):
        try:
            return function(*arguments, **named), None
        except (ConvergenceError, Undecided) as error:
            return None, error

    @wraps(function)
    def remembered(*arguments, **named):
        found, error = outcome(*arguments, **named)
        if error is not None:
            raise copy(error)
        return found

    return remembered


@_remembered
def line(device, *, photons=2, rtol=1e-6, **axes):
    """Return the sweep of a device over axes, each given as first, last and number of values.

    >>> line(Device(), kappa_b=(0, 2, 3))["kappa_b"].values.tolist()
    [0.0, 1.0, 2.0]
    """
    axes = {name: axis(name, *ends) for name, ends in axes.items()}
    # A few points tell whether a sweep might take minutes: beyond the series one may take seconds,
    # so at most an eighth of the few may be there.
    few = list(product(*(values[:: max(1, len(values) // 6)] for values in axes.values())))
    devices = (device.replace(**dict(zip(axes, point, strict=True))) for point in few)
    slow, allowed = (each for each in devices if not _is_quick(each)), len(few) // 8
    if sum(1 for _ in islice(slow, allowed + 1)) > allowed:
        _refuse_drive(device)
    return sweep(device, photons=photons, rtol=rtol, **axes)


def _standard(device):
    """Return the one of equivalent devices that is solved.

    Signs of the modes are a gauge: only the product of the couplings around the loop matters, so
    its sign goes to the phase.

    >>> from lossnr import Device
    >>> _standard(Device(theta=3 * pi / 4, J_ac=-Device().J_ac)) == Device()
    True
    """
    J = {name: getattr(device, name) for name in ("J_ab", "J_bc", "J_ac")}
    turned = np.prod(np.sign(list(J.values()))) < 0
    theta = remainder(device.theta + pi * turned, 2 * pi) if all(J.values()) else 0.0
    return device.replace(theta=theta, **{name: abs(value) for name, value in J.items()})


def states(device, photons=3):
    """Return the steady states of both directions as a dict, with P_m up to so many photons.

    A correlation that diverges in the limit of weak drive is infinite where rounding hides it.

    >>> from lossnr import Device
    >>> {direction: round(state.g2, 4) for direction, state in states(Device(Omega=0)).items()}
    {'a->c': 0.0106, 'c->a': inf}

    Raises
    ------
    ConvergenceError, Undecided
        If the drive is too strong.
    """
    return _states(_standard(device), photons)


@_remembered
def _states(device, photons):
    if not _is_quick(device):
        for direction in DIRECTIONS:
            T = [in_qutip(device, direction, n).T for n in (4, 5)]
            if abs(T[1] / T[0] - 1) > 10 * CONFIRMED:
                _refuse_drive(device)
    found = steady_line(device, [0.0], photons=photons)
    return {
        direction: _with_infinities(found[i, 0].state(), device, drive)
        for i, (direction, (drive, _)) in enumerate(DIRECTIONS.items())
    }


@cache
def in_qutip(device, direction, excitations, photons=3):
    """Return the steady state in QuTiP with at most so many photons, and P_m up to ``photons``.

    >>> from lossnr import Device
    >>> round(in_qutip(Device(), "a->c", 4).g2, 4)
    0.0109
    """
    drive = DIRECTIONS[direction][0]
    return lindblad.steady_state(device, drive, excitations=excitations, photons=photons)


def _with_infinities(state, device, drive):
    """Return a state whose undefined g2 and g3 are infinite if they grow as the drive falls."""
    if device.Omega >= WEAK or not np.isnan(state.g2):
        return state
    strong, weak = (steady_state(device.replace(Omega=O), drive) for O in (10 * WEAK, WEAK))
    grow = [name for name in ("g2", "g3") if getattr(weak, name) > FACTOR * getattr(strong, name)]
    return replace(state, **dict.fromkeys(grow, np.inf))


def in_both(device, *names):
    r"""Return quantities of the steady states of both directions, by their symbols.

    >>> from lossnr import Device
    >>> list(in_both(Device(), "T"))
    ['$T$ $a\\to c$', '$T$ $c\\to a$']
    """
    return {
        f"{symbol(name)} {symbol(direction)}": getattr(state, name)
        for name in names
        for direction, state in states(device).items()
    }


def over_detuning(device):
    """Return T and g2 over the detunings of Fig. 2, from -2 to 2 kappa.

    >>> from lossnr import Device
    >>> dict(over_detuning(Device()).sizes)
    {'direction': 2, 'Delta': 161, 'm': 3}
    """
    return line(device, Delta=(-2, 2, 161))


def linear_over_detuning(device):
    """Return T of Eqs. 13, 14 over the detunings of Fig. 2, directions by detunings.

    >>> from lossnr import Device
    >>> linear_over_detuning(Device()).shape
    (2, 161)
    """
    return _linear(device.replace(Omega=0))


@cache
def _linear(device):
    return np.transpose([transmission(device.replace(Delta=D)) for D in axis("Delta", -2, 2, 161)])


def over_loss(device):
    """Return T, g2, g3, P over the losses of b in Figs. 2 to 4, from 0 to 2 kappa.

    >>> from lossnr import Device
    >>> over_loss(Device())["g2"].dims
    ('direction', 'kappa_b')
    """
    return line(device, kappa_b=(0, 2, 161), photons=3)


def largest(values):
    """Return the largest value of a DataArray, and a dict of where it is.

    >>> largest(xr.DataArray([0.1, 0.9], {"Delta": [0.4, 0.5]}))
    (0.9, {'Delta': 0.5})

    Raises
    ------
    Undecided
        If no light arrives anywhere.
    """
    if not values.notnull().any():
        raise Undecided("no light arrives")
    there = values[values.argmax(...)]
    return there.item(), {name: there[name].item() for name in values.dims}


@cache
def refined_peak(device, contrast, noise):
    """Return Delta, kappa_b and the height of the largest contrast over the map of Fig. 2.

    The contrast is `isolation` or `nonreciprocal_ratio`. A map shows the highest hill, which is
    climbed within the map by its slopes.

    Raises
    ------
    Undecided
        If the hill is not above the noise.
    """
    values = contrast(line(device, kappa_b=(0, 2, 41), Delta=(-2, 2, 41), rtol=1e-3))
    height, start = largest(values)
    axes = ("Delta", "kappa_b")
    ends = np.array([[values[name].min(), values[name].max()] for name in axes])

    def depth(x):
        """Return minus the contrast and its slopes: five points are solved together."""
        up, down = (np.clip(x + step * np.eye(2), *ends.T) for step in (SLOPE, -SLOPE))
        here = [device.replace(**dict(zip(axes, at, strict=True))) for at in (x, *up, *down)]
        found = steady_points(here, photons=2, rtol=1e-8)
        data = {name: (("direction", "at"), getattr(found, name)) for name in ("T", "g2")}
        heights = contrast(xr.Dataset(data, {"direction": list(DIRECTIONS)})).values
        return -heights[0], (heights[3:] - heights[1:3]) / np.diagonal(up - down)

    x = np.array([start[name] for name in axes])
    if height >= noise:
        options = {"ftol": 1e-15, "gtol": 1e-10}
        found = minimize(depth, x, jac=True, method="L-BFGS-B", bounds=ends, options=options)
        x, height = found.x, -found.fun
    if not height >= noise:
        raise Undecided(f"the {values.long_name} is only rounding over the whole map")
    return *map(float, x), height


def _agreement(device, quantities, directions):
    """Return the largest relative difference from QuTiP in these directions."""
    if device.Omega < lindblad.WEAKEST:
        device = device.replace(Omega=WEAK)
    # Where rounding leaves fewer digits, the error that the solver reports says so.
    allowed = max(CONFIRMED, *(state.error for state in states(device).values()))
    for photons in (4, 5):  # the fewer, the faster
        worst = max(_difference(device, each, quantities, photons) for each in directions)
        if worst <= allowed:
            return worst
    raise Undecided(
        f"QuTiP with five photons differs by {number(worst, 1)}, more than {number(allowed, 1)}"
    )


def _difference(device, direction, quantities, photons):
    """Return the largest relative difference from QuTiP; of T alone where g2 is not defined."""
    ours, theirs = states(device)[direction], in_qutip(device, direction, photons)
    if np.isnan(ours.g2):
        quantities = ("T",)
    ours, theirs = (_as_if_brighter(state, device) for state in (ours, theirs))
    x, y = (np.hstack([getattr(state, name) for name in quantities]) for state in (ours, theirs))
    known = ~np.isnan(x)
    return float(np.max(np.abs(x / y - 1)[known], initial=0.0))


def _as_if_brighter(state, device):
    """Return a state, up to P_3, in which a dark output has the transmission `DARK`.

    Methods that agree that T is below this need not agree on how dark the output is. So T and P_1
    are raised to their values at `DARK`, and g2 and g3 are those of the same pairs and triples in
    that light.
    """
    T, P = max(state.T, DARK), state.P[:4].copy()
    P[1] = max(P[1], DARK * device.Omega**2 / (device.kappa_a * device.kappa_c))
    dim = state.T / T
    return replace(state, T=T, g2=state.g2 * dim**2, g3=state.g3 * dim**3, P=P)


def check(*points, quantities=("T", "g2"), where=""):
    """Return in words how well QuTiP agrees at the points that decide.

    A point is a device, or a pair of a device and the direction that decides. The quantities are
    attributes of `SteadyState`; ``where`` says which points these are if others decide too. Raise
    `Undecided` if the methods do not confirm each other.

    >>> from lossnr import Device
    >>> check(Device().without_b()).partition(" to ")[0]
    'QuTiP agrees'
    """
    both = tuple(DIRECTIONS)
    pairs = [(p, both) if isinstance(p, Device) else (p[0], p[1:]) for p in points]
    worst = max(_agreement(device, quantities, directions) for device, directions in pairs)
    devices = list(dict.fromkeys(device for device, _ in pairs))
    if not where and len(devices) == 1:
        where = "at the point that decides"
    where = where or f"at the {len(devices)} points that decide"
    weak = devices[0].Omega < lindblad.WEAKEST
    remark = f" (at {equation('Omega', WEAK)})" * weak
    if not weak:
        found = [state for device in devices for state in states(device).values()]
        if any(state.T < DARK for state in found):
            remark += f" (where $T$ is below {number(DARK)}, only that is confirmed)"
        if any(state.T >= DARK and np.isnan(state.g2) for state in found):
            remark += f" (where {symbol('g2')} is not defined, only $T$ is confirmed)"
    return f"QuTiP agrees to {number(rounded_up(worst, 1))} {where}{remark}"


def at_loss(device):
    r"""Return at which loss of b a claim on kappa_b = kappa was judged; empty for kappa.

    >>> from lossnr import Device
    >>> at_loss(Device(kappa_b=2)), at_loss(Device())
    ('Judged at $\\kappa_b = 2$. ', '')
    """
    return "" if device.kappa_b == 1 else f"Judged at {equation('kappa_b', device.kappa_b)}. "


def equal_ends(device):
    """Return whether cavities a and c are alike, their couplings to b included.

    Then their exchange, with -theta for theta, exchanges the directions.

    >>> equal_ends(Device()), equal_ends(Device(U_a=1))
    (True, False)
    """
    pairs = [("Delta_a", "Delta_c"), *(SHARED[name] for name in ("kappa", "U", "J"))]
    return all(getattr(device, one) == getattr(device, other) for one, other in pairs)


def require_light(device):
    """Raise `Undecided` if no photon arrives at the output.

    >>> from lossnr import Device
    >>> require_light(Device(Omega=0))
    Traceback (most recent call last):
    lossnr.claims.ledger.Undecided: the drive is too weak: there are no photons to count
    """
    if device.Omega < lindblad.WEAKEST:
        raise Undecided("the drive is too weak: there are no photons to count")
    if device.J_ac == 0 and device.J_ab * device.J_bc == 0:
        raise Undecided("no path leads from a to c")


def one_way_conditions(device, direction="a->c", otherwise="not-reproduced"):
    """Return the conditions that T is about 1 in a direction and about 0 in the other one.

    >>> from lossnr import Device
    >>> [each.holds for each in one_way_conditions(Device(kappa_b=0))]
    [True, False]
    """
    back, found = OPPOSITE[direction], states(device)
    T = symbol("T")
    return [
        Condition(
            f"distance of {T} {symbol(direction)} from 1",
            abs(found[direction].T - 1),
            "<=",
            ABOUT,
            otherwise,
        ),
        Condition(f"{T} {symbol(back)}", found[back].T, "<=", ABOUT, otherwise),
    ]


def single_photon_conditions(device, direction="a->c", otherwise="not-reproduced"):
    """Return the conditions that g2 is much less than 1 in a direction, much greater in the other.

    >>> from lossnr import Device
    >>> [each.holds for each in single_photon_conditions(Device(kappa_b=0))]
    [True, False]
    """
    back, found = OPPOSITE[direction], states(device)
    g2 = symbol("g2")
    return [
        Condition(f"{g2} {symbol(direction)}", found[direction].g2, "<=", 1 / FACTOR, otherwise),
        Condition(f"{g2} {symbol(back)}", found[back].g2, ">=", FACTOR, otherwise),
    ]
