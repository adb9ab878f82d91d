"""Drifts, yields and limits of noise, by what they mean: just inside holds, just outside fails."""

from functools import cache

import numpy as np
import pytest

from lossnr import Device, steady_state
from lossnr.beyond import noisy_state
from lossnr.beyond.tolerances import (
    drifted,
    drifts,
    noise_limit,
    one_way,
    random_devices,
    single_photon_diode,
    two_photon_diode,
    yields,
)
from lossnr.model import lindblad

BLOCKADES = {
    "single photons": (Device(), single_photon_diode(10)),
    "pairs": (Device(kappa_b=1.25), two_photon_diode()),
}


def margin_of(margin, states):
    return margin(*np.array([(state.T, state.g2, state.g3) for state in states]).T)


@cache
def found_drifts(blockade):
    return drifts(*BLOCKADES[blockade])


# They are computed once, by one worker.
of_found_drifts = pytest.mark.xdist_group("drifts")


@of_found_drifts
@pytest.mark.parametrize("blockade", BLOCKADES)
def test_a_drift_is_known_to_three_digits(blockade):
    (device, margin), found = BLOCKADES[blockade], found_drifts(blockade)
    for name in ("theta", "J"):
        value = getattr(device, "J_ab" if name == "J" else name)
        for drift in found[name]:
            inside, outside = (
                margin_of(
                    margin,
                    [steady_state(device.replace(**{name: value + drift * f}), d) for d in "ac"],
                )
                for f in (0.999, 1.001)
            )
            assert inside > 0 > outside


@of_found_drifts
def test_no_smaller_drift_loses_the_blockade():
    """The search goes in steps: none of them leaps over a gap."""
    device, margin = BLOCKADES["pairs"]
    low, high = found_drifts("pairs")["kappa_b"]
    for drift in np.linspace(low, high, 15)[1:-1]:
        there = device.replace(kappa_b=device.kappa_b + drift)
        assert margin_of(margin, [steady_state(there, drive) for drive in "ac"]) > 0


def test_a_device_without_blockade_has_no_tolerance():
    lossless, margin = Device(kappa_b=0), single_photon_diode(10)
    assert noise_limit(lossless, margin, "n_th") == 0
    assert not np.any(list(drifts(lossless, margin).values()))


def test_errors_are_relative_or_in_units_of_kappa():
    device = Device(Delta_b=0, kappa_a=2)
    devices = random_devices(device, 0.01, 4000, seed=3)
    for name, value in device.parameters().items():
        size = 0.01 * (1 if name.startswith(("Delta", "theta")) else abs(value))
        errors = np.array([getattr(each, name) for each in devices]) - value
        assert errors.std() == pytest.approx(size, rel=0.05)
        assert abs(errors.mean()) < 4 * size / np.sqrt(4000)


def test_the_same_seed_gives_the_same_devices():
    assert random_devices(Device(), 0.01, 3, seed=1) == random_devices(Device(), 0.01, 3, seed=1)
    assert random_devices(Device(), 0.01, 3, seed=1) != random_devices(Device(), 0.01, 3, seed=2)
    assert random_devices(Device(), 0, 1) == [Device()]


def test_a_yield_counts_the_devices_that_hold():
    margins = {"light": one_way(0.05), "photons": single_photon_diode(10)}
    found = yields(Device(), margins, [0.05], 20, seed=2)
    devices = random_devices(Device(), 0.05, 20, seed=2)
    states = [[steady_state(each, drive) for drive in "ac"] for each in devices]
    for name, margin in margins.items():
        kept = sum(margin_of(margin, both) > 0 for both in states)
        assert 0 < kept < 20
        assert found["share"].sel(criterion=name).item() == kept / 20


def test_the_uncertainty_of_a_yield_is_that_of_repetitions():
    margin = {"photons": single_photon_diode(10)}
    shares, uncertainties = [], []
    for seed in range(12):
        found = yields(Device(), margin, [0.05], 60, seed=seed, photons=2)
        shares.append(found["share"].item())
        uncertainties.append(found["uncertainty"].item())
    assert np.std(shares, ddof=1) == pytest.approx(np.mean(uncertainties), rel=0.5)


@of_found_drifts
@pytest.mark.parametrize(
    ("blockade", "name"),
    [
        ("single photons", "J"),
        pytest.param("single photons", "kappa_b", marks=pytest.mark.slow),
        pytest.param("pairs", "J_ac", marks=pytest.mark.slow),
    ],
)
def test_qutip_confirms_the_edges_of_drifts(blockade, name):
    (device, margin), found = BLOCKADES[blockade], found_drifts(blockade)
    for drift in found[name][np.isfinite(found[name])]:
        inside, outside = (
            margin_of(
                margin,
                [
                    lindblad.steady_state(drifted(device, name, f * drift), d, excitations=4)
                    for d in "ac"
                ],
            )
            for f in (0.995, 1.005)
        )
        assert inside > 0 > outside


@pytest.mark.parametrize("name", ["n_th", "gamma_phi"])
@pytest.mark.parametrize("blockade", BLOCKADES)
def test_qutip_confirms_the_limits_of_noise(blockade, name):
    device, margin = BLOCKADES[blockade]
    limit = noise_limit(device, margin, name)
    inside, outside = (
        margin_of(
            margin,
            [lindblad.steady_state(device, d, **{name: f * limit}, excitations=4) for d in "ac"],
        )
        for f in (0.995, 1.005)
    )
    assert inside > 0 > outside


def test_qutip_counts_the_same_yield():
    found = yields(Device(), {"photons": single_photon_diode(10)}, [0.05], 12, seed=2, photons=2)
    kept = 0
    for each in random_devices(Device(), 0.05, 12, seed=2):
        states = [lindblad.steady_state(each, drive, excitations=4) for drive in "ac"]
        kept += margin_of(single_photon_diode(10), states) > 0
    assert 0 < kept < 12
    assert found["share"].item() == kept / 12


@pytest.mark.parametrize("name", ["n_th", "gamma_phi"])
def test_noise_is_survived_up_to_its_limit(name):
    margin = one_way(0.05)
    limit = noise_limit(Device(), margin, name)
    inside, outside = (
        margin_of(margin, [noisy_state(Device(), drive, **{name: f * limit}) for drive in "ac"])
        for f in (0.999, 1.001)
    )
    assert inside > 0 > outside


def test_noise_that_does_no_harm_has_no_limit():
    """Strong Kerr terms keep the output antibunched at a dephasing of the linewidth."""

    def antibunched(T, g2, g3):
        return 0.5 - g2[0]

    device = Device(J_ac=0.5, U_a=50, U_c=50).without_b()
    limit = noise_limit(device, antibunched, "gamma_phi")
    assert limit > 1


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="name = 'heat': allowed are n_th, gamma_phi"):
        noise_limit(Device(), one_way(0.05), "heat")
    for spread, count in ((0.2, 10), (-0.1, 10), (np.nan, 10), (0.01, 0)):
        with pytest.raises(ValueError, match="allowed is"):
            random_devices(Device(), spread, count)
