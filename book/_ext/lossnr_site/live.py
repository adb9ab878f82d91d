"""The live figures: the HTML that their script (`live_script`) moves."""

import json
import re
from html import escape
from math import pi
from pathlib import Path

from docutils import nodes

from lossnr.claims import thresholds
from lossnr.model.device import SHARED, Device
from lossnr.model.names import QUANTITIES, plain_number, symbol
from lossnr.reruns import gallery
from lossnr.reruns.notebooks import names
from lossnr.reruns.parameters import parameters
from lossnr.show.alt_text import spoken
from lossnr.show.downloads import given_away

from .figures import by_name, executed
from .runs import stands_alone

#: The limits that the verdicts in the page use.
THRESHOLDS = ("ABOUT", "FACTOR", "RECIPROCAL_T")
#: The sliders that are seen at once, and those that are folded away.
FIRST = ("theta", "kappa_b", "Delta", "J", "J_ac", "U", "Omega")
MORE = ("Delta_a", "Delta_b", "Delta_c", "kappa_a", "kappa_c", "U_a", "U_c", "J_ab", "J_bc")
#: What a live figure shows.
SHOWN = ("T", "g2", "g3", "P_1", "P_2", "P_3", "I", "R")
#: Where a slider begins and ends, and its step; theta in units of pi. A field takes any value.
RANGES = {
    "Delta": (-3, 3, 0.01),
    "kappa": (0.1, 3, 0.01),
    "U": (-10, 10, 0.05),
    "J": (-1.5, 1.5, 0.005),
    "J_ac": (-1.5, 1.5, 0.005),
    "kappa_b": (0, 3, 0.01),
    "theta": (-1, 1, 0.005),
    "Omega": (0, 0.3, 0.002),
}
for _shared, _targets in SHARED.items():
    RANGES = dict.fromkeys(_targets, RANGES[_shared]) | RANGES

PRESETS = {
    "The optimum": {},
    "No loss in b": {"kappa_b": 0},
    "Twice the loss": {"kappa_b": 2},
    "Phase reversed": {"theta": -Device().theta},
    "Two-photon blockade": {"kappa_b": 1.25},
    "Weak Kerr": {"U": 0.1},
    # Step 5 of the theory page: complete isolation at little loss.
    "cos θ = 0": {"theta": -pi / 2, "Delta": 0, "J_ac": 0.5, "J": 0.25, "kappa_b": 0.25},
}
#: The verdicts: where the script finds them, the claim of the ledger, and what it says here.
VERDICTS = {
    "open": ("one-way-T", "More light passes one way"),
    "one-way-T": ("one-way-T", "One-way light: <i>T</i> about 1, and about 0 the other way"),
    "blockade": (
        "nonreciprocal-1pb",
        f"Single-photon blockade: <i>g</i><sup>(2)</sup> at most {1 / thresholds.FACTOR:g}",
    ),
    "bunching": (
        "nonreciprocal-1pb",
        f"Strong bunching: <i>g</i><sup>(2)</sup> at least {thresholds.FACTOR:g}",
    ),
    "nonreciprocal-2pb": (
        "nonreciprocal-2pb",
        "Two-photon blockade, <i>g</i><sup>(2)</sup> &gt; 1 and <i>g</i><sup>(3)</sup> &lt; 1, "
        "and <i>g</i><sup>(2)</sup> &lt; 1 the other way",
    ),
}
SHARE = {"link": "Copy link", "command": "Copy as lossnr rerun", "python": "Copy as Python"}
SHARE |= {"csv": "Download as CSV"}
DIRECTIONS = {"a->c": ("there", "a→c"), "c->a": ("back", "c→a")}


GREEK = {r"\Delta": "Δ", r"\Omega": "Ω", r"\kappa": "κ", r"\theta": "θ"}
SMALL = {"sub": "ₐₑₒₓ₀₁₂₃₄₅₆₇₈₉", "sup": "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹"}
LARGE = {"sub": "aeox0123456789", "sup": "()0123456789"}


def html(latex):
    r"""Return a symbol in LaTeX as HTML: \kappa_b is <i>κ</i><sub>b</sub>."""
    base, sign, rest = re.fullmatch(r"(.*?)(?:([_^])\{?([^{}]*)\}?)?", latex).groups()
    base = re.sub(r"\\mathcal\{(.)\}", r"\1", GREEK.get(base, base))
    if base not in ("Δ", "Ω"):  # upright, as in the figures
        base = f"<i>{base}</i>"
    tag = {"_": "sub", "^": "sup"}.get(sign)
    return f"{base}<{tag}>{rest}</{tag}>" if tag else base


def plain(text):
    """Return HTML of symbols as text, for places that take nothing else."""

    def small(found):
        tag, inside = found.groups()
        known = set(inside) <= set(LARGE[tag])
        return inside.translate(str.maketrans(LARGE[tag], SMALL[tag])) if known else f"_{inside}"

    return re.sub(r"</?i>", "", re.sub(r"<(su[bp])>(.*?)</su[bp]>", small, text))


def axis_label(name):
    """Return how an axis is labelled, as HTML."""
    unit = {"kappa": "/<i>κ</i>", "rad": "/π"}.get(QUANTITIES[name].unit, "")
    return html(QUANTITIES[name].symbol) + unit


def row(page, name):
    """Return the slider and the field of a parameter."""
    low, high, step = RANGES[name]
    words, id = QUANTITIES[name].words, f"{page}-{name}"
    return (
        f'<div class="live-row"><label for="{id}"><b>{axis_label(name)}</b> <span>{words}</span>'
        f'</label><input type="range" id="{id}" name="{name}" min="{low}" max="{high}" '
        f'step="{step}"><input type="text" inputmode="decimal" autocomplete="off" '
        f'spellcheck="false" aria-label="{words}, as a number"></div>'
    )


def controls(page):
    """Return the sliders, a place for messages, and what can be taken along."""
    first, more = ("".join(row(page, name) for name in each) for each in (FIRST, MORE))
    share = "".join(
        f'<button type="button" data-share="{kind}">{words}</button>'
        for kind, words in SHARE.items()
    )
    return (
        f'<p class="live-message" role="alert"></p>{first}<details class="live-more"><summary>'
        f"Each cavity on its own</summary>{more}</details>",
        f'<div class="live-buttons">{share}</div><p class="live-copied" role="status"></p>'
        '<textarea readonly hidden aria-label="copied text"></textarea>',
    )


def select(name, words, options, first=""):
    """Return a labelled choice; an address holds it unless it is ``first``."""
    inside = "".join(f'<option value="{value}">{text}</option>' for value, text in options.items())
    return (
        f'<label>{words} <select data-live="{name}" data-first="{first}">{inside}</select></label>'
    )


def told(kind, **more):
    """Return what a page tells the script, for an object of a kind."""
    content = {
        "axes": {name: axis_label(name) for name in (*FIRST, *MORE, *SHOWN)},
        "notebooks": {name: sorted(parameters(name)) for name in names() if name[:3] == "fig"},
        "thresholds": {name: getattr(thresholds, name) for name in THRESHOLDS},
        **more,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" data-live="{kind}">{text}</script>'


def page():
    """Return what stands still on the page of the device."""
    presets = "".join(
        f'<button type="button" data-set="{escape(json.dumps(given))}">{words}</button>'
        for words, given in PRESETS.items()
    )
    axes = {n: f"{plain(html(QUANTITIES[n].symbol))}: {QUANTITIES[n].words}" for n in FIRST + MORE}
    axes = {"Delta": axes["Delta"]} | axes
    sliders, share = controls("page")
    verdicts = "".join(
        f'<li data-live="{place}"><a class="verdict" href="verdicts.html#claim-{claim.lower()}">'
        f"</a> {words}<span></span></li>"
        for place, (claim, words) in VERDICTS.items()
    )
    head = "".join(
        f'<th scope="col"><span class="{look}">{arrow}</span></th>'
        for look, arrow in DIRECTIONS.values()
    )
    rows = {
        "T": "transmission <i>T</i>",
        "g2": "pairs, <i>g</i><sup>(2)</sup>",
        "g3": "triples, <i>g</i><sup>(3)</sup>",
        "error": "relative error below",
    }
    numbers = "".join(
        f'<tr><th scope="row">{words}</th>'
        + "".join(f'<td data-name="{name}" data-d="{escape(d)}"></td>' for d in DIRECTIONS)
        + "</tr>"
        for name, words in rows.items()
    )
    return f"""<div id="live" class="live">{told("Page")}
<div class="live-buttons" role="group" aria-label="Presets">{presets}</div>
<div class="live-main"><div class="live-seen"><div class="live-choices">
{select("axis", "Curves against", axes, "Delta")}
{select("show", "with", {"g2": "pairs, g⁽²⁾", "g3": "triples, g⁽³⁾"}, "g2")}</div>
<div class="live-curves" data-live="curves"></div>
<p class="live-reading" aria-live="polite" data-live="reading" hidden></p>
<p class="live-reading" data-live="legend"><span class="there">a→c</span>, <span
class="back">c→a</span>; faint: the paper's parameters; vertical line: your value.</p>
<p data-live="gaps" hidden>Grey: the series in the drive does not settle there, and nothing is
drawn.</p>
<section aria-label="What holds here"><h2>What holds here</h2>
<p class="live-note">Computed in this page by one method, with the criteria of the
<a href="verdicts.html">ledger</a>. The ledger uses two methods.</p>
<ul class="live-verdicts">{verdicts}</ul></section></div>
<div class="live-hands">{_DEVICE}{sliders}<table class="live-numbers" data-live="numbers"><thead>
<tr><th scope="col">at your parameters</th>{head}</tr></thead>
<tbody>{numbers}</tbody></table></div></div>
<div class="live-three">{_PATHS}{_PORTS}{_PHOTONS}</div>
<p class="unseen" role="status" data-live="spoken"></p>{share}</div>"""


def _text(x, y, content, anchor="middle"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{content}</text>'


def _symbol(name):
    """Return a symbol as text of an SVG."""
    found = re.sub(r"<i>(.*?)</i>", r'<tspan font-style="italic">\1</tspan>', axis_label(name))
    found = found.partition("/<tspan")[0].replace("/π", "")
    return re.sub(r"<sub>(.*?)</sub>", r'<tspan dy="3" font-size="75%">\1</tspan>', found)


def _cavity(name, x, y):
    kerr = "" if name == "b" else " kerr"
    circle = f'<circle class="cavity{kerr}" cx="{x}" cy="{y}" r="24"/>'
    return circle + _text(x, y + 5, f'<tspan font-style="italic">{name}</tspan>')


_DEVICE = (
    '<svg data-live="device" viewBox="0 0 340 226" role="img" aria-label="The three cavities and '
    'their couplings">'
    '<path class="coupling J_ac" d="M80 132H260"/><path class="coupling J_ab" d="M80 132L170 46"/>'
    '<path class="coupling J_bc" d="M260 132L170 46"/>'
    '<path class="loss kappa_b" d="M194 40L250 22"/><path class="tip" d="M258 19l-12 -4l4 12z"/>'
    + _text(264, 24, _symbol("kappa_b"), "start")
    + _text(170, 122, f"{_symbol('J_ac')}<tspan dy='-3'>, </tspan>{_symbol('theta')}")
    + _text(110, 82, _symbol("J_ab"), "end")
    + _text(230, 82, _symbol("J_bc"), "start")
    + "".join(_cavity(*each) for each in (("a", 80, 132), ("c", 260, 132), ("b", 170, 46)))
    + '<g data-live="beams"></g></svg>'
)


def _drawing(title, name, still, caption):
    return (
        f'<section aria-label="{title}"><h2>{title}</h2><svg viewBox="0 0 220 200" '
        f'aria-hidden="true">{still}<g data-live="{name}"></g></svg><p>{caption}</p></section>'
    )


_PATHS = _drawing(
    "The two paths",
    "paths",
    '<path class="track" d="M10 100H210M110 4V196"/>',
    "Amplitudes of linear light. Grey: through b. Colour: direct. The dot is their sum, and its "
    "squared distance from the centre is <i>T</i>. Circle: <i>T</i> = 1.",
)
_PORTS = _drawing(
    "Where light goes",
    "ports",
    _text(10, 19, "light from a leaves through", "start")
    + _text(10, 75, "light from c leaves through", "start")
    + _text(10, 131, "light from b's bath leaves through", "start"),
    "|<i>S</i>|² of linear light: the shares of the three ports.",
)
_PHOTONS = _drawing(
    "Photon numbers",
    "photons",
    "".join(_text(17 + 56 * m, 194, m) for m in (1, 2, 3)),
    "Probabilities of 1, 2 and 3 photons at the output (dots), and those of laser light of the "
    "same mean (bars).",
)


#: An axis of so few values makes curves, and no map.
FEW = 3


def panel(name, data, words=""):
    """Return what the script computes anew of a Dataset, or None if that has not one or two axes.

    ``words`` is what is said of the figure to those who do not see it: the quantity that it shows
    first comes first.
    """
    axes = [dim for dim in data.dims if dim not in ("direction", "m")]
    if "direction" not in data.dims or not axes or not set(axes) <= set(RANGES):
        return None
    few = [dim for dim in axes if data.sizes[dim] <= FEW]
    long = [dim for dim in axes if dim not in few]
    if len(few) > 1 or not 1 <= len(long) <= 2 or len(axes) > 2:
        return None
    ends = [[dim, float(data[dim].min()), float(data[dim].max())] for dim in long]
    return {
        "name": name,
        "label": _label(data, few, long),
        "device": json.loads(data.attrs["device"]),
        "axes": ends,
        "rows": {dim: data[dim].values.tolist() for dim in few},
        "show": _first(len(long) == 2, long[-1], words),
    }


def _first(is_map, axis, words):
    """Return the quantity that is said first, over or against an axis."""
    where = f"{'over' if is_map else 'against'} [^:]*{re.escape(spoken(symbol(axis)))}"
    found = {}
    for name in SHOWN:
        said = re.search(rf"(?<!\S){re.escape(spoken(symbol(name)))}(\(0\))? {where}", words)
        if said:
            found[name] = said.start()
    return min(found, key=found.get, default="T")


def _label(data, few, long):
    """Say in words what a dataset is over."""
    label = f"{'Map' if len(long) == 2 else 'Curves'} over the {QUANTITIES[long[-1]].words}"
    label += f" and the {QUANTITIES[long[0]].words}" if len(long) == 2 else ""
    for dim in few:
        values = " and ".join(plain_number(value, 4) for value in data[dim].values)
        label += f", at {plain(html(QUANTITIES[dim].symbol))} = {values}"
    coupled = {"J", "J_ab", "J_bc"} & {*few, *long}
    if not coupled and not Device(**json.loads(data.attrs["device"])).has_b:
        label += ", without cavity b"
    return label


def figure(page, panels):
    """Return what stands still of a live figure."""
    sliders, share = controls("figure")
    labels = [each["label"] for each in panels]
    data = {
        each["name"]: each["label"]
        + (f" ({each['name']})" if labels.count(each["label"]) > 1 else "")
        for each in panels
    }
    shown = {n: f"{QUANTITIES[n].words} {plain(html(QUANTITIES[n].symbol))}" for n in SHOWN}
    told_of = told("Figure", notebook=page, panels={each["name"]: each for each in panels})
    return f"""<div class="live live-figure">{told_of}
<button type="button" data-live="open" aria-expanded="false" hidden>Move the parameters of this
figure</button>
<div data-live="panel" hidden><div class="live-choices">{select("data", "Data", data)}
{select("show", "Quantity", shown)}<span data-live="directions">
{select("direction", "Direction", {d: arrow for d, (_, arrow) in DIRECTIONS.items()}, "a->c")}
</span></div>
<div class="live-main"><div class="live-seen"><div class="live-curves" data-live="plot"></div>
<p class="live-reading" aria-live="polite" data-live="reading"></p>
<div class="live-buttons"><button type="button" data-zoom="0.5">Zoom in</button>
<button type="button" data-zoom="2">Zoom out</button>
<button type="button" data-zoom="0">Reset view</button></div>
<p class="live-note">Faint: the published parameters. Grey: the series in the drive does not settle
there. The numbers are good to 0.1 %, <i>I</i> and <i>R</i> to 0.002. Click the picture, or use the
arrow keys in it, to read a point.</p></div>
<div class="live-hands"><div class="live-buttons"><button type="button" data-set="{{}}">As
published</button></div>{sliders}</div></div>{share}</div></div>"""


def offer(app, doctree):
    """Put a live figure below the figure that the datasets of a page are of."""
    docname = app.env.docname
    figures = {node["names"][0]: node for node in doctree.findall(nodes.figure) if node["names"]}
    notebook = executed(app, docname)
    datasets = given_away(notebook) if notebook and figures else {}
    # The first figure, if there is none with the name of a dataset.
    name = next((name for name in figures if name in datasets), next(iter(figures), None))
    if name is None:
        return
    page = Path(docname).name
    page = {rerun.name: rerun.notebook for rerun in gallery.listed()}.get(page, page)
    if page not in names() or page[:3] != "fig":
        return
    words = by_name(notebook)[name]["text/plain"]
    panels = [panel(key, data, words) for key, data in sorted(datasets.items())]
    panels = sorted(filter(None, panels), key=lambda one: (-len(one["axes"]), not one["rows"]))
    if panels:
        content = figure(page, panels)
    elif stands_alone(app.config):
        return
    else:  # a picture of the device
        content = '<p><a href="live.html">Move the parameters of the device</a></p>'
    place = figures[name].parent.index(figures[name]) + 1
    figures[name].parent.insert(place, nodes.raw("", content, format="html"))


def fill(app, docname, source):
    if docname == "book/live":
        source[0] = source[0].replace("% live", page())


def setup(app):
    app.connect("source-read", fill)
    app.connect("doctree-read", offer)
