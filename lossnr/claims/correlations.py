"""The claims on correlations: Fig. 2(d-f) and Fig. 3(a, b)."""

import numpy as np
from scipy.optimize import brentq

from ..model.device import DIRECTIONS
from ..model.names import ROUNDING, equation, in_latex, number, rounded_down, rounded_up, symbol
from ..model.observables import (
    factor_of_g2,
    isolation,
    nonreciprocal_ratio,
    two_photon_blockade,
)
from ..solver.steadystate import steady_points
from .conditions import Condition, hold
from .evidence import (
    REFINED,
    at_loss,
    check,
    equal_ends,
    in_both,
    largest,
    over_detuning,
    over_loss,
    refined_peak,
    require_light,
    single_photon_conditions,
    states,
)
from .ledger import Finding, claim
from .thresholds import (
    ABOUT,
    CONFIRMED,
    FACTOR,
    FIVE_ORDERS,
    IN_PART,
    RECIPROCAL_G2,
    RESOLVED,
    SOLVER,
)


def _runs(inside):
    """Return the first and last value of each run of True along a line, as pairs."""
    values = inside[inside.dims[0]].values
    steps = np.flatnonzero(np.diff(np.concatenate([[0], inside.values.astype(int), [0]])))
    return [(values[first], values[end - 1]) for first, end in steps.reshape(-1, 2)]


def _spans(runs, digits=3):
    """Return runs in words."""
    return " and ".join(
        f"near {number(low, digits)}"
        if low == high
        else f"from {number(low, digits)} to {number(high, digits)}"
        for low, high in runs
    )


@claim("two-cavity-g2", where="Fig. 2(d)", page="fig2")
def two_cavity_g2(device):
    """Without cavity b the correlations are reciprocal."""
    two = device.without_b()
    factor, at = largest(factor_of_g2(over_detuning(two)))
    symmetry = ", by the symmetry of two equal cavities" * equal_ends(two)
    what = "largest factor between the two $g^{(2)}$, less 1"
    return Finding(
        [Condition(what, factor - 1, "<=", RECIPROCAL_G2)],
        {what: factor - 1, r"at $\Delta$": at["Delta"]},
        check(two.replace(**at)),
        f"The two directions agree to rounding{symmetry}."
        if factor - 1 < ROUNDING
        else f"The directions differ by a factor of up to {number(rounded_up(factor, 3))}.",
    )


@claim("lossless-g2", where="Fig. 2(e)", page="fig2")
def lossless_g2(device):
    r"""Without loss in cavity b ($\kappa_b = 0$) the correlations are reciprocal."""
    lossless = device.replace(kappa_b=0)
    factors = factor_of_g2(over_detuning(lossless))
    factor, at = largest(factors)
    weak, _ = largest(factor_of_g2(over_detuning(lossless.replace(Omega=0))))
    inside = factors <= 1 + RECIPROCAL_G2
    part = inside.mean().item()
    conditions = [
        Condition(
            "largest factor between the two $g^{(2)}$, less 1",
            factor - 1,
            "<=",
            RECIPROCAL_G2,
            "qualified",
        ),
        Condition("part of the detunings within 5 %", part, ">=", IN_PART),
    ]
    if factor - 1 < ROUNDING:
        note = "The directions agree to rounding."
    elif hold(conditions):
        note = (
            f"The two {symbol('g2')} differ by a factor of at most {number(rounded_up(factor, 4))}."
        )
    else:
        where = f"for {symbol('Delta')} {_spans(_runs(inside))}" if part > 0 else "nowhere"
        R = (factor - 1) / (factor + 1)
        half = np.sort(factors.fillna(np.inf))[int(np.ceil(IN_PART * factors.size)) - 1] - 1
        same = f"The verdict would be the same with a tolerance of {int(100 * half)} %. "
        limit = f"in the limit of weak drive the factor is {number(weak, 3)}"
        if weak > 1 + RECIPROCAL_G2:
            limit = f"A weaker drive does not make them equal: {limit}"
        cause = "The phase" if equal_ends(device) else "The phase, or a difference of a and c,"
        note = (
            f"The two {symbol('g2')} differ by more than 5 % over {100 * (1 - part):.0f} % "
            f"of the detunings, by a factor of up to {number(rounded_up(factor, 3))} "
            rf"($\mathcal{{R}} = {in_latex(R, 2)}$). They agree within 5 % {where}. "
            f"{same * bool(part < IN_PART and np.isfinite(half))}{limit[0].upper()}{limit[1:]}. "
            f"{cause} distinguishes the directions as soon as two photons interact."
        )
    return Finding(
        conditions,
        {
            "largest factor between the two $g^{(2)}$": factor,
            r"at $\Delta$": at["Delta"],
            "part of the detunings within 5 %": part,
            "largest factor in the limit of weak drive": weak,
        },
        check(lossless.replace(**at)),
        note,
    )


@claim("lossless-1pb", where="Fig. 2(d, e)", page="fig2")
def lossless_1pb(device):
    """Without engineered loss there can be strong single-photon blockade in both directions."""
    measured, points, smallest = {}, [], 0.0
    for name, variant in (("no b", device.without_b()), ("lossless b", device.replace(kappa_b=0))):
        g2 = over_detuning(variant)["g2"]
        for direction in DIRECTIONS:
            value, at = largest(-g2.sel(direction=direction))
            measured[f"smallest {symbol('g2')} {symbol(direction)}, {name}"] = -value
            measured[f"at {symbol('Delta')}, {symbol(direction)}, {name}"] = at["Delta"]
            smallest = max(smallest, -value)
            points.append(variant.replace(**at))
    what = f"largest of the four smallest {symbol('g2')}"
    conditions = [Condition(what, smallest, "<=", 1 / FACTOR)]
    return Finding(
        conditions,
        measured,
        check(*points),
        f"In each case the smallest {symbol('g2')} is at most {number(rounded_up(smallest, 2))}."
        if hold(conditions)
        else f"In at least one case {symbol('g2')} never falls below "
        f"{number(rounded_down(smallest, 2))}; the criterion is 0.1.",
    )


@claim("nonreciprocal-1pb", where="Fig. 2(e)", page="fig2")
def nonreciprocal_1pb(device):
    r"""With loss in cavity b, $\kappa_b = \kappa$, there is single-photon blockade from a to c
    ($g^{(2)} \ll 1$), and it is suppressed from c to a ($g^{(2)} \gg 1$)."""
    g2 = in_both(device, "g2")
    words = {"nan": "not defined", "inf": "infinite"}
    there, back = (words.get(str(value)) or number(value, 3) for value in g2.values())
    conditions = single_photon_conditions(device)
    note = f"{symbol('g2')} is {there} from a to c and {back} from c to a"
    if hold(conditions):
        note += "."
    elif hold(single_photon_conditions(device, "c->a")):
        note += ": the directions are exchanged."
    else:
        note += "; the criterion is at most 0.1 and at least 10."
    return Finding(conditions, g2, check(device), at_loss(device) + note)


@claim("ratio-max", where="Fig. 2(f)", page="fig2")
def ratio_max(device):
    r"""The ratio $\mathcal{R}$ is largest essentially where the isolation is."""
    Delta_I, kappa_I, _ = refined_peak(device, isolation, ROUNDING)
    Delta_R, kappa_R, R = refined_peak(device, nonreciprocal_ratio, CONFIRMED)
    distance = max(abs(Delta_I - Delta_R), abs(kappa_I - kappa_R))
    what = "distance from the largest isolation"
    return Finding(
        [Condition(what, distance, "<=", ABOUT)],
        {
            r"$\Delta$ of the largest $\mathcal{R}$": Delta_R,
            r"$\kappa_b$ of the largest $\mathcal{R}$": kappa_R,
            r"largest $\mathcal{R}$": R,
            what: distance,
        },
        check(device.replace(Delta=Delta_R, kappa_b=kappa_R)),
        rf"The maxima are ${in_latex(distance, 2)}\,\kappa$ apart."
        if distance > 2 * REFINED  # each is known to `REFINED`
        else "The maxima coincide.",
    )


def _largest_factor(device):
    """Return the largest factor between the two g2 over the losses from 0 to 2, and where."""
    return largest(factor_of_g2(over_loss(device)))


@claim("five-orders", where="Fig. 2(f), inset", page="fig2")
def five_orders(device):
    r"""The two $g^{(2)}$, at the same loss, differ by up to five orders of magnitude."""
    require_light(device)
    factor, at = _largest_factor(device)
    there = device.replace(**at)
    if factor - 1 < SOLVER:
        note = "The directions agree to rounding: there is no factor."
        return _no_orders(device, "largest factor", factor, note)
    half, _ = _largest_factor(device.replace(Omega=device.Omega / 2))
    power = np.log2(factor / half)
    law = (
        rf" It scales as $\Omega^{{{in_latex(power, 2)}}}$: in the dark direction the one-photon "
        "amplitudes cancel. The photons that remain belong to pairs, which exist because of the "
        "Kerr terms; the partner is in another cavity, or has been lost already. So the factor "
        "measures how weak the drive is, and has no upper bound."
    )
    return _five_orders(
        ("largest factor", "factor", "the largest factor is"),
        factor,
        {r"at $\kappa_b$": at["kappa_b"], r"power of $\Omega$ in the factor": power},
        ((there, "c->a"), (there, "a->c")),
        law if power < -3 else "",
    )


@claim("inset-span", where="Fig. 2(f), inset", page="fig2")
def inset_span(device):
    r"""The two $g^{(2)}$ differ by up to five orders of magnitude, in another reading: over the
    inset the curves of both directions together span five orders."""
    require_light(device)
    g2 = over_loss(device)["g2"]
    high, at_high = largest(g2)
    low, at_low = largest(-g2)
    span, what = high / -low, "largest over smallest $g^{(2)}$"
    if span - 1 < SOLVER:
        note = f"{symbol('g2')} is the same everywhere, to rounding: the curves span nothing."
        return _no_orders(device, what, span, note)
    ends = [(device.replace(kappa_b=at["kappa_b"]), at["direction"]) for at in (at_high, at_low)]
    measured = {
        r"largest $g^{(2)}$": high,
        r"at $\kappa_b$, largest": at_high["kappa_b"],
        r"smallest $g^{(2)}$": -low,
        r"at $\kappa_b$, smallest": at_low["kappa_b"],
    }
    names = (what, "span", "the curves span a factor of")
    return _five_orders(names, span, measured, ends)


def _no_orders(device, what, factor, note):
    """Return the finding where a factor is 1; without loss no output is dark, and QuTiP agrees."""
    return Finding(
        [Condition(what, factor, ">=", FIVE_ORDERS[0])],
        {what: factor},
        check(device.replace(kappa_b=0), where=r"at $\kappa_b = 0$"),
        note,
    )


def _five_orders(names, factor, measured, ends, law=""):
    """Judge whether a factor is five orders of magnitude, if need be at another drive.

    ``names`` are what it is, the same in one word, and as the beginning of a sentence. ``ends`` are
    two pairs of a device and a direction, whose g2 differ by the factor. ``law`` says in words how
    it depends on the drive.
    """
    what, word, begin = names
    low, high = FIVE_ORDERS
    measured = {what: factor, "orders of magnitude": np.log10(factor)} | measured
    points = list(ends)
    conditions = [
        Condition(what, factor, ">=", low, "corrected"),
        Condition(what, factor, "<=", high, "corrected"),
    ]
    if hold(conditions):
        note = f"{begin[0].upper()}{begin[1:]} {number(factor, 3)}."
    else:
        Omega = _drive_of_five_orders(factor, *ends)
        conditions.append(Condition("another drive makes it $10^{5}$", Omega is not None))
        note = f"At the stated drive {begin} {number(factor)}, "
        note += f"{number(np.log10(factor), 2)} orders of magnitude"
        if Omega is not None:
            measured[rf"$\Omega$ at which the {word} is $10^{{5}}$"] = Omega
            note += f"; it is $10^{{5}}$ at {equation('Omega', Omega)} instead of "
            note += number(ends[0][0].Omega)
            points += [(device.replace(Omega=Omega), direction) for device, direction in ends]
        note += f".{law}"
    return Finding(conditions, measured, check(*points), note)


def _drive_of_five_orders(factor, *ends):
    """Return the drive, weaker or stronger than the devices', at which their g2 differ by 1e5.

    None if there is none within a factor of 100, or up to 0.3 kappa. ``ends`` are two pairs of a
    device and a direction, ``factor`` is how much their g2 differ.
    """

    def excess(log_Omega):
        devices = [device.replace(Omega=np.exp(log_Omega)) for device, _ in ends]
        g2 = steady_points(devices, photons=2).g2
        rows = [list(DIRECTIONS).index(direction) for _, direction in ends]
        return abs(np.subtract(*np.log(g2[rows, [0, 1]]))) - np.log(1e5)

    Omega = ends[0][0].Omega
    weaker = factor < 1e5
    limits = np.log([Omega / 100, Omega] if weaker else [Omega, min(100 * Omega, 0.3)])
    if not excess(limits[0]) > 0 > excess(limits[1]):
        return None
    return float(np.exp(brentq(excess, *limits, xtol=1e-4)))


@claim("nonreciprocal-2pb", where="Fig. 3(a, b)", page="fig3")
def nonreciprocal_2pb(device):
    r"""Around $\kappa_b = 1.25\,\kappa$ there is single-photon blockade from a to c ($g^{(2)} <
    1$), and two-photon blockade from c to a ($g^{(2)} > 1$, $g^{(3)} < 1$)."""
    data = over_loss(device)  # first, since it refuses a strong drive sooner
    stated = device.replace(kappa_b=1.25)
    back = states(stated)["c->a"]
    measured = in_both(stated, "g2") | {r"$g^{(3)}$ $c\to a$": back.g3}
    conditions = two_photon_conditions(stated)
    antibunched = data["g2"].sel(direction="a->c", drop=True) < 1
    pairs = two_photon_blockade(data).sel(direction="c->a", drop=True)
    windows = _runs(antibunched & pairs)
    for k, (low, high) in enumerate(windows, start=1):
        measured[rf"window {k} from $\kappa_b$"] = low
        measured[rf"window {k} to $\kappa_b$"] = high
    if hold(conditions):
        more = number(100 * (back.g2 - 1), 2)
        note = f"From c to a two photons coincide {more} % more often than in laser light"
        if (share := back.g2 * back.n) > 0:
            note += f", and still rarely: one photon in {number(1 / share, 2)} shares cavity a "
            note += "with another one"
        note += ". "
    else:
        note = r"At $\kappa_b = 1.25$ it fails. "
    return Finding(
        conditions,
        measured,
        check(stated, quantities=("T", "g2", "g3")),
        note
        + (
            rf"The two blockades coexist for $\kappa_b$ {_spans(windows, 5)} (on a grid of 0.0125)."
            if windows
            else r"It holds for no $\kappa_b$ from 0 to 2."
        ),
    )


def two_photon_conditions(device, otherwise="not-reproduced"):
    """Return the conditions of single-photon blockade from a to c, of two-photon blockade back.

    >>> from lossnr import Device
    >>> [each.holds for each in two_photon_conditions(Device())]
    [True, True, False]
    """
    there, back = states(device).values()
    return [
        Condition(r"$g^{(2)}$ $a\to c$", there.g2, "<", 1 - RESOLVED, otherwise),
        Condition(r"$g^{(2)}$ $c\to a$", back.g2, ">", 1 + RESOLVED, otherwise),
        Condition(r"$g^{(3)}$ $c\to a$", back.g3, "<", 1 - RESOLVED, otherwise),
    ]
