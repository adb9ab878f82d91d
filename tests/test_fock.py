"""The graded basis: counting, annihilators, and the Hamiltonian against QuTiP's."""

import numpy as np
import pytest

from lossnr import lindblad
from lossnr.fock import FockBasis


@pytest.mark.parametrize(("cavities", "sizes"), [(2, [1, 2, 3, 4]), (3, [1, 3, 6, 10])])
def test_sectors_have_their_size_and_photon_number(cavities, sizes):
    basis = FockBasis(cavities, 3)
    for n, size in enumerate(sizes):
        occupation = basis.occupation[basis.sector(n)]
        assert len(np.unique(occupation, axis=0)) == size
        assert np.all(occupation.sum(axis=1) == n)


@pytest.mark.parametrize("cavities", [2, 3])
def test_up_and_down_change_one_occupation_by_one(cavities):
    basis = FockBasis(cavities, 4)
    for k in range(cavities):
        one = np.eye(cavities, dtype=int)[k]
        for i, j in enumerate(basis.up[k]):
            assert np.array_equal(basis.occupation[j], basis.occupation[i] + one)
            assert basis.down[k, j] == i
        assert np.all((basis.down[k] == -1) == (basis.occupation[:, k] == 0))


def test_effective_hamiltonian_is_that_of_the_paper(device):
    # QuTiP's operators on its own basis, in its own order.
    H = lindblad.hamiltonian(device.replace(Omega=0), "a", excitations=3)
    for collapse in lindblad.collapse_operators(device, excitations=3):
        H = H - 0.5j * collapse.dag() * collapse
    number = sum(o.dag() * o for o in lindblad.operators(device, 3).values())
    basis = FockBasis(3 if device.has_b else 2, 4)
    for n in range(4):
        ours = np.linalg.eigvals(basis.effective_hamiltonians([device], n)[0])
        states = np.flatnonzero(np.isclose(number.diag(), n))
        theirs = np.linalg.eigvals(H.full()[np.ix_(states, states)])
        assert np.sort_complex(ours.round(9)) == pytest.approx(
            np.sort_complex(theirs.round(9)), abs=1e-8
        )
