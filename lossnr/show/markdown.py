"""What a notebook says about its data in words and tables, as Markdown."""

import json
from dataclasses import fields
from math import isnan, pi

import numpy as np
from IPython.display import Markdown

from ..machine import versions
from ..model.device import SHARED, Device

__all__ = [
    "computed_with",
    "describe",
    "equation",
    "named",
    "number",
    "numbered",
    "parameters",
    "peak",
    "table",
    "wide_table",
]

#: Differences of transmissions or correlations below this are rounding.
NOISE = 1e-9
#: What is nan: there is no light whose photons could be counted, or rounding leaves no digits.
UNDETERMINED = "undetermined"
#: The symbols of all parameters and shared symbols, as LaTeX.
SYMBOLS = {"Delta": r"\Delta", "kappa": r"\kappa", "U": "U", "J": "J"} | {
    f.name: f.metadata["symbol"] for f in fields(Device)
}


def parameters(device):
    """Return a sentence with the parameters of a device, as Markdown."""
    return Markdown(_sentence({name: [value] for name, value in device.parameters().items()}))


def computed_with():
    """Return a sentence with the versions of what computes, as Markdown."""
    return Markdown(f"Computed with {named(versions())}.")


def named(values):
    """Return names and values in words: a list in one line."""
    return ", ".join(f"{name} {value}" for name, value in values.items())


def describe(*shown, more=()):
    """Return a sentence with the parameters of a figure, and the error.

    Parameters
    ----------
    *shown : xarray.Dataset
        From `sweep`, of one device: its parameters are given where no axis changes them.
    more : sequence of xarray.Dataset
        Others that the figure shows: their error counts too.

    Returns
    -------
    IPython.display.Markdown
    """
    values = {}
    for data in shown:
        swept = {target for name in data.dims for target in SHARED.get(name, (name,))}
        for name, value in json.loads(data.attrs["device"]).items():
            values.setdefault(name, []).append(None if name in swept else value)
    everywhere = {name: each[0] for name, each in values.items() if len({*each}) == 1}
    elsewhere = {
        name: sorted({*each} - {None}) for name, each in values.items() if name not in everywhere
    }
    sentence = _sentence({k: [v] for k, v in everywhere.items() if v is not None})
    if elsewhere:
        sentence += f" In panels where it is not an axis: {_listed(elsewhere)}."
    error = max(each.attrs["error"] for each in (*shown, *more))
    return Markdown(
        f"{sentence} Largest estimated relative error of the transmissions, correlations "
        f"and probabilities shown: {number(error, 2)}."
    )


def _sentence(values):
    return rf"Parameters, rates in units of $\kappa$: {_listed(values)}."


def _listed(values):
    """Return parameters and their values, those of a family that are equal together."""
    groups = {}
    for name, each in values.items():
        family = name.partition("_")[0] if name != "kappa_b" else name
        shown = r"\text{ or }".join(_value(name, value) for value in each)
        groups.setdefault((family, shown), []).append(SYMBOLS[name])
    return ", ".join(f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items())


def equation(name, value):
    """Return a parameter's symbol and its value, as Markdown."""
    return f"${SYMBOLS[name]} = {_value(name, value)}$"


def _value(name, value):
    return rf"{_latex(value / pi)}\pi" if name == "theta" and value else _latex(value)


def number(value, digits=4):
    """Return a number as Markdown: with a power of ten as mathematics where it has one."""
    latex = _latex(value, digits)
    return f"${latex}$" if "^" in latex else latex.replace("-", "−")


def _latex(value, digits=4):
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    if not power:
        return mantissa
    factor = "" if mantissa == "1" else rf"{mantissa} \times "
    return f"{factor}10^{{{int(power)}}}"


def numbered(expression, label):
    """Return an expression of SymPy as an equation with a label, as Markdown.

    Parameters
    ----------
    expression : sympy.Basic
    label : str
        Such as "eq-13": the number that it has in the paper, and a name for links.
    """
    from sympy import latex  # slow to import

    return Markdown(f"$$\n{latex(expression)}\n$$ ({label})")


def peak(values):
    """Return the largest of a DataArray's values and its place, as Markdown."""
    if not values.notnull().any():
        return UNDETERMINED
    largest = values[values.argmax(...)]
    if largest < NOISE:
        return f"{number(largest.item(), 1)}, which is rounding"
    places = [equation(name, largest[name].item()) for name in values.dims]
    return f"{number(largest.item())} at {', '.join(places)}"


def table(rows, head=("quantity", "value")):
    """Return a table of two columns as Markdown.

    Parameters
    ----------
    rows : dict
        Quantities in words and their values: a string, a truth, a number or numbers; nan reads
        `UNDETERMINED`.
    head : tuple of str
        The headings of the columns.

    Returns
    -------
    IPython.display.Markdown
    """
    return wide_table([head, *((quantity, _shown(value)) for quantity, value in rows.items())])


def wide_table(rows):
    """Return rows of strings as a table in Markdown, the first being the headings."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return Markdown("\n".join([lines[0], "|" + ":--|" * len(rows[0]), *lines[1:]]))


def _shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(UNDETERMINED if isnan(x) else number(x) for x in np.ravel(value))
