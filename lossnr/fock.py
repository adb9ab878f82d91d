"""The Fock basis of two or three cavities, graded by the total number of photons.

Sector n holds the (n+1)(n+2)/2 states |n_a, n_c, n_b> with n_a + n_c + n_b = n (n+1 states where
cavity b is left out). Sector follows sector, so that the states with at most n photons come first.
An annihilator leads from each state to at most one other: it is an index and a square root.
"""

from functools import cache

import numpy as np

__all__ = ["FockBasis", "levels"]


class FockBasis:
    """The graded basis of ``cavities`` (2: a, c; 3: a, c, b) up to ``excitations`` photons.

    Attributes
    ----------
    occupation : ndarray, shape (states, cavities), int
        Photon numbers of each state, in the order a, c, b of Eq. 8.
    offset : ndarray, shape (excitations + 2,), int
        ``offset[n]`` is the number of states with fewer than n photons.
    up : ndarray, shape (cavities, states with fewer than ``excitations`` photons), int
        Index of the state with one photon more in a cavity.
    down : ndarray, shape (cavities, states), int
        Index of the state with one photon less in a cavity; -1 where there is none to take.
    """

    def __init__(self, cavities, excitations):
        sectors = [_compositions(n, cavities) for n in range(excitations + 1)]
        states = [state for sector in sectors for state in sector]
        index = {state: i for i, state in enumerate(states)}
        self.occupation = np.array(states)
        self.offset = np.cumsum([0] + [len(sector) for sector in sectors])
        self.up = np.empty((cavities, self.offset[excitations]), dtype=int)
        self.down = np.full((cavities, len(states)), -1)
        for k in range(cavities):
            for i, state in enumerate(states[: self.offset[excitations]]):
                raised = index[(*state[:k], state[k] + 1, *state[k + 1 :])]
                self.up[k, i] = raised
                self.down[k, raised] = i

    @classmethod
    @cache
    def shared(cls, cavities, excitations):
        """Return the one basis of this size: bases are never changed, so they can be shared."""
        return cls(cavities, excitations)

    def sector(self, n):
        """Return the slice of the states with n photons."""
        return slice(self.offset[n], self.offset[n + 1])

    def effective_hamiltonians(self, devices, n):
        r"""Return the undriven :math:`H - \frac{i}{2}\sum_o \kappa_o o^\dagger o` in sector n.

        Returns
        -------
        ndarray, shape (devices, d_n, d_n), complex
            The undriven Hamiltonian of Eq. 3 with the losses of Eq. 4 on the diagonal.
        """
        coefficients = []
        for d in devices:
            phase = np.exp(1j * d.theta)
            on_site = [
                d.Delta_a - 0.5j * d.kappa_a,
                d.Delta_c - 0.5j * d.kappa_c,
                d.Delta_b - 0.5j * d.kappa_b,
            ]
            hops = [d.J_ac * phase, d.J_ac / phase, d.J_ab, d.J_bc]
            coefficients.append([d.U_a, d.U_c, *on_site, *hops])
        return np.tensordot(coefficients, self._terms(n), axes=1)

    @cache  # noqa: B019 (bases live as long as the program)
    def _terms(self, n):
        """Return the operators of the nine terms of the Hamiltonian in sector n."""
        cavities = self.occupation.shape[1]
        states = self.sector(n)
        m = self.occupation[states]
        on_site = [np.diag(m[:, k] * (m[:, k] - 1.0)) for k in (0, 1)]
        on_site += [np.diag(m[:, k] * 1.0) for k in range(cavities)]
        on_site += [np.zeros((len(m), len(m)))] * (3 - cavities)

        def hop(k, l):  # o_k o_l^dag
            element = np.zeros((len(m), len(m)))
            if max(k, l) < cavities:
                source = np.flatnonzero(m[:, k])
                target = self.up[l, self.down[k, states][source]] - states.start
                element[target, source] = np.sqrt(m[source, k] * m[target, l])
            return element

        a_to_c, a_to_b, c_to_b = hop(0, 1), hop(0, 2), hop(1, 2)
        return np.array(
            [*on_site, a_to_c, a_to_c.T, a_to_b + a_to_b.T, c_to_b + c_to_b.T], dtype=complex
        )


def levels(device, n):
    """Return the eigenvalues of the effective Hamiltonian of n photons, by their real parts.

    Returns
    -------
    ndarray, shape (d_n,), complex
        Energies, less n times the drive's, and minus half the losses, in kappa.
    """
    basis = FockBasis.shared(3 if device.has_b else 2, n + 1)
    return np.sort_complex(np.linalg.eigvals(basis.effective_hamiltonians([device], n)[0]))


def _compositions(n, parts):
    """Return the ways to write n as an ordered sum of so many photon numbers."""
    if parts == 1:
        return [(n,)]
    return [(k, *rest) for k in range(n, -1, -1) for rest in _compositions(n - k, parts - 1)]
