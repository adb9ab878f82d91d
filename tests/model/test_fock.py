"""The graded basis: counting, annihilators, and the Hamiltonian against QuTiP's."""

import numpy as np
import pytest

from lossnr.model import lindblad
from lossnr.model.fock import annihilator, effective_hamiltonians, occupation


@pytest.mark.parametrize(("cavities", "sizes"), [(2, [1, 2, 3, 4]), (3, [1, 3, 6, 10])])
def test_sectors_have_their_size_and_photon_number(cavities, sizes):
    for n, size in enumerate(sizes):
        states = occupation(cavities, n)
        assert len(np.unique(states, axis=0)) == size
        assert np.all(states.sum(axis=1) == n)


@pytest.mark.parametrize("cavities", [2, 3])
def test_an_annihilator_takes_one_photon_away(cavities):
    for n in (1, 2, 4):
        for k in range(cavities):
            origin, element = annihilator(cavities, k, n)
            before, after = occupation(cavities, n)[origin], occupation(cavities, n - 1)
            assert np.array_equal(before - after, np.tile(np.eye(cavities)[k], (len(after), 1)))
            assert element**2 == pytest.approx(before[:, k])


def test_effective_hamiltonian_is_that_of_the_paper(device):
    # QuTiP's operators on its own basis, in its own order.
    H = lindblad.hamiltonian(device.replace(Omega=0), "a", excitations=3)
    for collapse in lindblad.collapse_operators(device, excitations=3):
        H = H - 0.5j * collapse.dag() * collapse
    number = sum(o.dag() * o for o in lindblad.operators(device, 3).values())
    for n in range(4):
        ours = np.linalg.eigvals(effective_hamiltonians([device], n)[0])
        states = np.flatnonzero(np.isclose(number.diag(), n))
        theirs = np.linalg.eigvals(H.full()[np.ix_(states, states)])
        assert np.sort_complex(ours.round(9)) == pytest.approx(
            np.sort_complex(theirs.round(9)), abs=1e-8
        )
