"""What `make bench` found when it was last run, for the page that shows it."""

import json
from importlib.resources import files
from math import log10

from matplotlib.ticker import LogLocator

from ..model.names import number, plain_number
from .markdown import named
from .plots import label_panel

__all__ = [
    "draw_growth",
    "draw_speeds",
    "goals",
    "machine",
    "measured",
    "speeds",
]

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
    results = report["results"]
    ours = results["lossnr"]["seconds"]
    others = {name: each for name, each in results.items() if name != "lossnr"}
    exact = [name for name, each in others.items() if each["reached"]]
    compared = {name for name in others if name.startswith("QuTiP, restricted")}
    compared.add(min(exact, key=lambda name: others[name]["seconds"]))
    rows = {}
    for name, each in others.items():
        if name in compared:
            verdict = "met" if each["seconds"] >= FASTER * ours else "not met"
            accuracy = "equal accuracy"
            if not each["reached"]:
                verdict, accuracy = "not comparable", f"its error is {number(each['error'], 1)}"
            rows[f"{FASTER:,} times as fast as {name}"] = (
                f"{verdict}: {each['seconds'] / ours:,.0f} times; {accuracy}"
            )
    return rows


def draw_speeds(report, ax):
    """Draw the times per steady state as bars, hatched where the accuracy was not reached.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_speeds(measured(), ax)
    >>> ax.get_xlabel()
    'time per steady state (ms)'
    """
    entries = {name: (each["seconds"], each["reached"]) for name, each in report["results"].items()}
    for row, (seconds, reached) in enumerate(entries.values()):
        look = {"color": "0.55"} if reached else {"facecolor": "w", "edgecolor": "0.4"}
        ax.barh(row, 1e3 * seconds, height=0.4, hatch=None if reached else "///", **look)
        ax.text(1.2e3 * seconds, row, plain_number(1e3 * seconds, 4), va="center", fontsize="small")
    for row, name in enumerate(entries):
        ax.text(0.01, row - 0.25, name, transform=ax.get_yaxis_transform(), fontsize="small")
    ax.words = "Milliseconds per steady state: " + ", ".join(
        f"{name} {plain_number(1e3 * seconds, 4)}" for name, (seconds, _) in entries.items()
    )
    ax.set_yticks([])
    ax.set_ylim(len(entries) - 0.6, -0.9)
    ax.set(xscale="log", xlabel="time per steady state (ms)")
    ax.set_xlim(
        0.3e3 * min(s for s, _ in entries.values()), 8e3 * max(s for s, _ in entries.values())
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
    N, seconds = zip(*((e["N"], e["seconds"]) for e in tolerance.values()), strict=True)
    curves = [
        ("detunings in a line", [int(n) for n in points], list(points.values())),
        ("photons kept, $N$", N, seconds),
        ("threads", [int(n) for n in threads], list(threads.values())),
    ]
    for ax, (label, x, y), letter in zip(axes, curves, "abc", strict=True):
        look = {"color": "black", "markersize": 4, "linewidth": 1}
        ax.plot(x, [1e3 * value for value in y], "o-", label="mean over the states", **look)
        ax.set(xlabel=label, ylim=(0, 1.15e3 * max(y)))
        label_panel(ax, letter)
    axes[0].set(xscale="log", ylabel="time per steady state (ms)")
    axes[1].set(yscale="log", ylim=(0.5e3 * min(seconds), 3e3 * max(seconds)))
    axes[1].set_xlim(min(N) - 0.3, max(N) + 1)
    for x, y, rtol in zip(N, seconds, tolerance, strict=True):
        label = f"$10^{{{round(log10(float(rtol)))}}}$"
        axes[1].annotate(label, (x, 1e3 * y), (4, -9), textcoords="offset points", fontsize=8)
    axes[2].set_xticks([int(n) for n in threads])
