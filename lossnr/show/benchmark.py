"""What `make bench` found when it was last run, for the page that shows it."""

import json
from importlib.resources import files
from math import log10

from matplotlib.ticker import LogLocator

from ..model.names import number, plain_number
from .markdown import named
from .plots import label_panel

#: The goal: so many times as fast as the others.
FASTER = 1000


def measured():
    """Return the report of `make bench`, as benchmarks/run.py writes it.

    Times are in seconds per steady state, errors are relative.

    >>> measured()["accuracy"]
    1e-06
    """
    return json.loads(files("lossnr.show").joinpath("benchmark.json").read_text(encoding="utf-8"))


def machine(report):
    """Return in a sentence the machine and the versions that it was measured with.

    >>> machine({"machine": {"cores": 2}, "versions": {"numpy": "2.4"}})
    'Measured on: cores 2; with numpy 2.4.'
    """
    return f"Measured on: {named(report['machine'])}; with {named(report['versions'])}."


def speeds(report):
    r"""Return for each solver, in words, its time per steady state and its error.

    >>> ours = {"setting": "rtol = 1e-6", "seconds": 3.5e-4, "error": 2e-8, "reached": True}
    >>> speeds({"results": {"lossnr": ours}})["lossnr"]
    'rtol = 1e-6: 0.35 ms; error $2 \\times 10^{-8}$'
    """
    ours, rows = report["results"]["lossnr"]["seconds"], {}
    for name, each in report["results"].items():
        ratio = "" if name == "lossnr" else f", {each['seconds'] / ours:,.0f} times ours"
        reached = "" if each["reached"] else ", **less exact than required**"
        rows[name] = (
            f"{each['setting']}: {number(1e3 * each['seconds'])} ms{ratio}; "
            f"error {number(each['error'], 1)}{reached}"
        )
    return rows


def goals(report):
    """Return for each goal set for the solver, in words, whether it was met.

    Speeds are compared only at equal accuracy.

    >>> [words.partition(":")[0] for words in goals(measured()).values()]
    ['not comparable', 'not comparable', 'not met']
    """
    others = dict(report["results"])
    ours = others.pop("lossnr")["seconds"]
    fastest = min(each["seconds"] for each in others.values() if each["reached"])
    rows = {}
    for name, each in others.items():
        if name.startswith("QuTiP, restricted") or each["seconds"] == fastest:
            verdict = "met" if each["seconds"] >= FASTER * ours else "not met"
            accuracy = "equal accuracy"
            if not each["reached"]:
                verdict, accuracy = "not comparable", f"its error is {number(each['error'], 1)}"
            words = f"{verdict}: {each['seconds'] / ours:,.0f} times; {accuracy}"
            rows[f"{FASTER:,} times as fast as {name}"] = words
    return rows


def draw_speeds(report, ax):
    """Draw the times per steady state as bars, hatched where the accuracy was not reached.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_speeds(measured(), ax)
    >>> ax.get_xlabel()
    'time per steady state (ms)'
    """
    exact, less_exact = {"color": "0.55"}, {"facecolor": "w", "edgecolor": "0.4", "hatch": "///"}
    times = [1e3 * each["seconds"] for each in report["results"].values()]
    said = []
    for row, (name, each) in enumerate(report["results"].items()):
        bar = ax.barh(row, times[row], height=0.4, **(exact if each["reached"] else less_exact))
        time = plain_number(times[row], 4)
        ax.bar_label(bar, [time], padding=3, fontsize="small")
        ax.text(0.01, row - 0.25, name, transform=ax.get_yaxis_transform(), fontsize="small")
        said.append(f"{name} {time}")
    ax.words = f"Milliseconds per steady state: {', '.join(said)}"
    ax.set(yticks=[], ylim=(len(times) - 0.6, -0.9))
    ax.set(
        xscale="log", xlabel="time per steady state (ms)", xlim=(0.3 * min(times), 8 * max(times))
    )
    ax.xaxis.set_major_locator(LogLocator(numticks=9))


def draw_growth(report, axes):
    """Draw the time against the points of a line, the mean of N, and the threads.

    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots(1, 3)
    >>> draw_growth(measured(), axes)
    >>> [ax.get_xlabel() for ax in axes]
    ['detunings in a line', 'photons kept, $N$', 'threads']
    """
    points, tolerance, threads = (report["growth"][k] for k in ("points", "tolerance", "threads"))
    by_photons = {each["N"]: each["seconds"] for each in tolerance.values()}
    curves = {"detunings in a line": points, "photons kept, $N$": by_photons, "threads": threads}
    for ax, letter, (label, times) in zip(axes, "abc", curves.items(), strict=True):
        x, y = [float(each) for each in times], [1e3 * each for each in times.values()]
        ax.plot(x, y, "ko-", label="mean over the states", markersize=4, linewidth=1)
        ax.set(xlabel=label, ylim=(0, 1.15 * max(y)))
        label_panel(ax, letter)
    axes[0].set(xscale="log", ylabel="time per steady state (ms)")
    for rtol, place in zip(tolerance, axes[1].lines[0].get_xydata(), strict=True):
        label = f"$10^{{{round(log10(float(rtol)))}}}$"
        axes[1].annotate(label, place, (4, -9), textcoords="offset points", fontsize=8)
    axes[1].set(yscale="log", xlim=(min(by_photons) - 0.3, max(by_photons) + 1))
    axes[1].set_ylim(0.5e3 * min(by_photons.values()), 3e3 * max(by_photons.values()))
    axes[2].set_xticks([int(n) for n in threads])
