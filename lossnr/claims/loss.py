"""The claims on what the loss of cavity b does, and what only the phase does."""

from math import pi

import numpy as np

from ..model.device import Device
from ..model.names import in_latex, number, symbol
from ..model.observables import isolation
from ..model.scattering import transmission
from .conditions import Condition
from .correlations import factor_of_g2
from .evidence import check, largest, line, over_detuning
from .ledger import Finding, claim
from .thresholds import FACTOR, RECIPROCAL_G2, RECIPROCAL_T, ROUNDING_OF_S, STEADY


@claim("loss-is-needed", where="Abstract, Sec. III", page="fig2")
def loss_is_needed(device):
    """The loss of cavity b induces the nonreciprocity: without it there is none."""
    lossless = device.replace(kappa_b=0)
    found = over_detuning(lossless)
    light, _ = largest(isolation(found))
    factor, at = largest(factor_of_g2(found))
    linear = max(
        abs(np.subtract(*transmission(lossless.replace(Delta=Delta))))
        for Delta in found["Delta"].values
    )
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
    note = (
        f"Without loss the transmission of linear light is reciprocal, and that of the full model "
        f"to {number(light, 2)}; {symbol('g2')} differs by a factor of up to {number(factor, 3)}. "
        r"The phase breaks the symmetry and chooses the direction, the loss makes it count: at "
        rf"$\theta = 0$ and $\pi$ the transmissions differ by at most {number(T, 1)} at any loss."
    )
    return Finding(
        conditions,
        measured,
        check(lossless.replace(**at)),
        note,
    )


@claim("auxiliary-loss", where="Sec. III, last paragraph", page="fig2")
def auxiliary_loss(device):
    r"""Nonreciprocity by synthetic magnetism is hardly affected by the loss of the auxiliary
    cavity, in contrast to this device."""
    magnetic = Device.optimal(-pi / 2).replace(U_a=device.U_a, U_c=device.U_c, Omega=device.Omega)
    losses = {"kappa_b": (0, 2, 41)}
    here, there = (isolation(line(each, **losses)) for each in (device, magnetic))
    (most, at), (most_there, at_there) = largest(here), largest(there)
    less, least_there = here[0].item(), there.min().item()
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
    steady = there["kappa_b"][there >= most_there / STEADY].values
    # For light without Kerr terms this is one at every loss: the derivation of Eq. 16 says so.
    matched = min(
        abs(np.subtract(*transmission(magnetic.replace(kappa_b=loss, J=np.sqrt(loss) / 2))))
        for loss in there["kappa_b"].values[1:]
    )
    return Finding(
        conditions,
        {
            "isolation without loss": less,
            "largest isolation": most,
            r"at $\kappa_b$": at["kappa_b"],
            r"smallest isolation at $\theta = -\pi/2$": least_there,
            r"largest isolation at $\theta = -\pi/2$": most_there,
            r"at $\kappa_b$, $\theta = -\pi/2$": at_there["kappa_b"],
            r"at least half of it from $\kappa_b$": steady.min(),
            r"smallest isolation with $J^2 = \kappa \kappa_b / 4$, linear light": matched,
        },
        check(*(each.replace(kappa_b=0) for each in (device, magnetic)), quantities=("T",)),
        f"Here the isolation grows from {number(less, 1)} without loss to {number(most, 3)} at "
        rf"$\kappa_b = {in_latex(at['kappa_b'], 3)}$. In the same loop with the phase of synthetic "
        r"magnetism, $\theta = -\pi/2$, it depends on the loss in the same way: from "
        f"{number(least_there, 1)} to {number(most_there, 3)}. It is at least half of the largest "
        rf"only from $\kappa_b = {in_latex(steady.min(), 2)}$ on. But there $J$ can be matched to "
        r"the loss, $J^2 = \kappa\kappa_b/4$, and the isolation of linear light is then complete "
        "at every loss. Refs. 12-14 study other devices, on which this decides nothing.",
    )
