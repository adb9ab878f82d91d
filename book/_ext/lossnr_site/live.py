"""The live figures: one script of scripts/*.js, and what the pages tell it, from the package."""

import json
import re
from math import pi
from pathlib import Path

from lossnr.claims import thresholds
from lossnr.model.device import SHARED, Device
from lossnr.model.names import QUANTITIES
from lossnr.reruns.notebooks import names
from lossnr.reruns.parameters import parameters

from .explore import html

#: In the order in which they need each other.
SCRIPTS = ("device", "algebra", "hierarchy", "series", "linear", "plots", "controls", "page")
SOURCES = Path(__file__).parent / "scripts"
#: The limits that the verdicts in the page use.
THRESHOLDS = ("ABOUT", "FACTOR", "RECIPROCAL_T")
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

_RIGHT_ANGLE = {"theta": -pi / 2, "Delta": 0, "J_ac": 0.5, "J": 0.25}
PRESETS = {
    "The optimum": {},
    "No loss in b": {"kappa_b": 0},
    "Twice the loss": {"kappa_b": 2},
    "Phase reversed": {"theta": -Device().theta},
    "Two-photon blockade": {"kappa_b": 1.25},
    "Weak Kerr": {"U": 0.1},
    "cos θ = 0, little loss": _RIGHT_ANGLE | {"kappa_b": 0.25},
}


def script():
    """Return the script of the site: without comments and indentation, which the sources have."""
    source = "".join((SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return re.sub(r"^ *(//.*\n)?\n?", "", source, flags=re.MULTILINE)


def data(id):
    """Return what a page tells the script."""
    return {
        "id": id,
        "thresholds": {name: getattr(thresholds, name) for name in THRESHOLDS},
        "parameters": {
            name: {
                "symbol": html(QUANTITIES[name].symbol),
                "words": QUANTITIES[name].words,
                "range": limits,
            }
            for name, limits in RANGES.items()
        },
        "presets": [{"words": words, "parameters": given} for words, given in PRESETS.items()],
        "notebooks": {name: sorted(parameters(name)) for name in names() if name[:3] == "fig"},
    }


def element(id, content):
    """Return an element with data for the script."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" id="{id}">{text}</script>'


def fill(app, docname, source):
    if docname == "book/live":
        source[0] = source[0].replace("% live", element("live-data", data("page")))


def give_script(app, pagename, templatename, context, doctree):
    if "live-data" in context.get("body", ""):
        app.add_js_file("live.js", loading_method="defer")
        app.add_css_file("live.css")


def write(app, exception):
    if exception is None:
        Path(app.outdir, "_static", "live.js").write_text(script(), encoding="utf-8")


def setup(app):
    app.connect("source-read", fill)
    app.connect("html-page-context", give_script)
    app.connect("build-finished", write, priority=100)  # before the record of all files
