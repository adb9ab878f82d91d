"""The search for devices: what it reports is so, it keeps its bounds, and it beats a grid."""

from functools import partial

import hypothesis.strategies as st
import numpy as np
import pytest
from conftest import devices
from hypothesis import given, settings

from lossnr import ConvergenceError, Device
from lossnr.beyond.designs import FREE, design, front, least_U
from lossnr.model.scattering import transmission
from lossnr.model.weak_drive import limits

ONE = {"theta": (-3.0, -0.1)}


@pytest.mark.parametrize("U", [0.3, 5])
def test_a_design_is_what_the_weak_drive_theory_says_of_its_device(U):
    found = design(Device().replace(U=U), starts=10)
    T, g2, _ = limits(found.device)
    assert (found.T, found.g2) == pytest.approx((T, g2), rel=1e-9)
    assert (found.T, found.T_back) == pytest.approx(transmission(found.device), rel=1e-9)
    assert found.g2 <= 0.05
    assert found.T_back <= 0.01
    for name, (low, high) in FREE.items():
        assert low <= getattr(found.device, name) <= high


def test_with_one_free_parameter_it_finds_the_best_point_of_a_grid():
    device = Device(kappa_b=0.8, J_ac=0.6)
    found = design(device, free=ONE, T_back_max=0.1, starts=5)
    grid = [device.replace(theta=theta) for theta in np.linspace(*ONE["theta"], 400)]
    allowed = [d for d in grid if transmission(d)[1] <= 0.1 and limits(d)[1] <= 0.05]
    best = max(transmission(d)[0] for d in allowed)
    assert best <= found.T < best + 1e-3


def test_full_transmission_begins_at_the_least_U():
    least = least_U(Device(), starts=20)
    assert pytest.approx(1, abs=1e-12) == least.T
    assert least.g2 <= 0.05
    assert least.agreeing > 10
    U = least.device.U_a
    assert design(Device().replace(U=1.02 * U), starts=8).T > 1 - 1e-6
    assert design(Device().replace(U=0.9 * U), starts=8).T < 1 - 1e-3


def test_more_room_never_costs_light_and_U_of_either_sign_does_the_same():
    data = front(Device(), U=[1], g2_max=[0.01, 0.1], T_back_max=[0.001, 0.1], starts=3)
    T = data["T"].isel(U=0).values
    assert (np.diff(T, axis=0) >= -1e-6).all()
    assert (np.diff(T, axis=1) >= -1e-6).all()
    mirrored = design(Device().replace(U=-2), starts=8)
    assert pytest.approx(design(Device().replace(U=2), starts=8).T, abs=1e-4) == mirrored.T


def test_shared_symbols_move_together_and_a_seed_repeats():
    free = FREE | {"J": (0, 3), "Delta": (-5, 5)}
    free = {name: free[name] for name in ("J", "Delta", "J_ac", "theta", "kappa_b")}
    found = design(Device(), free=free, starts=5, seed=3)
    assert found == design(Device(), free=free, starts=5, seed=3)
    assert found.device.J_ab == found.device.J_bc
    assert found.device.Delta_a == found.device.Delta_b == found.device.Delta_c


@pytest.mark.parametrize(
    ("U", "T"), [(2, 1), (1, 0.788141), (0.5, 0.483159), (0.2, 0.246459)], ids="U={}".format
)
def test_the_best_known_devices_are_found_again(U, T):
    """The reference: an independent search, with other bounds on nothing but rounding."""
    assert design(Device().replace(U=U)).T > T - 1e-6


@pytest.mark.parametrize(
    ("device", "free", "goal", "words"),
    [
        (Device().replace(U=0), FREE, {}, r"U_a = 0, U_c = 0 was .* the smallest g2 .* is 1;"),
        (Device(J_ac=0).replace(J=0), ONE, {}, "no light passes from a to c"),
        (Device(J_ac=0, J_bc=0), {"kappa_b": (0, 1), "J_ab": (0, 1)}, {}, "no light passes"),
        (Device(kappa_b=0, Delta_b=0, J_ac=0).replace(J=0), ONE, {}, "no light passes"),
        (Device().without_b(), {"J_ac": (0.5, 1)}, {}, "the smallest T back .* is 0.8;"),
        (Device(U_a=0.1, U_c=0.1), ONE, {"g2_max": 1e-3}, "the smallest g2"),
    ],
)
def test_a_goal_that_no_device_meets_is_named(device, free, goal, words):
    """A dark device has no g2 that could meet a bound."""
    with pytest.raises(ConvergenceError, match=words):
        design(device, free=free, starts=3, **goal)


def test_full_transmission_out_of_reach_is_named():
    with pytest.raises(ConvergenceError, match="no light passes"):
        least_U(Device(J_ac=0).replace(J=0), free=ONE, starts=3)
    with pytest.raises(ConvergenceError, match="transmission from a to c is full in none"):
        least_U(Device(Delta_a=0.7), free=ONE, T_back_max=0.1, starts=3)


@settings(max_examples=15)
@given(
    devices(), st.floats(-2, 1), st.floats(-3, 0), st.sets(st.sampled_from(list(FREE)), min_size=1)
)
def test_a_design_meets_its_bounds_or_is_refused(device, log_g2, log_T, names):
    g2_max, T_back_max = min(10**log_g2, 1), 10**log_T
    free = {name: FREE[name] for name in sorted(names)}
    try:
        found = design(device, g2_max=g2_max, T_back_max=T_back_max, free=free, starts=2)
    except ConvergenceError:
        return
    T, g2, _ = limits(found.device)
    assert 0 < T <= 1 + 1e-9
    assert g2 <= g2_max * (1 + 1e-9)
    assert transmission(found.device)[1] <= T_back_max * (1 + 1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"g2_max": 0}, "g2_max = 0"),
        ({"T_back_max": 2}, "T_back_max = 2"),
        ({"starts": 0}, "starts = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"free": {"kappa_d": (0, 1)}}, "did you mean"),
        ({"free": {"kappa_b": (1, 1)}}, "kappa_b"),
        ({"free": {"kappa_b": (-1, 1)}}, "kappa_b = -1"),
        ({"free": {"kappa_b": 1}}, "kappa_b"),
        ({"free": {"Delta": (0, 1), "Delta_a": (0, 1)}}, "given twice"),
        ({"free": {"Omega": (0, 1)}}, "Omega"),
        ({"free": None}, "free = None"),
        ({"free": ["kappa_b"]}, "free = "),
        ({"free": {1: (0, 1)}}, "free = "),
        ({"free": {"kappa_b": (0, np.nan)}}, "kappa_b"),
        ({"free": {"kappa_b": (0, np.inf)}}, "kappa_b"),
        ({"free": {"kappa_b": "ab"}}, "kappa_b"),
        ({"free": {"kappa_b": (True, 2)}}, "kappa_b"),
        ({"g2_max": "a"}, "g2_max = 'a'"),
        ({"g2_max": None}, "g2_max = None"),
        ({"T_back_max": np.nan}, "T_back_max = nan"),
        ({"starts": 2.0}, "starts = 2.0"),
        ({"seed": None}, "seed = None"),
        ({"device": 0.5}, "device = 0.5"),
    ],
)
@pytest.mark.parametrize("search", [design, least_U, partial(front, U=1)])
def test_a_bad_argument_is_named(arguments, words, search):
    with pytest.raises((TypeError, ValueError), match=words):
        search(**{"device": Device()} | arguments)


@pytest.mark.parametrize("U", ["x", None, [], [2, 1], [1, 1], [[1]], np.nan, [0, np.inf], True])
def test_the_nonlinearities_of_a_front_are_increasing_numbers(U):
    with pytest.raises((TypeError, ValueError), match=r"U = .*: allowed"):
        front(Device(), U=U)


@pytest.mark.parametrize("name", ["U", "U_a", "U_c"])
def test_where_U_is_varied_it_is_not_free(name):
    for search in (least_U, partial(front, U=1)):
        with pytest.raises(ValueError, match=f"free\\['{name}'\\]: U is not free here"):
            search(Device(), free={name: (0, 1)})


def test_a_search_without_free_parameters_is_refused():
    with pytest.raises(TypeError, match=r"free = \{\}"):
        design(Device(), free={})


def test_numbers_of_numpy_are_numbers():
    arguments = {"g2_max": np.float32(0.125), "starts": np.int64(3), "seed": np.array(1)}
    free = {"theta": np.array([-3.0, -0.1]), "kappa_b": (np.float64(0.5), np.array(2))}
    assert design(Device(), free=free, **arguments).g2 <= 0.125


def test_the_axes_of_a_front_increase():
    with pytest.raises(ValueError, match="g2_max"):
        front(Device(), U=1, g2_max=[0.1, 0.01])
