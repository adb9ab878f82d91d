"""Wrong arguments are refused in words that name them, before anything is computed."""

from functools import partial

import numpy as np
import pytest
import xarray as xr

from lossnr import Device
from lossnr.beyond import clicks, g2_curves, g2_tau, noise_sweep, noisy_state
from lossnr.beyond.curves import partner, smeared
from lossnr.beyond.laboratory import (
    WINDOW,
    counting_time,
    photon_rate,
    temperature_of,
    thermal_occupation,
    triple_counting_time,
)
from lossnr.beyond.tolerances import (
    at_least,
    drifts,
    noise_limit,
    one_way,
    random_devices,
    single_photon_diode,
    two_photon_diode,
    yields,
)
from lossnr.beyond.trajectories import Clicks

ERRORS = (TypeError, ValueError)
NO_NUMBER = ("x", None, True, 1j, {}, [1.0], np.nan, -1, np.inf)
SEEN = Clicks(1, 9.0, np.array([1, 3, 4, 8.0]), np.zeros(4, int))
LIGHT = xr.Dataset({"g2": (("direction", "tau"), np.ones((2, 4)))}, {"tau": np.arange(4.0)})
MARGIN = one_way(0.05)


@pytest.mark.parametrize("device", [None, 0.5, "device", Device, {}])
@pytest.mark.parametrize(
    "call",
    [
        partial(g2_tau, taus=[0]),
        partial(g2_curves, taus=[0]),
        clicks,
        noisy_state,
        noise_sweep,
        partner,
        partial(drifts, margin=MARGIN),
        partial(noise_limit, margin=MARGIN, name="n_th"),
        partial(random_devices, spread=0.1, count=1),
        partial(yields, margins={"light": MARGIN}, spreads=[0.1], count=1),
    ],
    ids=lambda call: getattr(call, "func", call).__name__,
)
def test_what_is_no_device(call, device):
    with pytest.raises(TypeError, match=r"device = .*: allowed is a Device"):
        call(device)


@pytest.mark.parametrize("drive", ["b", None, 1, "ac", ["a"]])
@pytest.mark.parametrize("call", [partial(g2_tau, taus=[0]), clicks, noisy_state, partner])
def test_what_is_no_drive(call, drive):
    with pytest.raises(ValueError, match=r"drive = .*: allowed are 'a' and 'c'"):
        call(Device(), drive=drive)


@pytest.mark.parametrize("value", NO_NUMBER, ids=repr)
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (partial(clicks, Device()), "runs"),
        (partial(clicks, Device()), "duration"),
        (partial(clicks, Device()), "seed"),
        (partial(noisy_state, Device()), "n_th"),
        (partial(noisy_state, Device()), "gamma_phi"),
        (partial(noisy_state, Device()), "rtol"),
        (partial(noise_sweep, Device()), "rtol"),
        (partial(g2_tau, Device(), [0]), "rtol"),
        (partial(random_devices, Device(), count=1), "spread"),
        (partial(random_devices, Device(), 0.1), "count"),
        (partial(random_devices, Device(), 0.1, 1), "seed"),
        (partial(yields, Device(), {"light": MARGIN}, [0.1]), "count"),
        (partial(yields, Device(), {"light": MARGIN}, [0.1], 1), "seed"),
        (partial(yields, Device(), {"light": MARGIN}, [0.1], 1), "rtol"),
        (partial(yields, Device(), {"light": MARGIN}, [0.1], 1), "photons"),
        (partial(drifts, Device(), MARGIN), "rtol"),
        (partial(drifts, Device(), MARGIN), "photons"),
        (partial(noise_limit, Device(), MARGIN, "n_th"), "rtol"),
        (one_way, "about"),
        (single_photon_diode, "factor"),
        (two_photon_diode, "resolved"),
        (partial(at_least, g2_max=1, T_back_max=1), "T_least"),
        (partial(thermal_occupation, 1e9), "temperature"),
        (partial(thermal_occupation, temperature=1), "frequency"),
        (partial(temperature_of, 1e-3), "frequency"),
        (partial(temperature_of, frequency=1e9), "n_th"),
        (partial(photon_rate, 0.1, 1), "linewidth"),
        (partial(counting_time, 1e6, 1.0), "linewidth"),
        (partial(counting_time, 1e6, 1.0, 1e6), "accuracy"),
        (partial(triple_counting_time, 1e6, 1.0), "linewidth"),
        (SEEN.delays, "longest"),
    ],
    ids=lambda each: each if isinstance(each, str) else getattr(each, "func", each).__name__,
)
def test_what_is_no_number_of_the_range(call, name, value):
    with pytest.raises(ERRORS, match=f"{name} = .*: allowed"):
        call(**{name: value})


@pytest.mark.parametrize(
    "values",
    [
        "x",
        None,
        [],
        [[0, 1]],
        [[1], [1, 2]],
        [np.nan],
        [-1.0],
        [np.inf],
        ["1"],
        [True],
        {0: 1},
        [1j],
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (partial(g2_curves, Device()), "taus"),
        (partial(smeared, LIGHT), "sigmas"),
        (SEEN.g2, "edges"),
        (partial(yields, Device(), {"light": MARGIN}, count=1), "spreads"),
        (partial(noise_sweep, Device()), "n_th"),
        (partial(noise_sweep, Device()), "gamma_phi"),
        (partial(noise_sweep, Device()), "kappa_b"),
    ],
    ids=lambda each: each if isinstance(each, str) else getattr(each, "func", each).__name__,
)
def test_what_is_no_list_of_numbers_of_the_range(call, name, values):
    with pytest.raises(ERRORS, match=f"{name} = .*: allowed"):
        call(**{name: values})


@pytest.mark.parametrize("edges", [[2, 1], [0, 0, 1], [0, 10], 1.0, [1]])
def test_edges_are_increasing_and_within_a_run(edges):
    with pytest.raises(ValueError, match=r"edges = .*: allowed"):
        SEEN.g2(edges)


@pytest.mark.parametrize("margin", [None, 0.05, "one_way", {}])
def test_what_is_no_margin(margin):
    for call in (
        partial(drifts, Device(), margin),
        partial(noise_limit, Device(), margin, "n_th"),
        partial(yields, Device(), {"light": margin}, [0.1], 1),
        partial(yields, Device(), margin, [0.1], 1),
    ):
        with pytest.raises(TypeError, match=r"margin.* = .*: allowed is a"):
            call()


@pytest.mark.parametrize("name", [None, "heat", 1, ["n_th"]])
def test_what_is_no_noise(name):
    with pytest.raises(ValueError, match=r"name = .*: allowed are n_th, gamma_phi"):
        noise_limit(Device(), MARGIN, name)


def test_scalars_and_lists_of_numpy_are_numbers():
    assert g2_curves(Device(), np.float32(0.5), rtol=1e-2).sizes["tau"] == 1
    assert noisy_state(Device(), n_th=np.array(0.0), rtol=np.float64(1e-3)).T > 0.9
    found = clicks(Device(), runs=np.int64(2), duration=np.float32(9), seed=np.uint8(3))
    assert found.runs == 2
    assert len(random_devices(Device(), np.float64(0.1), np.int32(3), np.int64(1))) == 3
    assert np.isnan(SEEN.g2(np.array([0, 9]))[0]).sum() == 0


def test_limits_of_the_laboratory():
    assert thermal_occupation(5e9, 0) == thermal_occupation(1e15, 1) == 0
    assert thermal_occupation(1.0, 1e9) == pytest.approx(2.0837e19, rel=1e-4)  # k T / h nu
    assert temperature_of(0, 5e9) == 0
    assert photon_rate(0, 1, 1e6) == photon_rate(1, 0, 1e6) == 0
    assert counting_time(0, 1, 1e6) == counting_time(1e6, 0, 1e6) == np.inf
    assert triple_counting_time(0, 1, 1e6) == triple_counting_time(1e6, 0, 1e6) == np.inf


@pytest.mark.parametrize(
    ("detectors", "time"),
    [(2, partial(counting_time, g2=1.0)), (3, partial(triple_counting_time, g3=1.0))],
)
def test_coincidences_of_laser_light_are_counted_in_that_time(detectors, time):
    # Clicks of laser light are independent. Here 1/kappa = 1 s, so that the window is 0.1 s.
    linewidth, rate, duration = 1 / (2 * np.pi), 3.0, 20000.0
    clicks = _poisson_clicks(detectors, rate, duration)
    near = [
        np.searchsorted(other, clicks[0] + WINDOW / 2)
        - np.searchsorted(other, clicks[0] - WINDOW / 2)
        for other in clicks[1:]
    ]
    counted = np.prod(near, axis=0).sum()
    expected = duration / time(rate, linewidth=linewidth, accuracy=1.0)  # one in this time
    assert abs(counted - expected) < 5 * np.sqrt(2 * expected)


def _poisson_clicks(detectors, rate, duration):
    """Return sorted times of independent clicks, with an equal share of the rate each."""
    rng = np.random.default_rng(19)
    counts = rng.poisson(rate / detectors * duration, detectors)
    return [np.sort(rng.uniform(0, duration, count)) for count in counts]


def test_a_dark_output_has_no_partner():
    for dark in (Device(J_ac=0, J_bc=0), Device(J_ac=0).without_b()):
        assert np.isnan(list(partner(dark).values())).all()
    assert np.isnan(list(partner(Device().replace(U=0), "c").values())).all()
