"""What `make bench` found when it was last run, for the page that shows it."""

import json
from importlib.resources import files
from math import log10

from matplotlib.ticker import LogLocator

from .markdown import named, number
from .plots import label_panel

__all__ = [
    "draw_growth",
    "draw_speeds",
    "goals",
    "machine",
    "map_of_a_billion",
    "measured",
    "speeds",
]

#: The bare loop of our matrix products stands beside the solvers in table and picture.
LIMIT = "our matrix products in a bare loop"

#: The goals: so many times as fast as the other ways, at most so many times the bare loop.
FASTER, SLOWER = 1000, 2


def measured():
    """Return the report of `make bench`, as benchmarks/run.py writes it."""
    return json.loads(files("lossnr.show").joinpath("benchmark.json").read_text())


def machine(report):
    """Return in a sentence the machine and the versions that it was measured with."""
    return f"Measured on: {named(report['machine'])}; with {named(report['versions'])}."


def speeds(report):
    """Return for each way to a steady state, in words, the time it takes and its error."""
    ours, rows = report["results"]["lossnr"]["seconds"], {}
    for name, each in report["results"].items():
        ratio = "" if name == "lossnr" else f", {each['seconds'] / ours:,.0f} times ours"
        reached = "" if each["reached"] else ", **not as exact as asked for**"
        rows[name] = (
            f"{each['setting']}: {_milliseconds(each['seconds'])} ms{ratio}; "
            f"error {number(each['error'], 1)}{reached}"
        )
    rows[LIMIT] = f"{_milliseconds(report['limit'])} ms, {report['limit'] / ours:.2g} times ours"
    return rows


def goals(report):
    """Return for each goal set for the solver, in words, whether it was met.

    A solver that is not as exact is no measure at equal accuracy.
    """
    results, limit = report["results"], report["limit"]
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
    verdict = "met" if ours <= SLOWER * limit else "not met"
    rows[f"at most {SLOWER} times the time of {LIMIT}"] = f"{verdict}: {ours / limit:.2f} times"
    return rows


def draw_speeds(report, ax):
    """Draw the times per steady state as bars; hatched where the accuracy was not reached."""
    entries = {name: (each["seconds"], each["reached"]) for name, each in report["results"].items()}
    entries[LIMIT] = report["limit"], True
    for row, (seconds, reached) in enumerate(entries.values()):
        look = {"color": "0.55"} if reached else {"facecolor": "w", "edgecolor": "0.4"}
        ax.barh(row, 1e3 * seconds, height=0.4, hatch=None if reached else "///", **look)
        ax.text(1.2e3 * seconds, row, _milliseconds(seconds), va="center", fontsize="small")
    for row, name in enumerate(entries):
        ax.text(0.01, row - 0.25, name, transform=ax.get_yaxis_transform(), fontsize="small")
    ax.words = "Milliseconds per steady state: " + ", ".join(
        f"{name} {_milliseconds(seconds)}" for name, (seconds, _) in entries.items()
    )
    ax.set_yticks([])
    ax.set_ylim(len(entries) - 0.6, -0.9)
    ax.set(xscale="log", xlabel="time per steady state (ms)")
    ax.set_xlim(
        0.3e3 * min(s for s, _ in entries.values()), 8e3 * max(s for s, _ in entries.values())
    )
    ax.xaxis.set_major_locator(LogLocator(numticks=9))


def draw_growth(report, axes):
    """Draw the time against the points of a line, the mean of N, and the threads."""
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


def map_of_a_billion(report):
    """Return in words how long a map of a billion points in both directions would take.

    More cores than one are taken to be as efficient as the most threads measured.
    """
    threads = {int(n): seconds for n, seconds in report["growth"]["threads"].items()}
    efficiency = threads[1] / (max(threads) * threads[max(threads)])
    rows = {}
    for cores in (1, 64, 1024):
        speed = cores * (efficiency if cores > 1 else 1)
        hours = 2e9 * report["results"]["lossnr"]["seconds"] / speed / 3600
        if hours > 48:
            rows[str(cores)] = f"{hours / 24:.3g} days"
        else:
            rows[str(cores)] = f"{hours:.2g} hours" if hours > 2 else f"{60 * hours:.2g} minutes"
    return rows


def _milliseconds(seconds):
    return f"{1e3 * seconds:.3g}" if seconds < 1 else f"{1e3 * seconds:.0f}"
