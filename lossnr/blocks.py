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
serves a line of detunings and both directions. Other points need an eigenbasis each. Either way
many points are worked on together, along the last axis of each array.

At an exceptional point H_n has no eigenbasis. Where an eigenbasis is ill-conditioned its place is
taken by the Schur form H_n = Q T Q^dag, and the division becomes a triangular Sylvester solve, one
detuning at a time: slower, and as exact as ever.
"""

import numpy as np
from scipy.linalg import schur, solve_triangular
from scipy.linalg.lapack import ztrsyl

from .fock import FockBasis

__all__ = ["MAX_EXCITATIONS", "Rows", "Spectrum"]

#: Largest photon number that is looked at, and at which the Fock space may be cut.
MAX_EXCITATIONS = 16

#: Eigenbases of a larger condition number are replaced by Schur forms.
MAX_CONDITION = 1e3
#: Rounding errors of an amplitude, for a well-conditioned eigenbasis and poles far away.
ROUNDING = 30 * np.finfo(float).eps


class Spectrum:
    """The sectors' effective Hamiltonians as V T W, with W V = 1 and T triangular.

    T is diagonal where the eigenbasis is well-conditioned. For a single device the Schur form takes
    its place elsewhere; of several devices `usable` says for which the eigenbases are good.

    Parameters
    ----------
    devices : sequence of Device
        One device for all points, or one for each. Cavity b is left out where nothing couples to
        it (it is then in the vacuum): it must be coupled in all of them or in none.
    """

    def __init__(self, devices):
        self.devices = list(devices)
        self.basis = FockBasis.shared(3 if self.devices[0].has_b else 2, MAX_EXCITATIONS + 1)
        #: Per sector, shape (devices, d_n, d_n); T is (devices, d_n) where it is diagonal.
        self.H, self.V, self.T, self.W = [], [], [], []
        #: Rounding errors of amplitudes, in units of the sector's norm, up to each sector.
        self.rounding = []
        self.usable = np.ones(len(self.devices), dtype=bool)
        self.extend(1)

    def parameter(self, name):
        """Return a parameter of the devices, shape (devices,)."""
        return np.array([getattr(device, name) for device in self.devices])

    def of(self, points):
        """Return the spectrum of some of the points only, chosen by a mask."""
        if len(self.devices) == 1:
            return self
        chosen = Spectrum(
            [d for d, is_chosen in zip(self.devices, points, strict=True) if is_chosen]
        )
        for name in ("H", "V", "T", "W", "rounding"):
            setattr(chosen, name, [values[points] for values in getattr(self, name)])
        chosen.usable = self.usable[points]
        return chosen

    @property
    def loss(self):
        """The loss of the most long-lived mode, in kappa, shape (devices,)."""
        eigenvalues = self.T[1] if self.T[1].ndim == 2 else np.diagonal(self.T[1], 0, 1, 2)
        return -2 * eigenvalues.imag.max(axis=1)

    def extend(self, n):
        """Make the sectors up to n photons available."""
        for k in range(len(self.H), n + 1):
            H = self.basis.effective_hamiltonians(self.devices, k)
            T, V = np.linalg.eig(H)
            # Eigenvalues err in units of the largest one; the least damped one is the nearest pole.
            damping = -T.imag.max(axis=1) if k else 1.0
            with np.errstate(all="ignore"):
                W = _inverse(V)
                condition = _norm(V) * _norm(W)
                stiffness = np.where(damping > 0, np.abs(T).max(axis=1) / damping, np.inf)
            good = condition <= MAX_CONDITION
            if len(H) == 1 and not good[0]:
                T, V = (each[None] for each in schur(H[0], output="complex"))
                W, condition = V.conj().swapaxes(1, 2), 1.0
            else:
                self.usable &= good
            rounding = ROUNDING * condition * np.maximum(stiffness, 1.0)
            self.rounding.append(np.maximum(rounding, self.rounding[-1]) if k else rounding)
            for values, new in ((self.H, H), (self.V, V), (self.T, T), (self.W, W)):
                values.append(new)

    def divide(self, m, n, Z, Delta):
        """Solve T_m Y - Y T_n^dag + (m - n) Delta Y = Z, for Z of shape (d_m, d_n, points)."""
        A, B = self.T[m], self.T[n]
        if A.ndim == B.ndim == 2:
            gap = A.T[:, None] - B.conj().T
            return Z / (gap + (m - n) * Delta)
        A, B = (np.diag(T[0]) if T.ndim == 2 else T[0] for T in (A, B))
        Y = np.empty_like(Z)
        for g, shift in enumerate((m - n) * Delta):
            shifted = A + shift * np.eye(len(A))
            Y[:, :, g], scale, _ = ztrsyl(shifted, B, Z[:, :, g], tranb="C", isgn=-1)
            Y[:, :, g] /= scale
        return Y

    def amplitudes(self, n, source, Delta):
        """Solve (H_n + n Delta) psi = source, for a source of shape (d_n, points)."""
        if len(self.devices) > 1:
            H = self.basis.effective_hamiltonians(self.devices, n)
            H += n * Delta[:, None, None] * np.eye(len(source))
            return np.linalg.solve(H, source.T[:, :, None])[:, :, 0].T
        self.extend(n)
        c = self.W[n][0] @ source
        if self.T[n].ndim == 2:
            return self.V[n][0] @ (c / (self.T[n].T + n * Delta))
        identity = np.eye(len(c))
        for g, shift in enumerate(n * Delta):
            c[:, g] = solve_triangular(self.T[n][0] + shift * identity, c[:, g])
        return self.V[n][0] @ c


def _inverse(V):
    """Return the inverses of a stack of matrices; nan where there is none."""
    try:
        return np.linalg.inv(V)
    except np.linalg.LinAlgError:
        W = np.full_like(V, np.nan)
        for k, matrix in enumerate(V):
            if np.linalg.matrix_rank(matrix) == len(matrix):
                W[k] = np.linalg.inv(matrix)
        return W


def _norm(A):
    """Return a bound of the spectral norms of a stack of matrices."""
    absolute = np.abs(A)
    return np.sqrt(absolute.sum(axis=1).max(axis=1) * absolute.sum(axis=2).max(axis=1))


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
    residual : ndarray, shape (points,)
        Largest relative residual of the equations solved so far, measured in the photon-number
        basis; that of a block for a random superposition of its columns: any error in it shows.
    """

    def __init__(self, spectrum, drive, Delta):
        self.spectrum, self.basis, self.Delta = spectrum, spectrum.basis, Delta
        self.drive, self.output = (0, 1) if drive == "a" else (1, 0)
        self.root = np.sqrt(self.basis.occupation)
        self.probe = np.random.default_rng(0).uniform(0.5, 1.5, self.basis.offset[-1])
        self.residual = np.zeros(len(Delta))
        self._set_jumps()

    def _set_jumps(self):
        rates = [self.spectrum.parameter(f"kappa_{o}") for o in "acb"[: len(self.basis.up)]]
        self.jumps = [(k, rate) for k, rate in enumerate(rates) if np.any(rate > 0)]

    def keep(self, points):
        """Go on with some of the points only, chosen by a mask."""
        self.Delta, self.residual = self.Delta[points], self.residual[points]
        self.spectrum = self.spectrum.of(points)
        self._set_jumps()

    def populations(self, m, row, pure):
        """Return what row m adds to the output's P_j, j = 0 ... m, and the rounding errors of that.

        ``pure`` says whether the row is a product of amplitudes.

        Returns
        -------
        two ndarrays, shape (m + 1, points)
        """
        diagonal = np.einsum("iig->ig", row[:, self.basis.sector(m)]).real
        populations = self.in_output(m, diagonal)
        # The last sector's amplitudes need no eigenbasis, so there may be none.
        rounding = self.spectrum.rounding[: m + 1][-1]
        total = np.abs(diagonal).sum(axis=0)
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
        return self.spectrum.amplitudes(m, source, self.Delta)

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
        spectrum.extend(m)
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
                weights = jump[fewer:, None] * jump
                source = above[np.ix_(up[k, fewer:] - count, up[k])]
                R += weights[:, :, None] * (-1j * rate) * source
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
            Z = spectrum.divide(m, n, _right(Y[:, columns], spectrum.W[n]), self.Delta)
            Y[:, columns] = _right(Z, spectrum.V[n])
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
        count = X.shape[1]
        to, weight, origin = self._raised(slice(0, count))
        R[:, to] += weight[:, None] * X[:, origin]
        probe = self.probe[:count, None]
        # H_n^dag times the probe, for the product of a block with H_n^dag.
        columns = [self.basis.sector(n) for n in range(m + 1)]
        products = [spectrum.H[n].conj().swapaxes(1, 2) @ probe[columns[n]] for n in range(m + 1)]
        weights = np.concatenate([each[:, :, 0] for each in products], axis=1).T

        def blocks(rows):
            return np.add.reduceat(rows, offset, axis=1)

        x = blocks(X * probe)
        photons = np.arange(m + 1)[:, None]
        left = _left(spectrum.H[m], x) + (m - photons) * self.Delta * x
        right, r = blocks(X * weights), blocks(R * probe)

        def norms(values):
            return np.sqrt((np.abs(values) ** 2).sum(axis=0))

        size = norms(left) + norms(right) + norms(r)
        mismatch = norms(left - right - r)
        relative = np.divide(mismatch, size, out=np.zeros_like(size), where=size != 0)
        self.residual = np.maximum(self.residual, relative.max(axis=0))  # a nan stays


def _left(A, X):
    """Return A X for a stack A and X of shape (rows, columns, points)."""
    if len(A) == 1:
        return (A[0] @ X.reshape(len(X), -1)).reshape(X.shape)
    return (A @ X.transpose(2, 0, 1)).transpose(1, 2, 0)


def _right(X, A):
    """Return X A^dag for a stack A and X of shape (rows, columns, points)."""
    if len(A) == 1:
        return A[0].conj() @ X
    return (X.transpose(2, 0, 1) @ A.conj().swapaxes(1, 2)).transpose(1, 2, 0)


def _adjoint(X):
    return X.conj().transpose(1, 0, 2)
