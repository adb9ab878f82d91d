"""The claims of the abstract that the blockades are robust."""

import numpy as np

from ..model.device import SHARED
from ..model.names import in_latex, number, symbol
from ..solver.accuracy import ConvergenceError
from ..solver.steadystate import steady_points
from .conditions import Condition, hold
from .correlations import two_photon_diode
from .evidence import WEAK, check, single_photon_diode
from .ledger import Finding, claim
from .thresholds import DRIFT, FACTOR, IN_PART

#: A drift that is survived is not followed further than this.
_FARTHEST = 5.0
#: Parameters that cannot be negative begin so.
_POSITIVE = ("kappa", "Omega")


@claim("robust", where="Abstract", page="fig2")
def robust(device):
    """The nonreciprocal single-photon blockade is robust."""
    conditions = single_photon_diode(device)
    if not hold(conditions):
        note = "There is no nonreciprocal blockade at the working point that could be robust."
        if hold(single_photon_diode(device, "c->a")):
            note = "The directions are exchanged: no blockade from a to c could be robust."
        return Finding(conditions, {}, check(device), note)

    def survives(found):
        forward, backward = found.g2
        return np.all(forward <= 1 / FACTOR) and np.all(backward >= FACTOR)

    return _robustness(device, survives, photons=2)


@claim("robust-2pb", where="Abstract", page="fig3")
def robust_2pb(device):
    """The nonreciprocal two-photon blockade is robust."""
    device = device.replace(kappa_b=1.25)
    conditions = two_photon_diode(device)
    if not hold(conditions):
        note = r"At $\kappa_b = 1.25$ there is no two-photon blockade that could be robust."
        return Finding(conditions, {}, check(device, quantities=("g2", "g3")), note)

    def survives(found):
        (forward, backward), g3 = found.g2, found.g3[1]
        return np.all(forward < 1) and np.all(backward > 1) and np.all(g3 < 1)

    return _robustness(device, survives, photons=3)


def _robustness(device, survives, photons):
    """Judge how far each parameter may drift alone before a blockade is lost."""
    varied = {name: (name,) for name in device.parameters()} | SHARED
    margins = {
        name: _margin(device, names, survives, photons=photons) for name, names in varied.items()
    }
    weakest = min(margins, key=margins.get)
    fragile = [name for name, value in margins.items() if value < DRIFT]
    edges = [_drifted(device, varied[weakest], sign * margins[weakest]) for sign in (-1, 1)]
    return Finding(
        [
            *(
                Condition(f"{symbol(name)} may drift by", value, ">=", DRIFT, "qualified")
                for name, value in margins.items()
            ),
            Condition("share that is not tighter", 1 - len(fragile) / len(margins), ">=", IN_PART),
        ],
        {
            f"{symbol(name)} may drift by ({_tried(names)})": margins[name]
            for name, names in varied.items()
        },
        check(device, *(edge for edge in edges if edge), quantities=("T", "g2", "g3")[:photons]),
        f"{_in_words(fragile, weakest, margins)} Each parameter is varied alone.",
    )


def _in_words(fragile, weakest, margins):
    """Return in words which parameters may drift least before the blockade is lost."""

    def margin(name):
        value = in_latex(margins[name], 2)
        return f"{value} rad" if name == "theta" else rf"${value}\,\kappa$"

    if not fragile:
        return f"{symbol(weakest)} is the tightest: the blockade is lost beyond {margin(weakest)}."
    if len(fragile) == 1:
        return (
            f"Only {symbol(weakest)} is tighter than {number(DRIFT)}: the blockade is lost beyond "
            f"{margin(weakest)}."
        )
    listed = ", ".join(f"{symbol(name)} ({margin(name)})" for name in fragile)
    return f"These are tighter than {number(DRIFT)}: {listed}."


def _tried(names):
    """Return in words how far a drift of these parameters is followed."""
    positive = any(name.startswith(_POSITIVE) for name in names)
    return f"at most {_FARTHEST:g} tried{', down no further than to 0' * positive}"


def _drifted(device, names, drift):
    """Return the device with some parameters changed alike; None where one reaches its limit."""
    values = {name: getattr(device, name) + drift for name in names}
    if any(v <= 0 and n.startswith(_POSITIVE) for n, v in values.items()):
        return None
    return device.replace(**values)


def _margin(device, names, survives, photons):
    """Return how far parameters may drift alike, in either direction, before it is lost."""
    device = device.replace(Omega=max(device.Omega, WEAK))  # where rounding hides no g2

    def both_survive(drift):
        sides = [_drifted(device, names, sign * drift) for sign in (-1, 1)]
        try:
            found = steady_points([side for side in sides if side], photons=photons, rtol=1e-3)
        except ConvergenceError:
            return False
        return bool(survives(found))

    low, high = 0.0, 0.01
    while low < _FARTHEST and both_survive(high):
        low, high = high, min(2 * high, _FARTHEST)
    for _ in range(6 * (low < _FARTHEST)):
        middle = (low + high) / 2
        low, high = (middle, high) if both_survive(middle) else (low, middle)
    return low
