"""Linear theory: closed forms against the scattering matrix, and the symmetries of both."""

from math import pi

import numpy as np
import pytest
from conftest import devices, mirrored
from hypothesis import given
from hypothesis import strategies as st

from lossnr import Device
from lossnr.model import scattering
from lossnr.model.scattering import scattering_matrix, transmission


@given(devices())
def test_closed_forms_are_the_scattering_matrix(device):
    S = scattering_matrix(device)
    assert transmission(device) == pytest.approx((abs(S[1, 0]) ** 2, abs(S[0, 1]) ** 2), abs=1e-12)


@given(devices())
def test_all_light_goes_somewhere(device):
    # With the losses counted as outputs nothing is lost: S is unitary.
    S = scattering_matrix(device)
    assert pytest.approx(np.eye(3), abs=1e-11) == S.conj().T @ S


@given(devices(), st.floats(-3, 3))
def test_equal_detunings_give_the_printed_equations(device, Delta):
    device = device.replace(Delta=Delta, J=0.7)
    d, delta, J = device, -Delta, 0.7
    x_a, x_b, x_c = (delta + 0.5j * kappa for kappa in (d.kappa_a, d.kappa_b, d.kappa_c))
    D = 2 * np.cos(d.theta) * J**2 * d.J_ac + d.J_ac**2 * x_b + J**2 * x_c
    D -= x_a * (-(J**2) + x_b * x_c)
    for T, sign in zip(transmission(device), (1, -1), strict=True):
        numerator = J**2 + np.exp(1j * sign * d.theta) * d.J_ac * x_b
        expected = abs(-1j * np.sqrt(d.kappa_a * d.kappa_c) * numerator / D) ** 2
        assert pytest.approx(expected, rel=1e-11, abs=1e-14) == T


@given(devices())
def test_exchange_of_the_cavities_exchanges_the_directions(device):
    assert transmission(mirrored(device)) == pytest.approx(transmission(device)[::-1], rel=1e-10)


@given(devices())
def test_without_phase_or_without_loss_light_is_reciprocal(device):
    for reciprocal in (
        device.replace(theta=0),
        device.replace(theta=pi),
        device.replace(kappa_b=0),
        device.without_b(),
    ):
        forward, backward = transmission(reciprocal)
        assert forward == pytest.approx(backward, rel=1e-9, abs=1e-12)


def test_two_cavities_by_hand():
    device = Device(Delta_a=0.2, Delta_c=-0.3, kappa_a=0.5, kappa_c=2, J_ac=0.8).without_b()
    expected = 0.5 * 2 * 0.8**2 / abs(0.8**2 - (-0.2 + 0.25j) * (0.3 + 1j)) ** 2
    assert transmission(device) == pytest.approx((expected, expected), rel=1e-14)


def test_the_working_point_is_a_circulator():
    # a -> c -> (the loss of) b -> a, each completely.
    S = scattering_matrix(Device())
    assert abs(S) == pytest.approx(np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]]), abs=1e-12)


@pytest.mark.parametrize("function", [scattering.transmission, scattering.scattering_matrix])
def test_only_a_device_is_allowed(function):
    with pytest.raises(TypeError, match="device = 3: allowed is a Device"):
        function(3)


def test_the_two_paths_make_the_transmission():
    device = Device(Delta_a=0.2, kappa_b=0.7, J_ab=0.4)
    paths = scattering.path_amplitudes(device)
    T = [abs(direct + through_b) ** 2 for direct, through_b in paths.values()]
    assert pytest.approx(scattering.transmission(device)) == T
    assert paths["a->c"][1] == paths["c->a"][1]
    assert scattering.path_amplitudes(device.without_b())["a->c"][1] == 0
