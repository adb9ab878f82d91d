r"""The steady state at weak and moderate drive: the hierarchy of moments, order by order.

The drive enters the hierarchy (`hierarchy`) only through :math:`x = \Omega^2` before its Kerr
source, so the moments are power series in x:

.. math:: M_{mn} = \sum_k x^k M_{mn}^{(k)}, \qquad M_{mn}^{(0)} = \psi_m \psi_n^\dagger .

Row m of index k needs row m - 1 of index k and the Kerr source of row m + 1 of index k - 1, no
more. The rows with m + k = N are those *of order N*; each is solved for once, and the output's
moments follow to the order x^N. There is no other truncation than that of the series: N is also the
largest photon number. Every block keeps its own relative accuracy, however small.

N grows until the observables (`moments`) agree with those of the orders before to the tolerance.
The error reported is what the rest of the series may still change, judged by its last orders and by
the leading order of the photon numbers to come (`lookahead`), but not less than rounding.
"""

from itertools import pairwise

import numpy as np

from ..model.observables import change
from .accuracy import MAX_EXCITATIONS, MAX_RESIDUAL, tail
from .hierarchy import Hierarchy
from .lookahead import Lookahead
from .moments import Moments

__all__ = ["sum_series"]

#: Largest order N (photon number) to which the series is taken.
MAX_ORDER = 12


def sum_series(spectra, Delta, drives, rtol, photons):
    """Sum the series at a few points.

    Parameters
    ----------
    spectra : sequence of Spectrum
        That of the device or devices, and any number of `Spectrum.jittered` ones: with them the
        rounding errors are measured, without them they are estimated.
    Delta, drives, rtol, photons
        As for `steady_line`.

    Returns
    -------
    dict of ndarray, shape (drives, points)
        ``values`` as `Moments.observables` has them, with a first axis; ``error``, ``residual``,
        ``excitations`` and ``method`` as `SteadyState` has them; ``done`` says where it converged,
        ``rounding`` how much of the error rounding may be.
    """
    shape = len(drives), len(Delta)
    found = {
        "values": np.empty((4 + photons, *shape)),
        "error": np.empty(shape),
        "residual": np.empty(shape),
        "excitations": np.empty(shape, dtype=int),
        "method": np.full(shape, "series", dtype="U8"),
        "done": np.zeros(shape, dtype=bool),
        "rounding": np.empty(shape),
    }
    hierarchies = [Hierarchy(spectrum, drives, Delta) for spectrum in spectra]
    first = hierarchies[0]
    moments = Moments(first.spectrum, photons, MAX_EXCITATIONS + 2)
    lookahead = Lookahead(first, moments)
    points = np.arange(len(Delta))
    Q, uncertainties = [np.ones((1, *shape))], [np.zeros((1, *shape))]
    history = []
    for N in range(1, MAX_ORDER + 1):
        for hierarchy in hierarchies:
            hierarchy.climb(N)
        new, uncertainty = measured([hierarchy.outputs() for hierarchy in hierarchies])
        Q.append(new)
        uncertainties.append(uncertainty)
        if photons > N:
            continue
        values, rounding, sums = moments.observables(Q, uncertainties)
        history = [*history[-3:], values]
        if len(history) < 4:
            continue
        changes = [change(new, old) for old, new in pairwise(history)]
        needed = moments.needed(rounding)
        error = tail(changes, needed)
        if np.any(moments.settle(values, error, rounding, rtol)[2]):
            latest = {N - k: changes[-1 - k] for k in range(3)}
            error += lookahead.missing(sums, latest, needed, rtol)
        values, error, done = moments.settle(values, error, rounding, rtol)
        done &= (first.residual <= MAX_RESIDUAL) & first.spectrum.usable
        drive, point = np.nonzero(~found["done"][:, points])
        where = drive, points[point]
        news = {"values": values, "error": error, "residual": first.residual, "done": done}
        news["rounding"] = moments.worst(rounding)
        for name, each in news.items():
            found[name][(..., *where)] = each[..., drive, point]
        found["excitations"][where] = N
        going = ~found["done"][:, points].all(axis=0) & first.spectrum.usable
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


def measured(samples):
    """Return the first of several pairs of values and rounding errors, and its rounding errors.

    Where there are several, that is ten times the largest difference from it.
    """
    values, uncertainty = samples[0]
    if len(samples) > 1:
        spread = np.max([np.abs(other - values) for other, _ in samples[1:]], axis=0)
        uncertainty = 10 * (spread + np.finfo(float).eps * np.abs(values))
    return values, uncertainty
