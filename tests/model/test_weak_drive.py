"""Weak drive: the limits against steady states at no drive, at weak drive, and by QuTiP."""

import numpy as np
import pytest
import qutip
from conftest import devices
from hypothesis import given

from lossnr import Device, steady_state
from lossnr.model import lindblad, weak_drive
from lossnr.model.scattering import transmission


@given(devices(Omega=0))
def test_the_limits_are_those_of_the_solver(device):
    for drive in "ac":
        limit, state = weak_drive.limits(device, drive), steady_state(device, drive=drive)
        if limit[0] > 1e-6:
            assert limit == pytest.approx((state.T, state.g2, state.g3), rel=1e-8)


@given(devices())
def test_the_transmission_is_that_of_linear_light(device):
    limits = [weak_drive.limits(device, drive)[0] for drive in "ac"]
    assert limits == pytest.approx(transmission(device), rel=1e-9, abs=1e-14)


def test_qutip_tends_to_the_limits():
    device = Device(kappa_b=1.7, Delta_a=0.2, U_a=3, J_bc=0.5, Omega=0.01)
    state = lindblad.steady_state(device, drive="a", excitations=4)
    assert (state.T, state.g2, state.g3) == pytest.approx(weak_drive.limits(device), rel=2e-3)


@pytest.mark.parametrize("theta", [-np.pi / 4, 0.9, -2.0])
@pytest.mark.parametrize("U", [0.1, 1, 5, 30])
@pytest.mark.parametrize("Omega", [0.001, 0.0005])
def test_a_dark_output_follows_the_laws(theta, U, Omega):
    device = Device.optimal(theta).replace(U=U, Omega=Omega)
    T, g2, g3 = weak_drive.dark_limits(device)
    state = steady_state(device, drive="c")
    # What is left is the next order of the drive.
    assert pytest.approx(T * Omega**2, rel=300 * Omega**2) == state.T
    assert state.g2 == pytest.approx(g2 / Omega**4, rel=600 * Omega**2)
    assert state.g3 == pytest.approx(g3 / Omega**6, rel=900 * Omega**2)


def test_the_light_of_a_dark_output_has_no_phase():
    shares = []
    for Omega in (0.1, 0.05):
        device = Device(Omega=Omega)
        rho = qutip.steadystate(lindblad.liouvillian(device, "c", 3))
        a = lindblad.operators(device, 3)["a"]
        shares.append(abs(qutip.expect(a, rho)) ** 2 / qutip.expect(a.dag() * a, rho))
    # The mean field is of order Omega^5 and the light of order Omega^4.
    assert shares[0] < 1e-3
    assert shares[0] / shares[1] == pytest.approx(2**6, rel=0.1)


def test_without_loss_the_drive_makes_the_transmission_nonreciprocal():
    apart = []
    for Omega in (0.02, 0.04):
        device = Device(kappa_b=0, Omega=Omega).replace(Delta=0)
        forward, backward = (steady_state(device, drive=drive).T for drive in "ac")
        apart.append(forward - backward)
    assert abs(apart[0]) > 1e-5
    assert apart[1] / apart[0] == pytest.approx(4, rel=0.05)


@given(devices(Omega=0))
def test_the_incoherent_light_is_positive(device):
    C = weak_drive.incoherent_light(device, "a")
    assert abs(C - C.conj().T).max() <= 1e-9 * max(abs(C).max(), 1e-9)
    assert np.linalg.eigvalsh(C).min() > -1e-9 * max(abs(C).max(), 1e-9)


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match="drive = 'a': the output is not dark, T = 1"):
        weak_drive.dark_limits(Device(), drive="a")
    for function in (weak_drive.limits, weak_drive.pairs, weak_drive.incoherent_light):
        with pytest.raises(ValueError, match="drive = 'b': allowed are 'a' and 'c'"):
            function(Device(), "b")
        with pytest.raises(TypeError, match="device = 3: allowed is a Device"):
            function(3)
