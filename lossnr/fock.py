"""The Fock basis of two or three cavities, graded by the total number of photons.

Sector n holds the (n+1)(n+2)/2 states |n_a, n_c, n_b> with n_a + n_c + n_b = n (n+1 states where
cavity b is left out). Sector follows sector, so that the states with at most n photons come first.
An annihilator leads from each state to at most one other: it is an index and a square root.
"""

from functools import cache

import numpy as np

__all__ = ["FockBasis"]


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

    def effective_hamiltonian(self, device, n):
        r"""Return the undriven :math:`H - \frac{i}{2}\sum_o \kappa_o o^\dagger o` in sector n.

        Returns
        -------
        ndarray, shape (d_n, d_n), complex
            The undriven Hamiltonian of Eq. 3 with the losses of Eq. 4 on the diagonal.
        """
        d = device
        cavities = self.occupation.shape[1]
        Delta, kappa, U = (
            np.array(values[:cavities])
            for values in (
                [d.Delta_a, d.Delta_c, d.Delta_b],
                [d.kappa_a, d.kappa_c, d.kappa_b],
                [d.U_a, d.U_c, 0.0],
            )
        )
        states = self.sector(n)
        m = self.occupation[states]
        H = np.diag(m @ (Delta - 0.5j * kappa) + (m * (m - 1)) @ U)
        couplings = [(0, 1, d.J_ac * np.exp(1j * d.theta)), (0, 2, d.J_ab), (1, 2, d.J_bc)]
        for k, l, J in couplings[: 1 if cavities == 2 else 3]:  # J o_k o_l^dag + h.c.
            source = np.flatnonzero(m[:, k])
            target = self.up[l, self.down[k, states][source]] - states.start
            hop = np.sqrt(m[source, k] * m[target, l])
            H[target, source] += J * hop
            H[source, target] += np.conj(J) * hop
        return H


def _compositions(n, parts):
    """Return the ways to write n as an ordered sum of so many photon numbers."""
    if parts == 1:
        return [(n,)]
    return [(k, *rest) for k in range(n, -1, -1) for rest in _compositions(n - k, parts - 1)]
