"""The claims of the abstract that the blockades are robust."""

import numpy as np

from ..beyond import tolerances
from ..beyond.tolerances import FARTHEST, POSITIVE, drifted
from ..model.names import in_latex, number, rounded_down, symbol
from .conditions import Condition, hold, share
from .correlations import two_photon_conditions
from .evidence import WEAK, check, single_photon_conditions
from .ledger import Finding, claim
from .thresholds import DRIFT, FACTOR, IN_PART, RESOLVED


@claim("robust", where="Abstract", page="fig2")
def robust(device):
    """The nonreciprocal single-photon blockade is robust."""
    conditions = single_photon_conditions(device)
    if not hold(conditions):
        note = "There is no nonreciprocal blockade at the working point that could be robust."
        if hold(single_photon_conditions(device, "c->a")):
            note = "The directions are exchanged: no blockade from a to c could be robust."
        return Finding(conditions, {}, check(device), note)

    return _robustness(device, tolerances.single_photon_diode(FACTOR), photons=2)


@claim("robust-2pb", where="Abstract", page="fig3")
def robust_2pb(device):
    """The nonreciprocal two-photon blockade is robust."""
    device = device.replace(kappa_b=1.25)
    conditions = two_photon_conditions(device)
    if not hold(conditions):
        note = r"At $\kappa_b = 1.25$ there is no two-photon blockade that could be robust."
        return Finding(conditions, {}, check(device, quantities=("g2", "g3")), note)

    return _robustness(device, tolerances.two_photon_diode(RESOLVED), photons=3)


def _robustness(device, blockade, photons):
    """Judge how far each parameter may drift alone before a blockade is lost."""
    bright = device.replace(Omega=max(device.Omega, WEAK))  # where rounding hides no g2
    drifts = tolerances.drifts(bright, blockade, photons=photons, rtol=1e-3)
    margins = {name: min(*abs(each), FARTHEST) for name, each in drifts.items()}
    weakest = min(margins, key=margins.get)
    fragile = [name for name, value in margins.items() if value < DRIFT]
    edges = [drifted(device, weakest, drift) for drift in drifts[weakest] if np.isfinite(drift)]
    conditions = [
        Condition(f"{symbol(name)} may drift by", value, ">=", DRIFT, "qualified")
        for name, value in margins.items()
    ]
    return Finding(
        [*conditions, share("share of the parameters that may drift so far", conditions, IN_PART)],
        {f"{symbol(name)} may drift by ({_tried(name)})": value for name, value in margins.items()},
        check(device, *edges, quantities=("T", "g2", "g3")[:photons]),
        f"{_in_words(fragile, weakest, margins)} Each parameter is varied alone.",
    )


def _in_words(fragile, weakest, margins):
    """Return in words which parameters may drift least before the blockade is lost."""

    def margin(name):
        value = in_latex(rounded_down(margins[name], 2))
        return f"{value} rad" if name == "theta" else rf"${value}\,\kappa$"

    ours = "By our measure, since the paper gives none,"
    if not fragile:
        return (
            f"{ours} it is robust: {symbol(weakest)} is the tightest and may be off by "
            f"{margin(weakest)}."
        )
    if len(fragile) == 1:
        return (
            f"{ours} each parameter may be off by {number(DRIFT)}, except {symbol(weakest)}, which "
            f"may be off by {margin(weakest)} only."
        )
    listed = ", ".join(f"{symbol(name)} ({margin(name)})" for name in fragile)
    return f"{ours} each parameter may be off by {number(DRIFT)}, except {listed}."


def _tried(name):
    """Return in words how far a drift of a parameter is followed."""
    positive = name.startswith(POSITIVE)
    return f"at most {FARTHEST:g} tried{', down no further than to a tenth' * positive}"
