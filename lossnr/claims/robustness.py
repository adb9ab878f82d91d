"""The claims of the abstract that the blockades are robust."""

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

    def survives(g2, g3):
        return (g2[0] <= 1 / FACTOR) & (g2[1] >= FACTOR)

    return _robustness(device, survives, photons=2)


@claim("robust-2pb", where="Abstract", page="fig3")
def robust_2pb(device):
    """The nonreciprocal two-photon blockade is robust."""
    device = device.replace(kappa_b=1.25)
    conditions = two_photon_diode(device)
    if not hold(conditions):
        note = r"At $\kappa_b = 1.25$ there is no two-photon blockade that could be robust."
        return Finding(conditions, {}, check(device, quantities=("g2", "g3")), note)

    def survives(g2, g3):
        return (g2[0] < 1) & (g2[1] > 1) & (g3[1] < 1)

    return _robustness(device, survives, photons=3)


def _robustness(device, survives, photons):
    """Judge how far each parameter may drift alone before a blockade is lost."""
    varied = {name: (name,) for name in device.parameters()} | SHARED
    margins = _margins(device, varied, survives, photons)
    weakest = min(margins, key=margins.get)
    fragile = [name for name, value in margins.items() if value < DRIFT]
    edges = [_drifted(device, varied[weakest], sign * margins[weakest]) for sign in (-1, 1)]
    return Finding(
        [
            *(
                Condition(f"{symbol(name)} may drift by", value, ">=", DRIFT, "qualified")
                for name, value in margins.items()
            ),
            Condition(
                "share of the parameters that may drift so far",
                1 - len(fragile) / len(margins),
                ">=",
                IN_PART,
            ),
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


def _margins(device, varied, survives, photons):
    """Return how far parameters may drift, in either direction, before a blockade is lost.

    ``varied`` names the parameters that drift alike. ``survives`` takes g2 and g3, each over
    directions and devices.
    """
    device = device.replace(Omega=max(device.Omega, WEAK))  # where rounding hides no g2

    def solved(devices):
        try:
            found = steady_points(devices, photons=photons, rtol=1e-3)
        except ConvergenceError:
            return [len(devices) > 1 and solved([each])[0] for each in devices]
        return survives(found.g2, found.g3)

    def surviving(drifts):
        sides = [
            (name, side)
            for name, drift in drifts.items()
            for sign in (-1, 1)
            if (side := _drifted(device, varied[name], sign * drift))
        ]
        alive = solved([side for _, side in sides])
        lost = {name for (name, _), well in zip(sides, alive, strict=True) if not well}
        return drifts.keys() - lost

    low, high = dict.fromkeys(varied, 0.0), dict.fromkeys(varied, 0.01)
    growing = set(varied)
    while growing:
        kept = surviving({name: high[name] for name in varied if name in growing})
        for name in kept:
            low[name], high[name] = high[name], min(2 * high[name], _FARTHEST)
        growing = {name for name in kept if low[name] < _FARTHEST}
    bounded = [name for name in varied if low[name] < _FARTHEST]
    for _ in range(6):
        middle = {name: (low[name] + high[name]) / 2 for name in bounded}
        kept = surviving(middle)
        for name, value in middle.items():
            (low if name in kept else high)[name] = value
    return low
