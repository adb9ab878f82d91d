"""Reference pages: the modules of a wing, from the bottom up, in place of ``% modules of WING``.

The list is derived from the imports, so that nobody keeps it by hand.
"""

import ast
import re
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from inspect import isclass, isroutine
from pathlib import Path

from sphinx import addnodes

import lossnr

PACKAGE = Path(lossnr.__file__).parent


def module_name(file):
    """Return the dotted name of a file of the package."""
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file):
    """Yield what a file imports from the package: pairs of a module and a name, or None.

    Imports inside functions count too, and those by `lossnr.machine.later`. A module that is
    imported as a name, as in ``from . import ledger``, is given as the module, with None.
    """
    package = module_name(file.parent / "__init__.py")
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            found = [(source, alias.name) for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
            found = [(node.args[0].value, None)]
        else:
            continue
        for source, name in found:
            if source.split(".")[0] == "lossnr":
                inner = PACKAGE.parent.joinpath(*source.split("."), name or "")
                is_module = name and (inner.is_dir() or inner.with_suffix(".py").exists())
                yield (f"{source}.{name}", None) if is_module else (source, name)


def bottom_up(wing):
    """Return the names of a wing's modules, each after those that it imports."""
    files = sorted(file for file in (PACKAGE / wing).glob("*.py") if file.name != "__init__.py")
    graph = {module_name(file): {module for module, _ in imports(file)} for file in files}
    within = {name: sorted(graph.keys() & imported) for name, imported in graph.items()}
    return list(TopologicalSorter(within).static_order())


def describe(match):
    """Return the charter of a wing and a section for each of its modules.

    What users import from ``lossnr`` is described on the page of the package alone.
    """
    public = [name for name in lossnr.__all__ if callable(getattr(lossnr, name))]
    options = f"   :members:\n   :exclude-members: {', '.join([*public, 'judge'])}\n"
    sections = [f"```{{eval-rst}}\n.. automodule:: lossnr.{match[1]}\n```\n"]
    for name in bottom_up(match[1]):
        sections.append(f"## {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n{options}```\n")
    return "\n".join(sections)


def fill(app, docname, source):
    """Put the directives where a page has its placeholder."""
    source[0] = re.sub(r"^% modules of (\w+)$", describe, source[0], flags=re.MULTILINE)


def skip_imported(app, what, name, obj, skip, options):
    """Leave out what a module imports from other packages, before Sphinx reads their sources."""
    if (isclass(obj) or isroutine(obj)) and not (obj.__module__ or "").startswith("lossnr"):
        return True
    return None


def hide_long_values(app, domain, objtype, content):
    """Show the value of a constant if it is a number. Others are long, or paths of this machine."""
    for value in list(content.parent.findall(addnodes.desc_annotation)):
        if objtype == "data" and not re.fullmatch(r" = [-+.e\d]+", value.astext()):
            value.parent.remove(value)


def setup(app):
    app.connect("source-read", fill)
    app.connect("autodoc-skip-member", skip_imported)
    app.connect("object-description-transform", hide_long_values)
