"""What a notebook says about its data in words and tables, as Markdown."""

import json
import re
from collections import Counter
from dataclasses import fields
from html import escape
from math import isnan, pi

import numpy as np
from IPython.display import HTML, Markdown

from .device import SHARED, Device

__all__ = [
    "beside",
    "describe",
    "equation",
    "exceptions",
    "kept",
    "ledger",
    "parameters",
    "peak",
    "score",
    "table",
    "tally",
    "wide_table",
]

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
        groups.setdefault((family, _value(name, value)), []).append(SYMBOLS[name])
    listed = ", ".join(f"${' = '.join(names)} = {shown}$" for (_, shown), names in groups.items())
    return rf"Parameters, rates in units of $\kappa$: {listed}."


def equation(name, value):
    """Return a parameter's symbol and its value, as Markdown."""
    return f"${SYMBOLS[name]} = {_value(name, value)}$"


def _value(name, value):
    return rf"{value / pi:.4g}\pi" if name == "theta" and value else f"{value:.4g}"


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
    return wide_table([head, *((quantity, _shown(value)) for quantity, value in rows.items())])


def wide_table(rows):
    """Return rows of strings as a table in Markdown, the first being the headings."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return Markdown("\n".join([lines[0], "|" + ":--|" * len(rows[0]), *lines[1:]]))


#: How the words of the ledger are typeset.
LATEX = (
    SYMBOLS
    | {
        "delta": r"\delta",
        "omega": r"\omega",
        "omega_0": r"\omega_0",
        "phi": r"\phi",
        "pi": r"\pi",
        "g2": r"g^{(2)}",
        "g3": r"g^{(3)}",
        "Gamma": r"\Gamma",
        "T": "T",
        "R": r"\mathcal{R}",
        "I": r"\mathcal{I}",
        "n": "n",
        "m": "m",
        "M": "M",
        "D": "D",
        "S_21": "S_{21}",
        "S_12": "S_{12}",
    }
    | {f"P_{m}": f"P_{m}" for m in range(10)}
)
_WORDS = rf"\b({'|'.join(sorted(LATEX, key=len, reverse=True))})\b(?!')(\^-?[\w.()]*\w)?"

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
    """Return how many claims have each verdict, in words."""
    counts = Counter(entry["verdict"] for entry in entries)
    parts = [f"{counts[verdict]} {_words(verdict)}" for verdict in SHAPES if counts[verdict]]
    return f"{len(entries)} claims: {', '.join(parts)}"


def exceptions(entries):
    """Return the claims that are not simply reproduced as a list in HTML, for another page."""
    items = "".join(
        f"<li>{escape(entry['where'])}, <em>{_words(entry['verdict'])}</em>: "
        f"{_typeset_html(entry['statement'])}</li>"
        for entry in entries
        if entry["verdict"] != "reproduced"
    )
    return HTML(f"<ul>{items}</ul>")


def tally(entries, meanings):
    """Return a table of the verdicts, what they mean, and how many claims have each.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.
    meanings : dict of str
        `lossnr.claims.VERDICTS`.

    Returns
    -------
    IPython.display.Markdown
    """
    counts = Counter(entry["verdict"] for entry in entries)
    lines = ["| verdict | meaning | claims |", "|:--|:--|--:|"]
    for verdict, meaning in meanings.items():
        lines.append(f"| {SHAPES[verdict]} {_words(verdict)} | {meaning} | {counts[verdict]} |")
    return Markdown("\n".join(lines))


def beside(entries):
    """Return the verdicts of a run beside the published ones, as Markdown.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.

    Returns
    -------
    IPython.display.Markdown
    """
    from .claims import changed  # slow to import

    differ = changed(entries)
    said = f"**Verdicts here and as published.** {kept(entries)}"
    rows = [("claim", "published", "here", "found here")]
    for entry in sorted(entries, key=lambda entry: entry["id"] not in differ):
        before, here = differ.get(entry["id"], (entry["verdict"], entry["verdict"]))
        mark = "**" if before != here else ""
        claim = f"{_typeset(entry['statement'])} (`{entry['id']}`)"
        here = f"{mark}{_shaped(here)}{mark}"
        rows.append((claim, _shaped(before), here, _typeset(entry["note"])))
    return Markdown(f"{said}\n\n{wide_table(rows).data}")


def kept(entries):
    """Return how many claims of a page keep the published verdict, in words."""
    from .claims import changed  # slow to import

    differ = len(changed(entries))
    if not differ:
        return f"All {len(entries)} claims of this page keep the published verdict."
    stand = len(entries) - differ
    return (
        f"Of the {len(entries)} claims of this page the published verdict stands for {stand}, and "
        f"not for {differ}."
    )


def _shaped(verdict):
    return f"{SHAPES[verdict]} {_words(verdict)}"


def _words(verdict):
    return verdict.replace("-", " ")


def _typeset_html(text):
    """Return a text with its symbols in HTML: kappa_b becomes κ<sub>b</sub>."""
    words = {"kappa": "κ", "theta": "θ", "pi": "π", "g2": "g^(2)", "g3": "g^(3)"}
    text = escape(text).replace("-&gt;", "→")
    text = re.sub(r"\b(kappa|theta|pi|g2|g3)(?=\b|_)", lambda found: words[found[1]], text)
    text = re.sub(r"(?<=\w)_(\w)\b|(?<=\w)_(\w)(?=\^)", r"<sub>\1\2</sub>", text)
    return re.sub(r"\^(\(\d\)|\d)", r"<sup>\1</sup>", text)


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
    entry = {k: _typeset(v) if isinstance(v, str) and k != "id" else v for k, v in entry.items()}
    figures = "\n".join(
        f"- {_typeset(name)}: {'dark' if value is None else f'{value:.4g}'}"
        for name, value in entry["measured"].items()
    )
    return (
        f"**{SHAPES[entry['verdict']]} {_words(entry['verdict'])}**: "
        f"{entry['statement']} ({entry['where']}; `{entry['id']}`)\n\n"
        f"{entry['note']}\n\n"
        f":::{{dropdown}} Criterion and figures\n"
        f"*Criterion.* {entry['criterion']}\n\n"
        f"*Measured.*\n\n{figures or '- nothing'}\n\n"
        f"*Second method.* {entry['check']}.\n:::"
    )


def _typeset(text):
    """Return a text with the symbols in it typeset: kappa_b becomes $\\kappa_b$."""
    text = text.replace("S^dag S", r"$S^\dagger S$").replace("sqrt(Gamma)", r"$\sqrt{\Gamma}$")
    text = re.sub(r"\b([ac])->([ac])\b", r"$\1\\to \2$", text)
    parts = re.split(r"(\$[^$]*\$)", text)  # every second one is typeset already
    parts[::2] = [re.sub(_WORDS, _symbol, part) for part in parts[::2]]
    return "".join(parts)


def _symbol(found):
    return f"${LATEX[found[1]]}{_power(found[2])}$"


def _power(text):
    return f"^{{{text[1:].strip('()')}}}" if text else ""


def _shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join("dark" if isnan(number) else f"{number:.4g}" for number in np.ravel(value))
