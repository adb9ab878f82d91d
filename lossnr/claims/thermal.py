"""The claim that thermal photons can be neglected at optical frequencies."""

import numpy as np

from ..beyond.laboratory import ROOM, TELECOM, thermal_occupation
from ..beyond.noise import noise_sweep
from ..beyond.tolerances import noise_limit, one_way, single_photon_diode, two_photon_diode
from ..model import lindblad
from ..model.device import DIRECTIONS
from ..model.names import number, rounded_down, rounded_up, symbol
from ..model.observables import change
from .conditions import Condition
from .distributions import PHOTONS
from .evidence import check, require_light, states
from .ledger import Finding, Undecided, claim
from .thresholds import ABOUT, CONFIRMED, FACTOR, RECIPROCAL_G2, RECIPROCAL_T, RESOLVED

#: What the claims `one-way-T`, `nonreciprocal-1pb` and `nonreciprocal-2pb` state, at which loss of
#: b (1 stands for that of the working point), and how far it holds.
_STATED = (
    ("one-way light", 1, one_way(ABOUT)),
    ("single-photon blockade", 1, single_photon_diode(FACTOR)),
    ("two-photon blockade", 1.25, two_photon_diode(RESOLVED)),
)
#: Relative error of the states where a claim fails: a tenth of what confirms them would do.
_RTOL = 1e-3


@claim("thermal", where="Sec. II, after Eq. 4", page="noise")
def thermal(device):
    """Thermal effects can be neglected at optical frequencies."""
    require_light(device)
    n_th = float(thermal_occupation(TELECOM, ROOM))
    points = {1: device, 1.25: device.replace(kappa_b=1.25)}
    # The changes are far below the tolerance: with more photons the states are known better.
    quiet = {at: _observed(states(each, PHOTONS).values()) for at, each in points.items()}
    noisy = {at: _with_noise(each, n_th) for at, each in points.items()}
    shifts = {"T": max(np.max(np.abs(noisy[at][0] - quiet[at][0])) for at in points)}
    for k, name in enumerate(("g2", "g3"), start=1):
        shifts[name] = max(np.max(change(noisy[at][k], quiet[at][k])) for at in points)
    conditions, limits, checked = [], {}, []
    for words, at, margin in _STATED:
        held = margin(*quiet[at]) > 0
        same = held == (margin(*noisy[at]) > 0)
        conditions.append(Condition(f"{words} is as without thermal photons", bool(same)))
        if held:
            limits[words] = noise_limit(points[at], margin, "n_th", rtol=_RTOL)
            checked.append((points[at], limits[words]))
    changes = {"largest change of $T$": shifts["T"]}
    changes |= {f"largest relative change of {symbol(g)}": shifts[g] for g in ("g2", "g3")}
    allowed = (RECIPROCAL_T, RECIPROCAL_G2, RECIPROCAL_G2)
    for (what, value), most in zip(changes.items(), allowed, strict=True):
        conditions.append(Condition(what, value, "<=", most, "qualified"))
    return Finding(
        conditions,
        {"thermal photons at 1550 nm and 300 K": n_th}
        | changes
        | {f"thermal photons that {words} survives": n for words, n in limits.items()},
        _check(checked) if checked else check(*points.values(), quantities=("T", "g2", "g3")),
        f"At 1550 nm and 300 K a bath holds {number(n_th, 2)} photons. They change $T$ by at most "
        f"{number(rounded_up(shifts['T'], 1))}{_on_correlations(quiet, noisy)}."
        f"{_on_limits(limits, n_th)}",
    )


def _on_correlations(quiet, noisy):
    """Return in words by how much thermal photons change g2 and g3."""
    before, after = (np.array([each[at][1:] for at in each]) for each in (quiet, noisy))
    defined, names = np.isfinite(before), f"{symbol('g2')} and {symbol('g3')}"
    if not defined.any():
        return f"; without noise {names} are not defined"
    before, after = before[defined], after[defined]
    most = np.max(change(after, before))
    if most <= RECIPROCAL_G2:
        said = f", {names} by at most {number(rounded_up(most, 1))} of their values"
    else:
        factor = np.exp(np.max(np.abs(np.log(after / before))))
        said = f", {names} by a factor of up to {number(rounded_up(factor, 3))}"
    return said + ", where these are defined without noise" * (not defined.all())


def _on_limits(limits, n_th):
    """Return in words up to how many thermal photons the statements hold."""
    more, fewer = (
        ", ".join(
            f"up to {number(rounded_down(n, 2))} for {words}"
            for words, n in limits.items()
            if (n > n_th) == m
        )
        for m in (True, False)
    )
    said = f" More would be allowed: {more}." if more else ""
    return said + (f" Fewer would be needed: {fewer}." if fewer else "")


def _observed(found):
    """Return T, g2 and g3 of the states of both directions, each an array over the directions."""
    return np.array([(state.T, state.g2, state.g3) for state in found]).T


def _with_noise(device, n_th, rtol=1e-6):
    """Return T, g2 and g3 with thermal photons, each an array over the directions."""
    data = noise_sweep(device, n_th=n_th, rtol=rtol)
    return np.array([data[name].values for name in ("T", "g2", "g3")])


def _check(points):
    """Return in words how well QuTiP agrees at pairs of a device and its thermal photons."""
    ours = [_with_noise(*point, _RTOL) for point in points]
    for photons in (4, 5):  # the fewer, the faster
        theirs = [_by_qutip(*point, photons) for point in points]
        worst = float(np.max(np.abs(np.array(ours) / theirs - 1)))
        if worst <= CONFIRMED:
            apart = number(rounded_up(worst, 1))
            return f"QuTiP agrees to {apart} where more heat ends the claims on Figs. 2 and 3"
    raise Undecided(
        f"QuTiP with five photons differs by {number(worst, 1)}, more than {number(CONFIRMED, 1)}"
    )


def _by_qutip(device, n_th, photons):
    """Return T, g2 and g3 with thermal photons as QuTiP gives them."""
    return _observed(
        lindblad.steady_state(device, drive, n_th=n_th, excitations=photons)
        for drive, _ in DIRECTIONS.values()
    )
