"""What a notebook says about its data in words and tables, as Markdown."""

import json
from collections import Counter
from dataclasses import fields
from math import isnan, pi

import numpy as np
from IPython.display import Markdown

from .device import SHARED, Device

__all__ = ["describe", "ledger", "parameters", "peak", "score", "table"]

#: The symbols of all parameters and shared symbols, as LaTeX.
SYMBOLS = {"Delta": r"\Delta", "kappa": r"\kappa", "U": "U", "J": "J"} | {
    f.name: f.metadata["symbol"] for f in fields(Device)
}


def parameters(device):
    """Return a sentence with the parameters of a device, as Markdown."""
    return Markdown(_sentence(device.parameters()))


def describe(data, *more):
    """Return a sentence with the parameters that no axis of a Dataset changes, and the error.

    Parameters
    ----------
    data : xarray.Dataset
        From `sweep`.
    *more : xarray.Dataset
        Others that the figure shows: their error counts too.

    Returns
    -------
    IPython.display.Markdown
    """
    swept = {target for name in data.dims for target in SHARED.get(name, (name,))}
    values = {k: v for k, v in json.loads(data.attrs["device"]).items() if k not in swept}
    error = max(each.attrs["error"] for each in (data, *more))
    return Markdown(
        f"{_sentence(values)} Largest estimated relative error of the transmissions, correlations "
        f"and probabilities shown: {error:.1e}."
    )


def _sentence(values):
    groups = {}
    for name, value in values.items():
        family = name.partition("_")[0] if name != "kappa_b" else name
        shown = rf"{value / pi:.4g}\pi" if name == "theta" and value else f"{value:.4g}"
        groups.setdefault((family, shown), []).append(SYMBOLS[name])
    listed = ", ".join(f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items())
    return rf"Parameters, rates in units of $\kappa$: {listed}."


def peak(values):
    """Return the largest of a DataArray's values and its place, as Markdown."""
    if not values.notnull().any():
        return "dark"
    largest = values[values.argmax(...)]
    if largest < NOISE:
        return f"{largest.item():.1g}, which is rounding"
    places = [f"${SYMBOLS[name]} = {largest[name].item():.4g}$" for name in values.dims]
    return f"{largest.item():.4g} at {', '.join(places)}"


def table(rows, head=("quantity", "value")):
    """Return a table of two columns as Markdown.

    Parameters
    ----------
    rows : dict
        Quantities in words and their values: a string, a truth, a number or numbers. What does not
        exist because no light arrives (nan) reads "dark".
    head : tuple of str
        The headings of the columns.

    Returns
    -------
    IPython.display.Markdown
    """
    lines = [f"| {head[0]} | {head[1]} |", "|:--|:--|"]
    lines += [f"| {quantity} | {_shown(value)} |" for quantity, value in rows.items()]
    return Markdown("\n".join(lines))


#: Differences of transmissions or correlations below this are rounding.
NOISE = 1e-9
#: A shape for each verdict, besides its word.
SHAPES = {
    "reproduced": "✓",
    "corrected": "✎",
    "qualified": "≈",
    "not-reproduced": "✗",
    "not-checkable": "?",
}


def score(entries):
    """Return how many claims have each verdict, as Markdown."""
    counts = Counter(entry["verdict"] for entry in entries)
    parts = [f"**{counts[v]} {v.replace('-', ' ')}**" for v in SHAPES if counts[v]]
    return Markdown(f"Of {len(entries)} claims: {', '.join(parts)}.")


def ledger(entries, page=None):
    """Return the claims and what was found of each, as Markdown.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.
    page : str, optional
        Only those of a page of the book.

    Returns
    -------
    IPython.display.Markdown
    """
    return Markdown("\n\n".join(_found(e) for e in entries if page in (None, e["page"])))


def _found(entry):
    figures = "\n".join(f"- {name}: {value:.4g}" for name, value in entry["measured"].items())
    return (
        f"**{SHAPES[entry['verdict']]} {entry['verdict'].replace('-', ' ')}**: "
        f"{entry['statement']} ({entry['where']}; `{entry['id']}`)\n\n"
        f"{entry['note']}\n\n"
        f":::{{dropdown}} Criterion and figures\n"
        f"*Criterion.* {entry['criterion']}\n\n"
        f"*Measured.*\n\n{figures or '- nothing'}\n\n"
        f"*Second method.* {entry['check']}.\n:::"
    )


def _shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join("dark" if isnan(number) else f"{number:.4g}" for number in np.ravel(value))
