"""What the solver accepts: its thresholds, and when observables have converged.

The observables are T, g2, g3, P_0, P_1 ... in this order, along the first axis of each array.
"""

import numpy as np

__all__ = ["ConvergenceError", "needed", "settle", "tail", "within", "worst"]

#: Largest photon number whose leading order is compared with what was observed.
MAX_EXCITATIONS = 16
#: Largest photon number at which the Krylov solve cuts the Fock space, with two cavities and with
#: three: a solve then takes a second, or ten.
LARGEST = {2: 16, 3: 14}
#: Largest order of the power series; the Krylov solve takes over where more would be needed.
MAX_ORDER = 12
#: Smallest photon number at which the Krylov solve cuts the Fock space: it is for strong drive.
MIN_EXCITATIONS = 6
#: From this photon number the Krylov solve gives up unless a larger one promises to be enough.
#: With three cavities each step of two photons doubles the number of unknowns.
PATIENCE = 12
#: The promise: the relative errors fall this much faster, as a power, than they did.
PROMISE = 2

#: Largest relative residual of a result: far above rounding, far below the usual tolerance.
MAX_RESIDUAL = 1e-9
#: Observables with a larger relative rounding error are not resolved: they have fewer than
#: two digits.
UNRESOLVED = 1e-2
#: Rounding error allowed in a transmission that is not resolved: the output is dark.
DARK = 1e-9
#: An error is negligible if it is the tolerance over this: the photon numbers not looked at.
NEGLIGIBLE = 10
#: The last refinement step of a Krylov solve may change the observables by the tolerance over the
#: square of this. This times its change is the error, since small blocks converge more slowly.
REFINED = 10

#: Eigenbases of a larger condition number are replaced by Schur forms: three digits may be lost.
MAX_CONDITION = 1e3
#: Rounding error of an amplitude for a well-conditioned eigenbasis and distant poles, in units of
#: the sector's norm. The factor is empirical, as is `CAUTION` below: the random devices of the
#: tests would show an error larger than the estimate.
ROUNDING = 30 * np.finfo(float).eps
#: Random change of the Hamiltonians by which rounding is measured, relative to the largest element.
#: It stands for the backward error of an eigenvalue solver.
JITTER = np.finfo(float).eps
#: Measured rounding errors are the spread of a few samples, and one unit in the last place, times
#: this: the samples may be close to each other by accident.
SPREAD = 10
#: And, after a Krylov solve, times this; found by the adversary.
SWEEPS = 3

#: The ratio of the geometric series that estimates a rest is kept in this range: an accidentally
#: small ratio promises too much, and near one the series has no useful sum.
RATIOS = 0.01, 0.95
#: The rest is multiplied by this, since small changes may come in a row by accident.
CAUTION = 20
#: Moments up to so many photons have a say in the ratio: one more than g3 needs, since a moment
#: feeds those of one photon less in the next order. P_m of more have that of their own changes.
EARLY = 4

#: Where a fraction f of the leading order mattered at the photon numbers seen, the fraction
#: max(F f, min(G f, 1)) is assumed at larger ones, with these F and G: few numbers have been seen.
FRACTIONS = 10, 100
#: Populations are a surprise where they exceed those of coherent light with this times the mean
#: photon number that their last ratios have.
TREND = 2
#: The drive may shift the levels of n photons by this times Omega sqrt(n).
WIDTH = 2
#: Largest photon number at which resonances are looked for, with two cavities and with three.
FARTHEST = {2: 40, 3: 16}
#: One more than the largest photon number that is looked at.
LEVELS = FARTHEST[2] + 2
#: The relative error where nothing bounds it.
UNKNOWN = 1e100
#: Bright light of n photons needs the photon numbers up to n + this times sqrt(n), and two more.
POISSON = 3
#: Beyond the largest photon number evaluated, the ratio of successive populations is taken as the
#: last ratio times this.
SLOWER = 2


class ConvergenceError(ArithmeticError):
    """The steady state is beyond what the solver can do at the requested tolerance.

    Its attribute ``point`` is the index of the point among those that were to be solved.

    >>> from lossnr import Device, steady_state
    >>> lossless = Device(kappa_a=1e-12, Delta_a=0, J_ac=1e-6).without_b()  # a fills
    >>> try:
    ...     steady_state(lossless)
    ... except ConvergenceError as error:
    ...     print(str(error).split(" in this")[0])
    at Delta_a = 0, drive = 'a': Omega = 0.1 is too strong for rtol = 1e-06
    """

    point = 0


def _wanted(count):
    """Return which of ``count`` observables have to be accurate: g3 only together with P_3."""
    return (np.arange(count) != 2) | (count >= 7)


def needed(rounding):
    """Return which observables are wanted and resolved.

    >>> rounding = np.array([1e-12, 1e-9, 1e-3, 0, 1e-12, 0.5])[:, None, None]
    >>> needed(rounding)[:, 0, 0].tolist()
    [True, True, False, True, True, False]

    Parameters
    ----------
    rounding : ndarray, shape (observables, drives, points)
        Relative rounding errors.

    Returns
    -------
    ndarray of bool, shape (observables, drives, points)
    """
    return (rounding <= UNRESOLVED) & _wanted(len(rounding))[:, None, None]


def worst(rounding):
    """Return the largest rounding error of the wanted observables, shape (drives, points).

    >>> worst(np.array([1e-12, 1e-9, 1e-3, 0, 1e-12, 0.5])[:, None, None]).item()
    0.5
    """
    return rounding[_wanted(len(rounding))].max(axis=0)


def within(error, rounding, rtol):
    """Return which errors are within the tolerance or below rounding, or are of no interest.

    >>> error = np.array([1e-7, 1e-4, 1, 0, 1e-7, 1e-4])[:, None, None]
    >>> rounding = np.array([1e-9, 1e-9, 1, 0, 1e-9, 1e-3])[:, None, None]
    >>> within(error, rounding, rtol=1e-6)[:, 0, 0].tolist()
    [True, False, True, True, True, True]

    Parameters
    ----------
    error, rounding : ndarray, shape (observables, drives, points)
        Relative errors, without rounding and of rounding.
    rtol : float

    Returns
    -------
    ndarray of bool, shape (observables, drives, points)
    """
    return (error <= np.maximum(rtol, rounding)) | ~_wanted(len(error))[:, None, None]


def settle(values, scale, error, rounding, rtol):
    """Join the errors of truncation and rounding, and set to nan what rounding leaves unresolved.

    T is kept where the output is dark: its absolute error is small.

    >>> values = np.array([0.5, 0.1, 7, 0.9, 0.1, 1e-9])[:, None, None]
    >>> rounding = np.array([1e-9, 1e-9, 1, 1e-9, 1e-9, 0.1])[:, None, None]
    >>> one = np.ones_like(values)
    >>> values, error, converged = settle(values, one, 1e-8 * one, rounding, rtol=1e-6)
    >>> values[:, 0, 0].tolist(), error.item(), converged.item()
    ([0.5, 0.1, nan, 0.9, 0.1, nan], 1e-08, True)

    Parameters
    ----------
    values : ndarray, shape (observables, drives, points)
        T, g2, g3, P_0, P_1 ... in the units of ``scale``.
    scale : ndarray, shape (observables, 1, points)
        What a value is multiplied by to give the observable.
    error, rounding : ndarray, shape (observables, drives, points)
        Relative errors, without rounding and of rounding.
    rtol : float

    Returns
    -------
    values : ndarray, shape (observables, drives, points)
    error : ndarray, shape (drives, points)
        The largest relative error of what is resolved.
    converged : ndarray of bool, shape (drives, points)
        Whether each error is within the tolerance or below rounding; and whether the values can be
        those of a state: none is negative, and the probabilities do not exceed one in all.
    """
    resolved, useful = rounding <= UNRESOLVED, needed(rounding)
    dark = rounding[0] * np.abs(values[0]) * scale[0] <= DARK
    sensible = (values >= 0) | ~resolved | ~_wanted(len(values))[:, None, None]
    total = np.sum(scale[3:] * np.where(resolved, values, 0.0)[3:], axis=0)
    converged = np.all(within(error, rounding, rtol) & sensible, axis=0)
    converged &= (resolved[0] | dark) & resolved[3]  # T and P_0
    converged &= total <= 1 + np.maximum(rtol, rounding[3])
    known = np.where(useful, values, np.nan)
    known[0] = np.maximum(values[0], 0)
    largest = np.where(useful, np.maximum(error, rounding), 0.0).max(axis=0)
    return known, largest, converged


def tail(changes, growth, rounding):
    """Return what a series may still change: a cautious multiple of the rest of a geometric series.

    Its ratio is the largest that is seen, in the changes of any resolved observable (the last, or
    the mean of the last two) or in the moments: all have the same poles, and one of them may be
    small by accident. So may the last change, or two: they count as at least what the ratio makes
    of those before.

    >>> changes = [np.full((1, 1, 1), change) for change in (1e-4, 1e-6, 1e-8)]
    >>> rest = tail(changes, np.array([[0.02]]), np.zeros((1, 1, 1)))
    >>> print(f"{rest.item():.1e}")
    1.6e-08

    Parameters
    ----------
    changes : sequence of three ndarray, shape (observables, drives, points)
        The last relative changes, the latest last.
    growth : ndarray, shape (drives, points)
        The ratio of successive orders of the moments (`Hierarchy.growth`); nan if unknown.
    rounding : ndarray, shape (observables, drives, points)
        Relative rounding errors.

    Returns
    -------
    ndarray, shape (observables, drives, points)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        # An observable that does not change at all gives nan, and has no say.
        ratios = [changes[-1] / changes[-2], np.sqrt(changes[-1] / changes[-3])]
    seen = np.fmax.reduce(np.where(rounding <= UNRESOLVED, np.fmax(*ratios), 0.0))
    ratio = np.fmax(seen, growth)
    ratio = np.clip(np.where(np.isnan(ratio), RATIOS[1], ratio), *RATIOS)
    last = np.maximum.reduce([changes[-1], changes[-2] * ratio, changes[-3] * ratio**2])
    return CAUTION * last * ratio / (1 - ratio)
