"""Closed forms: identities by SymPy, and values against numerics at random devices."""

from math import pi

import numpy as np
import pytest
import sympy as sp
from conftest import devices, mirrored
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad_vec
from scipy.linalg import expm

from lossnr import Device, steady_state
from lossnr.model import closed_forms, symbolic, weak_drive
from lossnr.model.closed_forms import U
from lossnr.model.fock import effective_hamiltonians
from lossnr.model.scattering import scattering_matrix, transmission

ALPHAS = sp.symbols("alpha_a alpha_c alpha_b", real=True)
KERR = [0.01, 0.3, 1, 5, 40]


def outcome(device, drive):
    state = steady_state(device, drive=drive)
    return np.array([state.T, state.g2, state.g3])


def scale_b(device, factor):
    """Multiply J^2, kappa_b and Delta_b of cavity b by a factor."""
    return device.replace(
        J_ab=device.J_ab * factor**0.5,
        J_bc=device.J_bc * factor**0.5,
        kappa_b=device.kappa_b * factor,
        Delta_b=device.Delta_b * factor,
    )


def pairs_by_frequency(device):
    """Return the matrix Pi as an integral over the frequencies of the two photons of a pair."""
    H = effective_hamiltonians([device], 1)[0]

    def both(nu):
        one, other = (np.linalg.inv(H - sign * nu * np.eye(len(H)))[:2, :2] for sign in (1, -1))
        return -1j * one * other / (2 * pi)

    return quad_vec(both, -np.inf, np.inf, epsabs=1e-10)[0]


def test_no_gauge_changes_the_loop():
    gauged, M = closed_forms.gauged(ALPHAS), symbolic.drift_matrix()
    assert symbolic.same(closed_forms.loop(gauged), closed_forms.loop(M))
    assert gauged[1, 0] != M[1, 0]


def test_time_reversal_changes_the_sign_of_theta():
    M = symbolic.drift_matrix()
    assert symbolic.same(M.T, M.subs(symbolic.theta, -symbolic.theta))


@given(devices(kappa_b=1))
def test_time_reversal_exchanges_the_directions_of_linear_light(device):
    reversed_ = device.replace(theta=-device.theta)
    assert transmission(reversed_) == pytest.approx(transmission(device)[::-1], rel=1e-9, abs=1e-14)


def test_mirrored_devices_exchange_the_directions_of_all_light():
    device = Device(kappa_b=0.6, theta=0.7, Omega=0.3).replace(Delta=0.2)
    mirror = mirrored(device)
    assert mirror == device.replace(theta=-0.7)
    assert outcome(mirror, "a") == pytest.approx(outcome(device, "c"), rel=1e-9)


def test_cavities_coupled_unequally_to_b_are_no_mirror_images():
    device = Device(theta=0, J_ab=0.5, J_bc=0.9)
    forward, backward = (outcome(device, drive) for drive in "ac")
    assert abs(forward / backward - 1).min() > 0.01


@given(devices(), st.floats(0.01, 100))
def test_linear_light_does_not_change_if_b_is_scaled(device, factor):
    scaled = scale_b(device, factor)
    assert transmission(scaled) == pytest.approx(transmission(device), rel=1e-9, abs=1e-14)


@given(st.floats(-3, -0.1), st.floats(0.01, 4))
def test_any_loss_will_do_if_b_has_its_own_detuning(theta, loss):
    device = scale_b(Device.optimal(theta), loss)
    assert device.kappa_b == pytest.approx(loss)
    assert transmission(device) == pytest.approx((1, 0), abs=1e-9)


def test_scaling_b_changes_correlations_but_not_the_transmission_of_weak_light():
    device = Device().replace(Delta=0.2)
    for drive in "ac":
        T, g2, _ = weak_drive.limits(device, drive)
        T_scaled, g2_scaled, _ = weak_drive.limits(scale_b(device, 0.3), drive)
        assert T_scaled == pytest.approx(T, rel=1e-9)
        assert abs(g2_scaled / g2 - 1) > 0.1


def test_two_cavities_do_not_know_the_phase():
    device = Device(U_a=1, kappa_c=0.7, Omega=0.3).without_b()
    for drive in "ac":
        expected = outcome(device, drive)
        assert outcome(device.replace(theta=2.0), drive) == pytest.approx(expected, rel=1e-9)


@given(devices())
def test_the_isolation_has_one_closed_form(device):
    if not device.has_b:  # D has the common factor x_b, which may be zero
        return
    d = device.parameters()
    x = {o: complex(-d[f"Delta_{o}"], d[f"kappa_{o}"] / 2) for o in "abc"}
    values = {getattr(closed_forms, f"x_{o}"): x[o] for o in "abc"}
    for name in ("J_ab", "J_bc", "J_ac", "kappa_b", "theta"):
        values[getattr(symbolic, name)] = d[name]
    D = complex(closed_forms.amplitude("a->c")[1].subs(values))
    found = float(closed_forms.isolation().subs(values)) / abs(D) ** 2
    forward, backward = transmission(device)
    assert d["kappa_a"] * d["kappa_c"] * found == pytest.approx(forward - backward, abs=1e-9)


@given(devices())
def test_the_bath_of_b_takes_the_difference(device):
    T = abs(scattering_matrix(device)) ** 2
    assert T[1, 0] - T[0, 1] == pytest.approx(T[0, 2] - T[2, 0], abs=1e-10)
    assert T[1, 0] - T[0, 1] == pytest.approx(T[2, 1] - T[1, 2], abs=1e-10)


def test_the_series_of_paths_adds_up():
    values = {symbolic.J_ab: 3e-3, symbolic.J_bc: 2e-3, symbolic.J_ac: 1e-3, symbolic.theta: 0.4}
    values |= {closed_forms.x_a: 0.3 + 0.5j, closed_forms.x_b: 0.1 + 0.6j}
    values |= {closed_forms.x_c: -0.2 + 0.4j}
    for direction in symbolic.DIRECTION_INDICES:
        N, D = (complex(each.subs(values)) for each in closed_forms.amplitude(direction))
        series = sum(complex(e.subs(values)) for e in closed_forms.path_series(direction, 3))
        assert series == pytest.approx(N / D, rel=1e-6)


def test_at_eq_16_the_device_is_an_ideal_circulator():
    S = closed_forms.optimal_scattering().subs(symbolic.kappa_b, symbolic.kappa)
    assert S.applyfunc(lambda e: 1 if e != 0 else 0).tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert symbolic.same(S.H * S, sp.eye(3))


@given(st.floats(-3, -0.1), st.floats(0, 4))
def test_the_scattering_matrix_at_any_loss_of_b(theta, loss):
    device = Device.optimal(theta).replace(kappa_b=loss)
    values = {symbolic.kappa: 1, symbolic.theta: theta, symbolic.kappa_b: loss}
    S = np.array(closed_forms.optimal_scattering().subs(values).evalf(), dtype=complex)
    assert scattering_matrix(device) == pytest.approx(S, abs=1e-8)
    assert transmission(device) == pytest.approx((1, ((1 - loss) / (1 + loss)) ** 2), abs=1e-8)


@given(st.floats(0.01, 4), st.floats(-2, 2))
def test_the_scattering_matrix_at_a_right_angle(loss, delta):
    device = Device(theta=-pi / 2, J_ac=0.5, kappa_b=loss).replace(J=loss**0.5 / 2, Delta=-delta)
    values = {symbolic.kappa: 1, symbolic.delta: delta, symbolic.kappa_b: loss}
    S = np.array(closed_forms.right_angle_scattering().subs(values).evalf(), dtype=complex)
    assert scattering_matrix(device) == pytest.approx(S, abs=1e-8)


def test_the_working_matrix_is_the_hamiltonian_of_one_photon():
    found = np.array(closed_forms.working_matrix(sp.Rational(1, 5), 2), dtype=complex)
    units = np.array([1, 1, 2**0.5])
    H = effective_hamiltonians([Device(kappa_b=2).replace(Delta=0.2)], 1)[0]
    assert found == pytest.approx(H * units[:, None] / units, abs=1e-12)


@pytest.mark.parametrize("value", KERR)
def test_the_correlations_are_the_numerical_ones(value):
    for kerr, device in (
        ((U, U), Device().replace(U=value)),
        ((0, U), Device(U_a=0, U_c=value)),
    ):
        found = [closed_forms.correlation("a->c", n, None, kerr).subs(U, value) for n in (2, 3)]
        assert [float(g) for g in found] == pytest.approx(weak_drive.limits(device)[1:], rel=1e-8)


@pytest.mark.parametrize("Delta", [sp.S.Zero, sp.Rational(-3, 10)])
def test_the_correlations_without_loss_are_the_numerical_ones(Delta):
    M = closed_forms.working_matrix(Delta, 0)
    device = Device(kappa_b=0).replace(Delta=float(Delta), U=2)
    for direction in symbolic.DIRECTION_INDICES:
        found = float(closed_forms.correlation(direction, 2, M).subs(U, 2))
        assert found == pytest.approx(weak_drive.limits(device, direction[0])[1], rel=1e-8)


def test_the_pairs_from_a_to_c_cancel_at_no_real_kerr_nonlinearity():
    Pi = closed_forms.pair_propagator()
    zero = -1 / (2 * (Pi[0, 0] - Pi[1, 0]))
    numerator = sp.numer(closed_forms.correlation("a->c", 2))
    assert sp.simplify(numerator.subs(U, zero)) == 0
    assert sp.im(zero) != 0


@pytest.mark.parametrize("value", KERR)
def test_the_dark_laws_are_the_numerical_ones(value):
    found = [float(law.subs(U, value)) for law in closed_forms.dark_laws()]
    assert found == pytest.approx(weak_drive.dark_limits(Device().replace(U=value)), rel=1e-8)


def test_pairs_follow_from_their_propagator():
    Pi = np.array(closed_forms.pair_propagator(), dtype=complex)
    device = Device(U_a=2, U_c=7)
    states = weak_drive.amplitudes(device, "a", 2)
    free = states[1][:2] ** 2
    pairs = np.linalg.solve(np.eye(2) + 2 * Pi * [2, 7], free)
    assert pairs == pytest.approx(2**0.5 * states[2][[0, 3]], abs=1e-10)


def test_the_pair_propagator_is_an_integral_over_time_and_over_frequency():
    device = Device(kappa_b=0).replace(Delta=0)
    Pi = np.array(closed_forms.pair_propagator(closed_forms.working_matrix(0, 0)), dtype=complex)
    H = effective_hamiltonians([device], 1)[0]
    over_time = 1j * quad_vec(lambda t: expm(-1j * H * t)[:2, :2] ** 2, 0, np.inf)[0]
    assert over_time == pytest.approx(Pi, abs=1e-7)
    assert pairs_by_frequency(device) == pytest.approx(Pi, abs=1e-7)


@given(devices(kappa_b=0))
def test_without_loss_both_directions_are_equal_in_size_at_each_frequency(device):
    H = effective_hamiltonians([device], 1)[0]
    for nu in (-1.3, 0.2, 2.1):
        G = np.linalg.inv(H - nu * np.eye(len(H)))
        assert abs(G[1, 0]) == pytest.approx(abs(G[0, 1]), rel=1e-8, abs=1e-12)


def test_pairs_pass_unequally_without_loss_and_equally_in_two_cavities():
    Pi = pairs_by_frequency(Device(kappa_b=0).replace(Delta=0))
    assert abs(Pi[1, 0]) > 2 * abs(Pi[0, 1])
    Pi = pairs_by_frequency(Device(U_a=1, kappa_c=0.7).without_b())
    assert abs(Pi[1, 0]) == pytest.approx(abs(Pi[0, 1]), rel=1e-8)


def test_without_loss_correlations_are_reciprocal_at_one_detuning_only():
    Delta = sp.Symbol("Delta", real=True)
    slope = closed_forms.kerr_nonreciprocity(closed_forms.working_matrix(Delta, 0))
    assert slope.subs(Delta, sp.Rational(1, 2)) == 0
    above, below = (sp.Poly(each, Delta) for each in sp.fraction(sp.together(slope)))
    assert above.count_roots() == 1
    assert below.count_roots() == 0
    assert below.eval(0) > 0
    for value in (-1.3, 0, 0.2, 0.9):
        device = Device(kappa_b=0).replace(Delta=value, U=1e-6)
        g2 = [weak_drive.limits(device, drive)[1] for drive in "ac"]
        assert (g2[0] - g2[1]) / 1e-6 == pytest.approx(float(slope.subs(Delta, value)), rel=1e-4)


def test_without_loss_both_directions_are_alike_at_the_working_point():
    M = closed_forms.working_matrix(loss=0)
    forward, backward = (
        closed_forms.correlation(direction, 2, M) for direction in ("a->c", "c->a")
    )
    assert forward == backward
