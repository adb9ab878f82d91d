r"""What the photon numbers beyond the truncation may still add.

A solution that has converged at N photons contains no larger photon numbers. A resonance of k > N
photons, where k drive photons have just the energy that k interacting photons need, appears in
order k and not before. The leading order of each sector is cheap, however: amplitudes psi_n, one
vector instead of a row of blocks. Two estimates are made of it.

**What goes on as before.** For n > N the amplitudes predict what n photons add to the output's
moments if nothing else changes. The prediction is compared with the change that was observed at N
and at the photon numbers before: in nearly linear cavities, whose light is nearly coherent, the
change is much smaller. With f = min(observed change / predicted change), the estimate is the
prediction times max(10 f, min(100 f, 1)). The minimum is taken because larger ratios may be
rounding errors. What comes after the last sector looked at is estimated by

.. math:: \frac{\|\psi_{n+1}\|}{\|\psi_n\|} \approx \frac{2\Omega}{\gamma \sqrt{n+1}},

where gamma is the loss of the most long-lived mode: the ratio if all n + 1 photons were in that
mode and resonant. If this bound is too weak (strong drive, little loss), all sectors up to 16
photons are evaluated, and the ratio of populations beyond is taken as twice the last one.

**What comes as a surprise.** After a jump the photons of a resonance reach the output on paths of
their own, so that nothing observed before tells what they do there. The populations are therefore
taken at their most. The trace of the equation of M_nn (`hierarchy`), whose Kerr terms are
commutators, and Cauchy's inequality give

.. math:: \mathrm{tr}\, M_{nn} \le \frac{4}{n \kappa^2}\, \mathrm{tr}\, M_{n-1,n-1}

with the smallest loss kappa of the cavities. This is rigorous. The loss of a cavity without a Kerr
term may be zero, and that of the most long-lived mode takes its place, since nothing detunes it
from the others. This is plausible, and not proven. Where the bound makes the rest negligible even
if all photons are in the output, nothing can come. Elsewhere psi_n is evaluated with widened
resonances: the drive shifts the levels of n photons by its own matrix elements at most, and a level
that is so near to resonance counts as resonant. Populations far above those of coherent light, as
bright as N - 2 photons are, are a surprise: each photon of theirs may be in the output, and may
stay while the others leave. They enter in full until N exceeds them by two, since the levels above
shift a resonance.

Where the light may be in a second, brighter state (`bistability`), its photons have to be kept.
"""

import numpy as np

from ..model.fock import occupation
from . import accuracy
from .bistability import brightest

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
        self._populations, self._wide, self._bright = {}, {}, None

    def keep(self, points):
        """Drop the points where the mask is False."""
        self._populations = {n: each[..., points] for n, each in self._populations.items()}
        self._wide = {n: each[:, points] for n, each in self._wide.items()}
        self._bright = None if self._bright is None else self._bright[:, points]

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

    def most(self, n):
        """Return the most that n photons may have as a population / x^n, (drives, points).

        The drive shifts the levels by its own matrix elements at most: so much wider a resonance
        is taken to be.
        """
        hierarchy, spectrum = self.hierarchy, self.hierarchy.spectrum
        if len(spectrum.devices) > 1:
            wider = self._widening(np.arange(1, n + 1)[:, None])
            return self.populations(n).sum(axis=0) * np.prod(wider, axis=0)
        if n == 0:
            self._wide[0] = hierarchy.psi(0)
        if n not in self._wide:
            self.most(n - 1)
            source = hierarchy.driven_from(n, self._wide[n - 1])
            width = accuracy.WIDTH * np.sqrt(n) * spectrum.parameter("Omega")[0]
            self._wide[n] = spectrum.amplitudes(n, source, hierarchy.Delta, width)
        return (np.abs(self._wide[n]) ** 2).sum(axis=-1)

    def _widening(self, n):
        """Return the factor by which `most` widens the resonances of the n-th photon.

        It is 1 for one device, whose levels are widened themselves. For several there are no
        eigenbases: a level of n photons has the loss of n at least.
        """
        if len(self.hierarchy.spectrum.devices) == 1:
            return 1.0
        return (1 + accuracy.WIDTH * np.sqrt(self._brightness() * self.moments.x / n)) ** 2

    def surprise(self, N, sums, needed, rtol):
        """Return the relative error by more photons than N that the trend does not foresee.

        Parameters and result are those of `missing`. It is `accuracy.UNKNOWN` where the light may
        be in a brighter state than N photons can be.
        """
        moments, spectrum = self.moments, self.hierarchy.spectrum
        negligible = rtol / accuracy.NEGLIGIBLE
        x, nu = moments.x, self._brightness()
        # Whatever the levels, n photons have at most nu x / n times the population of n - 1.
        total = self.populations(N).sum(axis=0) * (1 + 2 * np.sqrt(nu * x / N)) ** 2
        rest = self._relative(N + 1, total * _geometric(nu / (N + 1), x), sums)
        clear = (2 * nu * x <= N) & np.all((rest <= negligible) | ~needed, axis=0)
        neglected = np.where(needed, rest, 0.0)  # small, and in the error all the same
        if np.all(clear):
            return neglected
        # Of coherent light n P_n / P_{n-1} is the same for all n: its mean photon number.
        seen = [k * self.most(k) / self.most(k - 1) / self._widening(k) for k in (N - 3, N - 2)]
        trend = accuracy.TREND * np.maximum(*seen)
        foreseen = self.most(N - 2)
        found = np.zeros_like(sums)
        last = accuracy.FARTHEST[spectrum.cavities]
        for n in range(N - 1, last + 1):
            most = self.most(n)
            foreseen = foreseen * trend * self._widening(n) / n
            found += self._relative(n, np.maximum(most - foreseen, 0), sums)
            ratio = nu / (n + 1)
            if n == last:
                ratio = np.minimum(ratio, accuracy.SLOWER * most / self.most(n - 1))
            rest = self._relative(n + 1, most * _geometric(ratio, x), sums)
            settled = np.all((rest <= negligible) | ~needed, axis=0)
            if n >= N and np.all(clear | settled | np.any((found > rtol) & needed, axis=0)):
                break
        # Where the photon numbers are above nu x they fall, and light cannot stay.
        if np.any(2 * nu * x > N):
            found = np.where(~clear & (self._kept_if_bright() > N), accuracy.UNKNOWN, found)
        found = np.where(np.isfinite(found), found, accuracy.UNKNOWN)
        return np.where(clear, neglected, found)

    def _kept_if_bright(self):
        """Return the photons that have to be kept of bright light, shape (drives, points)."""
        if self._bright is None:
            devices, Delta = self.hierarchy.spectrum.devices, self.hierarchy.Delta
            devices = devices * len(Delta) if len(devices) == 1 else devices
            points = list(zip(devices, Delta, strict=True))
            n = np.array(
                [[brightest(*at, drive) for at in points] for drive in self.hierarchy.drives]
            )
            self._bright = np.where(n > 0, n + accuracy.POISSON * np.sqrt(n) + 2, 0)
        return self._bright

    def _brightness(self):
        """Return 4 / kappa^2 with the smallest loss.

        Photons in a Kerr cavity may be off resonance with the others, and have its loss alone. In
        cavity b they have that of a mode at least.
        """
        spectrum = self.hierarchy.spectrum
        loss = spectrum.loss
        for o in "ac":
            kerr = spectrum.parameter(f"U_{o}") != 0
            loss = np.minimum(loss, np.where(kerr, spectrum.parameter(f"kappa_{o}"), np.inf))
        return np.where(loss > 0, 4 / loss**2, np.inf)

    def _relative(self, n, total, sums):
        """Return the most that a population of n photons can change the observables."""
        return self.moments.relative(n * self.moments.bound(n, total), sums)

    def missing(self, sums, changes, needed, rtol, limit=np.inf):
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
        limit : float
            Where one of these observables lacks more than this, no more sectors are evaluated.

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
            rest = moments.bound(n + 1, total * _geometric(ratio, moments.x))
            missing = fraction * moments.relative(found + rest, sums)
            settled = np.all((missing <= rtol / accuracy.NEGLIGIBLE) | ~needed, axis=0)
            too_much = (fraction * moments.relative(found, sums) > limit) & needed
            if np.all(settled | np.any(too_much, axis=0)):
                break
        return np.where(np.isnan(missing), np.inf, missing)


def _geometric(ratio, x):
    """Return the sum of all that comes after a term, ratio + x ratio^2 + ...; 1e200 without one."""
    return np.where(x * ratio < 1, ratio / (1 - x * ratio), 1e200)
