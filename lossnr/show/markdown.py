"""What a notebook says about its data in words and tables, as Markdown."""

import json
import re
from math import isnan, log10

import numpy as np
from IPython.display import Markdown

from ..machine import versions
from ..model.device import SHARED
from ..model.names import (
    QUANTITIES,
    ROUNDING,
    UNDETERMINED,
    equation,
    number,
    plain,
    value_of,
)


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

    The parameters are those of the Datasets ``shown``, each from `sweep` of one device, where
    no axis changes them. Of the Datasets in ``more`` only the errors count.

    >>> from lossnr import Device, sweep
    >>> text = describe(sweep(Device(), kappa_b=[0.5, 1.0], photons=2)).data
    >>> r"$\\theta = -0.25\\pi$, $\\Omega = 0.1$. Largest estimated relative error" in text
    True
    """
    values = {}
    for data in shown:
        swept = {target for name in data.dims for target in SHARED.get(name, (name,))}
        for name, value in json.loads(data.attrs["device"]).items():
            values.setdefault(name, []).append(None if name in swept else value)
    everywhere, elsewhere = {}, {}
    for name, each in values.items():
        if known := sorted({*each} - {None}):
            (everywhere if len({*each}) == 1 else elsewhere)[name] = known
    sentence = _sentence(everywhere)
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


def aligned(equations):
    r"""Return equations below each other, as Markdown: a dict from left to right sides.

    A side is LaTeX. A right side may be an expression of SymPy, or a list of both: its items stand
    below each other, and below the left side if the first one is empty.

    >>> import sympy
    >>> print(aligned({"r": sympy.Symbol("kappa_b") / 2, "s": [r"\phi", "- 1"]}).data)
    $$
    \begin{aligned}
    r ={}& \frac{\kappa_{b}}{2} \\
    s ={}& \phi \\
    & - 1
    \end{aligned}
    $$
    """
    from sympy import latex  # slow to import

    rows = []
    for left, right in equations.items():
        parts = right if isinstance(right, list) else [right]
        lines = [part if isinstance(part, str) else latex(part) for part in parts]
        first = f"{left} ={{}}& {lines[0]}" if lines[0] else rf"& {left} ="
        rows.append(" \\\\\n& ".join([first, *lines[1:]]))
    lines = " \\\\\n".join(rows)
    return Markdown(f"$$\n\\begin{{aligned}}\n{lines}\n\\end{{aligned}}\n$$")


def terms(expression, together=1):
    """Return the terms of a sum as LaTeX with their signs, so many together: lines for `aligned`.

    >>> import sympy
    >>> terms(sympy.Symbol("x") ** 2 - sympy.Symbol("y"))
    ['x^{2}', '- y']
    """
    from sympy import latex  # slow to import

    signed = [latex(term) for term in expression.as_ordered_terms()]
    signed[1:] = [term if term.startswith("-") else f"+ {term}" for term in signed[1:]]
    return [" ".join(signed[k : k + together]) for k in range(0, len(signed), together)]


def peak(values):
    r"""Return the largest of a DataArray's values and its place, as Markdown.

    The dimensions are parameters; nan stands where a value is undetermined.

    >>> import xarray as xr
    >>> peak(xr.DataArray([0.1, 0.9], {"kappa_b": [1.0, 1.25]}))
    '0.9 at $\\kappa_b = 1.25$'
    """
    if not values.notnull().any():
        return UNDETERMINED
    largest = values[values.argmax(...)]
    if largest < ROUNDING:
        return f"{number(largest.item(), 1)}, which is rounding"
    places = [equation(name, largest[name].item()) for name in values.dims]
    return f"{number(largest.item())} at {', '.join(places)}"


def decibels(T, reference=1.0):
    r"""Return how far a transmission lies below another one: 10 log10(reference / T) dB.

    It is the insertion loss if the reference is 1, and the isolation of an experiment if T is the
    transmission in the blocked direction and the reference that in the open one. Transmissions
    below `ROUNDING` give a bound.

    >>> decibels(0.5), decibels(0.002, reference=1.0), decibels(0.0)
    ('3.01 dB', '27 dB', 'more than 90 dB')
    """
    T, reference = float(T), float(reference)  # a bool of numpy repeats no text
    if isnan(T) or isnan(reference):
        return UNDETERMINED
    dark, faint = T < ROUNDING, reference < ROUNDING
    if dark and faint:
        return UNDETERMINED
    dB = 10 * log10(max(reference, ROUNDING) / max(T, ROUNDING))
    dB = round(dB, 9) + 0.0  # no rounding, no -0
    return f"{'more than ' * dark}{'less than ' * faint}{number(dB, 3)} dB"


def percent(share, digits=2):
    """Return a share in per cent.

    >>> percent(0.125), percent(float("nan"))
    ('12 %', 'undetermined')
    """
    return UNDETERMINED if isnan(share) else f"{100 * share:.{digits}g} %"


def table(rows, head=("quantity", "value")):
    """Return a table of two columns as Markdown.

    The values of ``rows`` are strings, True or False, numbers or several numbers; nan reads
    `UNDETERMINED`.

    >>> print(table({"largest isolation": 0.97, "reciprocal": False}).data)
    | quantity | value |
    |:--|:--|
    | largest isolation | 0.97 |
    | reciprocal | no |
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
    head, *body = rows
    lines = [f"| {' | '.join(row)} |" for row in (tuple(map(_heading, head)), *body)]
    return Markdown("\n".join([lines[0], "|" + ":--|" * len(head), *lines[1:]]))


def _heading(text):
    """Return a heading; one that is a formula alone has words too, which are heard and not seen."""
    if not re.fullmatch(r"\$[^$]*\$", text):
        return text
    name = plain(text)
    words = QUANTITIES[name].words if name in QUANTITIES else name
    return f'{text} <span class="unseen">{words}</span>'


def _shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(number, np.ravel(value)))
