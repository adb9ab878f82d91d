r"""Eigenbases of the effective Hamiltonian, sector by sector, and the operators in them.

A detuning Delta common to all cavities shifts the eigenvalues of H_n by n Delta: one eigenbasis
serves a line of detunings and both directions. Other points need an eigenbasis each.

At an exceptional point H_n has no eigenbasis. An ill-conditioned eigenbasis is replaced by the
Schur form H_n = Q T Q^dag, which is slower and equally accurate.
"""

from copy import copy

import numpy as np
from scipy.linalg import schur, solve_triangular
from scipy.sparse.csgraph import connected_components

from ..model.fock import annihilator, effective_hamiltonians, occupation
from . import accuracy

__all__ = ["Spectrum", "adjoint"]


class Spectrum:
    """The sectors' effective Hamiltonians as V T W, with W V = 1 and T triangular.

    T is diagonal where the eigenbasis is well-conditioned. If it is not, a single device gets the
    Schur form; among several devices, `usable` is False for those of an ill-conditioned eigenbasis.

    >>> from lossnr import Device
    >>> spectrum = Spectrum([Device()])
    >>> spectrum.extend(2)
    >>> V, T, W = spectrum.V[2][0], np.diag(spectrum.T[2][0]), spectrum.W[2][0]
    >>> np.allclose(V @ T @ W, spectrum.hamiltonian(2)[0])
    True

    Parameters
    ----------
    devices : sequence of Device
        One device for all points, or one for each. Cavity b is left out where nothing couples to
        it (it is then in the vacuum): it must be coupled in all of them or in none.
    """

    def __init__(self, devices, noise=None):
        self.devices, self._noise = list(devices), noise
        self.cavities = 3 if self.devices[0].has_b else 2
        #: Per sector, shape (devices, d_n, d_n); T is (devices, d_n) where it is diagonal.
        self.V, self.T, self.W = [], [], []
        self._H = []
        #: Rounding errors of amplitudes, in units of the sector's norm, up to each sector.
        self.rounding = []
        self.usable = np.ones(len(self.devices), dtype=bool)
        self._operators = {}
        self.extend(1)

    def parameter(self, name):
        """Return a parameter of the devices, shape (devices,)."""
        return np.array([getattr(device, name) for device in self.devices])

    def of(self, points):
        """Return the spectrum at some of the points, chosen by a mask or by indices."""
        if len(self.devices) == 1:
            return self
        chosen = copy(self)
        chosen.devices = [self.devices[g] for g in np.arange(len(self.devices))[points]]
        for name in ("_H", "V", "T", "W", "rounding"):
            setattr(chosen, name, [values[points] for values in getattr(self, name)])
        chosen._operators = {
            key: [part[points] for part in parts] for key, parts in self._operators.items()
        }
        chosen.usable = self.usable[points]
        return chosen

    def jittered(self):
        """Return two spectra of Hamiltonians changed at random by the rounding of an eigensolver.

        The spread of the results measures their rounding errors.
        """
        return [Spectrum(self.devices, noise=seed) for seed in (1, 2)]

    @property
    def loss(self):
        """The loss of the most long-lived mode, in kappa, shape (devices,)."""
        eigenvalues = self.T[1] if self.T[1].ndim == 2 else np.diagonal(self.T[1], 0, 1, 2)
        return -2 * eigenvalues.imag.max(axis=1)

    def hamiltonian(self, n):
        """Return the effective Hamiltonians of sector n, shape (devices, d_n, d_n)."""
        for k in range(len(self._H), n + 1):
            H = effective_hamiltonians(self.devices, k)
            if self._noise is not None:
                rng = np.random.default_rng([self._noise, k])
                H = np.array([_jitter(matrix, rng) for matrix in H])
            self._H.append(H)
        return self._H[n]

    def extend(self, n):
        """Make the sectors up to n photons available."""
        for k in range(len(self.V), n + 1):
            H = self.hamiltonian(k)
            T, V = np.linalg.eig(H)
            # Eigenvalues err in units of the largest one; the least damped one is the nearest pole.
            damping = -T.imag.max(axis=1) if k else 1.0
            with np.errstate(all="ignore"):
                W = _inverse(V)
                condition = _norm(V) * _norm(W)
                stiffness = np.where(damping > 0, np.abs(T).max(axis=1) / damping, np.inf)
            good = condition <= accuracy.MAX_CONDITION
            if len(H) == 1 and not good[0]:
                T, V = (each[None] for each in schur(H[0], output="complex"))
                W, condition = V.conj().swapaxes(1, 2), 1.0
            else:
                self.usable &= good
            rounding = accuracy.ROUNDING * condition * np.maximum(stiffness, 1.0)
            self.rounding.append(np.maximum(rounding, self.rounding[-1]) if k else rounding)
            for values, new in ((self.V, V), (self.T, T), (self.W, W)):
                values.append(new)

    def creator(self, k, m):
        """Return the creator of cavity k from sector m - 1 to sector m, and its adjoint.

        Returns
        -------
        ndarray, shape (devices, d_m, d_{m-1}) and (devices, d_{m-1}, d_m)
        """
        if ("creator", k, m) not in self._operators:
            self.extend(m)
            origin, element = annihilator(self.cavities, k, m)
            creator = (self.W[m][:, :, origin] * element) @ self.V[m - 1]
            self._operators["creator", k, m] = creator, np.ascontiguousarray(adjoint(creator))
        return self._operators["creator", k, m]

    def kerr(self, m):
        """Return `kerr_factors` of sector m for the eigenbasis of sector m + 1."""
        if ("kerr", m) not in self._operators:
            self.extend(m + 1)
            self._operators["kerr", m] = self.kerr_factors(m, self.V[m + 1])
        return self._operators["kerr", m]

    def kerr_factors(self, m, vectors):
        r"""Return the factors of the Kerr source that lead from states of sector m + 1 to sector m.

        The first is :math:`-2 U_a n_a a, -2 U_c n_c c, a, c` applied to the vectors, the second
        the adjoint of :math:`a, c, 2 U_a n_a a, 2 U_c n_c c` applied to them: the source is the sum
        of the four products.

        Parameters
        ----------
        vectors : ndarray, shape (..., devices, d_{m+1}, k)

        Returns
        -------
        ndarray, shape (..., devices, d_m, 4, k) and (..., devices, 4, k, d_m)
        """
        self.extend(m)
        weighted, plain = [], []
        for q, name in enumerate(("U_a", "U_c")):
            origin, element = annihilator(self.cavities, q, m + 1)
            lowered = element[:, None] * vectors[..., origin, :]
            strength = -2 * self.parameter(name)[:, None, None]
            weighted.append(strength * occupation(self.cavities, m)[:, q, None] * lowered)
            plain.append(lowered)
        left = np.stack([*weighted, *plain], axis=-2)
        shape = left.shape
        left = (self.W[m] @ left.reshape(*shape[:-2], -1)).reshape(shape)
        right = np.concatenate([left[..., 2:, :], -left[..., :2, :]], axis=-2)
        return left, np.ascontiguousarray(np.moveaxis(right.conj(), -3, -1))

    def probes(self, m):
        """Return H_m, V_m, and V_m^dag times a random vector and times H_m^dag times that vector.

        Returns
        -------
        ndarray, shape (devices, d_m, d_m) twice, and (devices, d_m, 2)
        """
        H, V = self.hamiltonian(m), self.V[m]
        if ("probes", m) not in self._operators:
            probe = np.random.default_rng(m).uniform(0.5, 1.5, (1, H.shape[-1], 1))
            vectors = [np.broadcast_to(probe, H[:, :, :1].shape), adjoint(H) @ probe]
            self._operators["probes", m] = [adjoint(V) @ np.concatenate(vectors, axis=-1)]
        return H, V, *self._operators["probes", m]

    def amplitudes(self, n, source, Delta, width=0.0):
        """Solve (H_n + n Delta) psi = source.

        Parameters
        ----------
        source : ndarray, shape (drives, points, d_n)
        Delta : ndarray, shape (points,)
        width : float
            For a single device: a real part of an eigenvalue is reduced by this, at most to zero.
            A level so near to resonance counts as resonant.

        Returns
        -------
        ndarray, shape (drives, points, d_n)
        """
        if len(self.devices) > 1:
            H = self.hamiltonian(n)
            if np.any(Delta):
                H = H + n * Delta[:, None, None] * np.eye(H.shape[-1])
            try:
                return np.linalg.solve(H, source.transpose(1, 2, 0)).transpose(2, 0, 1)
            except np.linalg.LinAlgError:
                return (_inverse(H) @ source.transpose(1, 2, 0)).transpose(2, 0, 1)
        self.extend(n)
        c = source @ self.W[n][0].T
        T = self.T[n]
        levels = (T if T.ndim == 2 else np.diagonal(T, 0, 1, 2)) + n * Delta[:, None]
        off = np.sign(levels.real) * np.maximum(np.abs(levels.real) - width, 0)
        levels = off + 1j * levels.imag
        if T.ndim == 2:
            c /= levels
        else:
            above = np.triu(T[0], 1)
            for g, level in enumerate(levels):
                c[:, g] = solve_triangular(above + np.diag(level), c[:, g].T).T
        return c @ self.V[n][0].T


def _jitter(H, rng):
    """Change a matrix as the rounding in an eigensolver does, by its size; blocks stay blocks."""
    _, block = connected_components(H != 0)
    noise = rng.standard_normal((2, *H.shape)) * accuracy.JITTER * np.abs(H).max()
    return H + (noise[0] + 1j * noise[1]) * (block[:, None] == block)


def adjoint(A):
    """Return the adjoints of a stack of matrices, shape (..., k, l) to (..., l, k).

    >>> adjoint(np.array([[1, 2j]])).tolist()
    [[(1-0j)], [-2j]]
    """
    return A.conj().swapaxes(-1, -2)


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
