"""Annihilators and the effective Hamiltonian on the states of at most N photons, sector by sector.

The states are those of `lossnr.model.fock`, one sector after the other; cavity b is left out where
nothing couples to it. Rates are in kappa.
"""

import numpy as np
from scipy.sparse import block_diag, csr_array

from ..model.fock import annihilator, effective_hamiltonians, occupation

__all__ = ["annihilators", "effective_hamiltonian"]


def annihilators(device, N):
    """Return the annihilators of a, c and, where it is coupled, b, as sparse arrays.

    >>> from lossnr import Device
    >>> a, c = annihilators(Device().without_b(), 1)
    >>> a.toarray().tolist()  # from the states |1,0> and |0,1> to the vacuum, which comes first
    [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    cavities = 3 if device.has_b else 2
    first = np.cumsum([0] + [len(occupation(cavities, n)) for n in range(N + 1)])
    found = []
    for k in range(cavities):
        origins, elements = zip(
            *(annihilator(cavities, k, n) for n in range(1, N + 1)), strict=True
        )
        columns = np.concatenate([origin + first[n + 1] for n, origin in enumerate(origins)])
        where = np.arange(len(columns)), columns
        found.append(csr_array((np.concatenate(elements), where), (first[-1], first[-1])))
    return found


def effective_hamiltonian(device, N):
    """Return the effective Hamiltonian of the undriven device, as a sparse array.

    >>> from lossnr import Device
    >>> effective_hamiltonian(Device(), 2).shape
    (10, 10)
    """
    return csr_array(block_diag([effective_hamiltonians([device], n)[0] for n in range(N + 1)]))
