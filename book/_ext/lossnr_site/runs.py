"""Which run a page is of: plain jupyter-book, one page, or a book that is executed already."""

import os
import re
from pathlib import Path

from docutils import nodes

from lossnr.reruns import gallery
from lossnr.reruns.execute import environment
from lossnr.reruns.notebooks import ROOT, names, read


def prepare(app, config):
    """Let plain jupyter-book execute the notebooks, and those of the gallery, as we do."""
    if not config.lossnr_run:
        os.environ.update(environment(Path(app.outdir).parent / "ipython"))
        gallery.write(Path(app.srcdir) / "book" / "gallery", {})


def list_gallery(app, docname, source):
    if docname == "book/gallery":
        source[0] = source[0].replace("% gallery", gallery.contents())


def stands_alone(config):
    """Return whether this is one page, without the rest of the book."""
    return config.lossnr_run == "page"


def refer_to_the_book(app, env, node, contnode):
    """Resolve references to claims, and what a page that stands alone says of other pages.

    A claim is in the ledger (claim-ID), and on the page that finds it (found-PAGE-ID).
    """
    target, alone, docname = node["reftarget"], stands_alone(app.config), node.get("refdoc")
    published = app.config.lossnr_published
    claim = re.fullmatch(r"(claim|found-(\w+))-(.*)", target)
    if claim and (published or not alone):
        kind, page, id = claim.groups()
        page, anchor = f"book/{page or 'verdicts'}", f"{kind.partition('-')[0]}-{id}"
        uri = f"{published}/{page}.html" if alone else app.builder.get_relative_uri(docname, page)
        return nodes.reference("", "", contnode, refuri=f"{uri}#{anchor}", internal=not alone)
    if alone and node["reftype"] == "eq":
        return nodes.inline("", target.replace("eq-", "Eq. "))
    if alone and node["reftype"] == "ref":
        return contnode
    if not alone or node["reftype"] != "doc":
        return None
    # Targets are seen from the book's folder: fig3, gallery/no-kerr; or they begin with /book/.
    page = target.removeprefix("/book/")
    title = contnode.astext() if node["refexplicit"] else title_of(page)
    if title is None:
        return None
    if not published:
        return nodes.emphasis("", title)
    return nodes.reference("", title, refuri=f"{published}/book/{page}.html")


def title_of(page):
    """Return the title of a page of the book, or None if there is none."""
    for rerun in gallery.listed():
        if page == f"gallery/{rerun.name}":
            return rerun.title
    if page in names():
        text = read(page).cells[0].source
    elif (path := ROOT / "book" / f"{page}.md").exists():
        text = path.read_text(encoding="utf-8")
    else:
        return None
    return text.splitlines()[0].lstrip("# ")


def setup(app):
    #: "page" or "book" where `lossnr.reruns` has executed the notebooks, "" for plain jupyter-book.
    app.add_config_value("lossnr_run", "", "env")
    #: Where the published book is, seen from a page that stands alone.
    app.add_config_value("lossnr_published", "", "env")
    app.connect("config-inited", prepare)
    app.connect("source-read", list_gallery)
    app.connect("missing-reference", refer_to_the_book)
