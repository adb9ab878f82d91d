"""Noise against QuTiP, thermal equilibrium, Gaussian states, and the device without noise."""

from functools import cache

import hypothesis.strategies as st
import numpy as np
import pytest
from conftest import DEVICES, assert_same, devices, few, mirrored, numbers
from hypothesis import given, settings

from lossnr import ConvergenceError, Device, steady_state
from lossnr.beyond import noise_sweep, noisy_state
from lossnr.model import lindblad
from lossnr.model.fock import effective_hamiltonians


@cache
def in_qutip(device, drive, n_th, gamma_phi, excitations):
    """T, g2, g3, P_0 ... P_3 of QuTiP's Liouvillian."""
    return numbers(
        lindblad.steady_state(
            device, drive, n_th=n_th, gamma_phi=gamma_phi, excitations=excitations
        )
    )


NOISES = {
    "thermal": (1e-4, 0.0),
    "dephasing": (0.0, 0.05),
    "both": (1e-3, 2.0),
}


@pytest.mark.parametrize(
    ("drive", "noise"), [("a", "thermal"), ("c", "dephasing"), ("a", "both"), ("c", "both")]
)
def test_three_cavities_agree_with_qutip(noise, drive):
    device = Device(kappa_b=1.25, Omega=0.05)
    n_th, gamma_phi = NOISES[noise]
    ours = noisy_state(device, drive, n_th=n_th, gamma_phi=gamma_phi)
    theirs = in_qutip(device, drive, n_th, gamma_phi, 5)
    np.testing.assert_allclose(numbers(ours), theirs, rtol=1e-6)


def test_if_b_dephased_too_the_blockades_would_end_before_one_way_light(monkeypatch):
    """The page on noise says so, of a rate at which a and c alone keep all three."""
    rate, without_b = 0.015, lindblad.collapse_operators

    def with_b(device, excitations, n_th=0.0, gamma_phi=0.0):
        b = lindblad.operators(device, excitations)["b"]
        jumps = without_b(device, excitations, n_th, gamma_phi)
        return [*jumps, np.sqrt(gamma_phi) * b.dag() * b]

    def state(kappa_b, drive):
        return lindblad.steady_state(Device(kappa_b=kappa_b), drive, gamma_phi=rate, excitations=4)

    assert state(1, "c").g2 > 10
    assert state(1.25, "c").g2 > 1
    monkeypatch.setattr(lindblad, "collapse_operators", with_b)
    assert state(1, "c").g2 < 10
    assert state(1.25, "c").g2 < 1
    assert state(1, "a").T > 0.95
    assert state(1, "c").T < 0.05


@pytest.mark.parametrize("n_th", [1e-6, 1e-2])
@pytest.mark.parametrize("Omega", [1e-4, 0.3])
def test_two_cavities_agree_with_qutip_at_any_drive(n_th, Omega):
    device = DEVICES["two cavities"].replace(Omega=Omega)
    ours = noisy_state(device, "c", n_th=n_th, gamma_phi=0.01)
    np.testing.assert_allclose(numbers(ours), in_qutip(device, "c", n_th, 0.01, 9), rtol=1e-6)


@settings(max_examples=4)
@given(
    devices(kappa_b=1.0, J_ab=0.0, J_bc=0.0, max_Omega=0.3),
    st.sampled_from([0.0, 1e-5, 3e-3]),
    st.sampled_from([0.0, 0.1, 1.0]),
    st.sampled_from("ac"),
)
def test_random_devices_agree_with_qutip(device, n_th, gamma_phi, drive):
    ours = noisy_state(device, drive, n_th=n_th, gamma_phi=gamma_phi)
    theirs = in_qutip(device, drive, n_th, gamma_phi, 9)
    np.testing.assert_allclose(numbers(ours), theirs, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("drive", "gamma_phi"), [("a", 0.1), ("c", 0.0)])
def test_many_thermal_photons_agree_with_qutip(drive, gamma_phi):
    state = noisy_state(Device(), drive, n_th=1e-2, gamma_phi=gamma_phi)
    T, g2, g3, *_ = in_qutip(Device(), drive, 1e-2, gamma_phi, 6)
    assert [state.T, state.g2] == pytest.approx([T, g2], rel=1e-6)
    assert state.g3 == pytest.approx(g3, rel=1e-5)  # QuTiP lacks photons here


@few
def test_next_to_no_noise_is_no_noise(device):
    quiet = steady_state(device, "c")
    assert_same(noisy_state(device, "c"), quiet, rel=1e-15)
    noisy = noisy_state(device, "c", n_th=1e-18, gamma_phi=1e-18)
    assert_same(noisy, quiet, rel=max(noisy.error, 1e-9))


@given(devices(U_a=0.0, U_c=0.0, kappa_b=0.7), st.sampled_from([1e-7, 1e-4, 1e-2, 0.03]))
def test_linear_cavities_hold_displaced_thermal_light(device, n_th):
    cavities = 3 if device.has_b else 2
    H = effective_hamiltonians([device], 1)[0]
    light = abs(device.Omega * np.linalg.solve(H, np.eye(cavities)[0])[1]) ** 2
    n = light + n_th
    state = noisy_state(device, "a", n_th=n_th, rtol=1e-2)
    assert state.n == pytest.approx(n, rel=1e-9)
    assert pytest.approx(device.kappa_a * device.kappa_c * n / device.Omega**2, rel=1e-9) == state.T
    assert state.g2 == pytest.approx((light**2 + 4 * light * n_th + 2 * n_th**2) / n**2, rel=1e-9)
    third = light**3 + 9 * light**2 * n_th + 18 * light * n_th**2 + 6 * n_th**3
    assert state.g3 == pytest.approx(third / n**3, rel=1e-9)


@few
def test_without_a_drive_the_cavities_are_in_equilibrium(device):
    """Baths of one temperature and an H that conserves photons: whatever the Kerr terms do."""
    n_th = 0.01
    state = noisy_state(device.replace(Omega=0), "a", n_th=n_th, gamma_phi=0.1)
    assert np.inf == state.T
    assert state.n == pytest.approx(n_th, rel=1e-9)
    assert [state.g2, state.g3] == pytest.approx([2, 6], rel=1e-9)
    m = np.arange(4)
    assert pytest.approx(n_th**m / (1 + n_th) ** (m + 1), rel=1e-6) == state.P


def test_dephasing_of_linear_cavities_solves_the_equations_of_first_order(device):
    """Amplitudes are damped by gamma_phi / 2 more; photon numbers are not."""
    device, gamma = device.replace(U=0, Omega=0.07), 0.3
    M = effective_hamiltonians([device], 1)[0]
    size = len(M)
    damping = np.array([gamma / 2, gamma / 2, 0])[:size]
    drive = np.eye(size)[0] * device.Omega
    o = np.linalg.solve(M - 1j * np.diag(damping), -drive)
    # d/dt <o_j^dag o_i> = 0 for the matrix C of these moments.
    unit = np.eye(size)
    dephased = -1j * (damping[:, None] + damping) * (1 - unit)
    L = np.kron(M, unit) - np.kron(unit, M.conj()) + np.diag(dephased.ravel())
    source = np.outer(drive, o.conj()) - np.outer(o, drive)
    C = np.linalg.solve(L, -source.ravel()).reshape(size, size)
    state = noisy_state(device, "a", gamma_phi=gamma)
    assert state.n == pytest.approx(C[1, 1].real, rel=1e-9)


@few
def test_dephasing_at_weak_drive_has_a_limit(device):
    limit, weak = (
        noisy_state(device.replace(Omega=Omega), "a", gamma_phi=0.1) for Omega in (0, 1e-6)
    )
    assert [weak.T, weak.g2, weak.g3] == pytest.approx([limit.T, limit.g2, limit.g3], rel=1e-6)


def test_exchanging_a_and_c_exchanges_the_directions():
    device, noise = DEVICES["all unequal"], {"n_th": 1e-3, "gamma_phi": 0.1}
    assert_same(
        noisy_state(device, "a", **noise), noisy_state(mirrored(device), "c", **noise), rel=1e-6
    )


@few
def test_the_error_is_honest(device):
    noise = {"n_th": 1e-3, "gamma_phi": 0.1}
    rough, exact = (noisy_state(device, "c", **noise, rtol=rtol) for rtol in (1e-3, 1e-7))
    assert rough.error <= 1e-3
    assert_same(rough, exact, rel=rough.error)


def test_a_sweep_holds_the_same_states():
    data = noise_sweep(Device(), kappa_b=[1, 1.25], n_th=[0, 1e-4], gamma_phi=0.1, rtol=1e-3)
    assert dict(data.sizes) == {"direction": 2, "kappa_b": 2, "n_th": 2, "m": 4}
    assert data.attrs["gamma_phi"] == 0.1
    alone = noisy_state(Device(kappa_b=1.25), "c", n_th=1e-4, gamma_phi=0.1, rtol=1e-3)
    there = data.sel(direction="c->a").isel(n_th=1, kappa_b=1)
    assert there["g3"].item() == pytest.approx(alone.g3, rel=1e-9)
    assert there["P"].values == pytest.approx(alone.P, rel=1e-9)


@pytest.mark.parametrize("name", ["n_th", "gamma_phi"])
def test_wrong_noise_is_refused(name):
    for value in (-1e-9, np.nan, np.inf, 1e6):
        with pytest.raises(ValueError, match=f"{name} = .*: allowed is a number from 0 to"):
            noisy_state(Device(), **{name: value})
    for value in ("much", None, True, 1j):
        with pytest.raises(TypeError, match=f"{name} = "):
            noisy_state(Device(), **{name: value})
    for values in ([], [[1e-3]]):
        with pytest.raises(ValueError, match=f"{name} = "):
            noise_sweep(Device(), **{name: values})


def test_too_much_noise_is_refused_in_words():
    for n_th in (0.2, 0.6, 1e5):
        with pytest.raises(ConvergenceError, match=f"n_th = {n_th:g}, .*less noise"):
            noisy_state(Device().without_b(), n_th=n_th)


def test_cavities_of_very_different_losses_are_not_refused():
    """The estimate of rounding leaves no digits here; measured, it leaves some."""
    device = Device(kappa_a=1e5)
    ours = noisy_state(device, "c", gamma_phi=0.1)
    T, g2, *_ = in_qutip(device, "c", 0.0, 0.1, 4)
    assert [ours.T, ours.g2] == pytest.approx([T, g2], rel=max(ours.error, 1e-6))
