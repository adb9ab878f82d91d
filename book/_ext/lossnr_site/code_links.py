"""Names of the package in prose lead to its reference."""

from docutils import nodes
from sphinx.util.nodes import make_refnode

import lossnr


def link(app, doctree, docname):
    """Make each name in code style that is the package's a link to where it is described."""
    objects = app.env.get_domain("py").objects
    for literal in list(doctree.findall(nodes.literal)):
        if isinstance(literal.parent, (nodes.reference, nodes.title)):
            continue
        name = full_name(literal.astext().removesuffix("()"))
        found = objects.get(name)
        if found and found.docname != docname:
            reference = make_refnode(
                app.builder, docname, found.docname, found.node_id, literal.deepcopy(), name
            )
            literal.replace_self(reference)


def full_name(name):
    """Return the name of an object with its module: of `Device`, lossnr.model.device.Device."""
    name = name.removeprefix("lossnr.")
    described = getattr(lossnr, name, None)
    module = getattr(described, "__module__", None)
    return f"{module}.{name}" if module else f"lossnr.{name}"


def setup(app):
    app.connect("doctree-resolved", link)
