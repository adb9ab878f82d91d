"""The claims on transmission: Fig. 2(a-c) and what the text says of them."""

import numpy as np

from ..model.device import DIRECTIONS
from ..model.names import NOISE, equation, number, symbol
from ..model.observables import isolation
from ..model.scattering import transmission
from .evidence import (
    at_loss,
    check,
    is_one_way,
    largest,
    over_detuning,
    refined_peak,
    states,
)
from .ledger import Finding, Undecided, claim
from .thresholds import ABOUT, RECIPROCAL_T


def _kerr_shift(device):
    """Return the largest difference of T from Eqs. 13, 14 over the detunings, and where it is."""
    data = over_detuning(device)
    linear = np.transpose([transmission(device.replace(Delta=D)) for D in data["Delta"].values])
    return largest(abs(data["T"] - linear).max("direction"))


@claim(
    "kerr-negligible",
    where="Sec. II, before Eq. 7",
    page="fig2",
    statement="Under a weak drive the Kerr terms leave the transmission unaffected.",
    criterion="Over the detunings of Fig. 2(b), with and without loss in b, $T$ of the full "
    "quantum model differs from Eqs. 13, 14 by at most 0.01: what the eye can tell in the figure.",
)
def kerr_negligible(device):
    lossy, at = _kerr_shift(device)
    lossless, at_0 = _kerr_shift(device.replace(kappa_b=0))
    measured = {
        "largest shift of $T$ with loss": lossy,
        r"at $\Delta$": at,
        "largest shift of $T$ without loss": lossless,
        r"at $\Delta$, without loss": at_0,
    }
    worst = max(lossy, lossless)
    decisive = (
        device.replace(kappa_b=0, Delta=at_0) if lossless > lossy else device.replace(Delta=at)
    )
    if worst <= RECIPROCAL_T:
        verdict, note = "reproduced", "The Kerr terms change $T$ by less than the eye can tell."
    else:
        weak = _allowed_drive(device)
        measured[r"largest $\Omega$ at which the criterion holds"] = weak
        verdict = "qualified" if weak > 0 else "not-reproduced"
        note = (
            f"At {equation('Omega', device.Omega)} they change $T$ by up to {number(worst, 2)} "
            f"({'without' if lossless > lossy else 'with'} loss in b). The change is at most 0.01 "
            rf"for $\Omega$ up to {number(weak, 2)}."
        )
    return Finding(verdict, measured, check(decisive, quantities=("T",)), note)


def _allowed_drive(device):
    """Return the largest drive at which the Kerr terms change T by at most 0.01."""
    low, high = 0.0, device.Omega
    for _ in range(7):
        middle = (low + high) / 2
        weaker = device.replace(Omega=middle)
        shift = max(_kerr_shift(weaker)[0], _kerr_shift(weaker.replace(kappa_b=0))[0])
        low, high = (middle, high) if shift <= RECIPROCAL_T else (low, middle)
    return low


@claim(
    "two-cavity-T",
    where="Fig. 2(a)",
    page="fig2",
    statement="Without cavity b the transmission is reciprocal.",
    criterion="$T$ differs by at most 0.01 between the directions over the detunings of the "
    "figure.",
)
def two_cavity_T(device):
    two = device.without_b()
    difference, at = largest(isolation(over_detuning(two)))
    holds = difference <= RECIPROCAL_T
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {
            r"largest difference of $T$ $a\to c$ and $T$ $c\to a$": difference,
            r"at $\Delta$": at,
        },
        check(two.replace(Delta=at), quantities=("T",)),
        "The two directions agree to rounding: the exchange of two equal cavities is a symmetry, "
        "and without a loop the phase has no meaning."
        if difference < NOISE
        else f"The directions differ by up to {number(difference, 2)}.",
    )


@claim(
    "lossless-T",
    where="Fig. 2(b)",
    page="fig2",
    statement=r"Without loss in cavity b ($\kappa_b = 0$) there is no nonreciprocal transmission.",
    criterion="$T$ differs by at most 0.01 between the directions over the detunings of the "
    "figure.",
)
def lossless_T(device):
    lossless = device.replace(kappa_b=0)
    difference, at = largest(isolation(over_detuning(lossless)))
    weak, _ = largest(isolation(over_detuning(lossless.replace(Omega=0))))
    holds = difference <= RECIPROCAL_T
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {
            r"largest difference of $T$ $a\to c$ and $T$ $c\to a$": difference,
            r"at $\Delta$": at,
            "the same in the limit of weak drive": weak,
        },
        check(lossless.replace(Delta=at), quantities=("T",)),
        "The directions agree to rounding."
        if difference < NOISE
        else f"The directions differ by up to {number(difference, 2)}: at a finite drive the Kerr "
        "terms distinguish them. In the limit of weak drive the difference is "
        f"{'only rounding' if weak < NOISE else number(weak, 1)}.",
    )


@claim(
    "one-way-T",
    where="Fig. 2(b)",
    page="fig2",
    statement=r"With loss in cavity b, $\kappa_b = \kappa$, nearly all light passes from a to c "
    "and nearly none from c to a.",
    criterion=r"At the working point $T$ $a\to c$ is within 0.05 of 1 and $T$ $c\to a$ at most "
    "0.05.",
)
def one_way_T(device):
    T = {direction: states(device)[direction].T for direction in DIRECTIONS}
    there, back = map(_percent, T.values())
    shares = f"From a to c {there} of the light passes, from c to a {back}"
    if is_one_way(device):
        verdict = "reproduced"
        linear = " and ".join(map(_percent, transmission(device)))
        note = f"{shares}. Without the Kerr terms it would be {linear}."
    elif is_one_way(device, "c->a"):
        verdict = "not-reproduced"
        note = "The directions are exchanged: light passes from c to a, and not from a to c."
    else:
        verdict = "not-reproduced"
        note = f"{shares}: this is not one-way."
    return Finding(
        verdict,
        {f"$T$ {symbol(direction)}": value for direction, value in T.items()},
        check(device, quantities=("T",)),
        at_loss(device) + note,
    )


def _percent(share):
    return f"{number(100 * share, 3) if share > NOISE else 0} %"


@claim(
    "isolation-max",
    where="Fig. 2(c)",
    page="fig2",
    statement=r"The isolation is largest at $\Delta = 0.5\,\kappa$ and $\kappa_b = \kappa$.",
    criterion=r"The largest isolation over the map is within $0.05\,\kappa$ of this point on both "
    "axes.",
)
def isolation_max(device):
    Delta, kappa_b, value = refined_peak(device, isolation)
    if value < NOISE:
        raise Undecided("the transmission is reciprocal over the whole map")
    holds = abs(Delta - 0.5) <= ABOUT and abs(kappa_b - 1) <= ABOUT
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {
            r"$\Delta$ of the maximum": Delta,
            r"$\kappa_b$ of the maximum": kappa_b,
            r"largest $\mathcal{I}$": value,
        },
        check(device.replace(Delta=Delta, kappa_b=kappa_b), quantities=("T",)),
        f"The maximum, {number(value)}, refined beyond the grid of the map, lies at "
        f"{equation('Delta', Delta)}, {equation('kappa_b', kappa_b)}.",
    )
