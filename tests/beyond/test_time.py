"""Correlations in time: limits, symmetries, and QuTiP's correlation functions."""

import numpy as np
import pytest
import qutip
from conftest import devices, mirrored
from hypothesis import given, settings
from hypothesis import strategies as st

from lossnr import ConvergenceError, Device, steady_state
from lossnr.beyond import g2_tau
from lossnr.model import lindblad

DELAYS = np.array([0, 0.1, 0.3, 0.7, 1.2, 2, 3.5, 6, 10])
DRIVES = st.sampled_from("ac")


def by_qutip(device, drive, delays, excitations):
    """Return g2(tau) by QuTiP on the states of so many photons, at drives where it is exact."""
    H = lindblad.hamiltonian(device, drive, excitations)
    losses = lindblad.collapse_operators(device, excitations)
    o = lindblad.operators(device, excitations)["c" if drive == "a" else "a"]
    rho = qutip.steadystate(H, losses, solver="spsolve")
    options = {"rtol": 1e-10, "atol": 1e-16, "nsteps": 100_000}
    found = qutip.correlation_3op_1t(
        H, rho, delays, losses, o.dag(), o.dag() * o, o, options=options
    )
    return np.real(found) / qutip.expect(o.dag() * o, rho) ** 2


def assert_close(found, expected, rel):
    """Compare curves as the error of `g2_tau` is meant: where g2 is small, with the largest."""
    scale = np.maximum(expected, 1e-3 * max(1, expected.max()))
    assert np.max(np.abs(found - expected) / scale) < rel


@settings(max_examples=6)
@given(devices(Omega=0.1, U_a=2.0), DRIVES)
def test_qutip_agrees_at_nine_delays(device, drive):
    found = g2_tau(device, DELAYS, drive)
    assert found.error < 1e-6
    assert_close(found.g2, by_qutip(device, drive, DELAYS, 5), rel=1e-5)


@pytest.mark.parametrize("drive", "ac")
def test_qutip_agrees_at_the_optimum_with_a_stronger_drive(drive):
    device = Device(Omega=0.3)
    found = g2_tau(device, DELAYS, drive, rtol=1e-4)
    assert_close(found.g2, by_qutip(device, drive, DELAYS, 5), rel=1e-4)


@given(devices(), DRIVES)
def test_it_begins_with_the_steady_state_and_ends_at_one(device, drive):
    found = g2_tau(device, [0, 1e4], drive, rtol=1e-4)
    state = steady_state(device, drive)
    if np.isnan(state.g2):
        assert np.isnan(found.g2).all()
        return
    assert found.g2[0] == pytest.approx(state.g2, rel=1e-4)
    assert found.g2[1] == pytest.approx(1, rel=1e-9)
    assert found.error <= max(1e-4, state.error)


@given(devices(U_a=0.0, U_c=0.0), DRIVES)
def test_coherent_light_has_no_correlation(device, drive):
    np.testing.assert_allclose(g2_tau(device, DELAYS, drive).g2, 1, rtol=0, atol=1e-9)
