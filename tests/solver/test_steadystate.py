"""The fast solver: against the oracle, exact limits and symmetries."""

from math import pi

import numpy as np
import pytest
from conftest import DEVICES, FEW, assert_same, devices, mirrored, numbers
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from reference import reference

from lossnr import ConvergenceError, Device, steady_state
from lossnr.model import lindblad, scattering
from lossnr.solver import accuracy
from lossnr.solver.hierarchy import Hierarchy
from lossnr.solver.lookahead import Lookahead
from lossnr.solver.moments import Moments
from lossnr.solver.spectrum import Spectrum
from lossnr.solver.steadystate import steady_line, steady_points

drives = st.sampled_from("ac")


@pytest.mark.parametrize(
    ("drive", "Omega", "excitations"), [("a", 0.001, 4), ("c", 0.001, 4), ("c", 0.03, 5)]
)
def test_agrees_with_the_oracle(device, drive, Omega, excitations):
    device = device.replace(Omega=Omega)
    fast = steady_state(device, drive)
    slow = lindblad.steady_state(device, drive, excitations=excitations)
    # The oracle's error is that at one photon less: at least ten times its own.
    assert slow.error < 2e-5
    assert_same(fast, slow, rel=1e-6)
    assert fast.n == pytest.approx(slow.n, rel=1e-6)
    assert fast.residual < 1e-12


@pytest.mark.slow  # a tight tolerance is compared with a reference at this drive, see below
def test_agrees_with_the_oracle_at_the_drive_of_the_paper():
    fast = steady_state(DEVICES["lossless b"], "a")
    slow = lindblad.steady_state(DEVICES["lossless b"], "a", excitations=6)
    assert slow.error < 1e-5
    assert_same(fast, slow, rel=1e-6)


@pytest.mark.parametrize(("Omega", "drive"), [(0.3, "a"), (1.0, "c")])
def test_agrees_with_the_oracle_at_strong_drive(Omega, drive):
    # Two cavities: there the oracle can take as many photons as it needs.
    device = Device(Omega=Omega, kappa_a=0.5, U_c=2, Delta_c=0).without_b()
    fast = steady_state(device, drive, rtol=1e-8)
    slow = lindblad.steady_state(device, drive, excitations=10)
    assert slow.error < 1e-6
    assert_same(fast, slow, rel=1e-6)


@pytest.mark.parametrize(
    ("drive", "device"),
    [
        pytest.param(drive, device, id=f"{name}-{drive}", marks=[pytest.mark.slow] * (not fast))
        for name, device in DEVICES.items()
        for drive, fast in (("a", True), ("c", name in FEW))
    ],
)
def test_a_tight_tolerance_is_kept(drive, device):
    excitations = 7 if device.has_b else 10
    truth, fewer = (reference(device, drive, N)[0][:3] for N in (excitations, excitations - 1))
    allowed = np.array([1e-8, 1e-8, 1e-6])
    assert np.all(np.abs(fewer / truth - 1) < allowed / 10)
    state = steady_state(device, drive, rtol=1e-8)
    assert np.all(np.abs(numbers(state)[:3] / truth - 1) < allowed)


@given(devices(max_Omega=0.3), drives)
def test_without_kerr_the_light_is_coherent_and_eqs_13_14_hold(device, drive):
    device = device.replace(U=0)
    T = dict(zip("ac", scattering.transmission(device), strict=True))[drive]
    try:
        state = steady_state(device, drive)
    except ConvergenceError:  # a cavity may hold more photons than the solver can
        bright = max(abs(scattering.scattering_matrix(device)[:, "ac".index(drive)]))
        assert bright * device.Omega > 0.05
        return
    assert pytest.approx(T, rel=1e-9, abs=1e-14) == state.T
    if T > 1e-6:
        assert state.g2 == pytest.approx(1, rel=1e-6)
        assert state.g3 == pytest.approx(1, rel=1e-6)


@settings(max_examples=10)
@given(devices(), drives)
def test_never_wrong_by_more_than_it_says(device, drive):
    precise = steady_state(device, drive, rtol=1e-10)
    for rtol in (1e-3, 1e-6):
        rough = steady_state(device, drive, rtol=rtol)
        assert rough.error <= max(rtol, precise.error)  # rounding may leave more than rtol
        assert_same(rough, precise, rel=rough.error + precise.error)


@settings(max_examples=10)
@given(devices(), drives)
def test_exchange_of_the_cavities_exchanges_the_directions(device, drive):
    other = {"a": "c", "c": "a"}[drive]
    ours, theirs = steady_state(device, drive), steady_state(mirrored(device), other)
    assert_same(ours, theirs, rel=ours.error + theirs.error)


@settings(max_examples=10)
@given(devices(), drives)
def test_only_the_phase_of_the_loop_matters(device, drive):
    reference = steady_state(device, drive)
    for gauge in (
        device.replace(theta=device.theta + 2 * pi),
        device.replace(theta=device.theta + pi, J_ac=-device.J_ac),
        device.replace(J_ac=-device.J_ac, J_ab=-device.J_ab),
        device.replace(J_ab=-device.J_ab, J_bc=-device.J_bc),
    ):
        state = steady_state(gauge, drive)
        assert_same(state, reference, rel=state.error + reference.error)


@settings(max_examples=10)
@given(devices(), drives)
def test_the_sign_of_all_energies_is_a_complex_conjugation(device, drive):
    negative = {
        name: -value
        for name, value in device.parameters().items()
        if name.startswith(("Delta", "U", "J", "theta"))
    }
    try:
        state = steady_state(device, drive)
    except ConvergenceError:  # such as T = 0, behind a lossless and resonant b
        reject()
    conjugate = steady_state(device.replace(**negative), drive)
    assert_same(conjugate, state, rel=conjugate.error + state.error)


@settings(max_examples=10)
@given(devices(), drives)
def test_probabilities_are_probabilities(device, drive):
    state = steady_state(device, drive, photons=6)
    P = state.P[~np.isnan(state.P)]
    assert np.all(P >= 0)
    # All photon numbers together make 1, and their mean is n, but for those that are left out.
    missing = 1 - P.sum()
    assert -1e-12 <= missing <= 1e-3 * state.n + 1e-12
    if len(P) == 7:
        assert np.arange(7) @ P == pytest.approx(state.n, rel=1e-3)


def test_the_limit_of_no_drive_is_that_of_weak_drive(device):
    dark, weak = (steady_state(device.replace(Omega=Omega, Delta_b=0.6)) for Omega in (0, 1e-4))
    assert pytest.approx(weak.T, rel=1e-5) == dark.T
    assert dark.g2 == pytest.approx(weak.g2, rel=1e-5)
    assert dark.g3 == pytest.approx(weak.g3, rel=1e-5)
    assert dark.P.tolist() == [1, 0, 0, 0]
    assert dark.n == 0


@pytest.mark.parametrize("dark", [Device(J_ac=0, J_ab=0), Device(J_ac=0).without_b()])
def test_an_output_that_no_light_reaches_has_no_correlations(dark):
    state = steady_state(dark)
    assert state.T == 0
    assert np.isnan([state.g2, state.g3]).all()
    assert state.P.tolist() == [1, 0, 0, 0]


def test_light_that_interferes_away_has_no_correlations():
    # U = 0 at the optimum: exactly dark from c to a, but for rounding.
    state = steady_state(Device(U_a=0, U_c=0), drive="c")
    assert pytest.approx(0, abs=1e-15) == state.T
    assert np.isnan([state.g2, state.g3]).all()


def test_an_uncoupled_cavity_b_plays_no_part():
    two = Device().without_b()
    for same in (two.replace(kappa_b=0, Delta_b=7), two.replace(kappa_b=3)):
        assert numbers(steady_state(same)).tolist() == numbers(steady_state(two)).tolist()


def test_a_line_is_its_points():
    device, shifts = Device(kappa_b=0.7, Delta_b=-0.3), np.linspace(-1, 1, 70)
    line = steady_line(device, shifts)
    for g in (0, 31, 32, 69):
        there = {f"Delta_{o}": getattr(device, f"Delta_{o}") + shifts[g] for o in "abc"}
        for i, drive in enumerate("ac"):
            point = steady_state(device.replace(**there), drive)
            assert line.T[i, g] == pytest.approx(point.T, rel=1e-11)
            assert line.g3[i, g] == pytest.approx(point.g3, rel=2e-6, abs=0)
            assert line.P[i, g] == pytest.approx(point.P, rel=2e-6, abs=0)


def test_devices_solved_together_are_as_solved_alone():
    # Unequal everything; with and without b; an exceptional point; a drive for the Krylov solve.
    exceptional = Device(kappa_a=0.5, kappa_c=1.7, J_ac=0.3, Omega=0.03).without_b()
    together = [*DEVICES.values(), exceptional, exceptional.replace(J_ac=0.31), Device(Omega=0.8)]
    found = steady_points(together)
    for g, device in enumerate(together):
        for i, drive in enumerate("ac"):
            alone = steady_state(device, drive)
            assert found.T[i, g] == pytest.approx(alone.T, rel=1e-10)
            for name in ("g2", "g3", "P", "n"):
                values = pytest.approx(getattr(alone, name), rel=2e-6, abs=0)
                assert getattr(found, name)[i, g] == values
            assert found.method[i, g] == alone.method
            assert found.residual[i, g] < 1e-10


def test_the_result_has_plain_types():
    state = steady_state(Device())
    types = {"excitations": int, "method": str, "P": np.ndarray}
    for name, value in vars(state).items():
        assert type(value) is types.get(name, float)


@pytest.mark.parametrize("shift", [np.nan, -np.inf, 2e5])
def test_shifts_beyond_double_precision_are_refused(shift):
    with pytest.raises(ValueError, match="shifts: allowed are finite numbers, at most 100000"):
        steady_line(Device(), [0.0, shift])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"drive": "b"}, ValueError, "drive = 'b': allowed are 'a' and 'c'"),
        ({"drive": 1}, ValueError, "drive = 1"),
        ({"rtol": 1}, ValueError, "rtol = 1: allowed is a number from 1e-12 to 0.01"),
        ({"rtol": np.nan}, ValueError, "rtol = nan"),
        ({"rtol": "1e-3"}, TypeError, "rtol = '1e-3'"),
        ({"photons": 1}, ValueError, "photons = 1: allowed is a whole number from 2 to 8"),
        ({"photons": 2.0}, TypeError, "photons = 2.0"),
    ],
)
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        steady_state(Device(), **arguments)


def test_a_device_is_asked_for():
    with pytest.raises(TypeError, match=r"device = \{'Omega': 0.1\}: allowed is a Device"):
        steady_state({"Omega": 0.1})


def test_photons_that_are_negligible_are_in_the_error_all_the_same():
    hierarchy = Hierarchy(Spectrum([Device()]), ["a", "c"], np.zeros(1))
    moments = Moments(hierarchy.spectrum, photons=3, levels=accuracy.LEVELS)
    orders = [(np.ones((1, 2, 1)), np.zeros((1, 2, 1)))]
    for N in range(1, 7):
        hierarchy.climb(N)
        orders.append(hierarchy.outputs())
    _, rounding, sums = moments.observables(*zip(*orders, strict=True))
    needed = accuracy.needed(rounding)
    more = Lookahead(hierarchy, moments).surprise(6, sums, needed, rtol=1e-2)
    assert np.all((more[needed] > 0) & (more[needed] < 1e-3))


def test_the_growth_of_moments_is_that_of_each_point_however_often_it_is_asked_for():
    device, Delta = Device(kappa_b=1.25), np.array([0.5, 0.1, -0.8])
    detuned = [device.replace(Delta=device.Delta_a + shift) for shift in Delta]
    line = Hierarchy(Spectrum([device]), ["a", "c"], Delta)
    points = Hierarchy(Spectrum(detuned), ["a", "c"], np.zeros(3))
    for N in range(1, 7):
        for hierarchy in (line, points):
            hierarchy.climb(N)
        growth = line.growth()
        assert np.all(np.isnan(growth)) if N < 3 else np.all(growth > 0)
        np.testing.assert_array_equal(line.growth(), growth)
        np.testing.assert_allclose(points.growth(), growth, rtol=1e-9)
        if N == 4:
            for hierarchy in (line, points):
                hierarchy.keep(np.array([True, False, True]))


def test_light_without_kerr_terms_has_no_order_that_could_grow():
    hierarchy = Hierarchy(Spectrum([Device(U_a=0, U_c=0)]), ["a"], np.zeros(1))
    for N in range(1, 5):
        hierarchy.climb(N)
        assert np.all(np.isnan(hierarchy.growth()))
