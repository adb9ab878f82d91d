"""What a notebook says about its data in words and tables, as Markdown."""

import json
from dataclasses import fields
from math import isnan, pi

import numpy as np
from IPython.display import Markdown

from .device import SHARED, Device

__all__ = ["describe", "peak", "table"]

#: The symbols of all parameters and shared symbols, as LaTeX.
SYMBOLS = {"Delta": r"\Delta", "kappa": r"\kappa", "U": "U", "J": "J"} | {
    f.name: f.metadata["symbol"] for f in fields(Device)
}


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
    groups = {}
    for name, value in values.items():
        family = name.partition("_")[0] if name != "kappa_b" else name
        shown = rf"{value / pi:.4g}\pi" if name == "theta" else f"{value:.4g}"
        groups.setdefault((family, shown), []).append(SYMBOLS[name])
    parameters = ", ".join(
        f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items()
    )
    error = max(each.attrs["error"] for each in (data, *more))
    return Markdown(
        rf"Parameters, rates in units of $\kappa$: {parameters}. "
        + f"Largest estimated relative error of the numbers shown: {error:.1e}."
    )


def peak(values):
    """Return the largest of a DataArray's values and its place, as Markdown."""
    if not values.notnull().any():
        return "dark"
    largest = values[values.argmax(...)]
    places = [f"${SYMBOLS[name]} = {largest[name].item():.4g}$" for name in values.dims]
    return f"{largest.item():.4g} at {', '.join(places)}"


def table(rows):
    """Return a table of two columns as Markdown.

    Parameters
    ----------
    rows : dict
        Quantities in words and their values: a string, a number or an array of numbers. What does
        not exist because no light arrives (nan) reads "dark".

    Returns
    -------
    IPython.display.Markdown
    """
    lines = ["| quantity | value |", "|:--|:--|"]
    lines += [f"| {quantity} | {_shown(value)} |" for quantity, value in rows.items()]
    return Markdown("\n".join(lines))


def _shown(value):
    if isinstance(value, str):
        return value
    return ", ".join("dark" if isnan(number) else f"{number:.4g}" for number in np.ravel(value))
