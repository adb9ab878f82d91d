"""The search: an index of sections, equations, claims and functions, which opens from disk.

Sphinx's own index knows pages only, and shows a line of context only where it can fetch the page.
"""

import json
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from lossnr.model.names import plain

from .runs import stands_alone

_entries = {}
#: What has an entry of its own, and code.
_APART = nodes.section | nodes.raw | nodes.literal_block | nodes.comment | addnodes.desc
_UNREAD = {"cell_input", "ledger", "tag_claims"}


def collect(app, doctree, docname):
    """Note what a page has to be found: (title, address, text) in the order of the page."""
    found = _entries[docname] = []

    def add(title, anchor, text):
        found.append([title, f"{docname}.html#{anchor}".removesuffix("#"), " ".join(text.split())])

    for node in doctree.findall():
        if isinstance(node, nodes.section):
            anchor = "" if node.parent is doctree else node["ids"][0]
            add(node[0].astext(), anchor, "\n".join(words(n) for n in node.children[1:]))
        elif isinstance(node, nodes.math_block) and node.get("number"):
            before = node.parent.children[: node.parent.index(node)]
            paragraphs = [n for n in before if isinstance(n, nodes.paragraph)]
            text = " ".join(words(n) for n in [*paragraphs[-1:], node])
            add(f"Eq. {node['number']}", node["ids"][0], text)
        elif isinstance(node, addnodes.desc):
            for name in node[0]["ids"][:1]:
                paragraphs = node[-1].findall(nodes.paragraph)
                add(name, name, next(map(words, paragraphs), ""))
        elif isinstance(node, nodes.raw) and "data-words" in node.astext():
            id, text = re.search(r'id="claim-.*?data-words="(\S+) (.*?)"', node.astext()).groups()
            add(f"Claim {id}", f"claim-{id}", unescape(text))


def words(node):
    """Return a node's text without code, and without what has an entry of its own."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, _APART) or _UNREAD.intersection(node.get("classes", ())):
        return ""
    if isinstance(node, nodes.math | nodes.math_block):
        return plain(f"${_readable(node.astext())}$")
    between = "" if isinstance(node, nodes.TextElement) else "\n"
    return between.join(map(words, node.children))


def _readable(latex):
    """Return a formula without what only serves its look; a fraction becomes (x)/(y)."""
    look = r"\\(begin|end)\{\w+\}|\\(left|right|mathrm|operatorname|[ ,;!\\])|&"
    latex = re.sub(look, " ", latex)
    count = 1
    while count:  # from the inside out
        latex, count = re.subn(r"\\[dt]?frac *\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", latex)
    return latex


def replace_sphinx_search(app):
    app.builder.search = False


def pages(app):
    """Yield the page of the search. A page that stands alone has nothing else to be found."""
    if not stands_alone(app.config):
        yield "search", {}, "search.html"


def write(app, exception):
    """Write the index as a script: it is loaded where a page opened from disk may fetch nothing."""
    if exception is None and not stands_alone(app.config):
        order = sorted(_entries, key=lambda name: (name.startswith("book/api"), name))
        entries = [entry for name in order for entry in _entries[name]]
        index = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
        script = Path(app.outdir, "_static", "search-index.js")
        script.write_text(f"const ENTRIES = {index};\n", "utf-8")


def setup(app):
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("doctree-resolved", collect, priority=900)  # after the numbers of equations
    app.connect("html-collect-pages", pages)
    app.connect("build-finished", write)
