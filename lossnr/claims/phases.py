"""The claims on the phase: Fig. 5 and what the text says of it."""

from math import pi

import numpy as np

from ..model.device import SHARED
from ..model.names import number, symbol
from ..model.observables import isolation, nonreciprocal_ratio
from .conditions import Condition, hold
from .evidence import (
    check,
    equal_ends,
    in_both,
    largest,
    line,
    one_way_conditions,
    single_photon_conditions,
)
from .ledger import Finding, claim
from .thresholds import ABOUT, ONE_PEAK


def _peaks(contrast):
    """Return the best loss, and the phases of the maxima there that count (`ONE_PEAK`)."""
    highest, at = largest(contrast)
    best = at["kappa_b"]
    values = contrast.sel(kappa_b=best).values
    floor = max(ONE_PEAK["share"] * highest, ONE_PEAK["height"])
    above = (values >= np.roll(values, 1)) & (values > np.roll(values, -1))
    return best, contrast["theta"].values[above & (values >= floor)]


@claim("two-phases", where="Fig. 5(a, b)", page="fig5")
def two_phases(device):
    r"""For an optimal $\kappa_b$ isolation and ratio $\mathcal{R}$ are largest at two phases."""
    axes = {"theta": (0, 2 * pi, 97), "kappa_b": (0.5, 1.5, 11)}
    data = line(device, rtol=1e-4, **axes).isel(theta=slice(-1))
    loss_I, at_I = _peaks(isolation(data))
    loss_R, at_R = _peaks(nonreciprocal_ratio(data))
    measured = {
        f"best {symbol('kappa_b')} for {symbol('I')}": loss_I,
        f"best {symbol('kappa_b')} for {symbol('R')}": loss_R,
    }
    for name, phases in (("I", at_I), ("R", at_R)):
        for k, phase in enumerate(phases, start=1):
            measured[rf"phase {k} of {symbol(name)} over $\pi$"] = phase / pi
    points = [device.replace(theta=theta, kappa_b=loss_I) for theta in at_I]
    points += [device.replace(theta=theta, kappa_b=loss_R) for theta in at_R]
    mirrored = r" The phases $\theta$ and $2\pi - \theta$ are mirror images, with the directions "
    mirrored += "exchanged."
    return Finding(
        [
            Condition(f"number of maxima of {symbol(name)}", len(phases), "=", 2)
            for name, phases in (("I", at_I), ("R", at_R))
        ],
        measured,
        check(*(points or [device])),
        f"The isolation has {len(at_I)} such maxima and {symbol('R')} has {len(at_R)}."
        + mirrored * equal_ends(device),
    )


def _as_stated(device, direction, otherwise="not-reproduced"):
    """Return the conditions of one-way transmission and single-photon blockade in a direction."""
    conditions = one_way_conditions(device, direction, otherwise)
    return conditions + single_photon_conditions(device, direction, otherwise)


@claim("phase-pi/4", where="Fig. 5(c)", page="fig5")
def phase_pi_4(device):
    r"""At $\theta = \pi/4$ the directions are exchanged: almost all light passes from c to a, with
    single-photon blockade, and almost none from a to c, with $g^{(2)} \gg 1$."""
    stated = device.replace(theta=pi / 4)
    conditions = _as_stated(stated, "c->a")
    return Finding(
        conditions,
        in_both(stated, "T", "g2"),
        check(stated),
        "It does not hold at these parameters."
        if not hold(conditions)
        else r"The exchange of a and c is equivalent to a change of the sign of $\theta$."
        if equal_ends(device)
        else "It holds as stated.",
    )


@claim("phase-3pi/4", where="Fig. 5(c)", page="fig5")
def phase_3pi_4(device):
    r"""At $\theta = 3\pi/4$ almost all light passes from a to c, with single-photon blockade, and
    almost none from c to a, with $g^{(2)} \gg 1$."""
    stated = device.replace(theta=3 * pi / 4)
    turned = stated.replace(**{name: -getattr(device, name) for name in SHARED["Delta"]})
    changes = {
        "$J_{ac}$ replaced by $-J_{ac}$": stated.replace(J_ac=-device.J_ac),
        r"$\theta = 7\pi/4$": stated.replace(theta=7 * pi / 4),
        r"$\theta = 5\pi/4$ and $\Delta$ replaced by $-\Delta$": turned.replace(theta=5 * pi / 4),
    }
    measured = in_both(stated, "T", "g2")
    for name, changed in changes.items():
        found = in_both(changed, "T", "g2")
        measured |= {f"{key} with {name}": value for key, value in found.items()}
    mended = [name for name, changed in changes.items() if hold(_as_stated(changed, "a->c"))]
    conditions = _as_stated(stated, "a->c", "corrected")
    as_printed = hold(conditions)
    if not as_printed:
        conditions.append(Condition("another phase, sign or detuning makes it so", bool(mended)))
    if as_printed:
        note = "It holds as printed."
    elif mended:
        T = list(in_both(stated, "T").values())
        values = f"$T$ is {number(T[0], 2)} and {number(T[1], 2)}"
        if all(ABOUT < each < 1 - ABOUT for each in T):
            values = f"neither direction is open or dark ({values})"
        note = (
            f"It holds with {', or with '.join(mended)}. At $3\\pi/4$ {values}: there Eq. 16 "
            "requires $J_{ac} < 0$."
            + r" With $\Delta$ replaced by $-\Delta$ alone the opposite direction opens."
            * hold(_as_stated(turned, "c->a"))
        )
    else:
        note = "None of the changes tried makes it hold."
    decisive = [] if as_printed else mended[:1] or changes  # one change that mends it suffices
    checked = check(stated, *(changes[name] for name in decisive))
    return Finding(conditions, measured, checked, note)
