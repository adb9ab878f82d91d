"""Random devices of the whole parameter space: no number may be wrong by more than it says.

Forty in every run, more with the slow tests, and thousands with HYPOTHESIS_PROFILE=nightly. The
devices come from NumPy's generator: what Hypothesis draws depends on the modules that are imported.
"""

import secrets
from collections import Counter

import numpy as np
import pytest
from conftest import mirrored, numbers
from hypothesis import settings
from reference import reference

from lossnr import ConvergenceError, Device, steady_state

#: Photons that the reference can take within a second or so, with three cavities and with two.
AFFORDABLE = {True: 7, False: 12}


def random_device(rng):
    """Draw a device of any drive up to 5 and any U up to 1000, of equal and unequal parameters."""

    def one_of(*draws):
        return draws[rng.integers(len(draws))]()

    def logarithmic(low, high):
        return float(f"{np.exp(rng.uniform(np.log(low), np.log(high))):.4g}")

    def usual():
        return round(rng.uniform(0.3, 2), 3)

    def zero():
        return 0.0

    def signed(value):
        return float(rng.choice([-1, 1]) * value)

    def loss():
        return one_of(usual, lambda: logarithmic(0.02, 5))

    def kerr():
        return one_of(lambda: signed(5 * usual()), lambda: signed(logarithmic(0.01, 1000)), zero)

    def hop():
        often = lambda: signed(usual())  # noqa: E731
        return one_of(often, often, lambda: signed(logarithmic(1e-3, 3)), zero)

    parameters = {name: kerr() for name in ("U_a", "U_c")}
    parameters |= {name: loss() for name in ("kappa_a", "kappa_c")}
    parameters["kappa_b"] = one_of(loss, loss, zero)
    parameters |= {name: hop() for name in ("J_ab", "J_bc", "J_ac")}
    resonant = [0.0, -parameters["U_a"], -2 * parameters["U_a"], -parameters["U_c"]]

    def detuning():
        return one_of(
            lambda: rng.uniform(-3, 3),
            lambda: resonant[rng.integers(4)],
            lambda: signed(logarithmic(1, 100)),
        )

    parameters |= {name: detuning() for name in ("Delta_a", "Delta_b", "Delta_c")}
    parameters["theta"] = one_of(lambda: rng.uniform(-3.1, 3.1), lambda: -np.pi / 4)
    parameters["Omega"] = one_of(lambda: logarithmic(1e-3, 5), lambda: logarithmic(0.01, 0.3))
    device = Device(**parameters)
    return device.without_b() if rng.integers(3) == 0 else device


#: Parts that can run side by side; two are with the slow tests.
PARTS = 3
#: At least sixty devices in all; the profile may ask for more.
COUNT = max(60, settings().max_examples) // PARTS


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in (1, 2))]
)
def test_no_number_is_wrong_by_more_than_it_says(part):
    # The nightly run draws other devices each time.
    rng = np.random.default_rng(part if settings().derandomize else secrets.randbits(32))
    outcomes = Counter()
    for _ in range(COUNT):
        device, drive = random_device(rng), "ac"[rng.integers(2)]
        rtol, photons = rng.choice([1e-2, 1e-4, 1e-6, 1e-8]), rng.choice([2, 3, 5])
        try:
            outcomes[compare(device, drive, float(rtol), int(photons))] += 1
        except Exception as error:
            error.add_note(f"{device}, {drive}, {rtol = }, {photons = }")
            raise
    # It would be no proof if most devices were refused, or beyond the reference.
    assert outcomes["compared"] > COUNT / 3


def compare(device, drive, rtol, photons):
    """Compare a steady state with its mirror image and the reference; say how far that went."""
    back = {"a": "c", "c": "a"}[drive]
    try:
        state = steady_state(device, drive, rtol=rtol, photons=photons)
        opposite = steady_state(mirrored(device), back, rtol=rtol, photons=photons)
    except ConvergenceError:
        return "refused"
    a_state_of_light(state, device, rtol)
    known = np.isfinite(numbers(state)) & np.isfinite(numbers(opposite))
    known[0] &= state.T > 1e-9
    np.testing.assert_allclose(
        numbers(state)[known],
        numbers(opposite)[known],
        rtol=state.error + opposite.error + 1e-12,
        err_msg="the exchange of a and c",
    )

    most = AFFORDABLE[device.has_b]
    excitations = min(max(state.excitations, photons + 2), most)
    truth, numerical = reference(device, drive, excitations, photons)
    fewer, fewest = (reference(device, drive, excitations - k, photons)[0] for k in (1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Two steps: one of them may be small by accident.
        truncation = np.maximum(np.abs(truth / fewer - 1), np.abs(fewer / fewest - 1))
        wrong = np.abs(numbers(state) / truth - 1)
    # Where the reference takes photons enough to know as much as the solver says that it knows.
    known = (truncation <= max(state.error, 1e-6)) & np.isfinite(numbers(state))
    known[0] &= state.T > 1e-9
    if np.nanmax(truncation) >= 0.05:
        return "beyond the reference"
    assert np.all(wrong[known] <= (state.error + truncation + 10 * numerical + 1e-11)[known])
    return "compared"


def a_state_of_light(state, device, rtol):
    """Positive, normalised, and with no more light at the output than at the input."""
    allowed = 1 + rtol + state.error
    assert 0 <= state.T <= allowed
    for value in numbers(state)[1:]:
        assert np.isnan(value) or value >= 0
    assert np.nansum(state.P) <= allowed
    assert state.residual < 1e-9
    assert state.n == pytest.approx(state.T * device.Omega**2 / device.kappa_a / device.kappa_c)
