"""The fast solver where it is hard: strong drive, exceptional points, rounding."""

import re

import mpmath
import numpy as np
import pytest
from conftest import UNCOUPLED, assert_same, devices, mirrored
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import reference

from lossnr import ConvergenceError, Device, steady_state
from lossnr.model import lindblad, scattering
from lossnr.solver import steadystate
from lossnr.solver.steadystate import steady_line, steady_points

drives = st.sampled_from("ac")


def test_agrees_with_the_oracle_where_the_lossless_cavity_fills():
    # Beyond the radius of convergence of the series: the Krylov solve.
    device = Device(kappa_b=0, Omega=0.3)
    fast = steady_state(device, "a")
    assert fast.method == "Krylov"
    slow = lindblad.steady_state(device, "a", excitations=5)
    assert slow.error < 0.05
    assert_same(fast, slow, rel=slow.error)


def test_a_divergent_series_is_not_taken_for_a_sum():
    # Beyond the radius of convergence the ratios of the sums settle too, on negative correlations.
    device = Device(
        Omega=0.675, Delta_a=-0.05, Delta_c=1.69, U_a=-1.98, U_c=5.99, kappa_a=0.63, kappa_c=0.85
    ).replace(J=0, J_ac=-0.5)
    slow = lindblad.steady_state(device, excitations=11, photons=2)
    for rtol in (1e-2, 1e-3, 1e-6):
        fast = steady_state(device, rtol=rtol, photons=2)
        assert fast.g2 == pytest.approx(slow.g2, rel=fast.error + slow.error)
        assert pytest.approx(slow.T, rel=fast.error + slow.error) == fast.T


@settings(max_examples=4)  # each may take a second, and the adversary tries thousands
@given(devices(max_Omega=0.5), drives, st.floats(0.02, 1), st.floats(-50, 50), st.booleans())
def test_never_wrong_by_more_than_it_says_far_from_the_paper(device, drive, kappa, U, two):
    device = device.replace(kappa_a=kappa, kappa_c=1.3 * kappa, U_a=U, U_c=0.7 * U)
    device = device.without_b() if two else device
    try:
        precise = steady_state(device, drive, photons=8)
        rough = steady_state(device, drive, rtol=1e-2, photons=8)
    except ConvergenceError:
        return
    assert_same(rough, precise, rel=rough.error + precise.error)


@pytest.mark.parametrize("U", [0, 5])
@pytest.mark.parametrize("distance", [0, 1e-9, 1e-6, 1e-3, 0.1])
def test_passes_through_an_exceptional_point(U, distance):
    # Two resonant cavities whose losses differ by 4 J have a single eigenvector.
    J, kappa_a = 0.3, 0.5
    device = Device(
        kappa_a=kappa_a, kappa_c=kappa_a + 4 * J * (1 + distance), J_ac=J, U_a=U, U_c=U, Omega=0.03
    ).without_b()
    fast = steady_state(device)
    slow = lindblad.steady_state(device, excitations=7)
    assert_same(fast, slow, rel=1e-6)
    assert fast.residual < 1e-10


def test_three_equal_lossless_couplings_are_degenerate():
    # H has equal eigenvalues without an exceptional point: any eigenbasis will do.
    device = Device(theta=0, U_a=0, U_c=0, Delta_a=0.2, Delta_b=0.2, Delta_c=0.2)
    assert pytest.approx(scattering.transmission(device)[0], rel=1e-12) == steady_state(device).T


@pytest.mark.parametrize(
    "device",
    [  # where GMRES fails, and where the error does not fall fast enough
        Device(Omega=100).without_b(),
        Device(Omega=0.59, kappa_a=0.43, kappa_c=0.66, U_a=0.02, U_c=2, theta=0).without_b(),
        pytest.param(Device(kappa_b=0, Omega=3), marks=pytest.mark.slow),
    ],
)
def test_too_strong_a_drive_is_an_error_that_says_so(device):
    with pytest.raises(ConvergenceError, match=rf"Omega = {device.Omega:g} is too strong"):
        steady_state(device, rtol=1e-8)


BARELY_NONLINEAR = Device(kappa_a=0.2, kappa_c=0.2, U_a=0.03, U_c=0.2, theta=0).without_b()


@pytest.mark.parametrize(
    ("device", "drive"),
    [
        (BARELY_NONLINEAR.replace(Delta=0, Omega=0.2), "a"),
        (mirrored(BARELY_NONLINEAR.replace(Delta=0, Omega=0.25)), "c"),
        (Device(kappa_b=0, Omega=0.5), "a"),
    ],
)
@pytest.mark.slow  # the next test does the same for a device in every run
def test_an_error_that_says_what_tolerance_can_be_had_is_right(device, drive):
    with pytest.raises(ConvergenceError, match="too strong for rtol = 1e-10") as refused:
        steady_state(device, drive, rtol=1e-10)
    rtol = float(re.search(r"rtol = (\S+) can be had", str(refused.value))[1])
    assert steady_state(device, drive, rtol=rtol).error <= rtol


@pytest.mark.parametrize(
    ("device", "drive", "photons"),
    [  # one whose estimated rounding is too large, one that needs more photons, one of little loss
        pytest.param(
            Device(
                **UNCOUPLED, U_a=2.946, Delta_a=-3.060590365, Delta_c=0, J_ac=0.358, Omega=3
            ).replace(U_c=-0.06499, kappa_a=1.203, kappa_c=1.335, theta=-np.pi / 4),
            "a",
            8,
            marks=pytest.mark.slow,
        ),
        pytest.param(
            Device(**UNCOUPLED, U_a=0.5735, Delta_a=-3.338974, Delta_c=-8.09636724).replace(
                U_c=7.956, J_ac=0.1802, Omega=0.60623421
            ),
            "a",
            3,
            marks=pytest.mark.slow,
        ),
        (
            Device(**UNCOUPLED, U_a=4.612, Delta_a=-32.449326, Delta_c=0).replace(
                U_c=2.825, kappa_a=0.04077, kappa_c=0.268, J_ac=0.1857, Omega=0.05274
            ),
            "c",
            8,
        ),
    ],
)
def test_the_tolerance_that_is_offered_is_the_smallest_power_of_ten(device, drive, photons):
    with pytest.raises(ConvergenceError) as refused:
        steady_state(device, drive, rtol=1e-10, photons=photons)
    rtol = float(re.search(r"rtol = (\S+) can be had", str(refused.value))[1])
    assert steady_state(device, drive, rtol=rtol, photons=photons).error <= rtol
    with pytest.raises(ConvergenceError):
        steady_state(device, drive, rtol=rtol / 10, photons=photons)


def test_what_rounding_leaves_no_digits_of_does_not_hide_the_rest():
    # Two photons are rare in the output, and three beyond what double precision resolves.
    device = Device(Omega=5, U_a=-1000, U_c=1000, J_ab=0, J_bc=0)
    ours, theirs = steady_state(device), lindblad.brute_force(device.without_b(), "a", 7)
    assert pytest.approx(theirs[0], rel=ours.error) == ours.T
    assert pytest.approx(theirs[1], rel=ours.error) == ours.g2
    assert np.isnan(ours.g3)
    assert np.isnan(ours.P[3])


@pytest.mark.parametrize("name", ["J_ab", "J_ac", "Delta_a", "Delta_b", "kappa_b", "kappa_a"])
def test_at_the_largest_parameters_eqs_13_14_still_hold(name):
    device = Device(U_a=0, U_c=0, Omega=1e-3).replace(**{name: 1e5})
    assert pytest.approx(scattering.transmission(device)[0], rel=1e-8) == steady_state(device).T


@pytest.mark.parametrize(
    "device",
    [
        Device(kappa_b=0, J_ab=1e-9, J_bc=0, Delta_b=0),
        Device(kappa_b=0, J_ab=1e-200, J_bc=1e-200),
        Device(kappa_a=1e-12, Delta_a=0, J_ac=1e-6).without_b(),
    ],
)
def test_a_mode_without_loss_is_refused(device):
    with pytest.raises(ConvergenceError, match=r"rounding leaves no digits|is too strong"):
        steady_state(device)


def test_a_mode_of_little_loss_is_no_harm_where_it_stays_dark():
    state = steady_state(Device(kappa_b=0).replace(J=1e-4), photons=2)
    slow = lindblad.steady_state(Device().replace(J=0), excitations=6, photons=2)
    assert pytest.approx(slow.T, rel=1e-6) == state.T
    assert state.g2 == pytest.approx(slow.g2, rel=1e-4)


def test_what_rounding_blurs_is_nan_and_never_a_wrong_number():
    # Eight photons that two strong nonlinearities keep out: P_8 / P_1^8 is some 1e-40.
    device = Device(U_a=50, U_c=50, Omega=1e-3).without_b()
    state = steady_state(device, photons=8)
    truth = exact_probabilities_at_weak_drive(device, photons=8)
    known = ~np.isnan(state.P)
    assert known[:5].all()
    assert not known.all()
    np.testing.assert_allclose(state.P[known][1:], truth[known][1:], rtol=2 * state.error + 1e-4)


def test_light_of_linear_cavities_is_known_where_it_is_almost_dark():
    # Dark but for 1e-10 of the light, which is coherent.
    almost_dark = steady_state(Device(U_a=0, U_c=0, Delta_b=0.50001), "c")
    assert pytest.approx(1e-10, rel=1e-5) == almost_dark.T
    assert almost_dark.g2 == pytest.approx(1, rel=almost_dark.error)
    assert almost_dark.P[3] == pytest.approx(almost_dark.n**3 / 6, rel=almost_dark.error)


def test_rounding_of_the_size_of_the_largest_element_is_in_the_error():
    # Three photons that a strong nonlinearity keeps out; the nightly run found it.
    device = Device(Delta_a=0, Delta_c=0, U_a=0, U_c=-54.6, J_ac=-0.312, Omega=0.01111).without_b()
    (_, _, g3, *_), _ = reference(device, "a", 10)
    state = steady_state(device, rtol=1e-10)
    assert abs(state.g3 / g3 - 1) <= state.error < 1e-7


def exact_probabilities_at_weak_drive(device, photons):
    """P_m of two cavities in leading order of the drive, to 60 digits."""
    with mpmath.workdps(60):
        half = mpmath.mpf(1) / 2
        x_a = mpmath.mpc(device.Delta_a, -half * mpmath.mpf(device.kappa_a))
        x_c = mpmath.mpc(device.Delta_c, -half * mpmath.mpf(device.kappa_c))
        hop = mpmath.mpf(device.J_ac) * mpmath.expj(mpmath.mpf(device.theta))
        psi = mpmath.matrix([1])
        P = [1.0]
        for n in range(1, photons + 1):  # states |n-k, k>
            H = mpmath.matrix(n + 1, n + 1)
            source = mpmath.matrix(n + 1, 1)
            for k in range(n + 1):
                H[k, k] = (n - k) * x_a + k * x_c
                H[k, k] += (n - k) * (n - k - 1) * device.U_a + k * (k - 1) * device.U_c
                if k < n:
                    H[k + 1, k] = hop * mpmath.sqrt((n - k) * (k + 1))
                    H[k, k + 1] = mpmath.conj(hop) * mpmath.sqrt((n - k) * (k + 1))
                    source[k] = -device.Omega * mpmath.sqrt(n - k) * psi[k]
            psi = mpmath.lu_solve(H, source)
            P.append(float(abs(psi[n]) ** 2))
    return np.array(P)


@pytest.mark.parametrize(
    ("parameters", "T", "g2"),
    [
        # A long-lived mode that fills, and a strong drive: the series diverges in both.
        (
            {"Omega": 0.0642, "Delta_a": -1.87, "Delta_b": -0.17, "Delta_c": 1.98, "U_a": 8.76}
            | {"U_c": 7.47, "J_ac": -0.078, "J_ab": -0.66, "J_bc": -0.1, "kappa_b": 0}
            | {"kappa_a": 0.022, "kappa_c": 0.024},
            1.685e-4,
            0.0622,
        ),
        (
            {"Omega": 0.6617, "Delta_a": 0, "Delta_b": -1.46, "Delta_c": 0.05, "U_a": 7.93}
            | {"U_c": -2.43, "J_ac": -0.114, "J_ab": -0.08, "J_bc": 0.95, "kappa_b": 0.3}
            | {"kappa_a": 0.18, "kappa_c": 1.98},
            5.0789e-3,
            0.16417,
        ),
    ],
)
@pytest.mark.parametrize("rtol", [1e-2, pytest.param(1e-6, marks=pytest.mark.slow)])
def test_where_the_series_diverges_the_krylov_solve_is_right(parameters, T, g2, rtol):
    # T and g2 of a third method: the driven effective Hamiltonian inverted, jumps by GMRES.
    state = steady_state(Device(**parameters), rtol=rtol)
    assert pytest.approx(T, rel=rtol + 5e-4) == state.T
    assert state.g2 == pytest.approx(g2, rel=rtol + 5e-4)


@pytest.mark.parametrize("drive", ["a", "c"])
@pytest.mark.parametrize("device", [Device(), Device().without_b(), Device(U_a=0, U_c=0)])
def test_without_a_drive_there_are_no_photons(device, drive):
    for photons in (2, 5):
        state = steady_state(device.replace(Omega=0), drive, photons=photons)
        assert state.P.tolist() == [1] + photons * [0]


def test_devices_that_are_refused_alone_are_refused_together():
    devices = [Device(J_ab=1e-200, J_bc=0, kappa_b=0, Delta_b=0, Omega=x) for x in (0.01, 0.02)]
    with pytest.raises(ConvergenceError, match="rounding leaves no digits"):
        steady_points(devices)


def test_a_refusal_knows_the_index_of_its_point(monkeypatch):
    # Without loss a resonant b fills, however weakly it is coupled.
    filling = Device(J_ab=1e-9, J_bc=0, kappa_b=0, Delta_a=0, Delta_b=0, Delta_c=0)
    monkeypatch.setattr(steadystate, "TILE", 3)
    with pytest.raises(ConvergenceError) as refused:
        steady_line(filling, [0.5, 0.5, 0.5, 0.5, 0, 0.5], rtol=1e-2)
    assert refused.value.point == 4
