"""What the page on noise and tolerances says in words and tables.

In all functions ``limits`` holds the largest noise at which something is kept, by its name and by
"n_th" and "gamma_phi", as `tolerances.noise_limit` returns it, and ``yields`` is a list of Datasets
of `tolerances.yields`. Names are those of what is kept.
"""

import json

import numpy as np
from IPython.display import Markdown
from scipy.constants import Julian_year, day

from ..beyond.curves import g2_curves
from ..beyond.laboratory import (
    ROOM,
    TELECOM,
    WINDOW,
    counting_time,
    photon_rate,
    temperature_of,
    thermal_occupation,
    triple_counting_time,
)
from ..beyond.tolerances import FARTHEST, POSITIVE, noise_limit
from ..model.device import DIRECTIONS
from ..model.names import (
    QUANTITIES,
    ROUNDING,
    UNDETERMINED,
    equation,
    in_latex,
    number,
    rounded_down,
    symbol,
)
from ..solver.accuracy import ConvergenceError
from .markdown import decibels

#: A frequency of superconducting cavities, in Hz.
MICROWAVE = 5e9
#: The error of the parameters that the finding names.
ONE_PERCENT = 0.01


def finding(limits, yields):
    """Return what the page finds, in a few sentences.

    >>> import xarray as xr
    >>> limits = {"one-way light": {"n_th": 5e-4, "gamma_phi": 0.02}}
    >>> share = xr.DataArray([[1.0]], {"criterion": ["one-way light"], "spread": [0.01]})
    >>> print(finding(limits, [xr.Dataset({"share": share})]).data[-81:])
    Of devices with random errors of 1 % in all parameters, 100 % keep one-way light.
    """
    optical = thermal_occupation(TELECOM, ROOM)
    light = f"Light of 1550 nm has {number(optical, 2)} thermal photons at room temperature"
    lost = {name: each["n_th"] for name, each in limits.items() if 0 < each["n_th"] < np.inf}
    if not lost:
        sentences = [f"{light}."]
    else:
        weakest = min(lost, key=lost.get)
        kelvin = temperature_of(lost[weakest], MICROWAVE)
        enough = "too few" if optical < lost[weakest] else "enough"
        sentences = [
            f"{light}, {enough} to end the {weakest}. That takes {number(lost[weakest], 2)} "
            f"thermal photons: the same device for microwaves of {MICROWAVE / 1e9:g} GHz has to be "
            f"colder than {number(rounded_down(1e3 * kelvin, 3))} mK."
        ]
    spoiled = {name: each.get("gamma_phi", 0) for name, each in limits.items()}
    spoiled = {name: rate for name, rate in spoiled.items() if 0 < rate < np.inf}
    if spoiled:
        first = min(spoiled, key=spoiled.get)
        sentences.append(
            f"Dephasing of a and c ends the {first} at a rate of "
            rf"${in_latex(spoiled[first], 2)}\,\kappa$."
        )
    shares = []
    for each in yields:
        there = each.sel(spread=ONE_PERCENT, method="nearest")
        for name, share in zip(there["criterion"].values, there["share"].values, strict=True):
            shares.append(f"{number(100 * share, 3)} % keep {name}")
        spread = there["spread"].item()
    sentences.append(
        f"Of devices with random errors of {number(100 * spread, 2)} % in all parameters, "
        f"{_listed(shares)}."
    )
    return Markdown(f"**What this page finds.** {' '.join(sentences)}")


def limits_of(kept, names, *, rtol):
    """Return the largest noise at which something is kept; nan where the solver cannot tell.

    ``kept`` holds pairs of a device and a margin (`tolerances`) by what is kept, and ``names`` are
    those of the noise.

    >>> from lossnr import Device
    >>> from lossnr.beyond.tolerances import one_way
    >>> kept = {"one-way light": (Device(kappa_b=0), one_way(0.05))}
    >>> limits_of(kept, ["n_th"], rtol=1e-3)
    {'one-way light': {'n_th': 0.0}}
    """

    def limit(device, margin, name):
        try:
            return noise_limit(device, margin, name, rtol=rtol)
        except ConvergenceError:
            return np.nan

    return {what: {name: limit(*each, name) for name in names} for what, each in kept.items()}


def up_to(limit, inside):
    """Return where something is kept, up to its limit instead of the last point below that.

    ``inside`` is a DataArray of bool over the noise, as `tolerances.kept` returns it. A limit that
    is not between its points changes nothing.

    >>> from xarray import DataArray
    >>> inside = DataArray([True, False], {"n_th": [0.1, 1.0]})
    >>> shown = up_to(0.4, inside)
    >>> shown["n_th"].values.tolist(), shown.values.tolist()
    ([0.1, 0.4, 1.0], [True, True, False])
    """
    (name,) = inside.dims
    low, high = inside[name].values[[0, -1]]
    if not low < limit < high:
        return inside
    return inside.reindex({name: np.union1d(inside[name], limit)}, method="ffill")


def limit_rows(limits):
    """Return the table of the largest noise for `markdown.wide_table`.

    >>> limit_rows({"one-way light": {"n_th": 5e-4, "gamma_phi": 0.02}})[1]
    ('one-way light', '0.0005', '31.5 mK', '1221 K', '0.02')
    """
    head = (
        "kept below",
        symbol("n_th"),
        f"at {MICROWAVE / 1e9:g} GHz",
        "at 1550 nm",
        rf"${QUANTITIES['gamma_phi'].symbol}/\kappa$",
    )
    rows = [head]
    for name, each in limits.items():
        n_th, gamma = each["n_th"], each["gamma_phi"]
        if n_th == gamma == 0:
            rows.append((name, *["not met"] * 4))
            continue
        temperatures = ["any"] * 2 if n_th == np.inf else [UNDETERMINED] * 2
        if n_th < np.inf:
            cold, hot = (temperature_of(n_th, frequency) for frequency in (MICROWAVE, TELECOM))
            cold, hot = rounded_down(1e3 * cold, 3), rounded_down(hot, 4)
            temperatures = f"{number(cold)} mK", f"{number(hot)} K"
        rows.append((name, _limit(n_th), *temperatures, _limit(gamma)))
    return rows


def _limit(noise):
    """Return a limit of noise in words."""
    if np.isnan(noise):
        return UNDETERMINED
    return number(rounded_down(noise, 3)) if np.isfinite(noise) else f"{FARTHEST:g} or more"


def drift_rows(alone):
    r"""Return the table of drifts for `markdown.wide_table`.

    ``alone`` holds what `tolerances.drifts` returns, by the name of what is kept.

    >>> drift_rows({"blockade": {"kappa_b": np.array([-np.inf, 0.13]), "U": np.zeros(2)}})
    [('drift of', 'blockade'), ('$\\kappa_b$', 'to a tenth, +0.13'), ('$U$', 'not met')]
    """
    rows = [("drift of", *alone)]
    for name in next(iter(alone.values())):
        rows.append((symbol(name), *(_drift(each[name], name) for each in alone.values())))
    return rows


def _drift(drift, name):
    """Return drifts down and up in words."""
    if not np.any(drift):
        return "not met"
    down, up = (number(rounded_down(each, 3)) if np.isfinite(each) else "" for each in drift)
    floor = "to a tenth" if name.startswith(POSITIVE) else f"beyond −{FARTHEST:g}"
    return f"{down or floor}, {f'+{up}' if up else f'beyond +{FARTHEST:g}'}"


def yield_rows(yields):
    """Return the table of yields for `markdown.wide_table`.

    >>> import xarray as xr
    >>> axes = {"criterion": ["one-way light"], "spread": [0.05]}
    >>> values = {"share": [[0.76]], "uncertainty": [[0.02]]}
    >>> values = {name: xr.DataArray(each, axes) for name, each in values.items()}
    >>> yield_rows([xr.Dataset(values)])
    [('yield in % with errors of', '5 %'), ('one-way light', '76.0 ± 2.0')]
    """
    spreads = yields[0]["spread"].values
    rows = [("yield in % with errors of", *(f"{number(100 * x, 2)} %" for x in spreads))]
    for each in yields:
        for name in each["criterion"].values:
            there = each.sel(criterion=name)
            pairs = zip(there["share"].values, there["uncertainty"].values, strict=True)
            rows.append((str(name), *(f"{100 * k:.1f} ± {100 * u:.1f}" for k, u in pairs)))
    return rows


def laboratory_rows(data, linewidth):
    r"""Return numbers of the laboratory for `markdown.wide_table`, for kappa/2pi in Hz.

    ``data`` is a Dataset over kappa_b.

    >>> from lossnr import Device, sweep
    >>> laboratory_rows(sweep(Device(), kappa_b=[1]), linewidth=1e7)[1]
    ('1', '$a\\to c$', '0.122 dB', '$6.11 \\times 10^{5}$', '0.0109', '30.8 s', '5.41 years')
    """
    head = (r"$\kappa_b/\kappa$", "direction", "insertion loss", "photons per second")
    times = f"time for {symbol('g2')} to 10 %", "time for 100 triples"
    rows = [(*head, symbol("g2"), *times)]
    device = json.loads(data.attrs["device"])
    for kappa_b in data["kappa_b"].values:
        for direction, (_, output) in DIRECTIONS.items():
            there = data.sel(kappa_b=kappa_b, direction=direction)
            T, g2, g3 = (there[name].item() for name in ("T", "g2", "g3"))
            rate = photon_rate(there["n"].item(), device[f"kappa_{output}"], linewidth)
            # Without a drive T is infinite or unknown, and in a dark output g2 is.
            shown = decibels(T) if np.inf > T else UNDETERMINED, number(rate, 3)
            times = (
                UNDETERMINED if np.isnan(g) else _duration(time(rate, g, linewidth))
                for time, g in ((counting_time, g2), (triple_counting_time, g3))
            )
            rows.append((number(kappa_b), symbol(direction), *shown, number(g2, 3), *times))
    return rows


def _duration(time):
    """Return a time in seconds in words, in years if it is long."""
    if time == np.inf:
        return "no coincidences"
    return f"{number(time, 3)} s" if time < day else f"{number(time / Julian_year, 3)} years"


def of_the_window(device):
    r"""Return in words by how much g2(tau), averaged over the window, differs from g2(0).

    >>> from lossnr import Device
    >>> of_the_window(Device()).data[-76:]
    '9.3 % from a to c and by 9.6 % from c to a (without noise; see {doc}`time`).'
    """
    taus = np.append(0, WINDOW / 2 * (np.arange(20) + 0.5) / 20)
    g2 = g2_curves(device, taus, rtol=1e-3, partial=True)["g2"]
    excess = g2.isel(tau=slice(1, None)).mean("tau") / g2.isel(tau=0) - 1
    known = [
        f"by {number(100 * each.item(), 2)} % {QUANTITIES[direction].words}"
        for direction in DIRECTIONS
        if abs(each := excess.sel(direction=direction)) > ROUNDING
    ]
    if not known:
        return Markdown("")
    return Markdown(
        "The window has to be short, since $g^{(2)}(\\tau)$ changes within a lifetime. At "
        f"{equation('kappa_b', device.kappa_b)} its average over the window differs from "
        f"$g^{{(2)}}(0)$ {' and '.join(known)} (without noise; see {{doc}}`time`)."
    )


def _listed(parts):
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
