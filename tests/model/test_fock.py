"""The graded basis: counting, annihilators, and the Hamiltonian against QuTiP's."""

import numpy as np
import pytest

from lossnr import Device
from lossnr.model import lindblad
from lossnr.model.fock import annihilator, effective_hamiltonians, ladder, occupation


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


def test_the_ladder_of_uncoupled_cavities_is_that_of_their_kerr_terms():
    device = Device(U_a=3, U_c=5, Delta_a=0.5, Delta_c=0.7, kappa_c=2, J_ac=0).without_b()
    data = ladder(device, photons=3)
    n_a = np.array([[1, 0, 2, 1, 0, 3, 2, 1, 0]]).T
    n_c = np.array([[0, 1, 0, 1, 2, 0, 1, 2, 3]]).T
    energy = 3 * n_a * (n_a - 1) + 5 * n_c * (n_c - 1) + (0.7 - 0.5) * n_c
    for n in (1, 2, 3):
        of_n = (n_a + n_c == n).ravel()
        order = np.argsort(energy[of_n].ravel())
        found = data.sel(n=n)
        assert found["energy"].values[: n + 1] == pytest.approx(energy[of_n].ravel()[order])
        assert found["loss"].values[: n + 1] == pytest.approx((n_a + 2 * n_c)[of_n].ravel()[order])
    assert data["drive"].values == pytest.approx([-0.5, -1, -1.5])
    assert data["nearest"].values == pytest.approx([0, 6, 18])
