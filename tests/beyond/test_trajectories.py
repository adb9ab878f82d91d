"""Clicks of a detector against the steady state and g2(tau)."""

import numpy as np
import pytest

from lossnr import ConvergenceError, Device, steady_state
from lossnr.beyond import clicks, g2_tau

EDGES = np.arange(0, 10.5, 0.5)


def averaged(device, drive):
    """Return g2(tau) averaged between the edges."""
    parts = 10
    middle = (np.arange(parts * (len(EDGES) - 1)) + 0.5) * 0.5 / parts
    return g2_tau(device, middle, drive, rtol=1e-3).g2.reshape(-1, parts).mean(axis=1)


@pytest.mark.parametrize(
    ("device", "drive"),
    [
        (Device(Omega=0.15), "a"),
        (Device(Omega=0.2, U_a=0.5, U_c=0.5, kappa_b=1.5, Delta_a=0.2), "c"),
        (Device(Omega=0.2, kappa_a=0.7).without_b(), "a"),
    ],
)
def test_rate_and_pairs_are_those_of_the_master_equation(device, drive):
    found = clicks(device, drive, runs=200, duration=1000, seed=5)
    kappa = device.kappa_c if drive == "a" else device.kappa_a
    rate, error = found.rate
    # Clicks are correlated: the error of independent ones is too small for bunched light.
    assert rate == pytest.approx(kappa * steady_state(device, drive).n, abs=5 * error)
    values, errors = found.g2(EDGES)
    distance = (values - averaged(device, drive)) / errors
    assert np.mean(distance**2) < 2.2  # chi squared of 20 values: one in a thousand is larger
    assert abs(distance).max() < 5


def test_clicks_of_linear_cavities_are_independent():
    found = clicks(Device(Omega=0.2).replace(U=0), runs=100, duration=1000, seed=2)
    waiting = found.waiting_times()
    # The waiting times of a Poisson process are exponential: mean and spread are equal.
    assert waiting.std() / waiting.mean() == pytest.approx(1, abs=0.05)
    values, errors = found.g2(EDGES)
    assert np.mean(((values - 1) / errors) ** 2) < 2.2


def test_the_seed_decides():
    one, same, other = (clicks(Device(), runs=5, duration=1000, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one.times, same.times)
    assert not np.array_equal(one.times[:3], other.times[:3])


def test_clicks_are_in_order_and_inside_their_run():
    found = clicks(Device(Omega=0.2), runs=10, duration=300, seed=1)
    assert np.all(np.diff(found.run) >= 0)
    assert np.all(found.waiting_times() > 0)
    assert np.all((found.times > 0) & (found.times < 300))


def test_without_drive_there_is_no_click():
    found = clicks(Device(Omega=0), runs=2, duration=10)
    assert len(found.times) == 0
    assert found.rate == (0, 0)


def test_what_cannot_be_followed_is_refused():
    for runs in (5, 2000):  # known after some jumps, and after the first ones
        with pytest.raises(ConvergenceError, match="Omega = 2 is too strong"):
            clicks(Device(Omega=2), runs=runs, duration=20)
    with pytest.raises(ConvergenceError, match="undamped"):
        clicks(Device(kappa_b=0, J_ab=1e-9, J_bc=0), runs=5, duration=20)
    with pytest.raises(ValueError, match="runs = 0"):
        clicks(Device(), runs=0)
    with pytest.raises(ValueError, match="duration = -1"):
        clicks(Device(), duration=-1)
    with pytest.raises(ValueError, match="seed = -1"):
        clicks(Device(), seed=-1)
