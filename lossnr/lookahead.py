r"""What the photon numbers beyond the truncation may still add.

A solution that has settled at N photons knows nothing of more: a resonance of k > N photons, where
k drive photons have just the energy that k interacting photons need, shows in order k and not
before. The leading order of each sector is cheap, though: amplitudes psi_n, one vector instead of
a row of blocks. For n > N they tell two things: what n photons add to the output's moments before
any jump, and how much larger or smaller the populations are that jumps lead down from, compared
with those of N photons, whose effect was seen when N was reached. What comes after the last sector
looked at is estimated by

.. math:: \frac{\|\psi_{n+1}\|}{\|\psi_n\|} \approx \frac{2\Omega}{\gamma \sqrt{n+1}},

where gamma is the loss of the most long-lived mode: the ratio if all n + 1 photons were in that
mode and resonant. Where that is no help (strong drive, little loss) all sectors up to 16 photons
are looked at, and what follows is taken to fall as the last two do, less a factor of two: a
resonance of 17 or more photons would be missed.
"""

import numpy as np

from .blocks import MAX_EXCITATIONS

__all__ = ["Lookahead"]


class Lookahead:
    """The amplitudes psi_n of a driven device and what they add to the output's moments.

    Parameters
    ----------
    solver : Rows
    moments : Moments
    """

    def __init__(self, solver, moments):
        self.solver, self.moments = solver, moments
        points = len(solver.Delta)
        self._psi = np.ones((1, points), dtype=complex)
        self._populations = [np.ones((1, points))]

    def psi(self, n):
        """Return the amplitudes of all states with at most n photons."""
        for k in range(len(self._populations), n + 1):
            new = self.solver.amplitudes(k, self._psi)
            self._psi = np.concatenate([self._psi, new])
            self._populations.append(self.solver.in_output(k, np.abs(new) ** 2))
        return self._psi[: self.solver.basis.offset[n + 1]]

    def keep(self, points):
        """Go on with some of the points only, chosen by a mask."""
        self._psi = self._psi[:, points]
        self._populations = [each[:, points] for each in self._populations]

    def missing(self, N, sums, last, needed, rtol):
        """Return the relative error that leaving out more than N photons makes in the observables.

        Parameters
        ----------
        N : int
        sums : ndarray, shape (5 + photons, points)
            The sums of `Moments` found with N photons.
        last : ndarray, shape (5 + photons, points)
            The relative change of the observables when N was reached.
        needed : ndarray of bool, shape (5 + photons, points)
            The observables that matter: sectors are looked at until the estimate of the others is
            a tenth of ``rtol`` in these.
        rtol : float

        Returns
        -------
        ndarray, shape (5 + photons, points)
        """
        moments, loss = self.moments, self.solver.spectrum.loss
        found, growth = np.zeros_like(sums), 0.0
        for n in range(N, MAX_EXCITATIONS + 1):
            self.psi(n)
            total = self._populations[n].sum(axis=0)
            if n > N:
                found += moments.sector(n, self._populations[n])
                growth += moments.x ** (n - N) * total / self._populations[N].sum(axis=0)
            ratio = np.where(loss > 0, 4 / (loss**2 * (n + 1)), np.inf)
            if n == MAX_EXCITATIONS:
                ratio = np.minimum(ratio, 2 * total / self._populations[n - 1].sum(axis=0))
            # All that comes after n, as a geometric series.
            series = np.where(moments.x * ratio < 1, ratio / (1 - moments.x * ratio), np.inf)
            rest = moments.bound(n + 1, total * series)
            if np.all(moments.relative(rest, sums)[needed] <= rtol / 10):
                break
        later = np.where(growth == 0, 0.0, 2 * growth * last)
        return moments.relative(found + rest, sums) + later
