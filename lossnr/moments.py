r"""From the unnormalised populations to observables, and how far rounding lets them be known.

The solvers find the populations as sums over powers of :math:`x = \Omega^2`. Every moment of the
output cavity's photon-number distribution, :math:`S_k = \sum_m m (m-1) \cdots (m-k+1)\, p_m`, and
every p_m begins at its own power, x^k or x^m, which is taken out; then

.. math::

    \frac{T}{\kappa_a \kappa_c} = \frac{S_1}{S_0}, \quad
    g^{(2)} = \frac{S_2 S_0}{S_1^2}, \quad
    g^{(3)} = \frac{S_3 S_0^2}{S_1^3}, \quad
    \frac{P_m}{x^m} = \frac{p_m}{S_0},

all of which have their limit at Omega = 0. S_0 is watched too: beyond the radius of convergence all
sums are ruled by one pole, and their ratios settle on its values while S_0 grows.

Rounding errors in a sector of the Fock space are a few units in the last place of that sector's
own population, times the condition numbers of the eigenbases. An output cavity that interference
keeps dark in a bright device is therefore known to fewer digits.
"""

import numpy as np

from .observables import factorial_weights

__all__ = ["Moments", "change", "tail"]

#: Rounding errors in units of a sector's population, for well-conditioned eigenbases.
ROUNDING = 10 * np.finfo(float).eps
#: Observables that rounding leaves a larger relative error in are not resolved.
UNRESOLVED = 1e-2


class Moments:
    """Turns populations into T / (kappa_a kappa_c), g2, g3, P_m / x^m (m = 0 ... photons), S_0."""

    def __init__(self, Omega, photons, levels):
        self.x = Omega**2
        #: The power of x at which each sum begins: S_0 ... S_3, then p_0 ... p_photons.
        self.leading = np.array([0, 1, 2, 3, *range(photons + 1)])
        m, count = np.arange(levels), np.arange(photons + 1)[:, None]
        factorials = [factorial_weights(k, levels) for k in range(4)]
        self.weights = np.vstack([factorials, m == count]).astype(float)
        #: The same, as if all photons of a sector were in the output cavity.
        self.bounds = np.vstack([factorials, m >= count]).astype(float)
        #: Each observable as a product of powers of the sums.
        self.powers = np.zeros((5 + photons, 5 + photons), dtype=int)
        self.powers[0, [1, 0]] = 1, -1
        self.powers[1, [2, 0, 1]] = 1, 1, -2
        self.powers[2, [3, 0, 1]] = 1, 2, -3
        self.powers[3:-1, 0] = -1
        self.powers[3:-1, 4:] = np.eye(photons + 1, dtype=int)
        self.powers[-1, 0] = 1

    def observables(self, populations, scales, condition):
        """Return the observables, and the relative errors that rounding leaves in them.

        Parameters
        ----------
        populations : sequence of ndarray, shape (levels, points)
            For each power of x, the output cavity's p_m, m = 0 ... levels - 1.
        scales : sequence of ndarray, shape (levels, points)
            For each power of x, the sum of the absolute populations of each sector.
        condition : float
            Largest condition number of the eigenbases used.

        Returns
        -------
        values, rounding : ndarray, shape (5 + photons, points)
        """
        sums = self._sum(self.weights, populations)
        bounds = self._sum(self.bounds, scales)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = np.prod(sums ** self.powers[:, :, None], axis=1)
            rounding = np.abs(self.powers) @ (bounds / np.abs(sums))
        return values, ROUNDING * condition * np.where(np.isnan(rounding), np.inf, rounding)

    def settle(self, values, error, rounding, rtol):
        """Join the errors of series and rounding; set to nan what rounding leaves no use in.

        Only the ratios g2 and g3 are set to nan: T and P_m are then small, but good absolutely.
        With photons = 2 there is no g3.

        Returns
        -------
        values : ndarray, shape (5 + photons, points)
        error : ndarray, shape (points,)
            The largest relative error of what is resolved.
        converged : ndarray of bool, shape (points,)
            Whether the errors other than rounding are within the tolerance.
        """
        resolved = rounding <= UNRESOLVED
        resolved[2] &= len(values) > 7
        known = values.copy()
        known[1:3][~resolved[1:3]] = np.nan
        error, rounding = (np.where(resolved, e, 0.0).max(axis=0) for e in (error, rounding))
        return known, np.maximum(error, rounding), error <= rtol

    def _sum(self, weights, populations):
        power = np.arange(len(populations))[:, None] - self.leading
        factor = np.where(power >= 0, self.x ** np.maximum(power, 0), 0.0)
        return np.sum(factor[:, :, None] * (weights @ np.array(populations)), axis=0)


def change(new, old):
    """Return the relative change of observables; infinite where it has no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.abs(new - old) / np.abs(new)
    return np.where(np.isfinite(relative), relative, np.inf)


def tail(last, before):
    """Return what a series may still change, from its last change and the one before.

    That is a geometric series, of a ratio of at most 0.95, and no less than a twentieth of the
    change before: one small change may be an accident.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.fmin(last / before, 0.95)
    return np.maximum(last / (1 - ratio), before / 20)
