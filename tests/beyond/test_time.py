"""Correlations in time: limits, symmetries, and QuTiP's correlation functions."""

import numpy as np
import pytest
from conftest import DEVICES, devices, mirrored
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from lossnr import ConvergenceError, Device, steady_state
from lossnr.beyond import g2_tau
from lossnr.beyond.oracle import by_qutip
from lossnr.model import weak_drive
from lossnr.model.fock import effective_hamiltonians
from lossnr.model.samples import random_devices

DELAYS = np.array([0, 0.1, 0.3, 0.7, 1.2, 2, 3.5, 6, 10])
DRIVES = st.sampled_from("ac")


def assert_close(found, expected, rel):
    """Compare curves as the error of `g2_tau` is meant: where g2 is small, with the largest."""
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    if not np.isnan(expected).any():
        scale = np.maximum(expected, 1e-3 * max(1, expected.max()))
        assert np.max(np.abs(found - expected) / scale) < rel


@pytest.mark.parametrize("drive", "ac")
@pytest.mark.parametrize("device", [Device(), *random_devices(2, Omega=0.1)], ids=range(3))
def test_qutip_agrees_at_nine_delays(device, drive):
    found = g2_tau(device, DELAYS, drive)
    assert found.error < 1e-6
    assert_close(found.g2, by_qutip(device, DELAYS, drive), rel=1e-5)


def test_qutip_agrees_in_the_dark_direction_at_a_stronger_drive():
    found = g2_tau(Device(Omega=0.25), DELAYS, "c", rtol=1e-5)
    assert_close(found.g2, by_qutip(Device(Omega=0.25), DELAYS, "c", excitations=5), rel=1e-5)


def test_qutip_agrees_where_sweeps_diverge():
    device = Device(Omega=0.8).without_b()
    found = g2_tau(device, DELAYS, "c", rtol=1e-4)
    assert_close(found.g2, by_qutip(device, DELAYS, "c", excitations=9), rel=found.error + 1e-7)


@pytest.mark.parametrize("Omega", [0, 1e-9, 1e-4])
def test_at_weak_drive_it_is_the_square_of_an_amplitude(Omega):
    """After a detection the state is pure; its amplitudes of no and one photon relax alone."""
    for device in [*random_devices(3, Omega=Omega), Device(Omega=Omega)]:
        _, one, two = weak_drive.amplitudes(device, photons=2)
        # In both sectors the states with photons in a come first, then those with them in c:
        # a c, c c, c b come from c on the states of two photons, in the order of a, c, b.
        after = np.array([two[1], np.sqrt(2) * two[3], two[4]]) / one[1]
        H = np.zeros((4, 4), dtype=complex)
        H[1:, 1:] = effective_hamiltonians([device], 1)[0]
        H[1, 0] = 1
        start = np.array([1, *after])
        amplitude = np.array([(expm(-1j * H * tau) @ start)[2] for tau in DELAYS])
        expected = np.abs(amplitude / one[1]) ** 2
        assert_close(g2_tau(device, DELAYS).g2, expected, rel=max(1e-9, 1e3 * Omega**2))


def test_in_the_dark_direction_pairs_follow_their_law_at_any_weak_drive():
    weaker, weak = (g2_tau(Device(Omega=Omega), DELAYS, "c").g2 for Omega in (1e-9, 1e-3))
    np.testing.assert_allclose(weaker * 1e-36, weak * 1e-12, rtol=1e-4)


@settings(max_examples=10)
@given(devices(), DRIVES)
def test_it_begins_with_the_steady_state_and_ends_at_one(device, drive):
    found, state = g2_tau(device, [0, 1e5], drive, rtol=1e-4), steady_state(device, drive)
    if np.isnan(state.g2):
        assert np.isnan(found.g2).all()
    else:
        assert found.g2[0] == pytest.approx(state.g2, rel=1e-4)
        assert found.g2[1] == 1
        assert np.all(found.g2 >= 0)
        assert found.error <= max(1e-4, state.error)


@settings(max_examples=6)
@given(devices(max_Omega=3, U_a=0.0, U_c=0.0), DRIVES)
def test_linear_cavities_have_no_correlation(device, drive):
    found = g2_tau(device, DELAYS, drive)
    expected = DELAYS**0 if not np.isnan(found.g2).any() else DELAYS * np.nan
    assert_close(found.g2, expected, rel=1e-9)


@settings(max_examples=4)
@given(devices(), DRIVES, st.floats(0.5, 2), st.floats(-3, 3))
def test_symmetries(device, drive, factor, angle):
    """Other units of time, a and c exchanged, and a gauge of the loop leave g2 as it is."""
    expected = g2_tau(device, DELAYS, drive, rtol=1e-5).g2
    rates = {name: x * factor for name, x in device.parameters().items() if name != "theta"}
    scaled = g2_tau(device.replace(**rates), DELAYS / factor, drive, rtol=1e-5)
    exchanged = g2_tau(mirrored(device), DELAYS, "c" if drive == "a" else "a", rtol=1e-5)
    turned = device.replace(theta=device.theta + np.pi, J_ac=-device.J_ac)
    gauges = [turned, device.replace(J_ab=-device.J_ab, J_bc=-device.J_bc)]
    if not device.has_b:  # without a loop any phase is one
        gauges.append(device.replace(theta=angle))
    for found in [scaled, exchanged, *(g2_tau(each, DELAYS, drive, rtol=1e-5) for each in gauges)]:
        assert_close(found.g2, expected, rel=2e-5)


@pytest.mark.parametrize("name", ["optimum", "two cavities", "b as the only path", "all unequal"])
def test_the_error_is_what_it_says(name):
    for device, drive in ((DEVICES[name], "a"), (DEVICES[name], "c")):
        precise = g2_tau(device, DELAYS, drive, rtol=1e-7).g2
        for rtol in (1e-2, 1e-4):
            found = g2_tau(device, DELAYS, drive, rtol=rtol)
            assert found.error <= rtol
            assert_close(found.g2, precise, rel=found.error + 1e-7)


def test_delays_of_any_shape_and_order():
    flat = g2_tau(Device(), [2, 0, 1, 1], rtol=1e-3)
    assert flat.g2[2] == flat.g2[3]
    square = g2_tau(Device(), np.array([[2, 0], [1, 1]]), rtol=1e-3)
    assert np.array_equal(square.g2, flat.g2.reshape(2, 2))
    assert g2_tau(Device(), 2, rtol=1e-3).g2.shape == ()
    assert g2_tau(Device(), [], rtol=1e-3).g2.shape == (0,)


@pytest.mark.parametrize(
    ("taus", "error"),
    [
        ([-1.0], ValueError),
        ([0, np.nan], ValueError),
        (np.inf, ValueError),
        ("1", TypeError),
        ([True], TypeError),
        (None, TypeError),
        ([[1], [1, 2]], TypeError),
        (np.array([1], "m8[s]"), TypeError),
    ],
)
def test_other_delays_are_refused(taus, error):
    with pytest.raises(error, match=r"taus = .*allowed are finite numbers >= 0"):
        g2_tau(Device(), taus)


@pytest.mark.parametrize(
    ("device", "words"),
    [
        pytest.param(
            Device(Omega=0.9),
            "Omega = 0.9 is too strong for rtol = 1e-06 .* 6 photons",
            marks=pytest.mark.slow,
        ),
        (Device(U_a=1e5), "light oscillates fast"),
        (Device(J_bc=0, J_ab=0, kappa_a=1e-12, Delta_a=0, J_ac=1e-6), "too strong|no digits"),
    ],
)
def test_what_cannot_be_known_is_refused_in_words(device, words):
    with pytest.raises(ConvergenceError, match=words):
        g2_tau(device, DELAYS)
