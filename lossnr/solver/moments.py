r"""From the output's normally ordered moments to the observables T, g2, g3 and P_m.

With :math:`Q_l = \langle o^{\dagger l} o^l \rangle / l!` of the output cavity o, and x = Omega^2,

.. math::

    \frac{T}{\kappa_a \kappa_c} = \frac{Q_1}{x}, \quad
    g^{(2)} = \frac{2\, Q_2}{Q_1^2}, \quad
    g^{(3)} = \frac{6\, Q_3}{Q_1^3}, \quad
    P_m = \sum_{l \ge m} (-1)^{l-m} \binom{l}{m} Q_l .

The solvers find Q_l as sums over powers of x. Q_l and P_l begin at x^l, which is taken out: what
remains has a limit at Omega = 0. Rounding errors are carried along, since an output cavity that
interference keeps dark in a bright device is known to fewer digits (`accuracy`).
"""

import numpy as np
from scipy.special import comb, factorial

from ..model.observables import factorial_weights
from .states import SteadyStates

__all__ = ["Moments"]


class Moments:
    """Turns moments of the output into T / (kappa_a kappa_c), g2, g3, P_m / x^m (m = 0, 1, ...).

    Each is a product of powers of *sums*, which are Q_1, Q_2, Q_3 and P_m, with their leading power
    of x taken out.

    Coherent light of mean photon number x, with Q_l = x^l / l!:

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> moments = Moments(Spectrum([Device(Omega=0.1)]), photons=2, levels=6)
    >>> Q = [np.eye(6)[:, l, None, None] / factorial(l) for l in range(6)]
    >>> values, rounding, sums = moments.observables(Q, [0 * each for each in Q])
    >>> values[:3, 0, 0].round(12).tolist()  # T / (kappa_a kappa_c), g2, g3
    [1.0, 1.0, 1.0]

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
        self.kappa_a, self.kappa_c = spectrum.parameter("kappa_a"), spectrum.parameter("kappa_c")
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
        """Drop the points where the mask is False."""
        if len(self.x) > 1:
            self.x, self.kappa_a, self.kappa_c = (
                each[points] for each in (self.x, self.kappa_a, self.kappa_c)
            )

    @property
    def scale(self):
        """What the values are multiplied by to give T, g2, g3, P_m; (4 + photons, 1, points)."""
        units = [self.kappa_a * self.kappa_c, np.ones_like(self.x), np.ones_like(self.x)]
        powers = self._powers_of_x(np.arange(self.photons + 1))
        return np.concatenate([np.array(units)[:, None], powers])

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

    def states(self, values, **known):
        """Return `SteadyStates` of observables as `observables` returns them.

        Parameters
        ----------
        values : ndarray, shape (4 + photons, drives, points)
        **known
            The other attributes of `SteadyStates`; a number stands for that number at all points.
        """
        shape, scale = values.shape[1:], self.scale[3:]
        return SteadyStates(
            T=values[0] * self.kappa_a * self.kappa_c,
            g2=values[1],
            g3=values[2],
            # Without a drive there are no photons, also where rounding leaves no digits of a rate.
            P=np.moveaxis(np.where(scale == 0, 0.0, scale * values[3:]), 0, -1),
            n=values[0] * self.x,
            **{name: np.broadcast_to(each, shape) for name, each in known.items()},
        )

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
