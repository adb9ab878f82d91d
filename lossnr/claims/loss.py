"""The claims on what the loss of cavity b does, and what only the phase does."""

from math import pi

import numpy as np

from ..model.device import Device
from ..model.names import ROUNDING, in_latex, number, rounded_up, symbol
from ..model.observables import factor_of_g2, isolation
from ..model.scattering import transmission
from .conditions import Condition
from .evidence import check, largest, line, linear_over_detuning, over_detuning
from .ledger import Finding, claim
from .thresholds import FACTOR, RECIPROCAL_G2, RECIPROCAL_T, ROUNDING_OF_S, STEADY


@claim("loss-is-needed", where="Abstract, Sec. III", page="fig2")
def loss_is_needed(device):
    """The loss of cavity b induces the nonreciprocity: without it there is none."""
    lossless = device.replace(kappa_b=0)
    found = over_detuning(lossless)
    light, brightest = largest(isolation(found))
    factor, at = largest(factor_of_g2(found))
    linear = abs(np.subtract(*linear_over_detuning(lossless))).max()
    real = [line(device.replace(theta=theta), kappa_b=(0, 2, 9)) for theta in (0, pi)]
    measured = {
        "largest difference of $T$, linear light": linear,
        "largest difference of $T$": light,
        "largest factor between the two $g^{(2)}$, less 1": factor - 1,
    }
    limits = (ROUNDING_OF_S, RECIPROCAL_T, RECIPROCAL_G2)
    otherwise = ("not-reproduced", "not-reproduced", "qualified")
    conditions = [
        Condition(what, value, "<=", limit, verdict)
        for (what, value), limit, verdict in zip(measured.items(), limits, otherwise, strict=True)
    ]
    T = max(largest(isolation(each))[0] for each in real)
    g2 = max(largest(factor_of_g2(each))[0] - 1 for each in real)
    measured |= {
        rf"{what} at $\theta = 0$ and $\pi$, any loss": value
        for what, value in zip(list(measured)[1:], (T, g2), strict=True)
    }
    if factor - 1 < ROUNDING:
        apart = "only by rounding"
    else:
        apart = f"by a factor of up to {number(rounded_up(factor, 3))}"
    note = (
        "Without loss the transmissions differ by at most "
        f"{number(rounded_up(light, 2))}, those without Kerr terms by "
        f"{number(rounded_up(linear, 1))}, and the two {symbol('g2')} {apart}. "
    )
    if T < ROUNDING:
        note += (
            r"Loss alone is not enough: at $\theta = 0$ and $\pi$ the transmission is reciprocal "
            "at any loss. The phase chooses the direction; without loss "
            "this has no effect on the transmission."
        )
    return Finding(
        conditions,
        measured,
        check(lossless.replace(**at), lossless.replace(**brightest)),
        note,
    )


def _over_losses(device):
    """Return the isolation over the losses of b as a curve, and three of its values.

    Each value comes with a dict of where it is.
    """
    curve = isolation(line(device, kappa_b=(0, 2, 21)))
    least, at = largest(-curve)
    return {
        "curve": curve,
        "without loss": (curve[0].item(), {"kappa_b": 0.0}),
        "largest": largest(curve),
        "smallest": (-least, at),
    }


@claim("auxiliary-loss", where="Sec. III, last paragraph", page="fig2")
def auxiliary_loss(device):
    r"""Nonreciprocity by synthetic magnetism is hardly affected by the loss of the auxiliary
    cavity, whereas here the loss induces it."""
    magnetic = Device.optimal(-pi / 2).replace(U_a=device.U_a, U_c=device.U_c, Omega=device.Omega)
    here, there = map(_over_losses, (device, magnetic))
    most, at = here["largest"]
    most_there, at_there = there["largest"]
    less, least_there = here["without loss"][0], there["smallest"][0]
    curve = there["curve"]
    half = curve["kappa_b"][curve >= most_there / STEADY].min().item()
    step = curve["kappa_b"].diff("kappa_b")[0].item()
    # For linear light this is one at every loss: see the derivation of Eq. 16.
    matched = min(
        abs(np.subtract(*transmission(magnetic.replace(kappa_b=loss, J=np.sqrt(loss) / 2))))
        for loss in curve["kappa_b"].values[1:]
    )
    measured = {
        "isolation without loss": less,
        "largest isolation": most,
        r"at $\kappa_b$": at["kappa_b"],
        r"smallest isolation at $\theta = -\pi/2$": least_there,
        r"largest isolation at $\theta = -\pi/2$": most_there,
        r"at $\kappa_b$, $\theta = -\pi/2$": at_there["kappa_b"],
        r"at least half of it from $\kappa_b$": half,
        r"smallest isolation with $J^2 = \kappa \kappa_b / 4$, linear light": matched,
    }
    points = [device.replace(**found[1]) for found in (here["without loss"], here["largest"])]
    points += [magnetic.replace(**found[1]) for found in (there["smallest"], there["largest"])]
    checked = check(*points, quantities=("T",))
    if most < ROUNDING:
        conditions = [Condition("largest isolation", most, ">", ROUNDING)]
        return Finding(conditions, measured, checked, "Here the transmission is reciprocal.")
    conditions = [
        Condition("isolation without loss over the largest", less / most, "<=", 1 / FACTOR),
        Condition(
            r"smallest isolation over the largest, at $\theta = -\pi/2$",
            least_there / most_there,
            ">=",
            1 / STEADY,
            "qualified",
        ),
    ]
    note = ""
    if conditions[0].holds and not conditions[1].holds:
        note = (
            r"Here the loss matters, as the paper says; but at $\theta = -\pi/2$, the usual phase "
            "of synthetic magnetism, the nonreciprocity of this loop needs the loss as well. "
        )
    note += (
        f"Here the isolation is {number(less, 1)} without loss and at most "
        rf"{number(rounded_up(most, 3))}, at $\kappa_b = {in_latex(at['kappa_b'], 3)}$. "
        rf"At $\theta = -\pi/2$ it is {number(there['without loss'][0], 1)} without loss, and at "
        rf"least half of its largest value from $\kappa_b = {in_latex(half, 2)}$ on (on a grid of "
        rf"{number(step, 3)}). If $J$ is matched to the loss, $J^2 = \kappa\kappa_b/4$, the "
        "isolation of linear light is complete at every loss above zero. The paper means the "
        "devices of Refs. 12-14, on which this decides nothing."
    )
    return Finding(conditions, measured, checked, note)
