"""Random devices of the whole parameter space: no number may be wrong by more than it says.

Two dozen in every run, more with the slow tests, and thousands with HYPOTHESIS_PROFILE=nightly.
"""

from collections import Counter

import hypothesis.strategies as st
import numpy as np
import pytest
from conftest import mirrored, numbers
from hypothesis import event, given, seed, settings
from reference import reference

from lossnr import ConvergenceError, Device, steady_state

#: Photons that the reference can take within a second or so, with three cavities and with two.
AFFORDABLE = {True: 7, False: 12}


def logarithmic(low, high):
    """Numbers whose logarithm is uniform."""
    return st.floats(np.log(low), np.log(high)).map(lambda x: float(f"{np.exp(x):.4g}"))


def signed(positive):
    return st.tuples(st.sampled_from([-1, 1]), positive).map(np.prod).map(float)


@st.composite
def devices(draw):
    """Devices of any drive up to 5 and any U up to 1000, of equal and unequal parameters."""
    usual = st.floats(0.3, 2).map(lambda x: round(x, 3))
    loss = st.one_of(usual, logarithmic(0.02, 5))
    kerr = st.one_of(
        signed(usual).map(lambda x: 5 * x), signed(logarithmic(0.01, 1000)), st.just(0.0)
    )
    hop = st.one_of(signed(usual), signed(usual), signed(logarithmic(1e-3, 3)), st.just(0.0))
    parameters = {name: draw(kerr) for name in ("U_a", "U_c")}
    parameters |= {name: draw(loss) for name in ("kappa_a", "kappa_c")}
    parameters["kappa_b"] = draw(st.one_of(loss, loss, st.just(0.0)))
    parameters |= {name: draw(hop) for name in ("J_ab", "J_bc", "J_ac")}
    resonant = [0.0, -parameters["U_a"], -2 * parameters["U_a"], -parameters["U_c"]]
    detuning = st.one_of(st.floats(-3, 3), st.sampled_from(resonant), signed(logarithmic(1, 100)))
    parameters |= {name: draw(detuning) for name in ("Delta_a", "Delta_b", "Delta_c")}
    parameters["theta"] = draw(st.one_of(st.floats(-3.1, 3.1), st.just(-np.pi / 4)))
    parameters["Omega"] = draw(st.one_of(logarithmic(1e-3, 5), logarithmic(0.01, 0.3)))
    device = Device(**parameters)
    return device.without_b() if draw(st.integers(0, 2)) == 0 else device


#: Parts that can run side by side; one is with the slow tests.
PARTS = 3
# At least thirty in all; the profile may ask for more. A few more, since parts repeat some.
many = settings(max_examples=max(30, settings().max_examples) // PARTS + 3)
drives = st.sampled_from("ac")
tolerances = st.sampled_from([1e-2, 1e-4, 1e-6, 1e-8])


@pytest.mark.parametrize("part", [0, pytest.param(1, marks=pytest.mark.slow), 2])
def test_no_number_is_wrong_by_more_than_it_says(part):
    outcomes = Counter()

    @many
    @given(devices(), drives, tolerances, st.sampled_from([2, 3, 5]))
    def examine(device, drive, rtol, photons):
        outcome = compare(device, drive, rtol, photons)
        event(outcome)
        outcomes[outcome] += 1

    if many.derandomize:  # each part would have the same devices
        examine = seed(part)(examine)
    examine()
    # It would be no proof if most devices were refused, or beyond the reference. Of a part that
    # may be so by chance: what hypothesis draws depends on the modules that were imported, too.
    assert outcomes["compared"] > outcomes.total() / 3


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
