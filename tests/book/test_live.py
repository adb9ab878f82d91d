"""The live figures: their solver in the build's JavaScript engine and in a real browser."""

import json
import re
from contextlib import contextmanager
from functools import cache, partial

import numpy as np
import pytest
from lossnr_site import live, live_script
from py_mini_racer import MiniRacer

from lossnr import Device, steady_state, sweep
from lossnr.model.device import DIRECTIONS, SHARED
from lossnr.model.names import QUANTITIES as NAMED
from lossnr.model.scattering import path_amplitudes, scattering_matrix, transmission
from lossnr.solver.steadystate import steady_line, steady_points

pytestmark = pytest.mark.xdist_group("live solver")  # one browser, and exact states computed once

SOLVER = live_script.script(live_script.SOLVER)  # as it is on the site
QUANTITIES = ("T", "g2", "g3")
#: JSON has neither typed arrays nor nan.
CALL = """
globalThis.call = (name, ...given) => {
    const plain = (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
    const what = lossnr[name];
    try { return JSON.stringify(given.length ? what(...given) : what, plain); }
    catch (error) { return JSON.stringify(error.message); }
};
"""


@contextmanager
def engine():
    """Yield the function that calls the solver in the build's engine."""
    interpreter = MiniRacer()
    interpreter.eval(SOLVER + CALL)
    yield partial(interpreter.call, "call")
    interpreter.close()


@contextmanager
def page(browser):
    """Yield the function that calls the solver in a browser."""
    opened = browser.new_page()
    opened.add_script_tag(content=SOLVER + CALL)
    yield lambda *given: opened.evaluate("given => call(...given)", given)
    opened.close()


@pytest.fixture(scope="module", params=["engine of the build", "browser"])
def line(request):
    """`lossnr.line`: its result as arrays by direction and quantity, or its message."""
    in_browser = request.param == "browser"
    with page(request.getfixturevalue("browser")) if in_browser else engine() as call:

        def line(parameters, axis, values, **options):
            found = json.loads(call("line", parameters, axis, list(values), options))
            if isinstance(found, str):
                return found
            return {
                direction: {name: np.array(each, dtype=float) for name, each in of.items()}
                for direction, of in found.items()
            }

        yield line


@pytest.fixture(scope="module")
def solver():
    """Return what the solver has by a name, or gives for arguments."""
    with engine() as call:
        yield lambda *given: json.loads(call(*given))


def random_devices(count, seed):
    rng = np.random.default_rng(seed)
    names = list(Device().parameters())
    low = dict.fromkeys(names, -1.5) | {"theta": -np.pi, "Omega": 0.0}
    low |= {f"Delta_{o}": -3.0 for o in "abc"} | {f"kappa_{o}": 0.1 for o in "abc"}
    low |= {"U_a": -10.0, "U_c": -10.0}
    high = {name: -value for name, value in low.items()} | {"Omega": 0.3}
    high |= {f"kappa_{o}": 3.0 for o in "abc"}
    for _ in range(count):
        yield Device(**{name: rng.uniform(low[name], high[name]) for name in names})


@cache
def exact_states(count, seed):
    """Return random devices and their steady states."""
    devices = list(random_devices(count, seed))
    return devices, steady_points(devices)


# Among the first twelve is one whose rounding has to be measured.
def test_no_number_is_off_by_more_than_its_error(line):
    assert_errors_hold(12, 11, line)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["engine of the build"], indirect=True)
def test_no_number_of_many_is_off_by_more_than_its_error(line):
    assert_errors_hold(300, 2, line)


def assert_errors_hold(count, seed, line):
    answered = 0
    devices, states = exact_states(count, seed)
    for k, device in enumerate(devices):
        found = line(device.parameters(), "Omega", [device.Omega], rtol=1e-3)
        for i, direction in enumerate(DIRECTIONS):
            exact = states[i, k].state()
            for name in QUANTITIES:
                value, error = found[direction][name][0], found[direction]["error"][0]
                if np.isfinite(value):
                    off = abs(value / getattr(exact, name) - 1)
                    assert off <= error + exact.error <= 2e-3, (device, direction, name)
            P, ours = exact.P[:4], found[direction]["P"][:, 0]
            known = np.isfinite(ours)
            assert np.all(abs(ours / P - 1)[known] <= error + exact.error)
        answered += all(np.isfinite(found[d][name][0]) for d in DIRECTIONS for name in QUANTITIES)
    assert answered >= 0.97 * count


#: Found by a search for wrong errors: drive, quantity, tolerance, largest order, and device.
HOSTILE = [
    (
        *("c", "T", 1e-3, 8),
        {"Delta_a": -10.93, "Delta_c": 3.255, "kappa_a": 0.175, "kappa_c": 0.3582, "J": 0}
        | {"U_a": 0.1325, "U_c": 2.299, "J_ac": 0.1829, "Omega": 1.849},
    ),
    (
        *("c", "g2", 1e-2, 8),
        {"Delta_a": 2.955, "Delta_b": 1.073, "Delta_c": 4.441, "kappa_a": 1.752, "kappa_b": 0.4986}
        | {"kappa_c": 0.6908, "U_a": -1.543, "U_c": 0, "J_ab": 1.175, "J_bc": 0.08124}
        | {"J_ac": 2.064, "theta": 2.293, "Omega": 0.9111},
    ),
    (
        *("a", "g2", 1e-2, 8),
        {"Delta_a": -1.358, "Delta_b": 0.4004, "Delta_c": 2.182, "kappa_a": 2.525, "kappa_b": 1.001}
        | {"kappa_c": 1.205, "U_a": 8.347, "U_c": 3.08, "J_ab": 0.8324, "J_bc": -0.4264}
        | {"J_ac": 0.4211, "theta": -1.814, "Omega": 0.1806},
    ),
    # The sum settles before the series does.
    (
        *("a", "g2", 1e-2, 8),
        {"Delta_a": 1.145, "Delta_b": 1.96, "kappa_a": 0.5324, "kappa_c": 1.383, "J_ab": 0.469}
        | {"J_bc": 0.8446, "J_ac": -0.942, "theta": 1.292, "Omega": 0.1765},
    ),
    # Only T shows that g2 has not settled.
    (
        *("c", "g2", 1e-2, 8),
        {"Delta_a": -8.888, "Delta_c": 1.537, "kappa_a": 1.399, "kappa_c": 0.5057, "J": 0}
        | {"U_a": -1.209, "U_c": -2.065, "J_ac": 2.555, "Omega": 0.2126},
    ),
    (
        *("a", "g3", 1e-2, 8),
        {"Delta_a": -0.8716, "Delta_b": 5.662, "Delta_c": 15, "kappa_a": 0.07083, "kappa_b": 1.909}
        | {"kappa_c": 1.778, "U_a": 0.8745, "U_c": 0, "J_ab": 0.03716, "J_bc": 0.8627}
        | {"J_ac": 0.7933, "theta": -1.181, "Omega": 0.03275},
    ),
    # Four photons are resonant: three orders in a row change less than those before.
    (
        *("a", "T", 1e-3, 10),
        {"Delta_a": -15.528, "Delta_c": 0, "kappa_a": 0.1583, "kappa_c": 0.2361, "J": 0}
        | {"U_a": 5.176, "U_c": 5.719, "J_ac": 0.02081, "theta": 0, "Omega": 0.7008304},
    ),
    (
        *("c", "T", 1e-3, 10),
        {"Delta_a": -2.085, "Delta_c": 0, "kappa_a": 0.1628, "kappa_c": 0.2178, "J": 0}
        | {"U_a": 1.493, "U_c": 1.816, "J_ac": 0.03101, "theta": 0, "Omega": 0.1457},
    ),
    # The sum is near, and the limit is not.
    (
        *("a", "g2", 1e-3, 10),
        {"Delta_a": -7.9185, "Delta_c": 3.596, "kappa_a": 0.13674, "kappa_c": 1.5579, "J": 0}
        | {"U_a": -3.6503, "U_c": 0.1118, "J_ac": 0.35435, "theta": -3.8926, "Omega": 1.7482},
    ),
    # Six photons are resonant, and four.
    (
        *("c", "g3", 1e-3, 8),
        {"Delta_a": -24.12, "Delta_b": -9.297, "Delta_c": 0, "kappa_a": 0.03453, "kappa_b": 0.7509}
        | {"kappa_c": 2.818, "U_a": 4.784, "U_c": 0, "J_ab": 0.5639, "J_bc": 0.1013}
        | {"J_ac": 1.575, "theta": 2.831, "Omega": 0.3798},
    ),
    (
        *("c", "T", 1e-3, 8),
        {"Delta_a": -15.87, "Delta_c": 0, "kappa_a": 0.006943, "kappa_c": 3.504, "J": 0}
        | {"U_a": 5.217, "U_c": 0, "J_ac": 1.852, "theta": 0, "Omega": 0.3717},
    ),
    # The sum does not settle, and the limit changes little by accident.
    (
        *("a", "g2", 1e-3, 10),
        {"Delta_a": -1.309, "Delta_c": 0.2268, "kappa_a": 2.114, "kappa_c": 0.1694, "J": 0}
        | {"U_a": -0.6393, "U_c": -2.063, "J_ac": 0.1074, "theta": -0.725, "Omega": 1.173},
    ),
]
#: Those of them that are known at this tolerance; the other one is refused.
ANSWERED = range(1, 12)


@cache
def hostile_value(k):
    """Return the value that the device has, and its error."""
    drive, quantity, _, _, parameters = HOSTILE[k]
    exact = steady_state(Device().replace(**parameters), drive)
    return getattr(exact, quantity), exact.error


@pytest.mark.parametrize("k", range(len(HOSTILE)))
def test_the_error_holds_for_devices_that_were_searched_for(k, line):
    drive, quantity, rtol, last, parameters = HOSTILE[k]
    options = {"rtol": rtol, "wanted": [quantity], "last": last}
    found = line(parameters, "Omega", [parameters["Omega"]], **options)
    found = found["a->c" if drive == "a" else "c->a"]
    exact, error = hostile_value(k)
    assert np.isfinite(found[quantity][0]) or k not in ANSWERED
    if np.isfinite(found[quantity][0]):
        assert abs(found[quantity][0] / exact - 1) <= found["error"][0] + error


@pytest.mark.parametrize("kappa_b", [0.0, 1.0, 1.25])
def test_the_papers_curves_are_exact_to_five_digits(kappa_b, line):
    Delta = np.linspace(-3, 3, 13)
    found = line({"kappa_b": kappa_b}, "Delta", Delta)
    exact = steady_line(Device(kappa_b=kappa_b).replace(Delta=0), Delta, rtol=1e-9)
    for i, direction in enumerate(DIRECTIONS):
        for name in QUANTITIES:
            np.testing.assert_allclose(
                found[direction][name], getattr(exact, name)[i], rtol=1e-5, atol=1e-9
            )


def test_every_axis_leads_to_the_same_point(line):
    device = Device(kappa_b=1.25, U_c=4.0)
    at = line(device.parameters(), "Delta", [0.5])["c->a"]
    for name in ("theta", "J_ac", "kappa_b", "Omega", "U_c", "Delta_b"):
        found = line(device.parameters(), name, [getattr(device, name)])["c->a"]
        for quantity in QUANTITIES:
            np.testing.assert_allclose(found[quantity], at[quantity], rtol=1e-4)
    many = line(device.parameters(), "Delta", np.linspace(0, 1, 11))["c->a"]  # one eigenbasis
    for quantity in QUANTITIES:
        np.testing.assert_allclose(many[quantity][5], at[quantity][0], rtol=1e-4)


def test_linear_cavities_are_coherent_at_any_drive(line):
    device = Device(U_a=0, U_c=0, Omega=3, kappa_b=0.4, theta=1)
    found = line(device.parameters(), "Omega", [0, 3])
    for direction, T in zip(DIRECTIONS, transmission(device), strict=True):
        np.testing.assert_allclose(found[direction]["T"], T, rtol=1e-12)
        np.testing.assert_allclose(found[direction]["g2"], 1, rtol=1e-12)
        np.testing.assert_allclose(found[direction]["g3"], 1, rtol=1e-12)


def test_weak_drive_has_a_limit_and_a_dark_output_no_correlations(line):
    found = line({"Omega": 0}, "kappa_b", [1, 1.25])
    assert found["c->a"]["T"][0] == 0
    assert np.isnan(found["c->a"]["g2"][0])
    exact = steady_state(Device(Omega=0, kappa_b=1.25), "c")
    np.testing.assert_allclose(found["c->a"]["g2"][1], exact.g2, rtol=1e-6)


def test_two_cavities_are_reciprocal(line):
    found = line({"J": 0, "kappa_b": 0}, "Delta", np.linspace(-1, 1, 11))
    for name in QUANTITIES:
        np.testing.assert_allclose(found["a->c"][name], found["c->a"][name], rtol=1e-9)


def test_the_limit_is_known_where_the_series_diverges(line):
    found = line({}, "Omega", [0.5], rtol=1e-2)  # g3 is known to 1e-2 by its estimate
    for direction in DIRECTIONS:
        exact = steady_state(Device(Omega=0.5), direction[0], rtol=1e-5)
        for name in QUANTITIES:
            np.testing.assert_allclose(found[direction][name], getattr(exact, name), rtol=1e-4)


def test_where_nothing_is_known_nothing_is_said(line):
    strong = line({"Omega": 4}, "Delta", [0.5])["a->c"]
    undamped = line({"J": 1e-9, "kappa_b": 0}, "Delta", [0])["a->c"]
    for found in (strong, undamped):
        assert all(np.isnan(found[name][0]) for name in (*QUANTITIES, "error"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (({"kappa_a": 0}, "Delta", [0]), "kappa_a = 0: allowed is a finite real number > 0"),
        (({}, "Omega", [0, -1]), "Omega = -1: allowed is a finite real number >= 0"),
        (({"theta": 1e6}, "Delta", [0]), "theta = 1000000: allowed is a finite real number, at"),
        (({"U": "5"}, "Delta", [0]), "U = 5: allowed is a finite real number, at most 100000"),
        (({"Jac": 1}, "Delta", [0]), "unknown parameter 'Jac': known are Delta_a,"),
        (({"J": 1, "J_ab": 1}, "Delta", [0]), "J_ab is given twice: by J and by J_ab"),
        (({}, "detuning", [0]), "unknown parameter 'detuning': known are"),
    ],
)
def test_bad_parameters_are_refused_in_words(given, message, line):
    assert line(*given).startswith(message)


def test_the_parameters_are_those_of_a_device(solver):
    assert solver("DEFAULTS") == Device().parameters()
    assert {name: tuple(targets) for name, targets in solver("SHARED").items()} == SHARED
    assert set(live.RANGES) == {*Device().parameters(), *SHARED}


@pytest.mark.parametrize("name", Device().parameters())
@pytest.mark.parametrize("value", [0, -1])
def test_the_limits_are_those_of_a_device(name, value, solver):
    found = solver("device", {name: value})
    if isinstance(found, str):
        with pytest.raises(ValueError, match=re.escape(found)):
            Device(**{name: value})
    else:
        assert found == Device(**{name: value}).parameters()


def test_linear_light_is_that_of_the_package(solver):
    for device in [Device().without_b(), *random_devices(5, 3)]:
        found = solver("linear", device.parameters())
        np.testing.assert_allclose(found["S"], abs(scattering_matrix(device)) ** 2, atol=1e-12)
        paths = np.array(found["paths"]) @ [1, 1j]
        np.testing.assert_allclose(paths, [*path_amplitudes(device).values()], atol=1e-12)


def test_the_scripts_are_small():
    assert len(live_script.script().encode()) < 60_000


DETUNINGS, LOSSES = np.linspace(-1, 1, 6), [0.0, 0.5, 1.0, 1.5]


def test_a_map_is_computed_over_the_same_axes():
    data = sweep(Device(), kappa_b=LOSSES, Delta=DETUNINGS, photons=2)
    words = "(a) T against theta/pi: high. (b) isolation I over Delta/kappa and kappa_b/kappa: low."
    panel = live.panel("maps", data, words)
    assert panel["axes"] == [["kappa_b", 0, 1.5], ["Delta", -1, 1]]
    assert panel["device"] == Device().parameters()
    assert panel["show"] == "I"
    assert panel["label"] == "Map over the detuning and the loss of cavity b"
    assert live.panel("maps", data)["show"] == "T"


def test_a_short_axis_makes_curves():
    panel = live.panel("three", sweep(Device(), Delta=DETUNINGS, kappa_b=[0, 1], photons=2))
    assert (panel["axes"], panel["rows"]) == ([["Delta", -1, 1]], {"kappa_b": [0, 1]})
    assert panel["label"] == "Curves over the detuning, at κ_b = 0 and 1"
    two = live.panel("two", sweep(Device().without_b(), Delta=DETUNINGS, photons=2))
    assert two["label"] == "Curves over the detuning, without cavity b"
    assert live.panel("point", sweep(Device(), photons=2)) is None


@pytest.mark.parametrize(
    ("name", "html", "plain"),
    [
        ("kappa_b", "<i>κ</i><sub>b</sub>", "κ_b"),
        ("J_ab", "<i>J</i><sub>ab</sub>", "J_ab"),
        ("Delta_a", "Δ<sub>a</sub>", "Δₐ"),
        ("g2", "<i>g</i><sup>(2)</sup>", "g⁽²⁾"),
        ("P_1", "<i>P</i><sub>1</sub>", "P₁"),
        ("R", "<i>R</i>", "R"),
    ],
)
def test_symbols(name, html, plain):
    assert live.html(NAMED[name].symbol) == html
    assert live.plain(html) == plain
