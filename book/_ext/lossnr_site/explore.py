"""Interactive pictures: the data of a page for static/explore.js, written beside the page.

The script, plotly and the data are files of the site, and loaded when the reader asks for them.
"""

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
from docutils import nodes

from lossnr import Device
from lossnr.model.device import DIRECTIONS
from lossnr.model.names import QUANTITIES, plain_number, symbol
from lossnr.model.observables import isolation, nonreciprocal_ratio
from lossnr.show.alt_text import spoken
from lossnr.show.downloads import given_away

from .figures import by_name, executed

PLOTLY = files("plotly") / "package_data" / "plotly.min.js"

#: In which unit an axis is drawn: by the unit of its values, the value of the new one and its sign.
UNITS = {"kappa": (1, "/<i>κ</i>"), "1/kappa": (1, "<i>κ</i>"), "rad": (np.pi, "/π"), "1": (1, "")}
#: The colours and the axes of these are linear; those of the others are logarithmic.
LINEAR = ("T", "I", "R")
#: An axis of so few values makes curves, and no map.
FEW = 3
GREEK = {r"\Delta": "Δ", r"\Omega": "Ω", r"\kappa": "κ", r"\theta": "θ", r"\tau": "τ"}
GREEK[r"\sigma"] = "σ"  # noqa: RUF001
GREEK |= {r"\gamma": "\N{GREEK SMALL LETTER GAMMA}", r"\phi": "φ"}
SMALL = {"<sub>": "ₐₑₒₓ₀₁₂₃₄₅₆₇₈₉", "<sup>": "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹"}
LARGE = {"<sub>": "aeox0123456789", "<sup>": "()0123456789"}


def html(latex):
    r"""Return a symbol in LaTeX as HTML for plotly: \kappa_b is <i>κ</i><sub>b</sub>."""
    base, sign, rest = re.fullmatch(r"(.*?)(?:([_^])\{?([^{}]*)\}?)?", latex).groups()
    base = re.sub(r"\\mathcal\{(.)\}", r"\1", GREEK.get(base, base))
    if base not in ("Δ", "Ω"):  # upright, as in the figures
        base = f"<i>{base}</i>"
    tag = {"_": "sub", "^": "sup"}.get(sign)
    return f"{base}<{tag}>{GREEK.get(rest, rest)}</{tag}>" if tag else base


def plain(text):
    """Return HTML of symbols as text, for places that take nothing else."""

    def small(found):
        tag, inside = found.groups()
        known = set(inside) <= set(LARGE[tag])
        return inside.translate(str.maketrans(LARGE[tag], SMALL[tag])) if known else f"_{inside}"

    return re.sub(r"</?i>", "", re.sub(r"(<su[bp]>)(.*?)</su[bp]>", small, text))


def rounded(values):
    """Return numbers with four digits, as the tables of the page have them; None for nan."""
    return [None if np.isnan(value) else float(f"{max(value, 0):.4g}") for value in values.flat]


def pictured(data, name, words=""):
    """Return what the script draws of a Dataset, or None if that has no axis, or too many.

    First that quantity which the figure shows first, by what is said of it in words.
    """
    axes = [dim for dim in data.dims if dim not in ("direction", "m")]
    if "direction" not in data.dims or not 1 <= len(axes) <= 2 or not set(axes) <= set(QUANTITIES):
        return None
    axes.sort(key=lambda dim: data.sizes[dim] > FEW)  # the long axis is the horizontal one
    is_map = len(axes) == 2 and data.sizes[axes[0]] > FEW
    quantities, x = list(_quantities(data)), spoken(symbol(axes[-1]))
    return {
        "name": name,
        "first": _first(quantities, f"{'over' if is_map else 'against'} [^:]*{x}", words),
        "label": _label(data, axes, is_map),
        "map": is_map,
        "axes": [_axis(data[dim]) for dim in axes],
        "quantities": [_quantity(values, axes) for values in quantities],
    }


def _first(quantities, where, words):
    """Return the number of the quantity that is said first, over or against an axis, or 0."""
    places = []
    for number, values in enumerate(quantities):
        said = re.escape(spoken(symbol(values.name)))
        found = re.search(rf"(?<!\S){said}(\(0\))? {where}", words)
        places += [(found.start(), number)] if found else []
    return min(places, default=(0, 0))[1]


def _label(data, axes, is_map):
    """Say in words what a dataset is over."""
    others, x = axes[:-1], axes[-1]
    label = f"{'Map' if is_map else 'Curves'} over the {QUANTITIES[x].words}"
    for dim in others:
        axis = _axis(data[dim])
        values = " and ".join(plain_number(value, 4) for value in axis["values"])
        few = f", at {plain(axis['symbol'])} = {values}"
        label += f" and the {QUANTITIES[dim].words}" if is_map else few
    couplings = {"J", "J_ab", "J_bc"} & set(axes)
    if not couplings and not Device(**json.loads(data.attrs["device"])).has_b:
        label += ", without cavity b"
    return label


def _axis(coordinate):
    """Return the symbol and the values of an axis, and whether its values are geometric."""
    size, sign = UNITS[coordinate.attrs["units"]]
    values = coordinate.values / size
    geometric = False
    if len(values) > 2 and values[0] > 0:
        steps, factors = np.diff(values), values[1:] / values[:-1]
        geometric = np.ptp(factors) < 1e-6 < np.ptp(steps) / values[-1]
    return {
        "symbol": html(QUANTITIES[coordinate.name].symbol) + sign,
        "values": [float(f"{value:.7g}") for value in values.round(12)],
        "log": bool(geometric),
    }


def _quantities(data):
    """Yield what is seen at the output, as DataArrays with symbols as their names."""
    for name in ("T", "g2", "g3"):
        if name in data:
            yield data[name]
    if "P" in data:
        for m in data["m"].values[1:]:
            yield data["P"].sel(m=m, drop=True).rename(f"P_{m}")
    if "T" in data:
        yield isolation(data)
    if "g2" in data:
        yield nonreciprocal_ratio(data)


def _quantity(values, axes):
    quantity = QUANTITIES[values.name]
    drawn = html(quantity.symbol)
    if "direction" in values.dims:
        each = [values.sel(direction=direction) for direction in DIRECTIONS]
    else:
        each = [values]
    return {
        "symbol": drawn,
        "words": quantity.words,
        "label": f"{quantity.words} {plain(drawn)}",
        "log": values.name not in LINEAR,
        "values": [rounded(one.transpose(*axes).values) for one in each],
    }


def script(datasets, words=""):
    """Return the script with the data of a page, or None if there is nothing to explore.

    Parameters
    ----------
    datasets : dict of str to xarray.Dataset
        The downloads of the page, by name.
    words : str
        What is said of the figure to those who do not see it.
    """
    found = [pictured(data, name, words) for name, data in sorted(datasets.items())]
    found = sorted(filter(None, found), key=lambda one: (not one["map"], -len(one["axes"])))
    labels = [one["label"] for one in found]
    for one in found:
        if labels.count(one["label"]) > 1:
            one["label"] += f" ({one['name']})"
    if not found:
        return None
    return (
        f"window.lossnrExplore = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"
    )


def offer(app, doctree):
    """Put a button below the figure that the datasets of a page are of, and its data beside it."""
    docname = app.env.docname
    figures = {node["names"][0]: node for node in doctree.findall(nodes.figure) if node["names"]}
    notebook = executed(app, docname)
    datasets = given_away(notebook) if notebook and figures else {}
    # The first figure, if there is none with the name of a dataset.
    name = next((name for name in figures if name in datasets), next(iter(figures), None))
    content = script(datasets, by_name(notebook)[name]["text/plain"]) if datasets else None
    if content is None:
        return
    data = f"pictures/{Path(docname).name}.js"
    path = Path(app.outdir, docname).parent / data
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    plotly = "../" * docname.count("/") + f"_static/{PLOTLY.name}"
    button = (
        f'<div class="explore" data-name="{name}" data-plotly="{plotly}" data-data="{data}">'
        '<button type="button" hidden>Explore this figure</button></div>'
    )
    figure = figures[name]
    place = figure.parent.index(figure) + 1
    figure.parent.insert(place, nodes.raw("", button, format="html"))


def give_script(app, pagename, templatename, context, doctree):
    """Load the script on the pages that have something to explore."""
    if '<div class="explore"' in context.get("body", ""):
        app.add_js_file("explore.js", loading_method="defer")


def give_plotly(app, exception):
    """Make plotly part of the site, if a page has something to explore."""
    if exception is None and any(Path(app.outdir).rglob("pictures/*.js")):
        shutil.copy(PLOTLY, Path(app.outdir, "_static"))


def setup(app):
    app.connect("doctree-read", offer)
    app.connect("html-page-context", give_script)
    app.connect("build-finished", give_plotly, priority=100)  # before the record of all files
    app.add_css_file("explore.css")
