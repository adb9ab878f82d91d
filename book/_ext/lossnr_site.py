"""Sphinx extension of this book: mathematics without a network, other parameters, downloads."""

import json
from importlib.resources import files
from pathlib import Path

import nbformat
from docutils import nodes

from lossnr import gallery
from lossnr.changes import changed, see, what_changed
from lossnr.downloads import unpack
from lossnr.folders import MARK
from lossnr.notebooks import ROOT, parameters
from lossnr.rerun import everything, hold_blas, provenance
from lossnr.tiles import cores

MATHJAX = files("mathjax") / "static" / "mathjax" / "es5" / "tex-svg.js"


def configure(app, config):
    # Pages are computed side by side. These extensions of jupyter-book do nothing while pages are
    # read, but do not say that this is safe.
    app.parallel = max(app.parallel, cores())
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        app.extensions[name].parallel_read_safe = True
    # MathJax is part of the site, so that it reads from disk too. Its file has no fonts beside it.
    config.html_static_path.append(str(MATHJAX))
    config.mathjax_path = MATHJAX.name
    # The captions carry the paper's numbers; jupyter-book would count the figures of this book.
    config.numfig = False


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


def give_downloads(app, doctree):
    """Write the figures and data of a page beside it, and list them where it says so."""
    docname = app.env.docname
    places = [n for n in doctree.findall(nodes.container) if "tag_downloads" in n["classes"]]
    if not places:
        return
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    found = unpack(nbformat.read(executed, as_version=4), Path(docname).name)
    beside = Path(app.outdir, docname).parent
    groups = {}
    for file, content in found.items():
        path = beside / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        groups.setdefault(Path(file).stem, []).append(file)
    items = "".join(
        f"<li>{name}: "
        + ", ".join(f'<a download href="{f}">{KINDS[Path(f).suffix]}</a>' for f in group)
        + "</li>"
        for name, group in groups.items()
    )
    for place in places:
        place.children = [nodes.raw("", f'<ul class="downloads">{items}</ul>', format="html")]


KINDS = {".svg": "SVG", ".pdf": "PDF", ".png": "PNG", ".nc": "netCDF", ".csv": "CSV"}


def refer_to_the_book(app, env, node, contnode):
    """Resolve what a page that stands alone says of other pages of the book."""
    if not app.config.lossnr_alone:
        return None
    target = node["reftarget"]
    if node["reftype"] == "eq":
        return nodes.inline("", target.replace("eq-", "Eq. "))
    if node["reftype"] != "doc":
        return None
    (path,) = (ROOT / "book").glob(f"{Path(target).name}.*")
    if path.suffix == ".ipynb":
        text = nbformat.read(path, as_version=4).cells[0].source
    else:
        text = path.read_text()
    title = text.splitlines()[0].lstrip("# ")
    published = app.config.lossnr_published
    if not published:
        return nodes.emphasis("", title)
    return nodes.reference("", title, refuri=f"{published}/book/{path.stem}.html")


def keep_record(app, exception):
    """Write what this build was made from."""
    if exception is None and app.builder.format == "html":
        name = app.config.root_doc if app.config.lossnr_alone else None
        record = provenance(name, app.config.lossnr_parameters)
        written = {str(p.relative_to(app.outdir)) for p in Path(app.outdir).rglob("*")}
        record["files"] = sorted(written | {MARK} | ({f"{name}.ipynb"} if name else set()))
        Path(app.outdir, MARK).write_text(json.dumps(record, indent=2) + "\n")


def setup(app):
    hold_blas()
    #: The parameters of this run, if not the published ones; where the published book is.
    app.add_config_value("lossnr_parameters", {}, "env")
    app.add_config_value("lossnr_published", "", "env")
    #: Whether this is one page of the book, without the others and executed already.
    app.add_config_value("lossnr_alone", False, "env")
    app.connect("config-inited", configure, priority=900)
    app.connect("config-inited", make_gallery)
    app.connect("source-read", list_gallery)
    app.connect("source-read", change)
    app.connect("doctree-read", give_downloads)
    app.connect("missing-reference", refer_to_the_book)
    app.connect("build-finished", keep_record)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
