"""The claims on transmission: Fig. 2(a-c) and what the text says of them."""

from ..model.names import ROUNDING, equation, number, rounded_down, rounded_up
from ..model.observables import isolation
from ..model.scattering import transmission
from .conditions import Condition, hold
from .evidence import (
    at_loss,
    check,
    equal_ends,
    in_both,
    largest,
    linear_over_detuning,
    one_way_conditions,
    over_detuning,
    refined_peak,
)
from .ledger import Finding, claim
from .thresholds import ABOUT, RECIPROCAL_T


def _kerr_shift(device):
    """Return the largest difference of T from Eqs. 13, 14 over the detunings, and the device."""
    data = over_detuning(device)
    shift, at = largest(abs(data["T"] - linear_over_detuning(device)).max("direction"))
    return shift, device.replace(**at)


@claim("kerr-negligible", where="Sec. II, before Eq. 7", page="fig2")
def kerr_negligible(device):
    """Under a weak drive the Kerr nonlinearity hardly affects the states that carry the light, so
    that the transmission can be calculated without it."""
    lossy, there = _kerr_shift(device)
    lossless, there_0 = _kerr_shift(device.replace(kappa_b=0))
    measured = {
        "largest shift of $T$ with loss": lossy,
        r"at $\Delta$": there.Delta_a,
        "largest shift of $T$ without loss": lossless,
        r"at $\Delta$, without loss": there_0.Delta_a,
    }
    worst = max(lossy, lossless)
    decisive = there_0 if lossless >= lossy else there
    points = [decisive]
    conditions = [Condition("largest shift of $T$", worst, "<=", RECIPROCAL_T, "qualified")]
    if worst < ROUNDING:
        note = "With and without Kerr terms $T$ is the same, to rounding."
    elif hold(conditions):
        note = f"The Kerr terms change $T$ by at most {number(rounded_up(worst, 2))}."
    else:
        weak = _allowed_drive(device)
        measured[r"largest $\Omega$ at which the criterion holds"] = weak
        conditions.append(Condition(r"largest $\Omega$ at which it holds", weak, ">", 0))
        if weak > 0:
            weaker = device.replace(Omega=weak)
            points += [_kerr_shift(each)[1] for each in (weaker, weaker.replace(kappa_b=0))]
        note = (
            f"At {equation('Omega', device.Omega)} the Kerr terms change $T$ by up to "
            f"{number(rounded_up(worst, 2))} ({'without' if lossless >= lossy else 'with'} loss in "
            "b). The change is at most 0.01 for $\\Omega$ up to "
            f"{number(rounded_down(weak, 2))}."
        )
    return Finding(conditions, measured, check(*points, quantities=("T",)), note)


def _allowed_drive(device):
    """Return the largest drive at which the Kerr terms change T by at most 0.01."""
    low, high = 0.0, device.Omega
    for _ in range(7):
        middle = (low + high) / 2
        weaker = device.replace(Omega=middle)
        both = weaker.replace(kappa_b=0), weaker  # the larger shift first
        holds = all(_kerr_shift(each)[0] <= RECIPROCAL_T for each in both)
        low, high = (middle, high) if holds else (low, middle)
    return low


_DIFFERENCE = r"largest difference of $T$ $a\to c$ and $T$ $c\to a$"


@claim("two-cavity-T", where="Fig. 2(a)", page="fig2")
def two_cavity_T(device):
    """Without cavity b the transmission is reciprocal, even with strong Kerr nonlinearity."""
    two = device.without_b()
    difference, at = largest(isolation(over_detuning(two)))
    why = ": the exchange of two equal cavities is a symmetry, and without a loop the phase has no "
    why += "meaning"
    return Finding(
        [Condition(_DIFFERENCE, difference, "<=", RECIPROCAL_T)],
        {_DIFFERENCE: difference, r"at $\Delta$": at["Delta"]},
        check(two.replace(**at), quantities=("T",)),
        f"The two directions agree to rounding{why * equal_ends(two)}."
        if difference < ROUNDING
        else f"The directions differ by up to {number(rounded_up(difference, 3))}.",
    )


@claim("lossless-T", where="Fig. 2(b)", page="fig2")
def lossless_T(device):
    r"""Without loss in cavity b ($\kappa_b = 0$) there is no nonreciprocal transmission."""
    lossless = device.replace(kappa_b=0)
    difference, at = largest(isolation(over_detuning(lossless)))
    weak, _ = largest(isolation(over_detuning(lossless.replace(Omega=0))))
    return Finding(
        [Condition(_DIFFERENCE, difference, "<=", RECIPROCAL_T)],
        {
            _DIFFERENCE: difference,
            r"at $\Delta$": at["Delta"],
            "the same in the limit of weak drive": weak,
        },
        check(lossless.replace(**at), quantities=("T",)),
        "The directions agree to rounding."
        if difference < ROUNDING
        else f"The directions differ by up to {number(rounded_up(difference, 2))}: at a finite "
        "drive the Kerr terms distinguish them. In the limit of weak drive the difference is "
        f"{'only rounding' if weak < ROUNDING else number(weak, 1)}.",
    )


@claim("one-way-T", where="Fig. 2(b)", page="fig2")
def one_way_T(device):
    r"""With loss in cavity b, $\kappa_b = \kappa$, the transmission is almost complete from a to c,
    and there is almost none from c to a."""
    T = in_both(device, "T")
    there, back = map(_percent, T.values())
    conditions = one_way_conditions(device)
    note = f"From a to c {there} of the light passes, from c to a {back}"
    if hold(conditions):
        note += "."
        if device.U_a or device.U_c:
            linear = " and ".join(map(_percent, transmission(device)))
            note += f" Without the Kerr terms it would be {linear}."
    elif hold(one_way_conditions(device, "c->a")):
        note += ": the directions are exchanged."
    else:
        note += ": this is not one-way."
    return Finding(conditions, T, check(device, quantities=("T",)), at_loss(device) + note)


def _percent(share):
    return f"{number(100 * share, 3) if share > ROUNDING else 0} %"


@claim("isolation-max", where="Fig. 2(c)", page="fig2")
def isolation_max(device):
    r"""The isolation is largest at $\Delta$ about $0.5\,\kappa$ and $\kappa_b = \kappa$."""
    Delta, kappa_b, value = refined_peak(device, isolation, ROUNDING)
    return Finding(
        [
            Condition(r"distance of $\Delta$ from 0.5", abs(Delta - 0.5), "<=", ABOUT),
            Condition(r"distance of $\kappa_b$ from 1", abs(kappa_b - 1), "<=", ABOUT),
        ],
        {
            r"$\Delta$ of the maximum": Delta,
            r"$\kappa_b$ of the maximum": kappa_b,
            r"largest $\mathcal{I}$": value,
        },
        check(device.replace(Delta=Delta, kappa_b=kappa_b), quantities=("T",)),
        f"The maximum, {number(value)}, refined beyond the grid of the map, lies at "
        f"{equation('Delta', Delta)}, {equation('kappa_b', kappa_b)}.",
    )
