"""The search for devices: what it reports is so, it keeps its bounds, and it beats a grid."""

import numpy as np
import pytest

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
    assert found.g2 < 0.05 + 1e-5
    assert found.T_back < 0.01 + 1e-6
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
    assert least.g2 <= 0.05 + 1e-6
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
    ("arguments", "words"),
    [
        ({"g2_max": 0}, "g2_max = 0"),
        ({"T_back_max": 2}, "T_back_max = 2"),
        ({"starts": 0}, "starts = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"free": {}}, "free = {}"),
        ({"free": {"kappa_d": (0, 1)}}, "did you mean"),
        ({"free": {"kappa_b": (1, 1)}}, "kappa_b"),
        ({"free": {"kappa_b": (-1, 1)}}, "kappa_b = -1"),
        ({"free": {"kappa_b": 1}}, "kappa_b"),
        ({"free": {"Delta": (0, 1), "Delta_a": (0, 1)}}, "given twice"),
        ({"free": {"Omega": (0, 1)}}, "Omega"),
    ],
)
def test_a_bad_argument_is_named(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        design(Device(), **arguments)


def test_a_goal_out_of_reach_is_refused():
    with pytest.raises(ConvergenceError, match="no device"):
        design(Device(theta=0, kappa_b=0), free={"J_ac": (1, 1.1)}, T_back_max=1e-6, starts=3)


def test_the_axes_of_a_front_increase():
    with pytest.raises(ValueError, match="g2_max"):
        front(Device(), U=1, g2_max=[0.1, 0.01])
