r"""Design: the brightest one-way source of single photons for a given nonlinearity.

The goal is the largest transmission T from a to c, with g2 at most ``g2_max`` there and a
transmission back, from c to a, of at most ``T_back_max``, all in the limit of zero drive
(`lossnr.model.weak_drive`). With :math:`G_n = -H_n^{-1}` for n photons, and the amplitude p of two
photons in cavity c,

.. math:: T = \kappa_a \kappa_c |(G_1)_{ca}|^2 , \quad
          T_{back} = \kappa_a \kappa_c |(G_1)_{ac}|^2 , \quad
          g^{(2)} = |p|^2 / |(G_1)_{ca}|^4 .

The parameters that are free are found by sequential quadratic programming from many starts. A start
is the brightest of some random devices, where a device that misses a bound counts as darker by as
much. The bounds are on :math:`g^{(2)}` and :math:`T_{back}` themselves, relatively: multiplied by
:math:`|(G_1)_{ca}|^4` that on :math:`g^{(2)}` would be met by every dark device, and most searches
would end there. A result is the best *found*: nothing proves that no better device exists. How many
starts end at the same T tells how far it can be trusted.
"""

from dataclasses import dataclass
from math import pi
from types import SimpleNamespace

import numpy as np

from ..model.checks import check_number, check_whole_number, is_number, scalar
from ..model.device import LARGEST, SHARED, Device, check_device
from ..model.fock import annihilator, families
from ..model.weak_drive import NO_LIGHT
from ..solver.accuracy import ConvergenceError
from .arguments import check_numbers

#: The parameters that are free, and their ranges in kappa or rad.
FREE = {
    "kappa_b": (0.1, 10),
    "Delta_a": (-5, 5),
    "Delta_b": (-5, 5),
    "Delta_c": (-5, 5),
    "J_ab": (0, 3),
    "J_bc": (0, 3),
    "J_ac": (0, 3),
    "theta": (-pi, pi),
}
#: What is allowed as a bound.
BOUND = (1e-6, 1.0)
#: The range of U in `least_U`.
RANGE_OF_U = (1e-3, 100)

#: Rates below this one, in kappa, are drawn evenly, and larger ones evenly in the logarithm.
FINE = 0.1

#: Each start is chosen among so many random devices.
CANDIDATES = 100
#: The optimiser keeps this distance, relatively, to the bounds: it stops within its own rounding.
ROOM = 1e-7
#: Amplitudes that have to vanish are at most this large in the end.
MET = 1e-7
#: Starts have found the same device if their goals differ by less.
SAME = 1e-4
#: Step of the central differences. The third derivatives are of order one, so that the error of a
#: slope is about 1e-10 from rounding, and 1e-12 from the step.
STEP = 1e-6

#: Columns of `_Search.columns` that are maximised and that must vanish, for each task ...
_BRIGHTEST = (0, slice(0, 0))
_LEAST = (7, slice(3, 7))
#: ... and that must not be negative.
_BOUNDS = slice(1, 3)
#: The place of the state of two photons in cavity c among the states of two photons.
_TWO_IN_C = 3


@dataclass(frozen=True)
class Design:
    """The best device found, and what it does in the limit of zero drive.

    >>> Design(Device(), T=1.0, T_back=0.0, g2=0.01, agreeing=1, starts=1).device.U_a
    5.0

    Attributes
    ----------
    device : Device
        The device, in units of kappa.
    T, T_back : float
        Its transmission from a to c, and from c to a.
    g2 : float
        Its correlation from a to c.
    agreeing, starts : int
        How many of the starts ended with the same result, and how many there were.
    """

    device: Device
    T: float
    T_back: float
    g2: float
    agreeing: int
    starts: int


def design(device, *, g2_max=0.05, T_back_max=0.01, free=FREE, starts=40, seed=0):
    """Find the device with the largest transmission from a to c that meets two bounds.

    >>> found = design(Device().replace(U=2), starts=8)
    >>> round(found.T, 4), found.g2 <= 0.05, found.T_back <= 0.01
    (1.0, True, True)

    Parameters
    ----------
    device : Device
        The parameters that are not free, in units of kappa.
    g2_max, T_back_max : float
        The bounds, from 1e-6 to 1, on g2 from a to c and on T from c to a.
    free : dict of str to (float, float)
        The range of each free parameter, in kappa or rad, by the names of `Device` or by its
        shared symbols.
    starts, seed : int
        How many starts, and the seed of the random devices among which they are chosen.

    Returns
    -------
    Design

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong type or out of range; the message names it.
    ConvergenceError
        If no device that meets the bounds was found. The message says which bound none of the
        devices that were tried meets.
    """
    search = _Search(device, free, g2_max, T_back_max, starts, seed)
    return search.result(search.run(_BRIGHTEST, search.chosen_starts()))


def least_U(device, *, g2_max=0.05, T_back_max=0.01, free=FREE, starts=40, seed=0):
    r"""Find the smallest Kerr nonlinearity U = U_a = U_c with full transmission from a to c.

    T = 1 is a maximum, which a search finds to half of the digits only. The conditions here are
    that nothing of the light from a leaves through a or b, :math:`S_{aa} = S_{ba} = 0` (Eq. 12).

    >>> found = least_U(Device(), starts=20)
    >>> round(found.device.U_a, 3), round(found.T, 9)
    (1.867, 1.0)

    Arguments, result and errors are those of `design`, and ``free`` must not name U.

    Raises
    ------
    TypeError, ValueError, ConvergenceError
        As in `design`.
    """
    _without_U(free)
    free = free | {"U": RANGE_OF_U} if isinstance(free, dict) else free
    search = _Search(device, free, g2_max, T_back_max, starts, seed)
    # From a bright device the conditions are met more often than from a random one.
    bright = search.ends(_BRIGHTEST, search.chosen_starts())
    return search.result(search.run(_LEAST, bright))


def front(device, *, U, g2_max=0.05, T_back_max=0.01, free=FREE, starts=20, seed=0):
    """Find the brightest device for each U, each bound on g2 and each bound on T back.

    Each search starts from random devices and from those found for the neighbouring, tighter
    values, so that T never falls where a bound is relaxed; then once more from its looser ones.

    >>> data = front(Device(), U=[5], g2_max=[0.01, 0.1], starts=4)
    >>> data["T"].dims, bool(data["T"][0, 1, 0] >= data["T"][0, 0, 0])
    (('U', 'g2_max', 'T_back_max'), True)

    ``U``, ``g2_max`` and ``T_back_max`` are numbers or increasing lists of numbers, and ``free``
    must not name U. The other arguments and the errors are those of `design`.

    Returns
    -------
    xarray.Dataset
        Over ``U``, ``g2_max`` and ``T_back_max``: T, T_back, g2, and the free parameters of the
        device found.

    Raises
    ------
    TypeError, ValueError, ConvergenceError
        As in `design`.
    """
    import xarray as xr  # slow to import

    check_device(device)
    _without_U(free)
    axes = {
        "U": check_numbers("U", U, -LARGEST, LARGEST, increasing=True),
        "g2_max": check_numbers("g2_max", g2_max, *BOUND, increasing=True),
        "T_back_max": check_numbers("T_back_max", T_back_max, *BOUND, increasing=True),
    }
    searches, found, refused = {}, {}, {}
    for place in np.ndindex(*map(len, axes.values())):
        at, *bounds = (values[i] for values, i in zip(axes.values(), place, strict=True))
        there = device.replace(U=at)
        searches[place] = _Search(there, free, *bounds, starts, seed, place)
    for step, places in ((-1, searches), (1, reversed(searches))):
        for place in places:
            near = [tuple(np.add(place, each)) for each in step * np.eye(3, dtype=int)]
            points = [found[other][0] for other in [place, *near] if other in found]
            if step < 0:
                points += [*searches[place].chosen_starts()]
            elif not points:
                raise refused[place]
            try:
                found[place] = searches[place].run(_BRIGHTEST, points)
            except ConvergenceError as error:
                refused[place] = error
    for place in searches:
        if place not in found:
            raise refused[place]
    designs = [search.result(found[place]) for place, search in searches.items()]
    shape = [len(values) for values in axes.values()]

    def grid(value):
        return tuple(axes), np.reshape([value(each) for each in designs], shape)

    names = [name for each in free for name in SHARED.get(each, (each,))]
    data = {name: grid(lambda f, n=name: getattr(f.device, n)) for name in names}
    for name in ("T", "T_back", "g2"):
        data[name] = grid(lambda f, n=name: getattr(f, n))
    return xr.Dataset(data, axes)


class _Search:
    """One search: what is fixed, what is free, and the columns that the optimiser sees."""

    def __init__(self, device, free, g2_max, T_back_max, starts, seed, place=()):
        check_device(device)
        self.device = device
        self.g2_max = float(check_number("g2_max", g2_max, *BOUND))
        self.T_back_max = float(check_number("T_back_max", T_back_max, *BOUND))
        self.starts = check_whole_number("starts", starts, 1, 10_000)
        self.seed = [check_whole_number("seed", seed, 0, 2**32 - 1), *place]
        self.ranges = _checked_ranges(device, free)
        self.names = list(free)

    def chosen_starts(self):
        """Return the starts, each the brightest of some random points for the bounds.

        Phases are drawn evenly, rates evenly in asinh(rate / FINE), as on a log scale.
        """
        shape = self.starts, CANDIDATES, len(self.ranges)
        drawn = np.random.default_rng(self.seed).random(shape)
        for i, (name, ends) in enumerate(zip(self.names, self.ranges, strict=True)):
            fine = 1e3 if name == "theta" else FINE
            low, high = np.arcsinh(ends / fine)
            drawn[..., i] = fine * np.sinh(low + (high - low) * drawn[..., i])
        T, T_back, g2, _ = self.light(drawn)
        missed = np.maximum(g2 / self.g2_max, 1) * np.maximum(T_back / self.T_back_max, 1)
        best = np.nan_to_num(T / missed).argmax(axis=1)
        return drawn[np.arange(self.starts), best]

    def parameters(self, x):
        """Return the parameters of `Device` at points x, whose last axis runs over the free."""
        values = self.device.parameters()
        for i, name in enumerate(self.names):
            for target in SHARED.get(name, (name,)):
                values[target] = x[..., i]
        return SimpleNamespace(**values)

    def light(self, x):
        """Return T, T back, g2 (nan where no light passes), and S_aa and S_ba, at points x."""
        p = self.parameters(x)
        # Without couplings cavity b stays in the vacuum whatever its loss; H must not be singular.
        alone = np.square(p.J_ab) + np.square(p.J_bc) == 0
        p.kappa_b = np.where(alone, 1, p.kappa_b)
        G = np.linalg.inv(families(p, 1))
        origin, element = annihilator(3, 0, 2)
        source = np.zeros((*G.shape[:-2], 6, 1), dtype=complex)
        source[..., origin, 0] = element * G[..., :, 0]
        pair = np.linalg.solve(families(p, 2), source)[..., _TWO_IN_C, 0]
        T, T_back = (p.kappa_a * p.kappa_c * abs(G[..., i, j]) ** 2 for i, j in ((1, 0), (0, 1)))
        with np.errstate(divide="ignore", invalid="ignore"):
            g2 = np.where(T > NO_LIGHT, 2 * abs(pair / G[..., 1, 0] ** 2) ** 2, np.nan)
        S_aa = -1j * p.kappa_a * G[..., 0, 0] - 1
        rates = np.abs(p.kappa_a * p.kappa_b)  # differences step below zero
        S_ba = -1j * np.sqrt(rates) * G[..., 2, 0]
        return T, T_back, g2, (S_aa, S_ba)

    def columns(self, x):
        """Return T, the relative distances to both bounds, Re, Im of S_aa and S_ba, and -U."""
        T, T_back, g2, (S_aa, S_ba) = self.light(x)
        margins = 1 - g2 / self.g2_max, 1 - T_back / self.T_back_max
        parts = S_aa.real, S_aa.imag, S_ba.real, S_ba.imag
        return np.stack(np.broadcast_arrays(T, *margins, *parts, -self.parameters(x).U_a), axis=-1)

    def ends(self, task, starts):
        """Return the points at which the optimiser ends from some starts."""
        from scipy.optimize import minimize  # slow to import

        goal, zero = task
        latest = {}

        def at(x):
            """Return the columns and their slopes; SciPy wants them of the same x in turn."""
            if latest.get("x") != x.tobytes():
                steps = STEP * np.eye(len(x))
                columns = self.columns(np.vstack([x[None], x + steps, x - steps]))
                up, down = columns[1:].reshape(2, len(x), -1)
                latest.update(x=x.tobytes(), columns=columns[0], slopes=(up - down).T / (2 * STEP))
            return latest["columns"], latest["slopes"]

        constraints = [
            {
                "type": kind,
                "fun": lambda x, c=c, room=room: at(x)[0][c] - room,
                "jac": lambda x, c=c: at(x)[1][c],
            }
            for kind, c, room in (("eq", zero, 0), ("ineq", _BOUNDS, ROOM))
            if c.start != c.stop
        ]
        return [
            minimize(
                lambda x: -at(x)[0][goal],
                start,
                jac=lambda x: -at(x)[1][goal],
                bounds=self.ranges,
                constraints=constraints,
                method="SLSQP",
                options={"maxiter": 200, "ftol": 1e-8},
            ).x
            for start in starts
        ]

    def run(self, task, starts):
        """Return the best point from all starts, and how many of them ended there."""
        goal, zero = task
        ends = self.ends(task, starts)
        # A start that meets the bounds counts too: what a tighter bound gave is never lost.
        points = np.array([*ends, *starts])
        columns = self.columns(points)
        within = (columns[:, _BOUNDS] >= 0).all(axis=1)
        met = within & (abs(columns[:, zero]) <= MET).all(axis=1)
        if not met.any():
            self.refuse(points, within.any())
        goals = np.where(met, columns[:, goal], -np.inf)
        agreeing = (goals[: len(ends)] > goals.max() - SAME).sum()
        return points[goals.argmax()], int(agreeing)

    def refuse(self, tried, within):
        """Raise an error that says what none of the points that were tried meets."""
        T, T_back, g2, _ = self.light(tried)
        bounds = f"g2 <= {self.g2_max:g}, T back <= {self.T_back_max:g}"
        fixed = [] if "U" in self.names else [n for n in SHARED["U"] if n not in self.names]
        bounds += "".join(f", {name} = {getattr(self.device, name):g}" for name in fixed)
        if not (T > NO_LIGHT).any():
            why = "no light passes from a to c in any device of these ranges"
        elif within:
            why = "the transmission from a to c is full in none of those tried"
        elif np.nanmin(g2) > self.g2_max:
            why = f"the smallest g2 of those tried is {np.nanmin(g2):.3g}"
        elif T_back.min() > self.T_back_max:
            why = f"the smallest T back of those tried is {T_back.min():.3g}"
        else:
            why = "each bound is met by some of those tried, but never both"
        raise ConvergenceError(
            f"no device with {bounds} was found from {self.starts} start{'s' * (self.starts > 1)}: "
            f"{why}; larger bounds, other free parameters or more starts may do"
        )

    def result(self, found):
        """Return the `Design` at the point and the number that `run` returns."""
        point, agreeing = found
        T, T_back, g2, _ = self.light(point)
        return Design(
            device=self.device.replace(**dict(zip(self.names, point, strict=True))),
            T=float(T),
            T_back=float(T_back),
            g2=float(g2),
            agreeing=agreeing,
            starts=self.starts,
        )


def _checked_ranges(device, free):
    """Return the ranges of the free parameters as an array, or raise an error that names one."""
    if not isinstance(free, dict) or not free or not all(isinstance(name, str) for name in free):
        raise TypeError(f"free = {free!r}: allowed is a dict of parameters and their (low, high)")
    ranges = []
    for name, limits in free.items():
        pair = list(limits) if isinstance(limits, tuple | list | np.ndarray) else []
        pair = [scalar(each) for each in pair]
        if len(pair) != 2 or not all(is_number(each) for each in pair) or pair[0] >= pair[1]:
            raise ValueError(f"free[{name!r}] = {limits!r}: allowed are two numbers, low < high")
        if name == "Omega":
            raise ValueError("free['Omega']: a design is for the limit of zero drive")
        ranges.append([float(each) for each in pair])
    for ends in zip(*ranges, strict=True):  # names, doubles and ends are checked as any device's
        device.replace(**dict(zip(free, ends, strict=True)))
    return np.array(ranges)


def _without_U(free):
    """Raise a ValueError if the free parameters name the nonlinearity."""
    for name in ("U", *SHARED["U"]):
        if isinstance(free, dict) and name in free:
            raise ValueError(f"free[{name!r}]: U is not free here; `design` allows it")
