"""Which run a page is of: the parameters of this one, the gallery, the record."""

import json
import re
from pathlib import Path

import nbformat
from docutils import nodes

from lossnr.reruns import gallery
from lossnr.reruns.copies import changed, see, what_changed
from lossnr.reruns.notebooks import ROOT, parameters
from lossnr.reruns.rerun import everything, provenance
from lossnr.reruns.results import MARK


def make_gallery(app, config):
    if not config.lossnr_alone:
        folder = Path(app.srcdir) / "book" / "gallery"
        published = from_page(config.lossnr_published, "book/gallery/")
        gallery.write(folder, config.lossnr_parameters, published)


def from_page(published, docname):
    """Return where the published book is, seen from a page of this one."""
    return published if "://" in published else published and "../" * docname.count("/") + published


def list_gallery(app, docname, source):
    if docname == "book/gallery":
        source[0] = source[0].replace("% gallery", gallery.contents())


def change(app, docname, source):
    """Give a page of the book the parameters of this run, and say so under its title."""
    config = app.config
    of_gallery = docname.startswith("book/gallery/")  # it has its parameters already
    if config.lossnr_alone or of_gallery or not config.lossnr_parameters:
        return
    where = see(from_page(config.lossnr_published, docname), docname)
    box = what_changed("book", everything(), config.lossnr_parameters, where)
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".ipynb":
        known = parameters(path.stem)
        values = config.lossnr_parameters.items()
        values = {k: v for k, v in values if k in known and v != known[k].default}
        if values:
            box = what_changed("page", known, values, where)
        notebook = nbformat.reads(source[0], as_version=4)
        source[0] = nbformat.writes(changed(notebook, known, values, box))
    else:
        heading, _, rest = source[0].partition("\n")
        source[0] = f"{heading}\n\n{box}\n{rest}"


def refer_to_the_book(app, env, node, contnode):
    """Resolve references to claims, and what a page that stands alone says of other pages.

    A claim is in the ledger (claim-ID), and on the page that finds it (found-PAGE-ID).
    """
    target, alone, docname = node["reftarget"], app.config.lossnr_alone, node.get("refdoc")
    published = app.config.lossnr_published
    claim = re.fullmatch(r"(claim|found-(\w+))-(.*)", target)
    if claim and (published or not alone):
        kind, page, id = claim.groups()
        page, anchor = f"book/{page or 'verdicts'}", f"{kind.partition('-')[0]}-{id}"
        uri = f"{published}/{page}.html" if alone else app.builder.get_relative_uri(docname, page)
        return nodes.reference("", "", contnode, refuri=f"{uri}#{anchor}", internal=not alone)
    if not alone:
        return None
    if node["reftype"] == "eq":
        return nodes.inline("", target.replace("eq-", "Eq. "))
    if node["reftype"] == "ref":
        return contnode
    if node["reftype"] != "doc":
        return None
    (path,) = (ROOT / "book").glob(f"{Path(target).name}.*")
    if path.suffix == ".ipynb":
        text = nbformat.read(path, as_version=4).cells[0].source
    else:
        text = path.read_text()
    title = contnode.astext() if node["refexplicit"] else text.splitlines()[0].lstrip("# ")
    if not published:
        return nodes.emphasis("", title)
    return nodes.reference("", title, refuri=f"{published}/book/{path.stem}.html")


def search_only_a_book(app):
    app.builder.search = not app.config.lossnr_alone


def keep_record(app, exception):
    """Write what this build was made from."""
    if exception is None and app.builder.format == "html":
        name = app.config.root_doc if app.config.lossnr_alone else None
        record = provenance(name, app.config.lossnr_parameters)
        written = {str(p.relative_to(app.outdir)) for p in Path(app.outdir).rglob("*")}
        record["files"] = sorted(written | {MARK} | ({f"{name}.ipynb"} if name else set()))
        Path(app.outdir, MARK).write_text(json.dumps(record, indent=2) + "\n")


def setup(app):
    #: The parameters of this run, if not the published ones; where the published book is.
    app.add_config_value("lossnr_parameters", {}, "env")
    app.add_config_value("lossnr_published", "", "env")
    #: Whether this is one page of the book, without the others and executed already.
    app.add_config_value("lossnr_alone", False, "env")
    app.connect("config-inited", make_gallery)
    app.connect("builder-inited", search_only_a_book)
    app.connect("source-read", list_gallery)
    app.connect("source-read", change)
    app.connect("missing-reference", refer_to_the_book)
    app.connect("build-finished", keep_record)
