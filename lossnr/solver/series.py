r"""The steady state at weak and moderate drive: the hierarchy of moments, order by order.

The drive enters the hierarchy (`hierarchy`) only through :math:`x = \Omega^2` before its Kerr
source, so the moments are power series in x:

.. math:: M_{mn} = \sum_k x^k M_{mn}^{(k)}, \qquad M_{mn}^{(0)} = \psi_m \psi_n^\dagger .

Row m of index k needs only row m - 1 of index k and the Kerr source of row m + 1 of index k - 1.
The rows with m + k = N are those *of order N*; each is solved for once, and the output's moments
follow to the order x^N. The series is the only truncation: N is also the largest photon number.
Every block keeps its own relative accuracy, however small.

N grows until the observables (`moments`) agree with those of the orders before to the tolerance.
The error reported is what the rest of the series may still change, or the rounding error if that is
larger. The rest is judged by the last changes of the observables, by how fast the moments fall from
order to order, and by the leading order of the photon numbers to come (`lookahead`).
"""

from itertools import pairwise

import numpy as np

from ..model.observables import change
from . import accuracy
from .hierarchy import Hierarchy
from .lookahead import Lookahead
from .moments import Moments
from .states import SteadyStates

__all__ = ["sum_series"]


def sum_series(spectra, Delta, drives, rtol, photons):
    """Sum the series at a few points.

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> found = sum_series([Spectrum([Device()])], np.zeros(1), "ac", rtol=1e-6, photons=3)
    >>> found.done.tolist(), found.excitations.tolist()
    ([[True], [True]], [[7], [8]])

    Parameters
    ----------
    spectra : sequence of Spectrum
        That of the device or devices, and any number of `Spectrum.jittered` ones. With these the
        rounding errors are measured, without them they are estimated.
    Delta, drives, rtol, photons
        As for `steady_line`.

    Returns
    -------
    SteadyStates
    """
    shape = len(drives), len(Delta)
    found = SteadyStates.blank(*shape, photons)
    hierarchies = [Hierarchy(spectrum, drives, Delta) for spectrum in spectra]
    first = hierarchies[0]
    moments = Moments(first.spectrum, photons, accuracy.LEVELS)
    lookahead = Lookahead(first, moments)
    points = np.arange(len(Delta))
    Q, uncertainties = [np.ones((1, *shape))], [np.zeros((1, *shape))]
    history = []
    for N in range(1, accuracy.MAX_ORDER + 1):
        for hierarchy in hierarchies:
            hierarchy.climb(N)
        growth = moments.x * first.growth()
        new, uncertainty = _measured([hierarchy.outputs() for hierarchy in hierarchies])
        Q.append(new)
        uncertainties.append(uncertainty)
        if photons > N:
            continue
        values, rounding, sums = moments.observables(Q, uncertainties)
        history = [*history[-3:], values]
        if len(history) < 4:
            continue
        changes = [change(new, old) for old, new in pairwise(history)]
        needed = accuracy.needed(rounding)
        error = accuracy.tail(changes, growth, rounding)
        # Larger photon numbers are looked at only for points that have settled so far.
        settled = accuracy.settle(values, moments.scale, error, rounding, rtol)[2]
        if np.any(settled):
            latest = {N - k: changes[-1 - k] for k in range(3)}
            error += lookahead.missing(sums, latest, needed & settled, rtol, limit=rtol)
            settled = accuracy.settle(values, moments.scale, error, rounding, rtol)[2]
        if np.any(settled):
            error += lookahead.surprise(N, sums, needed & settled, rtol)
        values, error, converged = accuracy.settle(values, moments.scale, error, rounding, rtol)
        states = moments.states(
            values,
            excitations=N,
            residual=first.residual,
            error=error,
            method="series",
            rounding=accuracy.worst(rounding),
            done=converged & (first.residual <= accuracy.MAX_RESIDUAL) & first.spectrum.usable,
        )
        drive, point = np.nonzero(~found.done[:, points])
        found[drive, points[point]] = states[drive, point]
        going = ~found.done[:, points].all(axis=0) & first.spectrum.usable
        if not np.any(going):
            break
        if not np.all(going):
            for each in (*hierarchies, moments, lookahead):
                each.keep(going)
            points = points[going]
            history, Q, uncertainties = (
                [each[..., going] for each in arrays] for arrays in (history, Q, uncertainties)
            )
    return found


def _measured(samples):
    """Return the values and rounding errors of the first sample, measured by the others if any."""
    values, uncertainty = samples[0]
    if len(samples) > 1:
        spread = np.max([np.abs(other - values) for other, _ in samples[1:]], axis=0)
        uncertainty = accuracy.SPREAD * (spread + np.finfo(float).eps * np.abs(values))
    return values, uncertainty
