"""The fast steady state: the hierarchy of moments, summed as a series or solved by Krylov.

The mathematics is in `hierarchy` (the equations), `series` (weak and moderate drive: a power series
in the drive, many points at a time), `krylov` (strong drive, point by point; it raises
`ConvergenceError` where it fails too) and `coherent` (no Kerr terms, at any drive).
"""

from itertools import groupby

import numpy as np
from threadpoolctl import ThreadpoolController

from ..model.checks import check_accuracy, check_drive
from ..model.device import LARGEST, check_device
from ..model.observables import SteadyState
from .coherent import coherent_observables
from .krylov import krylov_observables
from .series import sum_series
from .spectrum import Spectrum

__all__ = ["steady_line", "steady_points", "steady_state"]

# The matrices are too small for more than one BLAS thread to help.
_ONE_THREAD = ThreadpoolController()

#: Points that are worked on together: enough to outweigh the calls, few enough for the memory.
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
    """Solve tiles, pairs of a spectrum and detunings; join what is found."""
    check_accuracy(rtol, photons)
    parts = [_steady_tile(*tile, drives, rtol, photons) for tile in work]
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def _steady_tile(spectrum, Delta, drives, rtol, photons):
    """Return the steady states at a few points as a dict of arrays, shape (drives, points)."""
    found = sum_series([spectrum], Delta, drives, rtol, photons)
    # Where the estimate of rounding errors is too large they are measured.
    unsure = np.flatnonzero((found["rounding"] > rtol).any(axis=0) & spectrum.usable)
    if len(unsure) > 0:
        chosen = spectrum.of(unsure)
        again = sum_series([chosen, *chosen.jittered()], Delta[unsure], drives, rtol, photons)
        for name, values in found.items():
            values[..., unsure] = again[name]
    left = np.argwhere(~found.pop("done"))
    del found["rounding"]
    if len(spectrum.devices) == 1:
        for i, g in left:
            device = spectrum.devices[0]
            solve = krylov_observables if device.U_a or device.U_c else coherent_observables
            point = solve(spectrum, drives[i], Delta[g], rtol, photons)
            for name, values in found.items():
                values[..., i, g] = point[name]
    values, x = found.pop("values"), spectrum.parameter("Omega") ** 2
    result = {
        "T": values[0] * spectrum.parameter("kappa_a") * spectrum.parameter("kappa_c"),
        "g2": values[1],
        "g3": values[2],
        "P": np.moveaxis(values[3:], 0, -1) * x[:, None] ** np.arange(photons + 1),
        "n": values[0] * x,
        **found,
    }
    if len(spectrum.devices) > 1:
        # One by one: a Schur form may be needed, or the Krylov solve.
        for i, g in left:
            alone = Spectrum([spectrum.devices[g]])
            point = _steady_tile(alone, Delta[g : g + 1], drives[i : i + 1], rtol, photons)
            for name, values in result.items():
                values[i, g] = point[name][0, 0]
    return result
