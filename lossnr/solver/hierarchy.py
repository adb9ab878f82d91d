r"""The hierarchy of normally ordered moments, graded by photon number: one row of it at a time.

For a string of annihilators :math:`A_i = a^{i_a} c^{i_c} b^{i_b} / \sqrt{i_a!\, i_c!\, i_b!}` that
lowers m photons and another A_j that lowers n, the moments

.. math:: M_{mn}[i, j] = \langle A_j^\dagger A_i \rangle / \Omega^{m+n}

of the steady state of Eq. 4 are matrices between the sectors m and n of the Fock space. For a pure
state of few photons M_mn is :math:`\psi_m \psi_n^\dagger`. In general the equation of motion of
:math:`A_j^\dagger A_i` gives, exactly,

.. math::

    H_m M_{mn} - M_{mn} H_n^\dagger = M_{m,n-1}\, d - d^\dagger M_{m-1,n}
        - \Omega^2 \sum_{q=a,c} 2 U_q \left[ n_q,\; o_q M_{m+1,n+1}\, o_q^\dagger \right]

with M_00 = 1, the driven cavity's d, and the effective Hamiltonian H_n of n photons. Compared with
the same equation for the density matrix there are no jumps (a loss only damps a normally ordered
moment), the drive leads upwards only, and no normalisation is needed. Only the Kerr terms couple
a block to a higher one: without them one pass is exact at any drive.

M is Hermitian: row m is made of the blocks n = 0 ... m. In the eigenbases of H_m and H_n
(`spectrum`) a block is found by a division, or by a triangular Sylvester solve where there is no
eigenbasis. Arrays have the axes drive, point, row, column: each product is one of matrices.
"""

import numpy as np
from scipy.linalg.lapack import ztrsyl

from ..model.fock import annihilator, occupation
from . import accuracy
from .spectrum import adjoint

__all__ = ["Hierarchy"]


class Hierarchy:
    """Solves for rows of moments, for a few detunings and one or both driven cavities.

    Without Kerr terms the output is coherent, with :math:`Q_2 = Q_1^2 / 2`:

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device(U_a=0, U_c=0)])
    >>> hierarchy = Hierarchy(spectrum, ["a"], np.array([0.0]))
    >>> (Q1, _), (Q2, _) = hierarchy.output(1), hierarchy.output(2)
    >>> np.allclose(2 * Q2, Q1**2)
    True

    Parameters
    ----------
    spectrum : Spectrum
    drives : sequence of {"a", "c"}
        The driven cavities.
    Delta : ndarray, shape (points,)
        Detunings common to the cavities, besides those of the device.

    Attributes
    ----------
    residual : ndarray, shape (drives, points)
        Largest relative residual of the equations of the diagonal blocks checked so far, measured
        in the photon-number basis for a random superposition of columns.
    """

    def __init__(self, spectrum, drives, Delta):
        self.spectrum, self.drives, self.Delta = spectrum, drives, Delta
        self.driven = [{"a": 0, "c": 1}[drive] for drive in drives]
        self.residual = np.zeros((len(drives), len(Delta)))
        self._psi = [np.ones((len(drives), len(Delta), 1), dtype=complex)]
        #: Rows m = 1 ... N - 1 of order N, after `climb`.
        self.rows = {}
        #: What `growth` has measured, by order and m.
        self._sizes = {}
        # Factors that are used again, by sector or block, each computed at its first use.
        self._kerr_vectors, self._reciprocals, self._creators = {}, {}, {}

    def keep(self, points):
        """Drop the points where the mask is False."""
        self.Delta, self.residual = self.Delta[points], self.residual[:, points]
        self.spectrum = self.spectrum.of(points)
        self._psi = [psi[:, points] for psi in self._psi]
        self.rows = {m: [block[:, points] for block in row] for m, row in self.rows.items()}
        self._sizes = {
            N: {m: each[:, points] for m, each in sizes.items()} for N, sizes in self._sizes.items()
        }
        self._kerr_vectors = {
            n: [each[:, points] for each in vectors] for n, vectors in self._kerr_vectors.items()
        }
        self._reciprocals = {key: values[points] for key, values in self._reciprocals.items()}
        self._creators = {}

    def psi(self, n):
        """Return the amplitudes of n photons in leading order, H_n psi_n = - d^dag psi_{n-1}.

        Returns
        -------
        ndarray, shape (drives, points, d_n)
        """
        for k in range(len(self._psi), n + 1):
            source = self.driven_from(k, self._psi[k - 1])
            psi = self.spectrum.amplitudes(k, source, self.Delta)
            left = (self.spectrum.hamiltonian(k) @ psi[..., None])[..., 0]
            self._note(left + k * self.Delta[:, None] * psi, source)
            self._psi.append(psi)
        return self._psi[n]

    def driven_from(self, n, below):
        """Return - d^dag applied to amplitudes of n - 1 photons, shape (drives, points, d_n)."""
        cavities = self.spectrum.cavities
        source = np.zeros((*below.shape[:2], len(occupation(cavities, n))), dtype=complex)
        for i, d in enumerate(self.driven):
            origin, element = annihilator(cavities, d, n)
            source[i][:, origin] = -element * below[i]
        return source

    def climb(self, N):
        """Solve for the rows of order N of the power series, from those of order N - 1.

        Row m is then that of index N - m.
        """
        self.psi(N)
        rows = {}
        for m in range(N - 1, 0, -1):
            if m == N - 1:
                kerr = self._kerr_of_psi(m)
            else:
                kerr = [self.kerr(m, n, rows[m + 1][n + 1]) for n in range(m + 1)]
            # What the check can find is of the matrices: they are the same in all orders of a row.
            rows[m] = self.solve(m, self.rows.get(m - 1), kerr, check=m == N - 1)
        self.rows = rows

    def growth(self):
        """Return by which factor, in units of 1 / x, the moments grow with the order.

        It is the largest of the diagonal blocks up to `accuracy.EARLY` photons, with the last order
        and on average with the last two and three, as far as it was asked for those too. A block is
        measured by its rows with at least l photons in the output, for each l up to 3.

        Returns
        -------
        ndarray, shape (drives, points)
            nan where it is not known.
        """
        N = len(self.rows) + 1
        sizes = {m: self._size(m) for m in range(1, min(N - 1, accuracy.EARLY) + 1)}
        growth = [np.full((*self.residual.shape, 1), np.nan)]
        for orders in (1, 2, 3):
            before = self._sizes.get(N - orders, {})
            with np.errstate(divide="ignore", invalid="ignore"):
                growth += [(sizes[m] / before[m]) ** (1 / orders) for m in before]
        self._sizes[N] = sizes
        return np.fmax.reduce(np.concatenate(growth, axis=-1), axis=-1)

    def _size(self, m):
        V = self.spectrum.V[m]
        rows = np.abs(V @ self.rows[m][m] @ adjoint(V)).sum(axis=-1)  # squares might overflow
        photons = occupation(self.spectrum.cavities, m)
        return np.stack(
            [
                each @ (photons[:, 1 - d, None] >= np.arange(min(m, 3) + 1))
                for each, d in zip(rows, self.driven, strict=True)
            ]
        )

    def outputs(self):
        """Return what this order adds to Q_0, Q_1 ... Q_N of the output, and the rounding errors.

        Returns
        -------
        two ndarrays, shape (N + 1, drives, points)
        """
        N = len(self.rows) + 1
        parts = [self.output(m, self.rows[m][m]) for m in range(1, N)] + [self.output(N)]
        none = np.zeros_like(parts[0][0])
        return tuple(np.stack([none, *each]) for each in zip(*parts, strict=True))

    def output(self, m, diagonal=None):
        """Return the output's moment <o^dag^m o^m> / (m! Omega^2m), and its rounding errors.

        Parameters
        ----------
        diagonal : ndarray, shape (drives, points, d_m, d_m), or None
            The block (m, m); None for that of psi.

        Returns
        -------
        two ndarrays, shape (drives, points)
        """
        spectrum = self.spectrum
        # The last sector's amplitudes need no eigenbasis, so there may be none.
        rounding = spectrum.rounding[: m + 1][-1]
        photons = occupation(spectrum.cavities, m)
        rows = [np.flatnonzero(photons[:, 1 - d] == m)[0] for d in self.driven]
        if diagonal is None:
            psi = self.psi(m)
            values = np.stack([np.abs(psi[i, :, row]) ** 2 for i, row in enumerate(rows)])
            total = (np.abs(psi) ** 2).sum(axis=-1)
            return values, rounding * (2 * np.sqrt(values * total) + rounding * total)
        e = np.stack([spectrum.V[m][:, row, None] for row in rows])
        values = (e @ diagonal @ adjoint(e))[:, :, 0, 0].real
        size = np.linalg.norm(diagonal, axis=(2, 3)) * (np.abs(e) ** 2).sum(axis=(2, 3))
        return values, rounding * size

    def kerr(self, m, n, above):
        """Return the Kerr source of block (m, n) that comes from block (m + 1, n + 1).

        A diagonal block's is X - X^dag; for these X is returned, half of the work.
        """
        left, right = self.spectrum.kerr(m)[0], self.spectrum.kerr(n)[1]
        if m == n:
            left, right = left[:, :, :2], right[:, :2]
        product = left.reshape(len(left), -1, left.shape[-1]) @ above
        product = product.reshape(*above.shape[:2], left.shape[1], -1)
        return product @ right.reshape(len(right), -1, right.shape[-1])

    def _kerr_of_psi(self, m):
        """Return the Kerr sources of row m that come from psi psi^dag, as `kerr` does."""
        left = self._kerr_factors(m)[0]
        sources = []
        for n in range(m + 1):
            right = self._kerr_factors(n)[1]
            if m == n:
                left, right = left[..., :2], right[..., :2, :]
            sources.append(left @ right)
        return sources

    def _kerr_factors(self, m):
        """Return `Spectrum.kerr_factors` of psi_{m+1}, without the axis of one vector."""
        if m not in self._kerr_vectors:
            left, right = self.spectrum.kerr_factors(m, self.psi(m + 1)[..., None])
            self._kerr_vectors[m] = left[..., 0], right[..., 0, :]
        return self._kerr_vectors[m]

    def solve(self, m, below, kerr, check=True):
        """Solve for the blocks of row m, in the eigenbases.

        Parameters
        ----------
        below : sequence of ndarray, shape (drives, points, d_{m-1}, d_n), or None
            Row m - 1: the blocks n = 0 ... m - 1. None stands for zero.
        kerr : sequence of ndarray, shape (drives, points, d_m, d_n)
            The Kerr source of each block n = 0 ... m, as `kerr` returns it; it is used up.
        check : bool
            Whether the diagonal block's residual is noted.

        Returns
        -------
        list of ndarray, shape (drives, points, d_m, d_n)
        """
        blocks = []
        for n, R in enumerate(kerr):
            if n > 0:
                R += blocks[n - 1] @ self._creator(n)[1]
            if n == m:
                R = R - adjoint(R)
                source = R.copy() if check else None
            elif below is not None:
                R -= self._creator(m)[0] @ below[n]
            blocks.append(self._divide(m, n, R))
        if check:
            self._check(m, blocks[m], source)
        return blocks

    def _creator(self, m):
        """Return the drive's creator to sector m and its adjoint, with a first axis of drives."""
        if m not in self._creators:
            parts = [self.spectrum.creator(d, m) for d in self.driven]
            self._creators[m] = [np.stack(each) for each in zip(*parts, strict=True)]
        return self._creators[m]

    def _divide(self, m, n, Z):
        """Solve T_m Y - Y T_n^dag + (m - n) Delta Y = Z in the place of Z."""
        A, B = self.spectrum.T[m], self.spectrum.T[n]
        if A.ndim == B.ndim == 2:
            if (m, n) not in self._reciprocals:
                gap = A[:, :, None] - B.conj()[:, None, :]
                gap = gap + ((m - n) * self.Delta)[:, None, None]
                self._reciprocals[m, n] = np.reciprocal(gap, out=gap)
            Z *= self._reciprocals[m, n]
            return Z
        A, B = (np.diag(T[0]) if T.ndim == 2 else T[0] for T in (A, B))
        for g, shift in enumerate((m - n) * self.Delta):
            shifted = A + shift * np.eye(len(A))
            for each in Z:
                Y, scale, _ = ztrsyl(shifted, B, each[g], tranb="C", isgn=-1)
                each[g] = Y / scale
        return Z

    def _check(self, m, Y, R):
        """Note the residual of H X - X H^dag = V R V^dag for the block X = V Y V^dag."""
        H, V, columns = self.spectrum.probes(m)
        x, r = V @ (Y @ columns), V @ (R @ columns[:, :, :1])
        self._note(H @ x[..., :1], x[..., 1:], r)

    def _note(self, left, *right):
        """Note the residual of an equation, whose terms have the axes drive, point, any others."""

        def norm(values):
            return np.sqrt((np.abs(values) ** 2).sum(axis=tuple(range(2, values.ndim))))

        size = norm(left) + sum(norm(each) for each in right)
        mismatch = norm(left - sum(right))
        relative = np.divide(mismatch, size, out=np.zeros_like(size), where=size != 0)
        self.residual = np.maximum(self.residual, relative)  # a nan stays
