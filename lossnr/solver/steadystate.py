"""The fast steady state: the hierarchy of moments, summed as a series or solved by Krylov.

The mathematics is in `coherent` (no Kerr terms, at any drive), `hierarchy` (the equations),
`series` (weak and moderate drive: a power series in the drive, many points at a time) and `krylov`
(strong drive, point by point; it raises `ConvergenceError` where it fails too).
"""

from contextlib import contextmanager
from itertools import groupby

import numpy as np

from ..machine import one_blas_thread
from ..model.checks import check_accuracy, check_drive
from ..model.device import LARGEST, check_device
from .accuracy import ConvergenceError
from .coherent import coherent_states
from .krylov import krylov_states
from .series import sum_series
from .spectrum import Spectrum
from .states import SteadyStates

__all__ = ["TILE", "steady_line", "steady_points", "steady_state"]

#: Points that are worked on together: enough to outweigh the calls, few enough for the memory.
TILE = 256


def steady_state(device, drive="a", *, rtol=1e-6, photons=3):
    """Return the steady state of a driven device (Eq. 4) as its output shows it (Eqs. 5, 6).

    >>> from lossnr import Device, steady_state
    >>> state = steady_state(Device(), drive="a")
    >>> print(f"T = {state.T:.4f}, g2 = {state.g2:.4f}")
    T = 0.9723, g2 = 0.0109

    Parameters
    ----------
    device : Device
    drive : {"a", "c"}
        The cavity that is driven; the other one is detected.
    rtol : float
        Largest relative error allowed in T, g2, g3 and each P_m, from 1e-12 to 1e-2. Where rounding
        errors are larger, `SteadyState.error` says so.
    photons : int
        Largest m of the probabilities P_m that are returned, from 2 (without g3) to 8.

    Returns
    -------
    SteadyState
        With Omega = 0 it holds the limit of weak drive.

    Raises
    ------
    ConvergenceError
        If the tolerance cannot be reached: the cavities hold too many photons, or may hold them (in
        a resonance of many photons, or where the light is bistable), or rounding errors are too
        large. Larger photon numbers, and a looser tolerance to offer, are tried before: with three
        cavities that may take a minute.
    TypeError, ValueError
        For arguments of a wrong type or out of range.
    """
    drives = (check_drive(drive),)
    line = steady_line(device, [0.0], rtol=rtol, photons=photons, drives=drives)
    return line[0, 0].state()


def steady_line(device, shifts, *, rtol=1e-6, photons=3, drives=("a", "c")):
    """Return the steady states along a line of detunings, common to all cavities.

    >>> from lossnr import Device
    >>> line = steady_line(Device().replace(Delta=0), [-0.5, 0.5])
    >>> line.T.round(3).tolist()  # driven in a, driven in c
    [[0.4, 0.972], [0.2, 0.002]]

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
    SteadyStates
        Of drives and points.

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

    >>> from lossnr import Device
    >>> points = steady_points([Device(), Device(kappa_b=1.25)], drives=("c",))
    >>> points.g2.round(3).tolist()
    [[72.867, 1.391]]

    Parameters
    ----------
    devices : sequence of Device
    drives, rtol, photons
        As for `steady_line`.

    Returns
    -------
    SteadyStates
        Of drives and devices.

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


@one_blas_thread()
@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # such values are refused
def _steady(work, drives, rtol, photons):
    """Solve tiles, pairs of a spectrum and detunings, and join the results."""
    rtol, photons = check_accuracy(rtol, photons)
    for drive in drives:
        check_drive(drive)
    if not len(work) or not len(drives):
        raise ValueError("no points or no drives: allowed are one or more of each")
    found, first = [], 0
    for spectrum, Delta in work:
        with _counted_from(first):
            found.append(_steady_tile(spectrum, Delta, drives, rtol, photons))
        first += len(Delta)
    return SteadyStates.join(found)


@contextmanager
def _counted_from(first):
    """Give an error of a few points the index of its point among all."""
    try:
        yield
    except ConvergenceError as error:
        error.point += first
        raise


def _steady_tile(spectrum, Delta, drives, rtol, photons):
    """Return the steady states at a few points: each method takes what those before left."""
    found = SteadyStates.blank(len(drives), len(Delta), photons)
    for method in (
        _coherent,
        _series,
        _series_with_measured_rounding,
        _point_by_point,
        _one_by_one,
    ):
        method(found, spectrum, Delta, drives, rtol, photons)
    return found


def _linear(spectrum, Delta):
    """Return at which points there are no Kerr terms, a mask of shape (points,)."""
    kerr = (spectrum.parameter("U_a") != 0) | (spectrum.parameter("U_c") != 0)
    return np.broadcast_to(~kerr, Delta.shape)


def _coherent(found, spectrum, Delta, drives, rtol, photons):
    """Give the coherent states of linear cavities."""
    linear = np.flatnonzero(_linear(spectrum, Delta))
    if len(linear) > 0:
        chosen = spectrum.of(linear)
        found[:, linear] = coherent_states(chosen, Delta[linear], drives, rtol, photons)


def _series(found, spectrum, Delta, drives, rtol, photons):
    """Sum the series at all points with Kerr terms."""
    kerr = np.flatnonzero(~_linear(spectrum, Delta))
    if len(kerr) > 0:
        found[:, kerr] = sum_series([spectrum.of(kerr)], Delta[kerr], drives, rtol, photons)


def _series_with_measured_rounding(found, spectrum, Delta, drives, rtol, photons):
    """Sum the series again where the estimated rounding errors are above the tolerance."""
    unsure = np.flatnonzero((found.rounding > rtol).any(axis=0) & spectrum.usable)
    if len(unsure) > 0:
        chosen = spectrum.of(unsure)
        spectra = [chosen, *chosen.jittered()]
        found[:, unsure] = sum_series(spectra, Delta[unsure], drives, rtol, photons)


def _point_by_point(found, spectrum, Delta, drives, rtol, photons):
    """Solve for each point of a single device that is left, at any drive."""
    if len(spectrum.devices) > 1:
        return
    for i, g in np.argwhere(~found.done):
        with _counted_from(int(g)):
            if _linear(spectrum, Delta)[g]:
                raise ConvergenceError(
                    "rounding leaves no digits: a mode of the cavities loses almost no photons"
                )
            found[i, g] = krylov_states(spectrum, drives[i], Delta[g], rtol, photons)[0, 0]


def _one_by_one(found, spectrum, Delta, drives, rtol, photons):
    """Solve for each of several devices that is left alone: it may need a Schur form, or Krylov."""
    for i, g in np.argwhere(~found.done):
        alone = Spectrum([spectrum.devices[g]])
        with _counted_from(int(g)):
            tile = _steady_tile(alone, Delta[g : g + 1], drives[i : i + 1], rtol, photons)
        found[i, g] = tile[0, 0]
