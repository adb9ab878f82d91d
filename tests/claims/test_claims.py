"""The ledger: complete, measured, as published, and able to say no."""

import json
import re
import subprocess
import sys
from functools import partial
from math import pi

import numpy as np
import pytest

from lossnr import Device
from lossnr.beyond import g2_curves
from lossnr.claims import (
    CLAIMS,
    VERDICTS,
    Condition,
    Undecided,
    changed,
    conditions,
    distributions,
    evidence,
    judge,
    printed,
    published,
    robustness,
    thermal,
)
from lossnr.claims import time as claims_in_time
from lossnr.claims.ledger import claim, in_plain_text
from lossnr.claims.thresholds import DRIFT
from lossnr.model import lindblad
from lossnr.model.names import QUANTITIES, symbol
from lossnr.show.time import findings
from lossnr.show.verdicts import close_calls

pytestmark = pytest.mark.xdist_group("claims")  # the ledger is evaluated once


def verdict(id, device):
    return CLAIMS[id].measure(device).verdict


def test_every_claim_is_on_record():
    assert list(published()) == list(CLAIMS)
    assert set(published().values()) <= VERDICTS.keys()


@pytest.mark.parametrize("id", CLAIMS)
def test_the_verdict_is_the_published_one(id, ledger):
    assert ledger[id]["verdict"] == published()[id]


@pytest.mark.parametrize("id", CLAIMS)
def test_an_entry_says_all_there_is_to_say(id, ledger):
    entry = ledger[id]
    for name in ("where", "page", "statement", "criterion", "check", "note"):
        assert len(entry[name]) > 3
    assert entry["measured"]
    assert all(type(value) is float for value in entry["measured"].values())
    assert all(np.isfinite(list(entry["measured"].values())))
    assert entry["labels"].keys() == entry["measured"].keys()


@pytest.mark.parametrize("id", CLAIMS)
def test_a_verdict_turns_where_a_condition_does(id):
    finding = CLAIMS[id].measure(Device())
    shares = [each.counted for each in finding.conditions]
    for k, each in enumerate(finding.conditions):
        if any(each in counted for counted in shares):
            continue  # these turn together, and their share is counted again: see below
        other = Condition(each.what, not each.holds, otherwise=each.otherwise)
        turned = [*finding.conditions[:k], other, *finding.conditions[k + 1 :]]
        assert conditions.turned(finding.conditions, k) == conditions.verdict_of(turned)


@pytest.mark.parametrize("id", ["robust", "robust-2pb"])
def test_where_a_threshold_of_many_conditions_moves_their_share_is_counted_again(id, monkeypatch):
    finding = CLAIMS[id].measure(Device())
    drifts = finding.conditions[:-1]
    margins = {each.what: each.value for each in drifts}
    monkeypatch.setattr(robustness, "check", lambda *at, **how: "none")
    monkeypatch.setattr(
        robustness.tolerances,
        "drifts",
        lambda *at, **how: {
            name: np.array([-margins[what], margins[what]])
            for name in QUANTITIES
            if (what := f"{symbol(name)} may drift by") in margins
        },
    )
    judged = partial(robustness._robustness, Device(), None, 2)
    assert judged().verdict == finding.verdict
    for k, each in enumerate(drifts):
        past = np.nextafter(each.value, np.inf) if each.holds else each.value
        monkeypatch.setattr(robustness, "DRIFT", past)
        assert conditions.turned(finding.conditions, k) == judged().verdict


def test_the_ledger_names_the_drift_at_which_two_photon_blockade_is_no_longer_robust(ledger):
    near = [
        (each["what"], each["turns_to"])
        for each in ledger["robust-2pb"]["conditions"]
        if each["holds"] and each["counted"] and each["value"] < 0.053
    ]
    assert near == [(r"$\Omega$ may drift by", "not-reproduced")]
    said = close_calls([ledger["robust-2pb"]]).data
    assert r"$\Omega$ may drift by: 0.05263" in said
    assert said.count("that the share counts have this threshold in common") == 1


def test_conditions_of_a_share_have_one_threshold():
    some = [Condition("x", 1, ">=", 2), Condition("y", 1, ">=", 3)]
    with pytest.raises(ValueError, match="one relation and one threshold"):
        conditions.share("share", some, 0.5)


def test_the_ledger_shows_how_near_a_verdict_is_to_another(ledger):
    (light,) = ledger["lossless-T"]["conditions"]
    assert (light["threshold"], light["turns_to"]) == (0.01, "not-reproduced")
    assert 0.008 < light["value"] < 0.0082
    uneven = [c for c in ledger["populations"]["conditions"] if c["threshold"] == 0.5]
    assert all(0.48 < each["value"] < 0.5 for each in uneven)
    assert all(each["turns_to"] == "not-reproduced" for each in uneven)


@pytest.mark.parametrize("id", CLAIMS)
def test_plain_text_has_no_trace_of_mathematics(id, ledger):
    (entry,) = in_plain_text([ledger[id]])
    texts = [*entry["measured"], *(value for value in entry.values() if isinstance(value, str))]
    assert not set("".join(texts)) & set("$\\{}")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_documents_itself(claim):
    words = " ".join(claim.measure.__doc__.split())
    assert words.startswith(f"{claim.where}: ")
    assert "*Criterion.*" in words
    assert "$" not in words


@pytest.mark.slow  # Python compiles all packages anew
def test_claims_are_documented_without_docstrings_too():
    code = "from lossnr.claims import CLAIMS; print(CLAIMS['eq12'].statement)"
    said = subprocess.check_output([sys.executable, "-OO", "-c", code], text=True)
    assert said == CLAIMS["eq12"].statement + "\n"


def test_the_figures_of_the_working_point(ledger):
    forward, backward = (lindblad.steady_state(Device(), drive, excitations=5) for drive in "ac")
    assert ledger["one-way-T"]["measured"]["T a->c"] == pytest.approx(forward.T, rel=1e-5)
    assert ledger["nonreciprocal-1pb"]["measured"]["g2 c->a"] == pytest.approx(
        backward.g2, rel=1e-5
    )
    assert ledger["five-orders"]["measured"]["power of Omega in the factor"] == pytest.approx(
        -4, abs=0.05
    )


# Each claim that a device can make false, and a device that does.
REFUTED = {
    "kerr-negligible": (Device(Omega=0.02), "reproduced"),
    "two-cavity-T": (Device(U_a=0, Omega=0.2), "not-reproduced"),
    "lossless-T": (Device(U_c=0), "not-reproduced"),
    "one-way-T": (Device(theta=pi / 4), "not-reproduced"),
    "isolation-max": (Device(J_ac=0.3), "not-reproduced"),
    "two-cavity-g2": (Device(U_a=0), "not-reproduced"),
    "lossless-g2": (Device(theta=0), "reproduced"),
    "inset-span": (Device(Omega=0.04), "corrected"),
    "lossless-1pb": (Device(U_a=0.1, U_c=0.1), "not-reproduced"),
    "nonreciprocal-1pb": (Device(kappa_b=2), "not-reproduced"),
    "ratio-max": (Device(J_ac=1.5), "not-reproduced"),
    "five-orders": (Device(Omega=0.04), "reproduced"),
    "nonreciprocal-2pb": (Device(U_a=1, U_c=1), "not-reproduced"),
    "poisson-1pb": (Device(theta=pi / 4), "not-reproduced"),
    "poisson-2pb": (Device(theta=pi / 4), "not-reproduced"),
    "populations": (Device(theta=pi / 4), "not-reproduced"),
    "weak-g2": (Device(U_a=0, U_c=0, Omega=0.11), "qualified"),
    "weak-g3": (Device(U_a=0, U_c=0), "not-reproduced"),
    "two-phases": (Device(J_ac=0.2), "not-reproduced"),
    "phase-pi/4": (Device(J_ac=-Device().J_ac), "not-reproduced"),
    "phase-3pi/4": (Device(J_ac=-Device().J_ac), "reproduced"),
    "loss-is-needed": (Device(theta=0), "reproduced"),
    "auxiliary-loss": (Device(theta=0), "not-reproduced"),
    "robust": (Device(theta=pi / 4), "not-reproduced"),
    "robust-2pb": (Device(Omega=0.2), "not-reproduced"),
    "one-by-one": (Device(theta=pi / 4), "not-reproduced"),
    "bunching": (Device(U_a=0.5, U_c=0.5), "reproduced"),
    "thermal": (Device(Omega=1e-5), "qualified"),
}


@pytest.mark.parametrize("id", REFUTED)
def test_the_verdict_is_measured_and_can_be_another_one(id):
    device, expected = REFUTED[id]
    assert verdict(id, device) == expected
    assert expected != published()[id]


def test_a_misprint_put_back_into_the_equations_is_found(monkeypatch):
    right = printed.printed_numerator
    monkeypatch.setattr(printed, "printed_numerator", lambda direction: right("a->c"))
    assert CLAIMS["eq14"].measure.__wrapped__(Device()).verdict == "not-reproduced"


def test_the_exchanged_direction_is_named():
    assert "exchanged" in CLAIMS["one-way-T"].measure(Device(theta=pi / 4)).note


def test_more_than_five_orders_are_not_five():
    weak = CLAIMS["five-orders"].measure(Device(Omega=0.02))
    assert weak.measured["orders of magnitude"] > 5.5
    assert weak.verdict == "corrected"
    assert "instead of 0.02" in weak.note


@pytest.mark.parametrize("device", [Device(U_a=0, U_c=0), Device(theta=0)])
def test_where_the_directions_are_alike_there_is_no_factor(device):
    finding = CLAIMS["five-orders"].measure(device)
    assert finding.verdict == "not-reproduced"
    assert finding.note == "The directions agree to rounding: there is no factor."
    assert finding.check.startswith("QuTiP agrees to")


def test_curves_that_are_one_span_nothing():
    finding = CLAIMS["inset-span"].measure(Device(U_a=0, U_c=0))
    assert finding.verdict == "not-reproduced"
    assert "span nothing" in finding.note


@pytest.mark.parametrize(
    ("id", "device"), [("one-by-one", Device()), ("bunching", Device(U_a=0.5, U_c=0.5))]
)
def test_what_decides_the_order_of_photons_does_not_depend_on_the_grid(id, device, monkeypatch):
    conditions, measured = [], []
    for delays in (1001, 2001):
        monkeypatch.setattr(claims_in_time, "_DELAYS", delays)
        finding = CLAIMS[id].measure.__wrapped__(device)
        conditions.append([(each.what, each.holds) for each in finding.conditions])
        measured.append(list(finding.measured.values()))
    assert conditions[0] == conditions[1]
    assert measured[0] == pytest.approx(measured[1], rel=1e-2)


@pytest.mark.parametrize("id", ["nonreciprocal-2pb", "poisson-1pb", "poisson-2pb"])
def test_what_only_rounding_tells_from_laser_light_is_no_blockade(id):
    assert verdict(id, Device(U_a=0, U_c=0)) == "not-reproduced"


def test_photons_of_laser_light_are_independent():
    laser = Device(U_a=0, U_c=0, kappa_b=0.5)
    for id, words in (("one-by-one", "not below 1"), ("bunching", "not above 1")):
        finding = CLAIMS[id].measure(laser)
        assert finding.verdict == "not-reproduced"
        assert words in finding.note
        assert "antibunched" not in finding.note
    assert findings(g2_curves(laser, [0, 1]), laser).data.count("come independently") == 2


def test_each_limit_of_thermal_photons_is_checked(monkeypatch):
    checked = []
    monkeypatch.setattr(thermal, "_check", lambda points: checked.extend(points) or "none")
    measured = thermal.thermal(Device(kappa_b=1.25)).measured  # both losses are one device
    limits = [value for name, value in measured.items() if name.endswith("survives")]
    assert [n_th for _, n_th in checked] == limits
    assert len(limits) == 2


def test_what_thermal_photons_do_is_said_as_it_is():
    weak = CLAIMS["thermal"].measure(Device(Omega=3e-4))
    assert "by a factor of up to" in weak.note
    linear = CLAIMS["thermal"].measure(Device(U_a=0, U_c=0))
    assert linear.verdict == "qualified"
    assert "inf" not in linear.note
    assert "where these are defined without noise" in linear.note


def test_a_claim_says_at_which_loss_it_was_judged():
    assert r"Judged at $\kappa_b = 2$." in CLAIMS["one-way-T"].measure(Device(kappa_b=2)).note
    assert "Judged" not in CLAIMS["one-way-T"].measure(Device()).note


def test_a_device_beyond_the_solver_is_not_checkable(monkeypatch):
    monkeypatch.setattr("lossnr.claims.ledger.CLAIMS", {"one-way-T": CLAIMS["one-way-T"]})
    (entry,) = judge(Device(Omega=100).without_b())
    assert entry["verdict"] == "not-checkable"
    assert "too strong" in entry["note"]


@pytest.mark.parametrize("id", ["lossless-T", "ratio-max", "populations", "two-phases"])
def test_a_drive_that_would_take_hours_is_not_checkable(id):
    with pytest.raises(Undecided, match=r"the drive \$\\Omega = 1\$ is too strong"):
        CLAIMS[id].measure(Device(Omega=1))


@pytest.mark.parametrize(
    "page", ["fig3", *(pytest.param(f"fig{k}", marks=pytest.mark.slow) for k in (2, 4, 5))]
)
@pytest.mark.parametrize(
    "changes", [{"Omega": 0}, {"Omega": 1e-300}, {"J": 0, "J_ac": 0}, {"U": 0, "J": 0.5}]
)
def test_every_device_gets_a_ledger_of_strict_json(changes, page):
    entries = judge(Device().replace(**changes), page=page)
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries
    if page == "fig2":
        verdicts = {entry["id"]: entry["verdict"] for entry in entries}
        assert (verdicts["nonreciprocal-1pb"] == "reproduced") == ("Omega" in changes)


def test_a_correlation_that_diverges_is_larger_than_any_bound():
    dark = Device(Omega=0)
    finding = CLAIMS["nonreciprocal-1pb"].measure(dark)
    assert finding.verdict == "reproduced"
    assert "infinite from c to a" in finding.note
    assert verdict("phase-pi/4", dark) == "reproduced"
    assert CLAIMS["robust"].measure(dark).measured[r"$U_a$ may drift by (at most 5 tried)"] > DRIFT
    no_path = evidence.states(dark.replace(J=0, J_ac=0))
    assert all(np.isnan(state.g2) for state in no_path.values())


def test_too_few_photons_are_not_counted():
    for device in (Device(Omega=1e-300), Device(Omega=1e-11)):
        with pytest.raises(Undecided, match=r"the drive is too weak|rounding hides"):
            CLAIMS["poisson-1pb"].measure(device)


@pytest.mark.slow
def test_methods_need_not_agree_on_more_digits_than_rounding_leaves():
    # P_3 from c to a has the relative error 0.005.
    assert verdict("weak-g3", Device(kappa_c=1000)) == "corrected"


@pytest.mark.slow
def test_a_probability_without_digits_comes_from_qutip():
    device = Device(kappa_c=1000)
    assert np.isnan(evidence.states(device, 5)["a->c"].P[5])
    finding = CLAIMS["poisson-1pb"].measure(device)
    assert finding.verdict == "reproduced"
    assert finding.measured[r"$P_5$ $a\to c$, relative deviation"] < -0.9


def test_a_changed_verdict_is_named(ledger):
    entries = [dict(ledger["one-way-T"], verdict="not-reproduced"), ledger["eq12"]]
    assert changed(entries) == {"one-way-T": ("reproduced", "not-reproduced")}


def test_bad_arguments_are_named():
    with pytest.raises(TypeError, match="allowed is a Device"):
        judge({})
    with pytest.raises(ValueError, match="page = 'fig9': allowed are derivation, fig2"):
        judge(page="fig9")
    with pytest.raises(ValueError, match="otherwise = 'true': allowed are reproduced"):
        Condition("T", 1, otherwise="true")
    with pytest.raises(ValueError, match="relation = '!=': allowed are <, <="):
        Condition("T", 1, "!=", 2)


def test_an_id_is_given_once_and_has_a_criterion():
    with pytest.raises(ValueError, match="id = 'eq13': it is the id of another claim"):
        claim("eq13", where="", page="")
    with pytest.raises(ValueError, match=r"id = 'eq1': criteria.toml has no criterion"):
        claim("eq1", where="", page="")


@pytest.mark.slow  # P_3 without loss needs five photons
def test_photon_numbers_without_loss_agree_with_qutip():
    for direction in ("a->c", "c->a"):
        theirs = lindblad.steady_state(Device(kappa_b=0), direction[0], excitations=5)
        ours = evidence.states(Device(kappa_b=0))[direction]
        assert ours.P[1:4] == pytest.approx(theirs.P[1:4], rel=1e-3)


def test_many_photons_have_a_second_method(ledger):
    for id in ("poisson-1pb", "poisson-2pb"):
        assert "are within" in ledger[id]["check"]
    # The distance from the limit falls with the drive squared.
    words = distributions._many_photons(Device(Omega=0.01))
    assert float(re.search(r"within ([\d.]+) %", words)[1]) <= 0.04
    assert distributions._many_photons(Device(Omega=0.5).without_b()).endswith("only")


def test_what_rests_on_equal_ends_is_said_only_there():
    linear = Device(kappa_a=2).replace(U=0)
    for id in ("two-cavity-T", "two-cavity-g2"):
        assert "symmetry" in CLAIMS[id].measure(Device()).note
        assert CLAIMS[id].measure(linear).note == "The two directions agree to rounding."
    asymmetric = Device(theta=0, U_a=1)  # here the phase does nothing
    assert "a difference of a and c" in CLAIMS["lossless-g2"].measure(asymmetric).note


def test_qutip_checks_the_points_that_decide(monkeypatch):
    checked = []
    monkeypatch.setattr(evidence, "_agreement", lambda device, *_: checked.append(device) or 0.0)
    found = CLAIMS["populations"].measure.__wrapped__(Device())
    assert {0.2, 1, 2} == {each.kappa_b for each in checked}
    assert r"with $\kappa_b > 0$" in found.check
    checked.clear()
    found = CLAIMS["kerr-negligible"].measure.__wrapped__(Device())
    assert found.measured[r"largest $\Omega$ at which the criterion holds"] in {
        each.Omega for each in checked
    }
    checked.clear()
    found = CLAIMS["inset-span"].measure.__wrapped__(Device(Omega=0.05))
    assert found.measured[r"$\Omega$ at which the span is $10^{5}$"] in {
        each.Omega for each in checked
    }
