"""The solver of the live figures, in the build's JavaScript engine and in a real browser."""

import json
import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import lossnr_site
import numpy as np
import pytest
from playwright.sync_api import sync_playwright
from py_mini_racer import MiniRacer

from lossnr import Device, steady_state
from lossnr.model.device import DIRECTIONS
from lossnr.model.scattering import transmission
from lossnr.solver.steadystate import steady_line

LIVE = Path(lossnr_site.__file__).parent / "static" / "live"
SOLVER = [LIVE / f"{name}.js" for name in ("device", "algebra", "hierarchy", "series")]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUANTITIES = ("T", "g2", "g3")
#: JSON has neither typed arrays nor nan.
CALL = """
globalThis.call = (...given) => {
    const plain = (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
    try { return JSON.stringify(lossnr.line(...given), plain); }
    catch (error) { return JSON.stringify(error.message); }
};
"""


@contextmanager
def engine(name):
    """Yield the function that calls the solver, in the build's engine or in a browser."""
    if name == "browser":
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if browser is None:
            pytest.skip("there is no Chromium")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            page = chromium.new_page()
            for path in SOLVER:
                page.add_script_tag(path=path)
            page.add_script_tag(content=CALL)
            yield lambda *given: page.evaluate("given => call(...given)", given)
            chromium.close()
    else:
        interpreter = MiniRacer()
        for path in SOLVER:
            interpreter.eval(path.read_text())
        interpreter.eval(CALL)
        yield partial(interpreter.call, "call")
        interpreter.close()


@pytest.fixture(scope="module", params=["engine of the build", "browser"])
def line(request):
    """`lossnr.line`: its result as arrays by direction and quantity, or its message."""
    with engine(request.param) as call:

        def line(parameters, axis, values, **options):
            found = json.loads(call(parameters, axis, list(values), options))
            if isinstance(found, str):
                return found
            return {
                direction: {name: np.array(each, dtype=float) for name, each in of.items()}
                for direction, of in found.items()
            }

        yield line


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


@pytest.mark.parametrize(("count", "seed"), [(12, 1), pytest.param(300, 2, marks=pytest.mark.slow)])
def test_no_number_is_off_by_more_than_its_error(count, seed, line):
    answered = 0
    for device in random_devices(count, seed):
        found = line(device.parameters(), "Omega", [device.Omega], rtol=1e-3)
        states = steady_line(device, [0.0], rtol=1e-8)
        for i, direction in enumerate(DIRECTIONS):
            exact = states[i, 0].state()
            for name in QUANTITIES:
                value, error = found[direction][name][0], found[direction]["error"][0]
                if np.isfinite(value):
                    off = abs(value / getattr(exact, name) - 1)
                    assert off <= error + exact.error <= 2e-3, (device, direction, name)
            P, ours = exact.P[:4], found[direction]["P"][:, 0]
            known = np.isfinite(ours)
            assert np.all(abs(ours / P - 1)[known] <= error + exact.error)
        answered += all(np.isfinite(found[d][name][0]) for d in DIRECTIONS for name in QUANTITIES)
    assert answered >= 0.95 * count


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
