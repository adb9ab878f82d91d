"""The claim of the abstract that the blockade is robust."""

import numpy as np

from ..model.device import SHARED
from ..model.names import in_latex, number, symbol
from ..solver.accuracy import ConvergenceError
from ..solver.steadystate import steady_points
from .evidence import WEAK, check, is_single_photon_diode
from .ledger import Finding, claim
from .thresholds import DRIFT, FACTOR

#: A drift that is survived is not followed further than this.
_FARTHEST = 5.0
#: Parameters that cannot be negative begin so.
_POSITIVE = ("kappa", "Omega")


@claim("robust", where="Abstract", page="fig2")
def robust(device):
    r"""The nonreciprocal single-photon blockade is robust.

    It survives ($g^{(2)}$ $a\to c$ at most 0.1, $g^{(2)}$ $c\to a$ at least 10) when any one
    parameter, or one of the paper's shared symbols ($J$ for $J_{ab}$ and $J_{bc}$, and so on),
    drifts by $0.05\,\kappa$, or $\theta$ by 0.05 rad, either way: a twentieth of a linewidth, to
    which a resonator can be tuned. Qualified if some of them may drift less. The paper does not say
    against what it is robust, and by how much.
    """
    if not is_single_photon_diode(device):
        note = "There is no nonreciprocal blockade at the working point that could be robust."
        if is_single_photon_diode(device, "c->a"):
            note = "The directions are exchanged: no blockade from a to c could be robust."
        return Finding("not-reproduced", {}, check(device), note)
    varied = {name: (name,) for name in device.parameters()} | SHARED
    margins = {name: _margin(device, names) for name, names in varied.items()}
    weakest = min(margins, key=margins.get)
    fragile = [name for name, value in margins.items() if value < DRIFT]
    if not fragile:
        verdict = "reproduced"
    else:
        verdict = "qualified" if len(fragile) < len(margins) else "not-reproduced"
    edges = [_drifted(device, varied[weakest], sign * margins[weakest]) for sign in (-1, 1)]
    return Finding(
        verdict,
        {
            f"{symbol(name)} may drift by ({_tried(names)})": margins[name]
            for name, names in varied.items()
        },
        check(device, *(edge for edge in edges if edge)),
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


def _margin(device, names):
    """Return how far parameters may drift alike, either way, before the blockade is lost."""
    device = device.replace(Omega=max(device.Omega, WEAK))  # where rounding hides no g2

    def survives(drift):
        sides = [_drifted(device, names, sign * drift) for sign in (-1, 1)]
        try:
            found = steady_points([side for side in sides if side], photons=2, rtol=1e-3)
        except ConvergenceError:
            return False
        forward, backward = found.g2
        return bool(np.all(forward <= 1 / FACTOR) and np.all(backward >= FACTOR))

    low, high = 0.0, 0.01
    while low < _FARTHEST and survives(high):
        low, high = high, min(2 * high, _FARTHEST)
    for _ in range(6 * (low < _FARTHEST)):
        middle = (low + high) / 2
        low, high = (middle, high) if survives(middle) else (low, middle)
    return low
