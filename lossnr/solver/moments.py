r"""From the output's normally ordered moments to observables, and how far they are known.

With :math:`Q_l = \langle o^{\dagger l} o^l \rangle / l!` of the output cavity o, and x = Omega^2,

.. math::

    \frac{T}{\kappa_a \kappa_c} = \frac{Q_1}{x}, \quad
    g^{(2)} = \frac{2\, Q_2}{Q_1^2}, \quad
    g^{(3)} = \frac{6\, Q_3}{Q_1^3}, \quad
    P_m = \sum_{l \ge m} (-1)^{l-m} \binom{l}{m} Q_l .

The solvers find Q_l as sums over powers of x. Q_l and P_l begin at x^l, which is taken out: all of
these then have their limit at Omega = 0.

Where rounding leaves less than two digits of a number it is not resolved: an output cavity that
interference keeps dark in a bright device is known to fewer digits.
"""

import numpy as np
from scipy.special import comb, factorial

from ..model.observables import factorial_weights
from .accuracy import DARK, UNRESOLVED

__all__ = ["Moments"]


class Moments:
    """Turns moments of the output into T / (kappa_a kappa_c), g2, g3, P_m / x^m (m = 0, 1, ...).

    Each is a product of powers of *sums*, which are Q_1, Q_2, Q_3 and P_m, with their leading power
    of x taken out.

    Parameters
    ----------
    spectrum : Spectrum
        Of one device for all points, or of one for each.
    photons : int
        Largest m.
    levels : int
        One more than the largest photon number in the output.
    """

    def __init__(self, spectrum, photons, levels):
        self.photons = photons
        self.x = spectrum.parameter("Omega") ** 2
        self.unit = spectrum.parameter("kappa_a") * spectrum.parameter("kappa_c")  # of T
        #: The power of x at which each sum begins.
        self.leading = np.array([1, 2, 3, *range(photons + 1)])
        l, m = np.arange(levels), np.arange(photons + 1)[:, None]
        moments = np.arange(1, 4)[:, None] == l
        self.weights = np.vstack([moments, (-1.0) ** (l - m) * comb(l, m)])
        #: What a population of l photons in the output adds to each sum.
        counts = [factorial_weights(k, levels) / factorial(k) for k in (1, 2, 3)]
        self.of_populations = np.vstack([*counts, m == l]).astype(float)
        #: Each observable as a product of powers of the sums, and the factor before it.
        self.powers = np.eye(4 + photons, dtype=int)
        self.powers[1:3, 0] = -2, -3
        self.factor = np.ones(4 + photons)
        self.factor[1:3] = 2, 6

    def keep(self, points):
        """Go on with some of the points only, chosen by a mask."""
        if len(self.x) > 1:
            self.x, self.unit = self.x[points], self.unit[points]

    def observables(self, Q, uncertainties):
        """Return the observables, and the relative errors that rounding leaves in them.

        Parameters
        ----------
        Q : sequence of ndarray, shape (levels, drives, points)
            For each power of x, its part in Q_0, Q_1, ...
        uncertainties : sequence of ndarray, shape (levels, drives, points)
            The rounding errors of the same.

        Returns
        -------
        values, rounding, sums : ndarray, shape (4 + photons, drives, points)
            Where a value does not exist, it is nan and its rounding inf.
        """
        sums = self._sum(self.weights, Q)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            powers = self.powers[:, :, None, None]
            values = self.factor[:, None, None] * np.prod(sums**powers, axis=1)
            relative = self._relative(self._sum(np.abs(self.weights), uncertainties), sums)
            rounding = np.tensordot(np.abs(self.powers), relative, axes=1)
        rounding = np.where(np.isfinite(values) & ~np.isnan(rounding), rounding, np.inf)
        return values, rounding, sums

    def sector(self, n, populations):
        """Return what populations in a sector of n photons add to the sums.

        ``populations`` are those of 0 ... n photons in the output, shape (n + 1, drives, points);
        n must be at least ``photons`` and 3.
        """
        weights = self.of_populations[:, : n + 1]
        return self._powers(n) * np.tensordot(weights, populations, axes=1)

    def bound(self, n, total):
        """Return the most that a population of n photons in all can add to the sums."""
        return self._powers(n) * self.of_populations[:, : n + 1].max(axis=1)[:, None, None] * total

    def relative(self, missing, sums):
        """Return the relative error of the observables where ``missing`` lacks in the sums."""
        return np.tensordot(np.abs(self.powers), self._relative(missing, sums), axes=1)

    def needed(self, rounding):
        """Return which observables are asked for and resolved."""
        needed = rounding <= UNRESOLVED
        needed[2] &= self.photons >= 3
        return needed

    def worst(self, rounding):
        """Return the largest of the rounding errors in what is asked for, resolved or not."""
        asked = np.delete(rounding, 2, axis=0) if self.photons < 3 else rounding
        return asked.max(axis=0)

    def within(self, error, rounding, rtol):
        """Return which errors are within the tolerance, or drown in rounding; g3 if asked for."""
        within = error <= np.maximum(rtol, rounding)
        within[2] |= self.photons < 3
        return within

    def settle(self, values, error, rounding, rtol):
        """Join the errors of truncation and rounding; set to nan what rounding leaves no use in.

        T is kept where the output is dark: it is then good absolutely.

        Returns
        -------
        values : ndarray, shape (4 + photons, drives, points)
        error : ndarray, shape (drives, points)
            The largest relative error of what is resolved.
        converged : ndarray of bool, shape (drives, points)
            Whether the errors other than rounding are within the tolerance or, where rounding
            leaves more, no larger; and whether the values are such as a state can have.
        """
        resolved, needed = rounding <= UNRESOLVED, self.needed(rounding)
        dark = rounding[0] * np.abs(values[0]) * self.unit <= DARK
        sensible = (values >= 0) | ~resolved
        probabilities = np.where(resolved, values, 0.0)[3:]
        total = np.sum(self._powers_of_x(np.arange(self.photons + 1)) * probabilities, axis=0)
        sensible[2] |= self.photons < 3
        converged = np.all(self.within(error, rounding, rtol) & sensible, axis=0)
        converged &= (resolved[0] | dark) & resolved[3]  # T and P_0
        converged &= total <= 1 + np.maximum(rtol, rounding[3])
        known = np.where(needed, values, np.nan)
        known[0] = np.maximum(values[0], 0)
        largest = np.where(needed, np.maximum(error, rounding), 0.0).max(axis=0)
        return known, largest, converged

    def _relative(self, missing, sums):
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(sums == 0, 0.0, missing / np.abs(sums))
        return np.minimum(relative, 1e100)

    def _sum(self, weights, Q):
        return sum(
            self._powers(N) * np.tensordot(weights[:, : len(part)], part, axes=1)
            for N, part in enumerate(Q)
        )

    def _powers(self, N):
        """Return x^N over the power at which each sum begins, 0 below; (sums, 1, points)."""
        power = N - self.leading
        return np.where(power < 0, 0.0, self._powers_of_x(np.maximum(power, 0)).T).T

    def _powers_of_x(self, powers):
        return self.x ** powers[:, None, None]
