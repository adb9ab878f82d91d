"""The figures, the data and the notebook of a page, beside it."""

from pathlib import Path

import nbformat
from docutils import nodes

from lossnr.show.downloads import given_away, unpack

from .figures import executed

KINDS = {".nc": "netCDF", ".ipynb": "notebook"}


def give_downloads(app, doctree):
    """Write the downloads of a page beside it, and list them where the page has its tag."""
    docname = app.env.docname
    places = [n for n in doctree.findall(nodes.container) if "tag_downloads" in n["classes"]]
    if not places:
        return
    name = Path(docname).name
    beside = Path(app.outdir, docname).parent
    notebook = executed(app, docname)
    labels = {}
    for key, data in given_away(notebook).items():
        held = ", ".join(f"{size} {dim}" for dim, size in data.sizes.items())
        labels[f"{name}-{key}"] = f"{name}-{key} ({held})"
    groups = {}
    for file, content in unpack(notebook, name).items():
        path = beside / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        groups.setdefault(labels.get(path.stem, path.stem), []).append(file)
    page = f"{name}.ipynb"
    nbformat.write(without_outputs(nbformat.read(app.env.doc2path(docname), 4)), beside / page)
    groups["this page"] = [page]
    items = [f"<li>{label}: {', '.join(map(_link, files))}</li>" for label, files in groups.items()]
    for place in places:
        html = f'<ul class="downloads">{"".join(items)}</ul>'
        place.children = [nodes.raw("", html, format="html")]


def _link(file):
    ending = Path(file).suffix
    return f'<a download href="{file}">{KINDS.get(ending, ending[1:].upper())}</a>'


def without_outputs(notebook):
    """Return a notebook as it is before it is executed."""
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def setup(app):
    app.connect("doctree-read", give_downloads)
