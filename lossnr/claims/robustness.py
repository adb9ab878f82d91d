"""The claim of the abstract that the blockade is robust."""

from ..model.device import SHARED
from ..solver.accuracy import ConvergenceError
from ..solver.steadystate import steady_state
from .evidence import FACTOR, check, is_single_photon_diode
from .ledger import Finding, claim

#: How far a parameter may be expected to drift: a twentieth of a linewidth, or 0.05 rad.
DRIFT = 0.05
#: A drift that is survived is not followed further than this.
FARTHEST = 5.0
#: Parameters that cannot be negative begin so.
POSITIVE = ("kappa", "Omega")


@claim(
    "robust",
    where="Abstract",
    page="fig2",
    statement="The nonreciprocal single-photon blockade is robust.",
    criterion="It survives (g2 a->c at most 0.1, g2 c->a at least 10) when any one parameter, or "
    "one of the paper's shared symbols (J for J_ab and J_bc, and so on), drifts by 0.05 kappa, or "
    "theta by 0.05 rad, either way: a twentieth of a linewidth, to which a resonator can be tuned. "
    "Qualified if some of them may drift less. The paper does not say against what, and how much.",
)
def robust(device):
    if not is_single_photon_diode(device):
        note = "There is no nonreciprocal blockade at the working point that could be robust."
        if is_single_photon_diode(device, "c->a"):
            note = "The directions are exchanged: no blockade from a to c could be robust."
        return Finding("not-reproduced", {}, check(device), note)
    symbols = {name: (name,) for name in device.parameters()} | SHARED
    margins = {symbol: margin(device, names) for symbol, names in symbols.items()}
    weakest = min(margins, key=margins.get)
    fragile = [symbol for symbol, value in margins.items() if value < DRIFT]
    if not fragile:
        verdict = "reproduced"
    else:
        verdict = "qualified" if len(fragile) < len(margins) else "not-reproduced"
    edges = [drifted(device, symbols[weakest], sign * margins[weakest]) for sign in (-1, 1)]
    return Finding(
        verdict,
        {
            f"{symbol} may drift by ({tried(names)})": margins[symbol]
            for symbol, names in symbols.items()
        },
        check(device, *(edge for edge in edges if edge)),
        f"Varied one at a time, {in_words(fragile, margins)}.",
    )


def in_words(fragile, margins):
    """Return in words which parameters have less room than the drift asked for."""
    if not fragile:
        weakest = min(margins, key=margins.get)
        return f"{weakest} may drift least before the blockade is lost: by {margins[weakest]:.3f}"
    if len(fragile) == 1:
        return (
            f"only {fragile[0]} may drift by less than {DRIFT:g} before the blockade is lost, by "
            f"{margins[fragile[0]]:.3f}"
        )
    listed = ", ".join(f"{symbol} ({margins[symbol]:.3f})" for symbol in fragile)
    return f"these may drift by less than {DRIFT:g} before the blockade is lost: {listed}"


def tried(names):
    """Return in words how far a drift of these parameters is followed."""
    positive = any(name.startswith(POSITIVE) for name in names)
    return f"at most {FARTHEST:g} tried{', down no further than to 0' * positive}"


def drifted(device, names, drift):
    """Return the device with some parameters changed alike; None where one reaches its limit."""
    values = {name: getattr(device, name) + drift for name in names}
    if any(v <= 0 and n.startswith(POSITIVE) for n, v in values.items()):
        return None
    return device.replace(**values)


def margin(device, names):
    """Return how far parameters may drift alike, either way, before the blockade is lost."""

    def survives(drift):
        for changed in (drifted(device, names, -drift), drifted(device, names, drift)):
            if changed is None:
                continue
            try:
                g2 = [steady_state(changed, d, photons=2, rtol=1e-3).g2 for d in "ac"]
            except ConvergenceError:
                return False
            if not (g2[0] <= 1 / FACTOR and g2[1] >= FACTOR):
                return False
        return True

    low, high = 0.0, 0.01
    while low < FARTHEST and survives(high):
        low, high = high, min(2 * high, FARTHEST)
    for _ in range(6 * (low < FARTHEST)):
        middle = (low + high) / 2
        low, high = (middle, high) if survives(middle) else (low, middle)
    return low
