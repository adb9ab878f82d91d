"""The claims on transmission: Fig. 2(a-c) and what the text says of them."""

import numpy as np

from ..model.device import DIRECTIONS
from ..model.observables import isolation
from ..model.scattering import transmission
from .evidence import (
    ABOUT,
    RECIPROCAL_T,
    at_loss,
    check,
    is_one_way,
    largest,
    over_detuning,
    refined_peak,
    states,
)
from .ledger import Finding, Undecided, claim

#: Differences between the directions below this are rounding.
ROUNDING = 1e-9


def kerr_shift(device):
    """Return the largest difference of T from Eqs. 13, 14 over the detunings, and where it is."""
    data = over_detuning(device)
    linear = np.transpose([transmission(device.replace(Delta=D)) for D in data["Delta"].values])
    return largest(abs(data["T"] - linear).max("direction"))


@claim(
    "kerr-negligible",
    where="Sec. II, before Eq. 7",
    page="fig2",
    statement="Under a weak drive the Kerr terms leave the transmission unaffected.",
    criterion="Over the detunings of Fig. 2(b), with and without loss in b, T of the full quantum "
    "model differs from Eqs. 13, 14 by at most 0.01: what the eye can tell in the figure.",
)
def kerr_negligible(device):
    lossy, at = kerr_shift(device)
    lossless, at_0 = kerr_shift(device.replace(kappa_b=0))
    measured = {
        "largest shift of T with loss": lossy,
        "at Delta": at,
        "largest shift of T without loss": lossless,
        "at Delta, without loss": at_0,
    }
    worst = max(lossy, lossless)
    decisive = (
        device.replace(kappa_b=0, Delta=at_0) if lossless > lossy else device.replace(Delta=at)
    )
    if worst <= RECIPROCAL_T:
        verdict, note = "reproduced", "The Kerr terms move T by less than the eye can tell."
    else:
        weak = allowed_drive(device)
        measured["largest Omega at which the criterion holds"] = weak
        verdict = "qualified" if weak > 0 else "not-reproduced"
        note = (
            f"At Omega = {device.Omega:g} they move T by up to {worst:.2g}"
            f" ({'without' if lossless > lossy else 'with'} loss in b). For Omega up to "
            f"{weak:.2g} the shift stays below 0.01."
        )
    return Finding(verdict, measured, check(decisive, quantities=("T",)), note)


def allowed_drive(device):
    """Return the largest drive at which the Kerr terms move T by at most 0.01."""
    low, high = 0.0, device.Omega
    for _ in range(7):
        middle = (low + high) / 2
        weaker = device.replace(Omega=middle)
        shift = max(kerr_shift(weaker)[0], kerr_shift(weaker.replace(kappa_b=0))[0])
        low, high = (middle, high) if shift <= RECIPROCAL_T else (low, middle)
    return low


@claim(
    "two-cavity-T",
    where="Fig. 2(a)",
    page="fig2",
    statement="Without cavity b the transmission is reciprocal.",
    criterion="T differs by at most 0.01 between the directions over the detunings of the figure.",
)
def two_cavity_T(device):
    two = device.without_b()
    difference, at = largest(isolation(over_detuning(two)))
    holds = difference <= RECIPROCAL_T
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {"largest difference of T a->c and T c->a": difference, "at Delta": at},
        check(two.replace(Delta=at), quantities=("T",)),
        "The two directions are the same to rounding: exchanging two equal cavities is a symmetry, "
        "and without a loop the phase has no meaning."
        if difference < ROUNDING
        else f"The directions differ by up to {difference:.2g}.",
    )


@claim(
    "lossless-T",
    where="Fig. 2(b)",
    page="fig2",
    statement="Without loss in cavity b (kappa_b = 0) there is no nonreciprocal transmission.",
    criterion="T differs by at most 0.01 between the directions over the detunings of the figure.",
)
def lossless_T(device):
    lossless = device.replace(kappa_b=0)
    difference, at = largest(isolation(over_detuning(lossless)))
    weak, _ = largest(isolation(over_detuning(lossless.replace(Omega=0))))
    holds = difference <= RECIPROCAL_T
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {
            "largest difference of T a->c and T c->a": difference,
            "at Delta": at,
            "the same in the limit of weak drive": weak,
        },
        check(lossless.replace(Delta=at), quantities=("T",)),
        "The directions are the same to rounding."
        if difference < ROUNDING
        else f"The directions differ by up to {difference:.2g}: at a finite drive the Kerr terms "
        "tell them apart. In the limit of weak drive "
        f"{'nothing but rounding' if weak < ROUNDING else f'{weak:.1g}'} is left.",
    )


@claim(
    "one-way-T",
    where="Fig. 2(b)",
    page="fig2",
    statement="With loss in cavity b, kappa_b = kappa, nearly all light passes from a to c and "
    "nearly none from c to a.",
    criterion="At the working point T a->c is within 0.05 of 1 and T c->a at most 0.05.",
)
def one_way_T(device):
    T = {direction: states(device)[direction].T for direction in DIRECTIONS}
    linear = dict(zip(DIRECTIONS, transmission(device), strict=True))
    if is_one_way(device):
        verdict = "reproduced"
        note = (
            f"{percent(T['a->c'])} and {percent(T['c->a'])}. Without the Kerr terms it would be "
            f"{percent(linear['a->c'])} and {percent(linear['c->a'])}."
        )
    elif is_one_way(device, "c->a"):
        verdict = "not-reproduced"
        note = "The directions are exchanged: light passes from c to a, and not from a to c."
    else:
        verdict = "not-reproduced"
        shares = " and ".join(percent(value) for value in T.values())
        note = f"{shares} pass: no direction is both open and alone."
    return Finding(
        verdict,
        {f"T {direction}": value for direction, value in T.items()},
        check(device, quantities=("T",)),
        at_loss(device) + note,
    )


def percent(share):
    """Return a share of the light in per cent, in words."""
    return f"{100 * share:.3g} %" if share > ROUNDING else "0 %"


@claim(
    "isolation-max",
    where="Fig. 2(c)",
    page="fig2",
    statement="The isolation is largest at Delta = 0.5 kappa and kappa_b = kappa.",
    criterion="The largest isolation over the map is within 0.05 kappa of this point on both axes.",
)
def isolation_max(device):
    Delta, kappa_b, value = refined_peak(device, isolation)
    if value < ROUNDING:
        raise Undecided("the transmission is reciprocal over the whole map")
    holds = abs(Delta - 0.5) <= ABOUT and abs(kappa_b - 1) <= ABOUT
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {"Delta of the maximum": Delta, "kappa_b of the maximum": kappa_b, "largest I": value},
        check(device.replace(Delta=Delta, kappa_b=kappa_b), quantities=("T",)),
        f"The maximum, {value:.4f}, refined off the grid of the map, lies at Delta = {Delta:.3f}, "
        f"kappa_b = {kappa_b:.3f}.",
    )
