"""What notebooks say: parameters and errors as they were, symbols typeset, nothing made up."""

import numpy as np
import xarray as xr

from lossnr import Device, sweep
from lossnr.model.names import number
from lossnr.show import markdown


def test_the_sentence_gives_parameters_that_no_axis_changes_and_the_largest_error():
    one = sweep(Device(Omega=0.05), Delta=[0.1, 0.2], rtol=1e-4)
    two = sweep(Device(), kappa_b=[1.0], rtol=1e-8)
    text = markdown.describe(two, more=[one]).data
    assert r"$\Delta_a = \Delta_b = \Delta_c = 0.5$" in text
    assert r"$\theta = -0.25\pi$" in text
    assert r"\kappa_b" not in text
    assert f"shown: {number(one.attrs['error'], 2)}." in text
    assert r"\Delta" not in markdown.describe(one).data
    assert r"$\Omega = 0.05$" in markdown.describe(one).data
    assert r"$\theta = 0$" in markdown.parameters(Device(theta=0)).data


def test_parameters_that_are_an_axis_of_some_panels_are_given_for_the_others():
    along, single = sweep(Device(), kappa_b=[0.5, 1.0]), sweep(Device(kappa_b=1.25))
    text = markdown.describe(along, sweep(Device()), single).data
    assert r"In panels where it is not an axis: $\kappa_b = 1\text{ or }1.25$." in text
    assert "panels" not in markdown.describe(along).data
    assert r"\kappa_b" not in markdown.describe(along).data


def test_a_table_names_what_is_undetermined_and_what_is_true():
    text = markdown.table({"a": [0.5, np.nan], "b": True, "c": np.pi, "d": "words"}).data
    assert "| a | 0.5, undetermined |" in text
    assert "| b | yes |" in text
    assert "| c | 3.142 |" in text
    assert "| d | words |" in text


def test_a_peak_has_its_place_unless_it_is_rounding_or_undetermined():
    values = xr.DataArray([[0.1, 0.9], [np.nan, 0.2]], {"Delta": [1, 2], "kappa_b": [3, 4]})
    assert markdown.peak(values) == r"0.9 at $\Delta = 1$, $\kappa_b = 4$"
    assert markdown.peak(values * 1e-15) == r"$9 \times 10^{-16}$, which is rounding"
    assert markdown.peak(values * np.nan) == "undetermined"


def test_a_dark_transmission_gives_a_bound_in_decibels():
    assert markdown.decibels(0.01) == "20 dB"
    assert markdown.decibels(0.1, reference=0.01) == "−10 dB"
    assert markdown.decibels(1e-12, reference=0.1) == "more than 80 dB"
    assert markdown.decibels(0.1, reference=0) == "less than −80 dB"
    assert markdown.decibels(0, reference=0) == "undetermined"
    assert markdown.decibels(np.float64(0), np.float64(1)) == "more than 90 dB"
    assert markdown.decibels(xr.DataArray(0.1)) == "10 dB"
