"""What is read off g2(tau): how long it lasts, and what a detector with jitter sees."""

import numpy as np
import pytest
import xarray as xr

from lossnr import Device, steady_state
from lossnr.beyond import curves, g2_curves

TAU = np.linspace(0, 20, 2001)


def data(*g2):
    return xr.Dataset({"g2": (("direction", "tau"), list(g2))}, {"tau": TAU})


def test_curves_have_both_directions():
    found = g2_curves(Device(), [0, 1.0], rtol=1e-4)
    for direction, drive in (("a->c", "a"), ("c->a", "c")):
        g2 = found["g2"].sel(direction=direction)
        assert g2[0].item() == pytest.approx(steady_state(Device(), drive).g2, rel=1e-4)
    assert found.attrs["error"] <= 1e-4


def test_the_time_halfway_is_that_of_an_exponential_and_does_not_depend_on_its_sign():
    decays = data(1 + 5 * np.exp(-TAU), 1 - np.exp(-TAU / 2), TAU**0, np.nan * TAU)
    found = curves.halfway(decays).values
    np.testing.assert_allclose(found[:2], np.log(2) * np.array([1, 2]), atol=1e-4)
    assert np.isnan(found[2:]).all()
    assert np.isnan(curves.halfway(data(1 - np.exp(-TAU / 100))))


def test_jitter_smears_as_a_gaussian():
    sigmas = np.array([1e-3, 0.3, 2.0])
    found = curves.smeared(data(1 - np.exp(-(TAU**2) / 2), np.nan * TAU), sigmas)["g2"]
    expected = 1 - 1 / np.sqrt(1 + sigmas**2)  # the integral of two Gaussians
    np.testing.assert_allclose(found[0], expected, atol=1e-6)
    assert np.isnan(found[1]).all()


def test_what_is_antibunched_rises_and_what_is_bunched_falls():
    both = data(1 - 0.5 * np.exp(-TAU), 1 + np.exp(-TAU))
    assert curves.smallest_later(both)[0] > 1 > curves.largest_later(both)[1]
