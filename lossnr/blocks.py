r"""One row of blocks of the steady state: Sylvester equations between sectors of the Fock space.

Between the sectors of m and n photons the steady state of Eq. 4 obeys

.. math::

    H_m \rho_{mn} - \rho_{mn} H_n^\dagger =
        - i \sum_o \kappa_o\, o\, \rho_{m+1,n+1}\, o^\dagger
        + \Omega \left[ - d^\dagger \rho_{m-1,n} - d\, \rho_{m+1,n}
        + \rho_{m,n-1}\, d + \rho_{m,n+1}\, d^\dagger \right],

with the effective Hamiltonians :math:`H_n = H - \frac{i}{2} \sum_o \kappa_o o^\dagger o` of the
sectors: a division in the eigenbases of H_m and H_n. Since rho is Hermitian, only m >= n is needed;
*row* m is made of the blocks n = 0 ... m side by side. With rho_mn = Omega^(m+n) r_mn the terms
that come from row m - 1 and from the left carry no power of Omega, and those that come from row
m + 1 and from the right carry Omega^2.

A detuning Delta common to all cavities shifts the eigenvalues of H_m by m Delta: one eigenbasis
serves a line of detunings, held along the last axis of each array, and both directions.

At an exceptional point H_n has no eigenbasis. Where an eigenbasis is ill-conditioned its place is
taken by the Schur form H_n = Q T Q^dag, and the division becomes a triangular Sylvester solve, one
detuning at a time: slower, and as exact as ever.
"""

import numpy as np
from scipy.linalg import schur, solve_triangular
from scipy.linalg.lapack import ztrsyl

from .fock import FockBasis

__all__ = ["Rows", "Spectrum"]

#: Eigenbases of a larger condition number are replaced by Schur forms.
MAX_CONDITION = 1e3
#: Rounding errors of an amplitude, for a well-conditioned eigenbasis and poles far away.
ROUNDING = 30 * np.finfo(float).eps


class Spectrum:
    """The sectors' effective Hamiltonians as V T W, with W V = 1 and T triangular.

    T is diagonal where the eigenbasis is well-conditioned, and the Schur form elsewhere.

    Parameters
    ----------
    device : Device
        Cavity b is left out where nothing couples to it: it is then in the vacuum.
    excitations : int
        Largest number of photons that will be asked for.
    """

    def __init__(self, device, excitations):
        self.device = device
        self.basis = FockBasis.shared(3 if device.has_b else 2, excitations + 1)
        self.H, self.V, self.T, self.W, self.is_diagonal = [], [], [], [], []
        #: Rounding errors of amplitudes, in units of the sector's norm, up to each sector.
        self.rounding = []

    @property
    def loss(self):
        """The loss of the most long-lived mode, in kappa."""
        self.extend(1)
        return -2 * np.diagonal(self.T[1]).imag.max()

    def extend(self, n):
        """Make the sectors up to n photons available."""
        for k in range(len(self.H), n + 1):
            H = self.basis.effective_hamiltonian(self.device, k)
            eigenvalues, V = np.linalg.eig(H)
            condition = np.linalg.cond(V)
            self.is_diagonal.append(bool(condition <= MAX_CONDITION))
            if self.is_diagonal[k]:
                T, W = np.diag(eigenvalues), np.linalg.inv(V)
            else:
                T, V = schur(H, output="complex")
                W, condition = V.conj().T, 1.0
            # Eigenvalues err in units of the largest one; the least damped one is the nearest pole.
            damping = -eigenvalues.imag.max() if k else 1.0
            stiffness = np.abs(eigenvalues).max() / damping if damping > 0 else np.inf
            rounding = ROUNDING * condition * max(stiffness, 1.0)
            self.rounding.append(max([rounding, *self.rounding[-1:]]))
            for values, new in ((self.H, H), (self.V, V), (self.T, T), (self.W, W)):
                values.append(new)

    def divide(self, m, n, Z, Delta):
        """Solve T_m Y - Y T_n^dag + (m - n) Delta Y = Z, for Z of shape (d_m, d_n, points)."""
        A, B = self.T[m], self.T[n]
        if self.is_diagonal[m] and self.is_diagonal[n]:
            gap = np.diagonal(A)[:, None] - np.diagonal(B).conj()
            return Z / (gap[:, :, None] + (m - n) * Delta)
        Y = np.empty_like(Z)
        for g, shift in enumerate((m - n) * Delta):
            shifted = A + shift * np.eye(len(A))
            Y[:, :, g], scale, _ = ztrsyl(shifted, B, Z[:, :, g], tranb="C", isgn=-1)
            Y[:, :, g] /= scale
        return Y

    def amplitudes(self, n, source, Delta):
        """Solve (H_n + n Delta) psi = source, for a source of shape (d_n, points)."""
        c = self.W[n] @ source
        if self.is_diagonal[n]:
            return self.V[n] @ (c / (np.diagonal(self.T[n])[:, None] + n * Delta))
        identity = np.eye(len(c))
        for g, shift in enumerate(n * Delta):
            c[:, g] = solve_triangular(self.T[n] + shift * identity, c[:, g])
        return self.V[n] @ c


class Rows:
    """Solves for rows of blocks, for one driven cavity and a few detunings.

    Parameters
    ----------
    spectrum : Spectrum
    drive : {"a", "c"}
        The driven cavity.
    Delta : ndarray, shape (points,)
        Detunings common to the cavities, besides those of the device.

    Attributes
    ----------
    residual : float
        Largest relative residual of the equations solved so far, measured in the photon-number
        basis; that of the blocks for a random superposition of the detunings: an error at any of
        them shows.
    """

    def __init__(self, spectrum, drive, Delta):
        self.spectrum, self.basis, self.Delta = spectrum, spectrum.basis, Delta
        self.drive, self.output = (0, 1) if drive == "a" else (1, 0)
        self.root = np.sqrt(self.basis.occupation)
        kappa = (spectrum.device.kappa_a, spectrum.device.kappa_c, spectrum.device.kappa_b)
        self.jumps = [(k, rate) for k, rate in enumerate(kappa[: len(self.basis.up)]) if rate > 0]
        self.probe = np.random.default_rng(0).standard_normal((len(Delta), 2)) @ [1, 1j]
        self.residual = 0.0

    def keep(self, points):
        """Go on with some of the detunings only, chosen by a mask."""
        self.Delta, self.probe = self.Delta[points], self.probe[points]

    def populations(self, m, row, pure):
        """Return what row m adds to the output's P_j, j = 0 ... m, and the rounding errors of that.

        ``pure`` says whether the row is a product of amplitudes.

        Returns
        -------
        two ndarrays, shape (m + 1, points)
        """
        diagonal = np.einsum("iig->ig", row[:, self.basis.sector(m)]).real
        populations = self.in_output(m, diagonal)
        rounding, total = self.spectrum.rounding[m], np.abs(diagonal).sum(axis=0)
        uncertainty = np.tile(rounding * total, (m + 1, 1))
        if pure:
            # Levels below inherit the error of the whole sector by jumps; the last one does not.
            uncertainty[m] = rounding * (2 * np.sqrt(populations[m] * total) + rounding * total)
        return populations, uncertainty

    def in_output(self, m, populations):
        """Return the sums of a sector's populations by the photons in the output, 0 ... m."""
        sums = np.zeros((m + 1, len(self.Delta)))
        np.add.at(sums, self.basis.occupation[self.basis.sector(m), self.output], populations)
        return sums

    def amplitudes(self, m, psi):
        """Solve H_m psi_m = - d^dag psi_{m-1}: the state of m photons before any jump.

        Parameters
        ----------
        psi : ndarray, shape (states with fewer than m photons, points)
            The amplitudes psi_0 ... psi_{m-1}.

        Returns
        -------
        ndarray, shape (d_m, points)
        """
        states = self.basis.sector(m)
        source = np.zeros((states.stop - states.start, len(self.Delta)), dtype=complex)
        to, weight, origin = self._raised(states)
        source[to] = -weight[:, None] * psi[origin]
        solution = self.spectrum.amplitudes(m, source, self.Delta)
        left = self.spectrum.H[m] @ solution + m * self.Delta * solution
        norm = np.linalg.norm
        self._note(norm(left - source, axis=0), norm(left, axis=0) + norm(source, axis=0))
        return solution

    def solve(self, m, above, below, before):
        """Solve for the blocks of row m.

        Parameters
        ----------
        above : ndarray, shape (d_{m+1}, states with at most m + 1 photons, points), or None
            Row m + 1 times Omega^2; None where the Fock space ends.
        below : ndarray, shape (d_{m-1}, states with at most m - 1 photons, points)
            Row m - 1.
        before : ndarray, shape (d_m, states with at most m photons, points)
            An earlier iterate of row m times Omega^2, for the terms that come from the right.

        Returns
        -------
        ndarray, shape (d_m, states with at most m photons, points)
        """
        basis, spectrum, d = self.basis, self.spectrum, self.drive
        states = basis.sector(m)
        fewer, count = states.start, states.stop
        up, root = basis.up[:, :count], self.root
        to, weight, origin = self._raised(states)
        origin = origin - basis.offset[m - 1]
        element = root[up[d], d]

        R = np.zeros((count - fewer, count, len(self.Delta)), dtype=complex)
        if above is not None:
            for k, rate in self.jumps:
                jump = root[up[k], k]
                weights = -1j * rate * jump[fewer:, None] * jump
                R += weights[:, :, None] * above[np.ix_(up[k, fewer:] - count, up[k])]
            lowered = up[d, fewer:] - count
            R -= element[fewer:, None, None] * above[lowered, :count]
            R[:, states] += element[fewer:, None] * _adjoint(above[:, states])[:, lowered]
        R[:, :fewer] += element[:fewer, None] * before[:, up[d, :fewer]]
        R[to, :fewer] -= weight[:, None, None] * below[origin]

        # In the eigenbasis of H_m for the whole row, block after block in that of H_n.
        V, W = spectrum.V[m], spectrum.W[m]
        X, Y = np.empty_like(R), np.empty_like(R)
        Y[:, :fewer] = _left(W, R[:, :fewer])
        for n in range(m + 1):
            columns = basis.sector(n)
            if n == m:
                X[:, :fewer] = _left(V, Y[:, :fewer])
                left = _adjoint(X[:, basis.sector(m - 1)])
                R[to, states] -= weight[:, None, None] * left[origin]
                Y[:, states] = _left(W, R[:, states])
            climbed, factor, source = self._raised(columns)
            Y[:, columns.start + climbed] += factor[:, None] * Y[:, source]
            Z = spectrum.W[n].conj() @ Y[:, columns]
            Y[:, columns] = spectrum.V[n].conj() @ spectrum.divide(m, n, Z, self.Delta)
        X[:, states] = _left(V, Y[:, states])
        self._check(m, X, R)
        return X

    def _raised(self, states):
        """Return which of the states d^dag leads to, its elements, and the states it comes from."""
        root = self.root[states, self.drive]
        to = np.flatnonzero(root)
        return to, root[to], self.basis.down[self.drive, states][to]

    def _check(self, m, X, R):
        """Measure the residual of row m; R is the right-hand side without rho_{m,n-1} d."""
        spectrum, offset = self.spectrum, self.basis.offset[: m + 1]
        x, shifted, r = X @ self.probe, X @ (self.probe * self.Delta), R @ self.probe
        to, weight, origin = self._raised(slice(0, X.shape[1]))
        r[:, to] += weight * x[:, origin]
        photons = self.basis.occupation[: X.shape[1]].sum(axis=1)
        left = spectrum.H[m] @ x + (m - photons) * shifted
        right = np.empty_like(left)
        for n in range(m + 1):
            columns = self.basis.sector(n)
            right[:, columns] = x[:, columns] @ spectrum.H[n].conj().T

        def norms(blocks):
            return np.sqrt(np.add.reduceat((np.abs(blocks) ** 2).sum(axis=0), offset))

        self._note(norms(left - right - r), norms(left) + norms(right) + norms(r))

    def _note(self, mismatch, size):
        relative = np.divide(mismatch, size, out=np.zeros_like(size), where=size != 0)
        self.residual = float(np.max([self.residual, *relative]))  # a nan stays


def _left(A, X):
    """Return A X for X of shape (rows, columns, points), as one product."""
    return (A @ X.reshape(len(X), -1)).reshape(X.shape)


def _adjoint(X):
    return X.conj().transpose(1, 0, 2)
