"""What a notebook says about its data in words and tables, as Markdown."""

import json
from math import isnan

import numpy as np
from IPython.display import Markdown

from ..machine import versions
from ..model.device import SHARED
from ..model.names import NOISE, QUANTITIES, equation, number, value_of

__all__ = [
    "UNDETERMINED",
    "computed_with",
    "describe",
    "named",
    "numbered",
    "parameters",
    "peak",
    "table",
    "wide_table",
]

#: What is nan: there is no light whose photons could be counted, or rounding leaves no digits.
UNDETERMINED = "undetermined"


def parameters(device):
    r"""Return a sentence with the parameters of a device, as Markdown.

    >>> from lossnr import Device
    >>> print(parameters(Device()).data[:79])
    Parameters, rates in units of $\kappa$: $\Delta_a = \Delta_b = \Delta_c = 0.5$,
    """
    return Markdown(_sentence({name: [value] for name, value in device.parameters().items()}))


def computed_with():
    """Return a sentence with the versions of Python and of the packages, as Markdown.

    >>> print(computed_with().data[:20])
    Computed with python
    """
    return Markdown(f"Computed with {named(versions())}.")


def named(values):
    """Return names and values in words: a list in one line.

    >>> named({"numpy": "2.4", "scipy": "1.17"})
    'numpy 2.4, scipy 1.17'
    """
    return ", ".join(f"{name} {value}" for name, value in values.items())


def describe(*shown, more=()):
    """Return a sentence with the parameters of a figure, and the error.

    >>> from lossnr import Device, sweep
    >>> text = describe(sweep(Device(), kappa_b=[0.5, 1.0], photons=2)).data
    >>> r"$\\theta = -0.25\\pi$, $\\Omega = 0.1$. Largest estimated relative error" in text
    True

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
        shown = r"\text{ or }".join(value_of(name, value) for value in each)
        groups.setdefault((family, shown), []).append(QUANTITIES[name].symbol)
    return ", ".join(f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items())


def numbered(expression, label):
    """Return an expression of SymPy as an equation with a label, as Markdown.

    >>> import sympy
    >>> print(numbered(sympy.Symbol("kappa_b") / 2, "eq-13").data)
    $$
    \\frac{\\kappa_{b}}{2}
    $$ (eq-13)

    Parameters
    ----------
    expression : sympy.Basic
    label : str
        Such as "eq-13": the number that it has in the paper, and a name for links.
    """
    from sympy import latex  # slow to import

    return Markdown(f"$$\n{latex(expression)}\n$$ ({label})")


def peak(values):
    r"""Return the largest of a DataArray's values and its place, as Markdown.

    >>> import xarray as xr
    >>> peak(xr.DataArray([0.1, 0.9], {"kappa_b": [1.0, 1.25]}))
    '0.9 at $\\kappa_b = 1.25$'

    Parameters
    ----------
    values : xarray.DataArray
        Its dimensions are parameters; nan where a value is undetermined.
    """
    if not values.notnull().any():
        return UNDETERMINED
    largest = values[values.argmax(...)]
    if largest < NOISE:
        return f"{number(largest.item(), 1)}, which is rounding"
    places = [equation(name, largest[name].item()) for name in values.dims]
    return f"{number(largest.item())} at {', '.join(places)}"


def table(rows, head=("quantity", "value")):
    """Return a table of two columns as Markdown.

    >>> print(table({"largest isolation": 0.97, "reciprocal": False}).data)
    | quantity | value |
    |:--|:--|
    | largest isolation | 0.97 |
    | reciprocal | no |

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
    """Return rows of strings as a table in Markdown, the first being the headings.

    >>> print(wide_table([("loss", "T"), ("0", "0.4"), ("1", "0.97")]).data)
    | loss | T |
    |:--|:--|
    | 0 | 0.4 |
    | 1 | 0.97 |
    """
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return Markdown("\n".join([lines[0], "|" + ":--|" * len(rows[0]), *lines[1:]]))


def _shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(UNDETERMINED if isnan(x) else number(x) for x in np.ravel(value))
