"""More photons than were kept, and changes that are small by accident: what the adversary finds."""

from dataclasses import replace

import adversary
import numpy as np
import pytest
from adversary import FAMILIES, drummond_walls, search
from conftest import UNCOUPLED, assert_same, numbers
from reference import reference

from lossnr import ConvergenceError, Device, steady_state
from lossnr.model import lindblad
from lossnr.solver import accuracy
from lossnr.solver.series import sum_series
from lossnr.solver.steadystate import steady_points

RESONANT = UNCOUPLED | {"Delta_b": 0, "kappa_b": 1}


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [  # k photons in a have k times the drive's energy: Delta_a = -(k - 1) U_a
        (
            {"Delta_a": -40, "Delta_c": 10, "U_a": 10, "kappa_a": 0.1, "kappa_c": 2, "Omega": 4},
            {"rtol": 1e-2, "photons": 2},
        ),
        pytest.param(
            {
                "Delta_a": -50,
                "Delta_c": 10,
                "U_a": 10,
                "kappa_a": 0.009,
                "kappa_c": 0.2,
                "Omega": 2,
            },
            {"rtol": 1e-2},  # below 1e-3 rounding decides whether it is had
            marks=pytest.mark.slow,
        ),
        (
            {"Delta_a": -50, "Delta_c": 0, "U_a": 10, "kappa_a": 0.05, "kappa_c": 3, "Omega": 3.8},
            {"rtol": 1e-2},
        ),
        (
            {
                "Delta_a": -0.9,
                "Delta_c": 0,
                "U_a": 0.3,
                "kappa_a": 0.02,
                "kappa_c": 1,
                "Omega": 0.06,
            },
            {"rtol": 1e-2},
        ),
    ],
)
def test_a_resonance_of_many_photons_is_not_missed(parameters, arguments):
    J_ac = 0.03 if parameters["Omega"] < 1 else 0.1
    device = Device(**RESONANT, **parameters, J_ac=J_ac)
    fast = steady_state(device, **arguments)
    slow = lindblad.steady_state(device, excitations=9, photons=2)
    assert fast.g2 == pytest.approx(slow.g2, rel=fast.error + slow.error)
    assert pytest.approx(slow.T, rel=fast.error + slow.error) == fast.T


@pytest.mark.parametrize("rtol", [1e-2, pytest.param(1e-6, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("parameters", "g3"),
    [  # found by an optimiser; the right values are those of 18 and 22 photons, and of the oracle
        ({"U_a": 20, "J_ac": 2, "Delta_a": -120, "Delta_c": -10, "Omega": 3}, 1.100096887),
        ({"U_a": 8, "J_ac": 0.5, "Delta_a": -48.1, "Delta_c": -6, "Omega": 3}, 1.46511801),
        (
            {"U_a": 27.92, "U_c": 0.581, "Delta_a": -139.6464, "Delta_c": 0, "J_ac": 0.8831}
            | {"kappa_a": 0.1569, "kappa_c": 2.175, "Omega": 1.42},
            0.3584145846,
        ),
        (
            {"U_a": 4.415, "U_c": 0.1867, "Delta_a": -26.5155, "Delta_c": 9.944, "J_ac": 0.7667}
            | {"kappa_a": 0.1908, "kappa_c": 3.427, "Omega": 0.4825595},
            0.654636562,
        ),
        (
            {"U_a": 24.49, "Delta_a": -122.5519, "Delta_c": 6.236, "J_ac": 0.6428}
            | {"kappa_a": 0.0851, "kappa_c": 4.238, "Omega": 1.9472},
            0.9258299589,
        ),
        (
            {"U_a": 2, "U_c": 1, "J_ac": 0.05, "Delta_a": -14, "Delta_c": 4, "Omega": 0.6}
            | {"theta": -np.pi / 4},
            0.1843394694,
        ),
    ],
)
def test_a_resonance_beyond_the_photons_kept_is_in_the_error(parameters, g3, rtol):
    try:
        state = steady_state(Device(**(UNCOUPLED | parameters)), rtol=rtol)
    except ConvergenceError:
        assert rtol < 1e-2
        return
    assert abs(state.g3 / g3 - 1) <= state.error + 1e-8


def test_a_last_change_that_is_small_by_accident_does_not_promise_more():
    # Two parts of P_5 cancel in the tenth order; the adversary found it.
    device = Device(
        **UNCOUPLED | {"U_c": 0.1776},
        U_a=3.927,
        Delta_a=-20.04798,
        Delta_c=0,
        kappa_a=0.5496,
        kappa_c=0.20198,
        J_ac=0.9384,
        Omega=0.244927,
    )
    right, _ = reference(device, "a", 9, photons=5)
    state = steady_state(device, rtol=1e-7, photons=5)
    assert np.max(np.abs(numbers(state) / right - 1)) <= state.error < 1e-7


@pytest.mark.parametrize(
    ("device", "rtol"),
    [  # found by the adversary; the changes are of the last orders, or of the one after
        pytest.param(
            Device(
                **UNCOUPLED | {"U_c": 0.55021, "theta": -np.pi / 4},
                **{"U_a": -0.115637, "Delta_a": -2.4714025, "Delta_c": 0.22229},
                **{"kappa_a": 0.01483235, "kappa_c": 0.00870205},
                **{"J_ac": 1.9293165, "Omega": 0.30388},
            ),
            (1e-4, 1e-8),
            id="signs change: a hundredth of the one before",
        ),
        pytest.param(
            Device(
                **UNCOUPLED,
                **{"U_a": 1.340615, "Delta_a": -7.428576, "Delta_c": -8.938659},
                **{"kappa_a": 2.80161, "kappa_c": 17.830873},
                **{"J_ac": 1.353174, "Omega": 2.129953},
            ),
            (1e-4, 1e-8),
            id="around the limit: 3e-5, 8e-7, 6e-6",
        ),
        pytest.param(
            Device(
                **{"Delta_a": -6.502491, "Delta_b": -1.727965, "Delta_c": -4.405972},
                **{"kappa_a": 0.386819, "kappa_b": 0.448484, "kappa_c": 3.602},
                **{"U_a": 2.273615, "U_c": 0.101703},
                **{"J_ab": 0.021314, "J_bc": 0.146678, "J_ac": 0.505332},
                **{"theta": 2.228266, "Omega": 0.219671},
            ),
            (1e-6, 1e-9),
            id="two small by accident: 1.5e-7, 4e-9, 2e-7",
        ),
        pytest.param(
            Device(
                **{"Delta_a": -3.839983, "Delta_b": -4.774271, "Delta_c": -12.0407836},
                **{"kappa_a": 0.85645365, "kappa_b": 0.307998, "kappa_c": 2.558933},
                **{"U_a": 1.7147264, "U_c": 0.8617062},
                **{"J_ab": 0.58315467, "J_bc": 0.12300005, "J_ac": 1.75384954},
                **{"theta": -2.17728979, "Omega": 0.41155696},
            ),
            (1e-3, 1e-6),
            id="two small by accident: 2e-4, 4e-6, 4e-5",
        ),
        pytest.param(
            Device(
                **UNCOUPLED | {"U_c": 0.111799},
                **{"U_a": -3.650281, "Delta_a": -7.918505, "Delta_c": 3.595982},
                **{"kappa_a": 0.136742, "kappa_c": 1.557946},
                **{"J_ac": 0.354349, "Omega": 1.748236},
            ),
            (1e-4, 1e-6),
            id="three small by accident: g2 was off by 14 errors",
        ),
    ],
)
def test_changes_that_are_small_by_accident_do_not_promise_more(device, rtol):
    rough, precise = (steady_state(device, rtol=each, photons=2) for each in rtol)
    assert_same(rough, precise, rel=rough.error + precise.error)
    assert rough.error + precise.error < rtol[0]


def test_an_observable_that_has_ceased_to_change_hides_no_other():
    # T did not change any more, and P_5 by 5e-5 twice; the adversary found it.
    changes = np.array([[1e-9, 1e-3], [0.0, 5e-5], [0.0, 5e-5]])[..., None, None]
    rest = accuracy.tail(changes, np.full((1, 1), np.nan), np.zeros((2, 1, 1)))
    assert rest[1] > accuracy.CAUTION * 5e-5


def test_a_resonance_of_more_photons_is_not_missed_among_several_devices():
    # Seven photons resonate; the adversary found g2 off by 23 errors, of devices solved together.
    device = Device(
        **{"Delta_a": -10.370433, "Delta_b": 0.149446, "Delta_c": -7.883508},
        **{"kappa_a": 0.004177, "kappa_b": 0.953929, "kappa_c": 0.511186},
        **{"U_a": 1.671643, "U_c": 0.019545, "J_ab": 1.314737, "J_bc": 0.826014, "J_ac": 1.52402},
        **{"theta": 0, "Omega": 1.221276},
    )
    pair = [device, device.replace(theta=1e-6)]
    state = steady_points(pair, drives="a", rtol=1e-3, photons=2)[0, 0].state()
    assert state.g2 == pytest.approx(0.929819, rel=state.error + 1e-5)  # sums to the order 13


BISTABLE = Device(
    **UNCOUPLED, U_a=0.2, J_ac=0.5, Delta_a=-5.8, Delta_c=0, kappa_a=0.03, kappa_c=100, Omega=4
)


def test_a_brighter_state_that_cannot_be_kept_is_refused_in_words():
    with pytest.raises(ConvergenceError, match="more photons than can be kept may hold the light"):
        steady_state(BISTABLE, rtol=1e-2, photons=2)


def test_the_reference_of_the_adversary_is_the_exact_solution():
    # The values of brute force, where both apply.
    T, g2, _, *P = drummond_walls(BISTABLE, photons=2)
    assert g2 == pytest.approx(4.98, rel=2e-3)
    assert P[1] == pytest.approx(6.01e-5, rel=2e-3)
    assert pytest.approx(T * 16 / 3, rel=1e-3) == P[1]


@pytest.mark.parametrize(
    ("U_a", "kappa_a", "Delta_a", "Omega", "J_ac"),
    [
        (0.5666, 0.1036, -1.4887, 0.5743, 1.893),
        (0.8191, 0.2075, -2.2483, 0.9971, 0.7777),
        (0.9985, 0.1303, -2.9307, 1.74, 0.4901),
        (0.7061, 0.03161, -2.0196, 1.7147, 1.889),
        (1.926, 0.4343, -8.896, 4.0219, 1.404),
    ],
)
def test_light_that_is_in_the_bright_state_is_found_there(U_a, kappa_a, Delta_a, Omega, J_ac):
    # A driven Kerr cavity, and one that follows it fast: solved exactly by Drummond and Walls.
    device = Device(
        **UNCOUPLED,
        U_a=U_a,
        kappa_a=kappa_a,
        Delta_a=Delta_a,
        Omega=Omega,
        J_ac=J_ac,
        kappa_c=2e3,
        Delta_c=0,
    )
    T, g2, _, *P = drummond_walls(device, photons=2)
    in_a = P[1] / (2 * J_ac / device.kappa_c) ** 2
    dim = (Omega / Delta_a) ** 2
    assert in_a > 3 * dim
    state = steady_state(device, rtol=1e-2, photons=2)
    slow = 10 * (abs(Delta_a) + 20 * U_a) / device.kappa_c  # by which cavity c lags behind
    assert pytest.approx(T, rel=state.error + slow) == state.T
    assert state.g2 == pytest.approx(g2, rel=state.error + slow)


@pytest.mark.parametrize(
    "family", [pytest.param("resonant", marks=pytest.mark.slow), "weak", "slaved"]
)
def test_the_adversary_finds_nothing(family):
    worst, case, counts = search(FAMILIES[family], devices=48, seed=1)
    assert counts["judged"] >= 5
    assert worst <= 1, case


@pytest.mark.parametrize("reference", ["series", "closely"])
def test_the_adversary_finds_a_number_that_is_wrong(reference, monkeypatch):
    def wrong(*arguments):
        found = sum_series(*arguments)
        return replace(found, g2=found.g2 * (1 + 30 * found.error))

    if reference == "series":
        monkeypatch.setattr(adversary, "sum_series", wrong)
        monkeypatch.setattr(adversary, "judge", lambda *_: np.nan)
    else:
        monkeypatch.setattr(adversary, "CHECKED", 1)
        monkeypatch.setattr(adversary, "judge", lambda *_: 30.0)
    worst, _, counts = search(FAMILIES["weak"], devices=32, seed=1)
    assert worst > 5
    assert counts["judged"] >= 5
