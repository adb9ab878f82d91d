"""What the page on photons in time says: its findings, its tables, and clicks as a picture.

``curves`` are Datasets as from `lossnr.beyond.g2_curves`.
"""

from math import isnan

import numpy as np
from IPython.display import Markdown

from ..beyond.curves import followers, halfway, largest_later, partner, smallest_later, smeared
from ..beyond.trajectories import Clicks, clicks
from ..model.device import DIRECTIONS
from ..model.names import UNDETERMINED, in_latex, number, symbol
from ..solver.accuracy import ConvergenceError
from ..solver.steadystate import steady_state
from .markdown import percent

#: Curves that differ by less are the same: the tolerance of the claims on photons in time.
SAME = 1e-6


def findings(curves, device):
    """Return what a physicist would repeat of the light in both directions, as Markdown.

    >>> from lossnr import Device
    >>> from lossnr.beyond import g2_curves
    >>> text = findings(g2_curves(Device(), np.linspace(0, 15, 301), rtol=1e-3), Device()).data
    >>> "is not bunched in the strict sense" in text
    True
    """
    said = [_finding(curves.sel(direction=[direction]), device) for direction in DIRECTIONS]
    if curves.attrs["refused"]:
        said.append(f"The solver refuses: {curves.attrs['refused']}.")
    return Markdown("**What is found.** " + " ".join(said))


def _finding(curve, device):
    direction = curve["direction"].item()
    g2, where = curve["g2"].values[0], f"From {direction[0]} to {direction[-1]}"
    if np.isnan(g2).any():
        refused = f"drive = {direction[0]!r}" in curve.attrs["refused"]
        why = "the solver does not reach the tolerance" if refused else "so little light passes"
        return f"{where} the correlations are not known, since {why}."
    kind, half = _kind(curve), halfway(curve).item()
    if kind == "neither" and np.allclose(g2, 1, rtol=0, atol=SAME):
        return f"{where} photons come independently of each other, as in laser light."
    once = f"Right after a photon, a second one is {number(g2[0], 3)} times as likely as in laser"
    once += " light"
    lasts = ""
    if not isnan(half):
        lasts = f" After about {_delay(half)} $g^{{(2)}}$ has come halfway to one."
    if kind == "antibunched" and g2[0] < 1:
        later = "After any delay it is more likely than at once."
        return f"{where} photons keep apart. {once}. {later}{lasts}"
    if kind == "bunched" and g2[0] > 1:
        later = "After any delay it is less likely than at once."
        return f"{where} photons come together. {once}. {later}{lasts}"
    later = f"{number(g2[g2.argmax() if g2[0] > 1 else g2.argmin()], 3)} times as likely"
    if g2[0] <= 1:
        return f"{where} photons keep apart for a moment only. {once}, and {later} after a delay."
    share = partner(device, direction[0])[direction[-1]]
    loss = getattr(device, f"kappa_{direction[-1]}")
    follow = followers(curve, [loss * steady_state(device, direction[0]).n]).item()
    return (
        f"{where} a second photon is more likely than in laser light, and most likely after a "
        f"delay. {once}, and {later} after {_delay(curve['tau'].values[g2.argmax()])}. The light "
        "is super-Poissonian, which the paper calls bunched. It is not bunched in the strict "
        f"sense. When the first photon of a pair leaves cavity {direction[-1]}, the second one is "
        f"in the same cavity in {number(100 * share, 2)} % of the cases. In the others it has to "
        f"come there first, and {'is mostly' if follow < 0.5 else 'may be'} lost before: "
        f"{number(100 * follow, 2)} % of the photons from {direction[-1]} are followed by another "
        rf"one within ${in_latex(curve['tau'].values[-1], 3)}/\kappa$, beyond those that follow by "
        "chance."
    )


def _delay(tau):
    return rf"${in_latex(tau, 3)}/\kappa$"


def _kind(curve):
    """Return what light of one direction is in the strict sense of the words."""
    if smallest_later(curve).item() >= 1 - SAME and largest_later(curve).item() > 1 + SAME:
        return "antibunched"
    if largest_later(curve).item() <= 1 + SAME and smallest_later(curve).item() < 1 - SAME:
        return "bunched"
    return "neither"


def correlation_rows(cases):
    """Return a table, for `markdown.wide_table`, of what is read off some curves, by their names.

    >>> from lossnr import Device
    >>> from lossnr.beyond import g2_curves
    >>> cases = {"optimum": g2_curves(Device(), np.linspace(0, 15, 301), rtol=1e-3)}
    >>> [row[-2:] for row in correlation_rows(cases)[1:]]
    [('antibunched', 'antibunched'), ('bunched', 'neither')]
    """
    rows = [
        (
            "device",
            "direction",
            "$g^{(2)}(0)$",
            r"largest $g^{(2)}(\tau)$",
            r"at $\tau\kappa$",
            r"halfway to 1 at $\tau\kappa$",
            "by the paper's definition",
            "in the strict sense",
        )
    ]
    for name, data in cases.items():
        for direction in DIRECTIONS:
            curve = data.sel(direction=[direction])
            g2, half = curve["g2"].values[0], halfway(curve).item()
            if np.isnan(g2).any():
                rows.append((name, symbol(direction), *[UNDETERMINED] * 6))
                continue
            loosely = "antibunched" if g2[0] < 1 - SAME else "bunched"
            if abs(g2[0] - 1) <= SAME:
                loosely = "neither"
            rows.append(
                (
                    name,
                    symbol(direction),
                    number(g2[0], 3),
                    number(g2.max(), 4),
                    number(curve["tau"].values[g2.argmax()], 3),
                    "later than shown" if isnan(half) else number(half, 3),
                    loosely,
                    _kind(curve),
                )
            )
    return rows


def partner_rows(cases):
    """Return a table of `lossnr.beyond.curves.partner` for some devices, by their names.

    >>> from lossnr import Device
    >>> partner_rows({"optimum": Device()})[2]
    ('optimum', '$c\\\\to a$', 'a', '0.6 %', '85 %', '15 %')
    """
    rows = [("device", "direction", "first photon from", "second in a", "in c", "in b")]
    for name, device in cases.items():
        for direction, (drive, detected) in DIRECTIONS.items():
            shares = partner(device, drive)
            shown = [percent(shares[each]) if each in shares else "-" for each in "acb"]
            rows.append((name, symbol(direction), detected, *shown))
    return rows


def jitter_rows(curves, sigmas):
    """Return a table of g2(0) as detectors with some timing jitters see it.

    >>> from lossnr import Device
    >>> from lossnr.beyond import g2_curves
    >>> data = g2_curves(Device(), np.linspace(0, 15, 301), rtol=1e-3)
    >>> jitter_rows(data, [0.3])[1]
    ('0', '0.0109', '72.9')
    """
    seen = smeared(curves, sigmas)["g2"]
    first = curves["g2"].isel(tau=0)
    columns = [(0.0, first), *((sigma, seen.sel(sigma=sigma)) for sigma in sigmas)]
    rows = [(r"$\sigma\kappa$", *(f"$g^{{(2)}}$ seen, {symbol(each)}" for each in DIRECTIONS))]
    for sigma, values in columns:
        rows.append((number(sigma, 3), *(number(x, 3) for x in values.values)))
    return rows


def at_a_detector(device, **how):
    """Return the clicks of light from a to c, as `lossnr.beyond.clicks` with arguments ``how``.

    Where it refuses there are none.

    >>> from lossnr import Device
    >>> len(at_a_detector(Device(Omega=9.0), runs=2, duration=10, seed=1).times)
    0
    """
    try:
        return clicks(device, **how)
    except ConvergenceError:
        return Clicks(how["runs"], how["duration"], np.zeros(0), np.zeros(0, dtype=int))


def draw_after_a_click(seen, *, ax, longest, rows, color):
    """Draw what a detector sees after a click, a line for each: the later clicks as dots.

    Only clicks that another one follows within ``longest``, the first ``rows`` of them, have a
    line. ``clicks`` are as from `lossnr.beyond.clicks`.

    >>> from matplotlib.figure import Figure
    >>> from lossnr.beyond.trajectories import Clicks
    >>> ax = Figure().add_subplot()
    >>> seen = Clicks(1, 99.0, np.array([1, 3, 50, 54.0]), np.zeros(4, int))
    >>> draw_after_a_click(seen, ax=ax, longest=10, rows=9, color="red")
    >>> ax.words
    '2 clicks that another one follows; the shortest delay is 2'
    """
    times, run, x, y = seen.times, seen.run, [], []
    for i in np.flatnonzero((np.diff(times) <= longest) & (np.diff(run) == 0))[:rows]:
        later = times[i + 1 :][(run[i + 1 :] == run[i]) & (times[i + 1 :] <= times[i] + longest)]
        x.append(later - times[i])
        y.append(np.full(len(later), len(y) + 1))
    x, y = np.concatenate([[], *x]), np.concatenate([[], *y])
    ax.plot(x, y, ".", color=color, markersize=3, label="_clicks")
    ax.plot(0 * y, y, "|", color=color, markersize=2, label="_first")
    ax.set(xlim=(-0.02 * longest, longest), ylim=(0, max([1, *y]) + 1), ylabel="first click")
    shortest = f"; the shortest delay is {min(x):.2g}" if len(x) else ""
    ax.words = f"{int(max([0, *y]))} clicks that another one follows{shortest}"


def draw_pairs(seen, edges, *, ax, color, marker, label):
    """Draw g2 between delays, as the clicks of a detector give it, with statistical errors.

    >>> from matplotlib.figure import Figure
    >>> from lossnr.beyond.trajectories import Clicks
    >>> ax = Figure().add_subplot()
    >>> seen = Clicks(1, 99.0, np.array([1, 3, 50, 54.0]), np.zeros(4, int))
    >>> draw_pairs(seen, np.array([0, 5.0]), ax=ax, color="red", marker="o", label="clicks")
    >>> ax.lines[0].get_xdata().tolist()
    [2.5]
    """
    values, errors = seen.g2(edges)
    middle = (edges[1:] + edges[:-1]) / 2
    ax.plot(middle, values, marker, color=color, markersize=3, label=label)
    ax.vlines(middle, values - errors, values + errors, color=color, linewidth=0.8)


def click_rows(cases, device):
    """Return a table of the clicks of detectors, by their names, beside the steady state's rate.

    ``cases`` are as from `lossnr.beyond.clicks`, with light from a to c, of the ``device`` with and
    without its Kerr terms.

    >>> from lossnr import Device
    >>> from lossnr.beyond import clicks
    >>> rows = click_rows({"with": clicks(Device(), runs=20, duration=1000, seed=1)}, Device())
    >>> rows[1][:2]
    ('with', '187')
    """
    soon = 0.5
    rows = [
        (
            "device",
            "clicks",
            r"rate over $\kappa$",
            "rate of the steady state",
            r"shortest waiting time times $\kappa$",
            rf"pairs within ${soon}/\kappa$",
            "if clicks were independent",
        )
    ]
    for (name, found), each in zip(cases.items(), (device, device.replace(U=0)), strict=False):
        rate, error = found.rate
        waiting, count = found.waiting_times(), len(found.times)
        rows.append(
            (
                name,
                str(count),
                f"{number(rate, 3)} ± {number(error, 1)}",
                number(each.kappa_c * steady_state(each).n, 3),
                number(waiting.min(), 2) if len(waiting) else UNDETERMINED,
                str(len(found.delays(soon))),
                number(count * rate * soon, 2),
            )
        )
    return rows
