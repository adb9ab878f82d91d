"""Observables of photon-number distributions that are known."""

from math import factorial

import numpy as np
import pytest
import xarray as xr

from lossnr import Device, sweep
from lossnr.model.observables import (
    factorial_weights,
    isolation,
    nonreciprocal_ratio,
    poisson_deviation,
    two_photon_blockade,
)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_factorial_moments_of_a_poisson_distribution_are_powers_of_its_mean(k):
    n = 0.7
    P = np.array([n**m * np.exp(-n) / factorial(m) for m in range(30)])
    assert factorial_weights(k, 30) @ P == pytest.approx(n**k, rel=1e-14)


def two_directions(**values):
    coordinates = {"direction": ["a->c", "c->a"]}
    return xr.Dataset({name: ("direction", v) for name, v in values.items()}, coordinates)


def test_isolation_and_ratio_by_hand():
    data = two_directions(T=[0.2, 0.9], g2=[0.1, 0.3])
    assert isolation(data).item() == pytest.approx(0.7)
    assert nonreciprocal_ratio(data).item() == pytest.approx(0.5)
    assert "direction" not in isolation(data).coords


def test_coherent_light_does_not_deviate_from_poisson():
    data = sweep(Device(U_a=0, U_c=0, Delta_b=0), kappa_b=[0.5, 1.0], photons=4)
    deviation = poisson_deviation(data)
    assert deviation.dims == data["P"].dims
    assert deviation.values == pytest.approx(0, abs=1e-6)


def test_a_photon_too_many_deviates():
    data = two_directions(n=[0.5, 0.5])
    P = [[0.5, 0.5], [np.exp(-0.5), 0.5 * np.exp(-0.5)]]
    data = data.assign(P=(("direction", "m"), P)).assign_coords(m=[0, 1])
    assert poisson_deviation(data).values[0, 1] == pytest.approx(np.exp(0.5) - 1)
    assert poisson_deviation(data).values[1] == pytest.approx([0, 0])
    absolute = poisson_deviation(data, relative=False)
    assert absolute.values[0, 1] == pytest.approx(0.5 - 0.5 * np.exp(-0.5))


def test_two_photon_blockade_is_pairs_without_threes():
    error = [0.01, 0.01]
    data = two_directions(g2=[1.5, 0.5], g3=[0.5, 0.5], error=error)
    assert two_photon_blockade(data).values.tolist() == [True, False]
    for g2, g3 in (([1.5, np.nan], [1.5, 0.1]), ([1.005, 2], [0.5, 0.995])):
        assert not two_photon_blockade(two_directions(g2=g2, g3=g3, error=error)).any()
