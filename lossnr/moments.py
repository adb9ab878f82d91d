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

Rounding errors are those of amplitudes: an error of delta in each amplitude of a sector whose
population is s leaves :math:`2 \sqrt{p_m s}\, \delta` in p_m where the state is pure, and
s delta where jumps have mixed it. An output cavity that interference keeps dark in a bright device
is therefore known to fewer digits.
"""

import numpy as np

from .observables import factorial_weights

__all__ = ["UNRESOLVED", "Moments", "change", "tail"]

#: Observables that rounding leaves a larger relative error in are not resolved.
UNRESOLVED = 1e-2
#: What rounding may leave in a transmission that is not resolved.
DARK = 1e-9


class Moments:
    """Turns populations into T / (kappa_a kappa_c), g2, g3, P_m / x^m (m = 0, 1, ...), S_0.

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
        #: The power of x at which each sum begins: S_0 ... S_3, then p_0 ... p_photons.
        self.leading = np.array([0, 1, 2, 3, *range(photons + 1)])
        m, count = np.arange(levels), np.arange(photons + 1)[:, None]
        factorials = [factorial_weights(k, levels) for k in range(4)]
        self.weights = np.vstack([factorials, m == count]).astype(float)
        #: Each observable as a product of powers of the sums.
        self.powers = np.zeros((5 + photons, 5 + photons), dtype=int)
        self.powers[0, [1, 0]] = 1, -1
        self.powers[1, [2, 0, 1]] = 1, 1, -2
        self.powers[2, [3, 0, 1]] = 1, 2, -3
        self.powers[3:-1, 0] = -1
        self.powers[3:-1, 4:] = np.eye(photons + 1, dtype=int)
        self.powers[-1, 0] = 1

    def keep(self, points):
        """Go on with some of the points only, chosen by a mask."""
        if len(self.x) > 1:
            self.x, self.unit = self.x[points], self.unit[points]

    def observables(self, populations, uncertainties):
        """Return the observables, and the relative errors that rounding leaves in them.

        Parameters
        ----------
        populations : sequence of ndarray, shape (levels, points)
            For each power of x, the output cavity's p_m, m = 0 ... levels - 1.
        uncertainties : sequence of ndarray, shape (levels, points)
            The rounding errors of the same.

        Returns
        -------
        values, rounding, sums : ndarray, shape (5 + photons, points)
            Where a value does not exist, it is nan and its rounding inf; sums as in `sector`.
        """
        sums = self._sum(populations)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = np.prod(sums ** self.powers[:, :, None], axis=1)
            relative = np.where(sums == 0, 0.0, self._sum(uncertainties) / np.abs(sums))
            rounding = np.abs(self.powers) @ np.minimum(relative, 1e100)
        rounding = np.where(np.isfinite(values) & ~np.isnan(rounding), rounding, np.inf)
        return values, rounding, sums

    def sector(self, n, populations):
        """Return what the populations of n photons add to S_0 ... S_3, p_0 ... p_photons.

        ``populations`` are those of 0 ... n photons in the output, shape (n + 1, points); n must
        be at least ``photons`` and 3. The powers of x at which the sums begin are taken out.
        """
        return self._powers(n) * (self.weights[:, : n + 1] @ populations)

    def bound(self, n, total):
        """Return the most that a population of n photons in all can add to the same sums."""
        return self._powers(n) * self.weights[:, : n + 1].max(axis=1)[:, None] * total

    def relative(self, missing, sums):
        """Return the relative error of the observables where ``missing`` lacks in the sums."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(sums == 0, 0.0, missing / np.abs(sums))
        return np.abs(self.powers) @ np.minimum(relative, 1e100)

    def needed(self, rounding):
        """Return which observables are asked for and resolved."""
        needed = rounding <= UNRESOLVED
        needed[2] &= self.photons >= 3
        return needed

    def settle(self, values, error, rounding, rtol):
        """Join the errors of series and rounding; set to nan what rounding leaves no use in.

        T is kept where the output is dark: it is then good absolutely.

        Returns
        -------
        values : ndarray, shape (5 + photons, points)
        error : ndarray, shape (points,)
            The largest relative error of what is resolved.
        converged : ndarray of bool, shape (points,)
            Whether the errors other than rounding are within the tolerance or, where rounding
            leaves more, no larger; and whether the values are such as a state can have.
        """
        resolved, needed = rounding <= UNRESOLVED, self.needed(rounding)
        dark = rounding[0] * np.abs(values[0]) * self.unit <= DARK
        settled = error <= np.maximum(rtol, rounding)
        sensible = (values >= 0) | ~resolved
        probabilities = np.where(resolved, values, 0.0)[3:-1]
        powers = np.arange(self.photons + 1)[:, None]
        total = np.sum(self.x**powers * probabilities, axis=0)
        settled[2] |= self.photons < 3
        sensible[2] |= self.photons < 3
        converged = np.all(settled & sensible, axis=0)
        converged &= (
            resolved[-1] & (resolved[0] | dark) & (total <= 1 + np.maximum(rtol, rounding[-1]))
        )
        known = np.where(needed, values, np.nan)
        known[0] = np.maximum(values[0], 0)
        largest = np.where(needed, np.maximum(error, rounding), 0.0).max(axis=0)
        return known, largest, converged

    def _sum(self, populations):
        sums = self.weights @ np.array(populations)
        return sum(self._powers(N) * sums[N] for N in range(len(sums)))

    def _powers(self, N):
        """Return x^N over the power at which each sum begins, 0 below; shape (sums, points)."""
        power = (N - self.leading)[:, None]
        return np.where(power >= 0, self.x ** np.maximum(power, 0), 0.0)


def change(new, old):
    """Return the relative change of observables; infinite where it has no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(new == old, 0.0, np.abs(new - old) / np.abs(new))
    return np.where(np.isfinite(relative), relative, np.inf)


def tail(last, before):
    """Return what a series may still change, from its last change and the one before.

    That is twice a geometric series, of a ratio of at most 0.95, and no less than a twentieth of
    the change before: one small change may be an accident.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.fmin(last / before, 0.95)
    return np.maximum(2 * last / (1 - ratio), before / 20)
