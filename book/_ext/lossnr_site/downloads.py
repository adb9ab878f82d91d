"""The figures, the data and the notebook of a page, beside it."""

from pathlib import Path

import nbformat
from docutils import nodes

from lossnr.show.downloads import given_away, unpack

from .figures import executed

KINDS = {
    ".svg": "SVG",
    ".pdf": "PDF",
    ".png": "PNG",
    ".nc": "netCDF",
    ".csv": "CSV",
    ".ipynb": "notebook",
}


def give_downloads(app, doctree):
    """Write the downloads of a page beside it, and list them where the page has its tag."""
    docname = app.env.docname
    places = [n for n in doctree.findall(nodes.container) if "tag_downloads" in n["classes"]]
    if not places:
        return
    name = Path(docname).name
    beside = Path(app.outdir, docname).parent
    notebook = executed(app, docname)
    sizes = {f"{name}-{key}": data.sizes for key, data in given_away(notebook).items()}
    groups = {}
    for file, content in unpack(notebook, name).items():
        path = beside / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stem = Path(file).stem
        held = ", ".join(f"{size} {dim}" for dim, size in sizes.get(stem, {}).items())
        groups.setdefault(f"{stem} ({held})" if held else stem, []).append(file)
    page = f"{name}.ipynb"
    nbformat.write(without_outputs(nbformat.read(app.env.doc2path(docname), 4)), beside / page)
    items = "".join(
        f"<li>{label}: "
        + ", ".join(f'<a download href="{f}">{KINDS[Path(f).suffix]}</a>' for f in group)
        + "</li>"
        for label, group in [*groups.items(), ("this page", [page])]
    )
    for place in places:
        place.children = [nodes.raw("", f'<ul class="downloads">{items}</ul>', format="html")]


def without_outputs(notebook):
    """Return a notebook as it is before it is executed."""
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def setup(app):
    app.connect("doctree-read", give_downloads)
