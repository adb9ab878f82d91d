"""The claims on the order in time of the photons: Sec. III and the caption of Fig. 1.

The paper calls light antibunched where g2(0) < 1, and bunched where g2(0) > 1. In the strict sense
these words compare g2(0) with g2(tau). Both criteria contain this comparison.
"""

import numpy as np

from ..beyond.curves import first_halfway
from ..beyond.oracle import by_qutip
from ..beyond.time import g2_tau
from ..model.device import DIRECTIONS
from ..model.fock import levels
from ..model.names import equation, in_latex, number, rounded_up, symbol
from .conditions import Condition
from .evidence import at_loss
from .ledger import Finding, Undecided, claim
from .thresholds import CONFIRMED, FACTOR, SOLVER

#: The delays reach to this over the loss of the most long-lived mode, and are so many.
_REACH, _DELAYS = 40, 2001
#: The weakest drive, in kappa, at which QuTiP resolves pairs.
_WEAKEST = 0.05
#: The delay at which g2 has come halfway from g2(0) to 1, as a figure that is measured.
_HALF = r"$\tau$ halfway from $g^{(2)}(0)$ to 1"
#: The smallest and the largest g2 at any delay, zero included: later ones alone would depend on the
#: grid, since g2 at its first delay is near to g2 without delay.
_DIP = r"smallest $g^{(2)}(\tau)$ over $g^{(2)}(0)$"
_RISE = r"largest $g^{(2)}(\tau)$ over $g^{(2)}(0)$"


def _curve(device, direction):
    """Return delays until correlations have decayed, g2 there, and when it is halfway to 1.

    There is no such delay, nan, where g2 without delay is 1 already. Raise `Undecided` if g2 is not
    defined.
    """
    loss = -2 * levels(device, 1).imag.max()
    taus = np.linspace(0, _REACH / loss, _DELAYS)
    g2 = g2_tau(device, taus, DIRECTIONS[direction][0], rtol=SOLVER).g2
    if np.isnan(g2).any():
        raise Undecided(f"so little light passes {symbol(direction)} that it has no correlations")
    half = first_halfway(taus, g2) if abs(g2[0] - 1) > SOLVER else np.nan
    return taus, g2, half


def _check(device, direction, *taus):
    """Return in words how well QuTiP agrees at some delays; raise `Undecided` if it does not."""
    drive, strong = DIRECTIONS[direction][0], max(device.Omega, _WEAKEST)
    there = device.replace(Omega=strong)
    taus = np.unique([tau for tau in taus if np.isfinite(tau)])
    apart = g2_tau(there, taus, drive).g2 / by_qutip(there, taus, drive) - 1
    worst = float(np.max(np.abs(apart)))
    if not worst <= CONFIRMED:
        raise Undecided(f"QuTiP differs by {number(worst, 1)} in a correlation in time")
    remark = f" (at {equation('Omega', strong)})" * (strong > device.Omega)
    worst = number(rounded_up(worst, 1))
    return f"QuTiP agrees to {worst} at the {len(taus)} delays that decide{remark}"


def _at(tau):
    """Return a delay as an equation."""
    return rf"$\tau = {in_latex(tau, 3)}/\kappa$"


@claim("one-by-one", where="Sec. III, Fig. 1 caption", page="time")
def one_by_one(device):
    """Photons come out of cavity c one by one."""
    taus, g2, half = _curve(device, "a->c")
    lowest = g2[1:].argmin() + 1
    dip, few, below = g2[lowest] / g2[0], g2[0] <= 1 / FACTOR, g2[0] < 1 - SOLVER
    rises = dip >= 1 - SOLVER
    note = f"{symbol('g2')} is {number(g2[0], 3)} without delay"
    if not below:
        note += ", which is not below 1"
    elif not rises:
        note += f" and {number(g2[lowest], 3)} at {_at(taus[lowest])}"
    else:
        note += f" and {'larger' if dip > 1 + SOLVER else 'not smaller'} at all delays. "
        note += f"It has come halfway to 1 at {_at(half)}"
        if not few:
            note += ". The light is antibunched, but pairs are too frequent for one by one"
    return Finding(
        [
            Condition("pairs are rare or the light is antibunched", bool(few or (rises and below))),
            Condition(f"{symbol('g2')} {symbol('a->c')}", g2[0], "<=", 1 / FACTOR, "qualified"),
            Condition("no later $g^{(2)}$ is smaller", bool(rises), otherwise="qualified"),
        ],
        {f"{symbol('g2')} {symbol('a->c')}": g2[0], _DIP: min(dip, 1.0), _HALF: half},
        _check(device, "a->c", 0, half, taus[lowest]),
        f"{at_loss(device)}{note}.",
    )


@claim("bunching", where="Sec. III, Fig. 1 caption", page="time")
def bunching(device):
    """From c to a the light is bunched."""
    taus, g2, half = _curve(device, "c->a")
    highest = g2[1:].argmax() + 1
    rise = g2[highest] / g2[0]
    note = f"{symbol('g2')} is {number(g2[0], 3)} without delay"
    if g2[0] <= 1 + SOLVER:
        note += ", which is not above 1"
    elif rise <= 1 + SOLVER:
        note += f" and {'smaller' if rise < 1 - SOLVER else 'not larger'} at all delays"
    else:
        note = (
            f"The light is bunched as the paper defines it, with a {symbol('g2')} of "
            f"{number(g2[0], 3)} without delay. In the strict sense, which the paper does not use, "
            f"it would have to be largest without delay: it is {number(g2[highest], 3)} at "
            f"{_at(taus[highest])}. A second photon is more likely after this delay than at once"
        )
    return Finding(
        [
            Condition(f"{symbol('g2')} {symbol('c->a')}", g2[0], ">", 1 + SOLVER),
            Condition(
                "no later $g^{(2)}$ is larger", bool(rise <= 1 + SOLVER), otherwise="qualified"
            ),
        ],
        {
            f"{symbol('g2')} {symbol('c->a')}": g2[0],
            _RISE: max(rise, 1.0),
            r"$\tau$ of the largest": taus[g2.argmax()],
            _HALF: half,
        },
        _check(device, "c->a", 0, half, taus[highest]),
        f"{at_loss(device)}{note}.",
    )
