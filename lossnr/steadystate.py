r"""The fast steady state: perturbation theory in the drive, on the basis graded by photon number.

Let L0 be the Liouvillian without the drive and V = d + d^dag. The steady state is a power series in
Omega, with :math:`\rho^{[0]}` the vacuum and

.. math:: \mathcal{L}_0\, \rho^{[p]} = i\,[V, \rho^{[p-1]}], \qquad
          \rho = \sum_p \Omega^p \rho^{[p]} \Big/ \mathrm{tr} .

In blocks between photon numbers (`blocks`) each term is solved for once:

* :math:`\rho_{mn}^{[p]}` vanishes unless m + n <= p and p - m - n is even. Let k = (p - m - n)/2
  count the orders of Omega^2 by which a block lies above its own leading order. Row m *of order N*
  is made of the blocks (m, n <= m) with m + k = N; it needs the rows m - 1 and m of order N - 1 and
  row m + 1 of order N, no more. Rows N, N - 1, ... 0 of order N therefore follow from those of
  order N - 1, and their diagonal blocks are exactly the terms in Omega^(2N) of all populations.
* There is no truncation of the Fock space besides that of the series: both are N.
* At k = 0 no jump has happened and the block is a product of pure amplitudes,
  psi_m psi_n^dag with H_m psi_m = - d^dag psi_{m-1}.
* Every block keeps its own relative accuracy, however small.

N grows until the sums (`moments`) agree with those of the order before to the tolerance. The error
reported is what the rest of the series may still change, judged by its last two orders and by the
leading order of the photon numbers to come (`lookahead`), but not less than rounding. Points at
which the series converges too slowly or not at all are handed to the slower Krylov solve
(`krylov`), which raises `ConvergenceError` where it fails too.
"""

from itertools import groupby

import numpy as np
from threadpoolctl import ThreadpoolController

from .arguments import check_device, check_drive, check_number, check_whole_number
from .blocks import MAX_EXCITATIONS, Rows, Spectrum
from .device import LARGEST
from .krylov import MAX_RESIDUAL, ConvergenceError, krylov_observables
from .lookahead import Lookahead
from .moments import Moments, change, tail
from .observables import SteadyState

__all__ = ["ConvergenceError", "steady_line", "steady_points", "steady_state"]

# The matrices are too small for more than one BLAS thread to help.
_ONE_THREAD = ThreadpoolController()

#: Largest order N (photon number) to which the series is taken.
MAX_ORDER = 12
#: Points that are worked on together: enough for BLAS, few enough for the cache.
TILE = 128


def steady_state(device, drive="a", *, rtol=1e-6, photons=3):
    """Return the steady state of a driven device.

    Parameters
    ----------
    device : Device
    drive : {"a", "c"}
        The cavity that is driven; the other one is detected.
    rtol : float
        Largest relative error allowed in T, g2, g3 and each P_m, from 1e-12 to 1e-2. Where rounding
        leaves more, `SteadyState.error` says so.
    photons : int
        Largest m of the probabilities P_m that are returned, from 2 (without g3) to 8.

    Returns
    -------
    SteadyState
        With Omega = 0 it holds the limit of weak drive.

    Raises
    ------
    ConvergenceError
        If the tolerance cannot be reached: the cavities hold too many photons.
    TypeError, ValueError
        For arguments of a wrong type or out of range.
    """
    check_drive(drive)
    line = steady_line(device, [0.0], rtol=rtol, photons=photons, drives=(drive,))
    P = line.pop("P")[0, 0]
    return SteadyState(P=P, **{name: values[0, 0].item() for name, values in line.items()})


def steady_line(device, shifts, *, rtol=1e-6, photons=3, drives=("a", "c")):
    """Return the steady states along a line of detunings, common to all cavities.

    Parameters
    ----------
    device : Device
    shifts : array_like, shape (points,)
        What is added to Delta_a, Delta_b and Delta_c at each point, in kappa.
    drives : sequence of {"a", "c"}
        The cavities that are driven in turn.
    rtol, photons
        As for `steady_state`.

    Returns
    -------
    dict of ndarray, shape (drives, points)
        The attributes of `SteadyState`; P has a last axis of length photons + 1.

    Raises
    ------
    ConvergenceError, TypeError, ValueError
        As `steady_state` does.
    """
    check_device(device)
    shifts = np.asarray(shifts, dtype=float)
    if not np.all(np.abs(shifts) <= LARGEST):
        raise ValueError(f"shifts: allowed are finite numbers, at most {LARGEST:g} in size")
    spectrum = Spectrum([device])
    return _steady([(spectrum, tile) for tile in _tiles(shifts)], drives, rtol, photons)


def steady_points(devices, *, rtol=1e-6, photons=3, drives=("a", "c")):
    """Return the steady states of any devices.

    Parameters
    ----------
    devices : sequence of Device
    drives, rtol, photons
        As for `steady_line`.

    Returns
    -------
    dict of ndarray, shape (drives, devices)
        As `steady_line` does.

    Raises
    ------
    ConvergenceError, TypeError, ValueError
        As `steady_state` does.
    """
    for device in devices:
        check_device(device)
    # A tile has cavity b in all of its devices or in none.
    runs = [list(run) for _, run in groupby(devices, key=lambda device: device.has_b)]
    tiles = [tile for run in runs for tile in _tiles(run)]
    work = [(Spectrum(tile), np.zeros(len(tile))) for tile in tiles]
    return _steady(work, drives, rtol, photons)


def _tiles(points):
    return [points[i : i + TILE] for i in range(0, len(points), TILE)]


@_ONE_THREAD.wrap(limits=1, user_api="blas")
@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what comes of it is refused
def _steady(work, drives, rtol, photons):
    """Solve tiles, pairs of a spectrum and detunings, for each drive; join what is found."""
    check_number("rtol", rtol, 1e-12, 1e-2)
    check_whole_number("photons", photons, 2, 8)
    lines = []
    for drive in drives:
        parts = [_steady_tile(*tile, drive, rtol, photons) for tile in work]
        lines.append({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    return {name: np.stack([line[name] for line in lines]) for name in lines[0]}


def _steady_tile(spectrum, Delta, drive, rtol, photons):
    """Return the steady states at a few points as a dict of arrays, points first."""
    found = {
        "values": np.empty((5 + photons, len(Delta))),
        "error": np.empty(len(Delta)),
        "residual": np.empty(len(Delta)),
        "excitations": np.empty(len(Delta), dtype=int),
        "method": np.full(len(Delta), "series"),
    }
    left = _sum_series(spectrum, Delta, drive, rtol, photons, found)
    if len(spectrum.devices) == 1:
        for g in left:
            point = krylov_observables(spectrum, drive, Delta[g], rtol, photons)
            for name, values in found.items():
                values[..., g] = point[name]
    values, x = found.pop("values"), spectrum.parameter("Omega") ** 2
    result = {
        "T": values[0] * spectrum.parameter("kappa_a") * spectrum.parameter("kappa_c"),
        "g2": values[1],
        "g3": values[2],
        "P": (values[3:-1] * x ** np.arange(photons + 1)[:, None]).T,
        "n": values[0] * x,
        **found,
    }
    if len(spectrum.devices) > 1:
        # One by one: a Schur form may be needed, or the Krylov solve.
        for g in left:
            alone = Spectrum([spectrum.devices[g]])
            point = _steady_tile(alone, Delta[g : g + 1], drive, rtol, photons)
            for name, values in result.items():
                values[g] = point[name][0]
    return result


def _sum_series(spectrum, Delta, drive, rtol, photons, found):
    """Sum the series at a few points, note what is found, return which did not converge."""
    solver = Rows(spectrum, drive, Delta)
    moments = Moments(spectrum, photons, MAX_EXCITATIONS + 2)
    lookahead = Lookahead(solver, moments)
    points = np.arange(len(Delta))
    left = np.ones(len(Delta), dtype=bool)
    rows = [np.ones((1, 1, len(Delta)), dtype=complex)]
    shape = (2, MAX_ORDER + 1, MAX_EXCITATIONS + 2, len(Delta))
    populations, uncertainties = np.zeros(shape)
    populations[0, 0] = 1
    history = []
    for N in range(1, MAX_ORDER + 1):
        psi = lookahead.psi(N)
        pure = psi[spectrum.basis.sector(N), None] * psi.conj()
        new = [np.zeros_like(rows[0])] + [None] * (N - 1) + [pure]
        for m in range(N - 1, 0, -1):
            new[m] = solver.solve(m, above=new[m + 1], below=rows[m - 1], before=rows[m])
        rows = new
        for m, row in enumerate(rows):
            added, uncertainty = solver.populations(m, row, pure=m == N)
            populations[N, : m + 1] += added
            uncertainties[N, : m + 1] += uncertainty
        if photons > N:
            continue
        values, rounding, sums = moments.observables(populations[: N + 1], uncertainties[: N + 1])
        history.append(values)
        if len(history) < 3:
            continue
        last, before = change(values, history[-2]), change(history[-2], history[-3])
        error = tail(last, before)
        if np.any(moments.settle(values, error, rounding, rtol)[2]):
            error += lookahead.missing(N, sums, last, moments.needed(rounding), rtol)
        values, error, done = moments.settle(values, error, rounding, rtol)
        done &= (solver.residual <= MAX_RESIDUAL) & solver.spectrum.usable
        where = points[done]
        left[where] = False
        found["values"][:, where] = values[:, done]
        found["error"][where] = error[done]
        found["residual"][where] = solver.residual[done]
        found["excitations"][where] = N
        going = ~done & solver.spectrum.usable
        if not np.any(going):
            break
        if not np.all(going):
            for each in (solver, moments, lookahead):
                each.keep(going)
            points = points[going]
            rows = [row[:, :, going] for row in rows]
            history = [values[:, going] for values in history]
            populations, uncertainties = populations[:, :, going], uncertainties[:, :, going]
    return np.flatnonzero(left)
