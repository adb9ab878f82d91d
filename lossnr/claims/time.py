"""The claims on the order in time of the photons: Sec. III and the caption of Fig. 1.

Both criteria were written on 27 November 2026, before any correlation in time was computed. The
paper calls light antibunched where g2(0) < 1 and bunched where g2(0) > 1. The strict meaning of the
words compares g2(0) with g2(tau): it is in both criteria.
"""

import numpy as np

from ..beyond.curves import first_halfway
from ..beyond.oracle import by_qutip
from ..beyond.time import g2_tau
from ..model.device import DIRECTIONS
from ..model.fock import levels
from ..model.names import equation, in_latex, number, symbol
from .evidence import at_loss
from .ledger import Finding, Undecided, claim
from .thresholds import CONFIRMED, FACTOR, SOLVER

#: The delays reach to this over the loss of the most long-lived mode, and are so many.
_REACH, _DELAYS = 40, 2001
#: The weakest drive, in kappa, at which QuTiP resolves pairs.
_RESOLVED = 0.05
#: The delay at which g2 has come halfway from g2(0) to 1, as a figure that is measured.
_HALF = r"$\tau$ halfway from $g^{(2)}(0)$ to 1"


def _curve(device, direction):
    """Return delays until correlations have decayed, and g2 there.

    Raise `Undecided` if g2 is not defined.
    """
    loss = -2 * levels(device, 1).imag.max()
    taus = np.linspace(0, _REACH / loss, _DELAYS)
    g2 = g2_tau(device, taus, DIRECTIONS[direction][0], rtol=SOLVER).g2
    if np.isnan(g2).any():
        raise Undecided(f"so little light passes {symbol(direction)} that it has no correlations")
    return taus, g2


def _check(device, direction, *taus):
    """Return in words how well QuTiP agrees at some delays; raise `Undecided` if it does not."""
    drive, strong = DIRECTIONS[direction][0], max(device.Omega, _RESOLVED)
    there = device.replace(Omega=strong)
    taus = np.unique([tau for tau in taus if np.isfinite(tau)])
    apart = g2_tau(there, taus, drive).g2 / by_qutip(there, taus, drive) - 1
    worst = float(np.max(np.abs(apart)))
    if not worst <= CONFIRMED:
        raise Undecided(f"QuTiP differs by {number(worst, 1)} in a correlation in time")
    remark = f" (at {equation('Omega', strong)})" * (strong > device.Omega)
    return f"QuTiP agrees to {number(worst, 1)} at the {len(taus)} delays that decide{remark}"


def _at(tau):
    """Return a delay as an equation."""
    return rf"$\tau = {in_latex(tau, 3)}/\kappa$"


@claim("one-by-one", where="Sec. III, Fig. 1 caption", page="time")
def one_by_one(device):
    r"""Photons come out of cavity c one by one.

    At the working point, from a to c: $g^{(2)}(0)$ is at most 0.1, the least that 'one by one' can
    mean for pairs, and $g^{(2)}(\tau) \ge g^{(2)}(0)$ at all delays, which is antibunching in the
    strict sense. The delays reach to 40 over the loss of the most long-lived mode of one photon,
    where correlations have decayed by $e^{-20}$; the solver's tolerance, $10^{-6}$ of
    $g^{(2)}(0)$, is allowed. Qualified if $g^{(2)}(0)$ is at most 0.1 but smaller values follow, or
    if the light is antibunched with $g^{(2)}(0)$ from 0.1 to 1. How long it lasts is measured, not
    judged: the paper does not say.
    """
    taus, g2 = _curve(device, "a->c")
    half, lowest = first_halfway(taus, g2), g2[1:].argmin() + 1
    few, rises = g2[0] <= 1 / FACTOR, g2[lowest] >= g2[0] * (1 - SOLVER)
    note = f"{symbol('g2')} is {number(g2[0], 3)} without delay"
    later = f"{number(g2[lowest], 3)} at {_at(taus[lowest])}"
    if rises and g2[0] < 1:
        verdict = "reproduced" if few else "qualified"
        note += f" and larger at all delays. It has come halfway to 1 at {_at(half)}"
        if not few:
            note += ". The light is antibunched, but pairs are too frequent for one by one"
    else:
        verdict = "qualified" if few else "not-reproduced"
        note += f" and {'larger at all delays' if rises else later}"
    return Finding(
        verdict,
        {
            r"$g^{(2)}(0)$ $a\to c$": g2[0],
            r"smallest $g^{(2)}(\tau)$ over $g^{(2)}(0)$ later": g2[lowest] / g2[0],
            _HALF: half,
        },
        _check(device, "a->c", 0, half, taus[lowest]),
        f"{at_loss(device)}{note}.",
    )


@claim("bunching", where="Sec. III, Fig. 1 caption", page="time")
def bunching(device):
    r"""From c to a the light is bunched.

    At the working point, from c to a: $g^{(2)}(0) > 1$, the paper's own definition, and
    $g^{(2)}(\tau) \le g^{(2)}(0)$ at all delays, which is bunching in the strict sense. The delays
    and the tolerance are those of 'one by one'. Qualified if only the first holds. How long the
    correlation lasts is measured, not judged.
    """
    taus, g2 = _curve(device, "c->a")
    half, highest = first_halfway(taus, g2), g2[1:].argmax() + 1
    falls = g2[highest] <= g2[0] * (1 + SOLVER)
    note = f"{symbol('g2')} is {number(g2[0], 3)} without delay"
    if g2[0] <= 1:
        verdict = "not-reproduced"
        note += ", which is not above 1"
    elif falls:
        verdict = "reproduced"
        note += " and smaller at all delays"
    else:
        verdict = "qualified"
        note += (
            f" but {number(g2[highest], 3)} at {_at(taus[highest])}. The light is "
            "super-Poissonian, which the paper calls bunched. It is not bunched in the strict "
            "sense: a second photon is more likely after a delay than at once"
        )
    return Finding(
        verdict,
        {
            r"$g^{(2)}(0)$ $c\to a$": g2[0],
            r"largest $g^{(2)}(\tau)$ over $g^{(2)}(0)$ later": g2[highest] / g2[0],
            r"$\tau$ of the largest": taus[highest],
            _HALF: half,
        },
        _check(device, "c->a", 0, half, taus[highest]),
        f"{at_loss(device)}{note}.",
    )
