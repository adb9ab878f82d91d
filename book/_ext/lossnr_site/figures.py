"""The figures on a page: for wide and narrow screens, in the light and in the dark scheme."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path

import nbformat
from docutils import nodes

from lossnr.show.formats import NARROW

from .look import dark


def executed(app, docname):
    """Return the notebook of a page as it was run, or None."""
    path = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    return _read(path) if path.exists() else None


@lru_cache(maxsize=1)
def _read(path):
    return nbformat.read(path, as_version=4)


def show_figures(app, doctree):
    """Replace each figure's picture by a choice of four, written beside the page.

    The wide, light one is also the SVG that the page offers for download.
    """
    notebook = executed(app, app.env.docname)
    figures = [node for node in doctree.findall(nodes.figure) if node["names"]]
    if not notebook or not figures:
        return
    folder = Path(app.outdir, app.env.docname).parent
    for part in ("figures", "pictures"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    bundles = by_name(notebook)
    for figure in figures:
        (name,) = figure["names"]
        for image in list(figure.findall(nodes.image)):
            alt = f"{image['alt']} {bundles[name]['text/plain']}"
            html = _choice(bundles[name], folder, name, alt, first=figure is figures[0])
            image.replace_self(nodes.raw("", html, format="html"))


def by_name(notebook):
    """Return the outputs of a notebook's figures, by the names of these."""
    return {
        cell.metadata["mystnb"]["figure"]["name"]: output["data"]
        for cell in notebook.cells
        if "figure" in cell.metadata.get("mystnb", {})
        for output in cell["outputs"]
        if NARROW in output.get("data", {})
    }


def _choice(bundle, folder, name, alt, first):
    """Return the HTML of a figure. The first of a page is what its readers wait for."""
    wide, narrow = bundle["image/svg+xml"], bundle[NARROW]
    html = ""
    for scheme, change in (("light", str), ("dark", dark)):
        large, small = (f"pictures/{name}-{width}-{scheme}.svg" for width in ("wide", "narrow"))
        if scheme == "light":
            large = f"figures/{name}.svg"
        (folder / large).write_text(change(wide))
        (folder / small).write_text(change(narrow))
        loading = 'fetchpriority="high"' if first and scheme == "light" else 'loading="lazy"'
        html += (
            f'<picture class="only-{scheme}">'
            f'<source media="(max-width: 40em)" srcset="{small}" {_size(narrow)}>'
            f'<img {loading} alt="{escape(alt)}" src="{large}" {_size(wide)}></picture>'
        )
    return html


def _size(svg):
    """Return an SVG's size as attributes of HTML, in pixels."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    return f'width="{float(width):.0f}" height="{float(height):.0f}"'


def show_before_code(app, doctree):
    """Put what a cell with folded code shows before this code, and before folded code above it.

    Figures and tables come first, and the code that makes them stands together below.
    """
    for cell in [*doctree.findall(nodes.container)]:
        if not _folded(cell) or len(cell) < 2:
            continue
        code, *outputs = cell.children
        shown = cell.copy()
        shown += outputs
        cell.children, cell["ids"] = [code], []
        place = cell.parent.index(cell)
        while place > 0 and _folded(cell.parent[place - 1]) and len(cell.parent[place - 1]) == 1:
            place -= 1
        cell.parent.insert(place, shown)


def _folded(node):
    """Return whether a node is a cell with folded code."""
    return (
        isinstance(node, nodes.container)
        and node.get("hide_mode") == "input"
        and node[0].get("nb_element") == "cell_code_source"
    )


def setup(app):
    app.connect("doctree-read", show_figures, priority=100)  # before pictures are collected
    app.connect("doctree-read", show_before_code)
