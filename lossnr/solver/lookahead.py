r"""What the photon numbers beyond the truncation may still add.

A solution that has converged at N photons contains no larger photon numbers. A resonance of k > N
photons, where k drive photons have just the energy that k interacting photons need, appears in
order k and not before. The leading order of each sector is cheap, however: amplitudes psi_n, one
vector instead of a row of blocks. For n > N they predict what n photons add to the output's moments
if nothing else changes. The prediction is compared with the change that was observed at N and at
the photon numbers before: in nearly linear cavities, whose light is nearly coherent, the change is
much smaller. With f = min(observed change / predicted change), the estimate is the prediction
times max(10 f, min(100 f, 1)). The minimum is taken because larger ratios may be rounding errors.

What comes after the last sector looked at is estimated by

.. math:: \frac{\|\psi_{n+1}\|}{\|\psi_n\|} \approx \frac{2\Omega}{\gamma \sqrt{n+1}},

where gamma is the loss of the most long-lived mode: the ratio if all n + 1 photons were in that
mode and resonant. If this bound is too weak (strong drive, little loss), all sectors up to 16
photons are evaluated, and the ratio of populations beyond is taken as twice the last one. A
resonance of 17 or more photons would be missed.
"""

import numpy as np

from ..model.fock import occupation
from . import accuracy

__all__ = ["Lookahead"]


class Lookahead:
    """The amplitudes psi_n of a driven device and what they would add to the output's moments.

    >>> from lossnr import Device
    >>> from lossnr.solver.hierarchy import Hierarchy
    >>> from lossnr.solver.moments import Moments
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device()])
    >>> moments = Moments(spectrum, photons=3, levels=18)
    >>> lookahead = Lookahead(Hierarchy(spectrum, ["a"], np.array([0.0])), moments)
    >>> lookahead.populations(2).shape  # of 0, 1, 2 photons in the output
    (3, 1, 1)

    Parameters
    ----------
    hierarchy : Hierarchy
    moments : Moments
    """

    def __init__(self, hierarchy, moments):
        self.hierarchy, self.moments = hierarchy, moments
        self._populations = {}

    def keep(self, points):
        """Drop the points where the mask is False."""
        self._populations = {n: each[..., points] for n, each in self._populations.items()}

    def populations(self, n):
        """Return the populations of n photons by those in the output, (n + 1, drives, points)."""
        if n not in self._populations:
            psi = self.hierarchy.psi(n)
            sums = np.zeros((n + 1, *psi.shape[:2]))
            photons = occupation(self.hierarchy.spectrum.cavities, n)
            for i, d in enumerate(self.hierarchy.driven):
                np.add.at(sums[:, i], photons[:, 1 - d], (np.abs(psi[i]) ** 2).T)
            self._populations[n] = sums
        return self._populations[n]

    def missing(self, sums, changes, needed, rtol):
        """Return the relative error that leaving out more photons makes in the observables.

        Parameters
        ----------
        sums : ndarray, shape (4 + photons, drives, points)
            The sums of `Moments` found with the largest photon number N.
        changes : dict of ndarray, shape (4 + photons, drives, points)
            The relative changes of the observables when N, and some photon numbers before, were
            reached.
        needed : ndarray of bool, shape (4 + photons, drives, points)
            The observables that matter. Sectors are evaluated until the estimate is below a tenth
            of ``rtol`` in these.
        rtol : float

        Returns
        -------
        ndarray, shape (4 + photons, drives, points)
        """
        moments, loss = self.moments, self.hierarchy.spectrum.loss
        N, mattered = max(changes), np.inf
        for n, change in changes.items():
            seen = moments.relative(moments.sector(n, self.populations(n)), sums)
            with np.errstate(divide="ignore", invalid="ignore"):
                mattered = np.fmin(mattered, np.where(change == 0, 0.0, change / seen))
        low, high = accuracy.FRACTIONS
        fraction = np.maximum(low * mattered, np.minimum(high * mattered, 1))
        found = np.zeros_like(sums)
        for n in range(N, accuracy.MAX_EXCITATIONS + 1):
            total = self.populations(n).sum(axis=0)
            if n > N:
                found += moments.sector(n, self.populations(n))
            ratio = np.where(loss > 0, 4 / (loss**2 * (n + 1)), np.inf)
            if n == accuracy.MAX_EXCITATIONS:
                ratio = np.minimum(
                    ratio, accuracy.SLOWER * total / self.populations(n - 1).sum(axis=0)
                )
            # All that comes after n, as a geometric series.
            series = np.where(moments.x * ratio < 1, ratio / (1 - moments.x * ratio), 1e200)
            rest = moments.bound(n + 1, total * series)
            missing = fraction * moments.relative(found + rest, sums)
            if np.all(missing[needed] <= rtol / accuracy.NEGLIGIBLE):
                break
        return np.where(np.isnan(missing), np.inf, missing)
