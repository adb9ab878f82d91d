"""What several claims measure: peaks, equivalent devices, and what both methods confirm."""

from dataclasses import replace
from math import pi

import numpy as np
import pytest
import xarray as xr
from conftest import assert_same, devices
from hypothesis import given, settings

from lossnr import Device, steady_state
from lossnr.claims import CLAIMS, Undecided, evidence
from lossnr.claims.evidence import line
from lossnr.claims.thresholds import CONFIRMED
from lossnr.model import lindblad
from lossnr.model.device import DIRECTIONS
from lossnr.model.names import ROUNDING
from lossnr.model.observables import isolation, nonreciprocal_ratio
from lossnr.solver.accuracy import ConvergenceError
from lossnr.solver.steadystate import steady_points


def test_where_only_rounding_tells_the_directions_apart_there_is_no_maximum():
    for contrast, noise, device in (
        (isolation, ROUNDING, Device(theta=0)),
        (nonreciprocal_ratio, CONFIRMED, Device(U_a=0, U_c=0)),
    ):
        with pytest.raises(Undecided, match="is only rounding over the whole map"):
            evidence.refined_peak(device, contrast, noise)


def test_a_largest_value_is_looked_for_within_the_map():
    device = Device().replace(J=1.2)  # the isolation still grows where the map ends
    Delta, kappa_b, height = evidence.refined_peak(device, isolation, 1e-3)
    assert kappa_b == 2
    inside = line(device, kappa_b=(0, 2, 41), Delta=(-2, 2, 41), rtol=1e-3)
    assert height >= isolation(inside).max()
    assert abs(Delta) <= 2


@settings(max_examples=10)
@given(devices())
def test_equivalent_devices_are_solved_once(device):
    for other in (
        device.replace(theta=device.theta + pi, J_ac=-device.J_ac),
        device.replace(J_ab=-device.J_ab, J_bc=-device.J_bc),
    ):
        standard = evidence._standard(other)
        for drive in "ac":
            theirs = steady_state(standard, drive, rtol=1e-3)
            assert_same(steady_state(other, drive, rtol=1e-3), theirs, 1e-6)
        assert list(evidence._standard(device).parameters().values()) == pytest.approx(
            list(standard.parameters().values()), abs=1e-12
        )


def test_a_refusal_is_remembered():
    refused = []

    @evidence._remembered
    def refuse(device):
        refused.append(device)
        raise ConvergenceError("too strong")

    for _ in range(2):
        with pytest.raises(ConvergenceError, match="too strong"):
            refuse(Device())
    assert refused == [Device()]


@pytest.mark.parametrize("device", [Device(), Device(Omega=0), Device(Omega=0, theta=1.0)])
def test_nothing_beside_a_peak_is_higher(device):
    Delta, kappa_b, height = evidence.refined_peak(device, nonreciprocal_ratio, 1e-9)
    steps = 2 * evidence.REFINED * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    there = [device.replace(Delta=Delta + x, kappa_b=kappa_b + y) for x, y in steps]
    g2 = steady_points(there, photons=2, rtol=1e-8).g2
    data = {"g2": (("direction", "at"), g2)}
    ratios = nonreciprocal_ratio(xr.Dataset(data, {"direction": list(DIRECTIONS)})).values
    assert ratios[0] == pytest.approx(height, abs=1e-12)
    assert all(ratios[1:] < ratios[0])


def test_methods_that_disagree_decide_nothing(monkeypatch):
    solve = evidence.in_qutip
    monkeypatch.setattr(evidence, "in_qutip", lambda *at: replace(solve(*at), g2=0.0107))
    with pytest.raises(Undecided, match="QuTiP with five photons differs by"):
        evidence._agreement(Device(Omega=0.05), ("T", "g2"), ("a->c", "c->a"))


def test_a_drive_is_strong_where_there_is_little_loss():
    device = Device(kappa_b=0).replace(kappa_a=0.2, kappa_c=0.2)
    with pytest.raises(Undecided, match=r"the drive \$\\Omega = 0.1\$ is too strong"):
        evidence.over_detuning(device)
    assert evidence._is_quick(device.without_b())


def test_a_dark_output_is_compared_as_dark(monkeypatch):
    weak = Device(Omega=1e-11)  # T = 2e-23 from c to a, which QuTiP finds as 1e-20
    finding = CLAIMS["nonreciprocal-1pb"].measure(weak)
    assert finding.verdict == "reproduced"
    assert "is below $10^{-9}$, only that is confirmed" in finding.check
    solve = evidence.in_qutip
    monkeypatch.setattr(evidence, "in_qutip", lambda *at: replace(solve(*at), T=1e-8))
    with pytest.raises(Undecided, match="QuTiP with five photons differs by"):
        evidence._agreement(weak, ("T",), ("a->c", "c->a"))
    linear = Device(U_a=0, U_c=0)  # from c to a there is no light, and no g2
    with pytest.raises(Undecided, match=r"QuTiP with five photons differs by 0\.9"):
        evidence._agreement(linear, ("T", "g2"), ("c->a",))


@pytest.mark.slow  # QuTiP with six photons takes seconds
@pytest.mark.parametrize("direction", ["a->c", "c->a"])
def test_many_photons_agree_with_qutip(direction):
    for device in (Device(), Device(kappa_b=1.25)):
        theirs = lindblad.steady_state(device, direction[0], excitations=6, photons=5)
        ours = evidence.states(device, 5)[direction]
        assert ours.P[4:] == pytest.approx(theirs.P[4:], rel=1e-3)
