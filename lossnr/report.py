"""What a notebook says about its data in words and tables, as Markdown."""

import json
from dataclasses import fields
from math import pi

from IPython.display import Markdown

from .device import SHARED, Device

__all__ = ["describe", "table"]


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
    symbols = {f.name: f.metadata["symbol"] for f in fields(Device)}
    swept = {target for name in data.dims for target in SHARED.get(name, (name,))}
    values = {k: v for k, v in json.loads(data.attrs["device"]).items() if k not in swept}
    groups = {}
    for name, value in values.items():
        family = name.partition("_")[0] if name != "kappa_b" else name
        shown = rf"{value / pi:.4g}\pi" if name == "theta" else f"{value:.4g}"
        groups.setdefault((family, shown), []).append(symbols[name])
    parameters = ", ".join(
        f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items()
    )
    error = max(each.attrs["error"] for each in (data, *more))
    return Markdown(
        rf"Parameters, rates in units of $\kappa$: {parameters}. "
        + f"Largest estimated relative error of the numbers shown: {error:.1e}."
    )


def table(rows):
    """Return a table of two columns from a dict of quantities and values, as Markdown."""
    lines = ["| quantity | value |", "|:--|:--|", *(f"| {k} | {v} |" for k, v in rows.items())]
    return Markdown("\n".join(lines))
