"""Names of the package in prose lead to its reference."""

from docutils import nodes
from sphinx.util.nodes import make_refnode


def link(app, doctree, docname):
    """Make each name in code style that is the package's a link to where it is described."""
    objects = app.env.get_domain("py").objects
    for literal in list(doctree.findall(nodes.literal)):
        if isinstance(literal.parent, (nodes.reference, nodes.title)):
            continue
        name = f"lossnr.{literal.astext().removesuffix('()').removeprefix('lossnr.')}"
        found = objects.get(name)
        if found and found.docname != docname:
            reference = make_refnode(
                app.builder, docname, found.docname, found.node_id, literal.deepcopy(), name
            )
            literal.replace_self(reference)


def setup(app):
    app.connect("doctree-resolved", link)
