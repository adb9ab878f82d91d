"""A copy of a notebook with other values of its parameters, which begins by saying so."""

import re
from copy import deepcopy

from ..model.names import QUANTITIES
from ..show.markdown import equation, wide_table
from .notebooks import defaults, of_device, parameters

__all__ = ["changed", "page_of_claims", "see", "what_changed"]


def changed(notebook, known, values, box):
    """Return a copy of a notebook that takes other values, and begins by saying so.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    known : dict of Parameter
        Those of the notebook.
    values : dict of str to float or int
    box : str
        What stands under its title: from `what_changed`.

    Returns
    -------
    nbformat.NotebookNode
        The cell that papermill injects is not shown on pages: the box says the same.
    """
    from nbformat.v4 import new_markdown_cell
    from papermill.parameterize import parameterize_notebook

    notebook = deepcopy(notebook)
    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    if values:
        notebook = parameterize_notebook(notebook, values)
    del notebook.metadata["papermill"]
    title, *cells = notebook.cells
    heading, _, introduction = title.source.partition("\n")
    first = [new_markdown_cell(f"{heading}\n\n{box}")]
    rest = [new_markdown_cell(introduction.strip())] if introduction.strip() else []
    for cell in cells:
        if values and cell.source.startswith("**What to see.**"):
            seen = cell.source.removeprefix("**What to see.**").strip()
            cell.source = f":::{{dropdown}} What to see in the published figure\n{seen}\n:::"
        if {"parameters", "injected-parameters"} & set(cell.metadata["tags"]):
            cell.metadata["tags"] = list(dict.fromkeys([*cell.metadata["tags"], "remove-cell"]))
            first.append(cell)
        else:
            rest.append(cell)
    notebook.cells = [*first, *_verdicts(rest, known), *rest]
    at = ", ".join(equation(name, values[name]) for name in values if _of_all(name, known))
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02}"  # those of nbformat are random
        figure = cell.metadata.get("mystnb", {}).get("figure")
        if figure and at:
            figure["caption"] = figure["caption"].replace(".**", f", at {at}.**", 1)
    return notebook


def _of_all(name, known):
    """Return whether a parameter is one of the whole page, and not of some panels of a figure.

    Its meaning is then the one that it has for the ledger, which judges a device.
    """
    ledger = parameters("verdicts")
    return name in ledger and known[name].meaning == ledger[name].meaning


def _verdicts(cells, known):
    """Return a cell with the verdicts beside the published ones, if the page shows verdicts."""
    from nbformat.v4 import new_code_cell

    page = page_of_claims(cells)
    if not page:
        return []
    device = ", ".join(f"{name}={name}" for name in known if name in of_device())
    cell = new_code_cell(
        "from IPython.display import HTML\n"
        "from myst_nb import glue\n\n"
        "from lossnr import Device\n"
        "from lossnr.claims import judge\n"
        "from lossnr.show.verdicts import beside, kept\n\n"
        f'entries = judge(Device().replace({device}), page="{page}")\n'
        'glue("kept", HTML(kept(entries)), display=False)\n'
        "beside(entries)"
    )
    cell.metadata["tags"] = ["remove-input"]
    return [cell]


def page_of_claims(cells):
    """Return the page whose claims are judged in a notebook's cells, or None."""
    sources = "\n".join(cell.source for cell in cells)
    found = re.search(r'judge\(device, page="(\w+)"\)', sources)
    return found and found[1]


def what_changed(whole, known, values, where="", coarse=()):
    """Return what a run changes, as a box in Markdown.

    Parameters
    ----------
    whole : str
        "page" or "book".
    known : dict of Parameter
    values : dict of str to float or int
    where : str
        A sentence on where the published one is.
    coarse : collection of str
        Those of the values that nobody gave: they are `Parameter.quick`.
    """
    rows = [("parameter", "here", "published", "meaning")]
    for name, value in values.items():
        symbol = f"`{name}`"
        if name in QUANTITIES and QUANTITIES[name].symbol != name:
            symbol = f"${QUANTITIES[name].symbol}$, {symbol}"
        unit = {"kappa": r", in units of $\kappa$", "rad": ", in rad"}.get(known[name].unit, "")
        usual = sorted(defaults(name)) if whole == "book" else [known[name].default]
        here, *published = (f"{x:.6g}" for x in (value, *usual))
        if here in published:
            here, *published = map(repr, (value, *usual))
        quick = "; coarse: `--quick`" if name in coarse else ""
        rows.append((symbol, here, ", ".join(published), f"{known[name].meaning}{unit}{quick}"))
    if values:
        said = [
            f"This {whole} was computed with other parameters than the published one.",
            "Figures, tables and verdicts are those of this run; the text was written for the "
            "published one.",
        ]
        table = ["", wide_table(rows).data]
    else:
        said, table = [f"This {whole} was computed anew with the published parameters."], []
    if values.get("Omega") == 0:
        said.append("Without a drive the correlations are their limits for weak drive.")
    shown = [f"`{name}`" for name in values if name not in of_device()]
    if shown and whole == "page":
        verb = "changes" if len(shown) == 1 else "change"
        said.append(f"{', '.join(shown)} {verb} what is shown, and no verdict.")
    box = [":::{admonition} What was changed", ":class: important", " ".join([*said, where])]
    return "\n".join([*box, *table, ":::"])


def see(published, page):
    """Return a sentence that leads to a page of the published book, if it is anywhere."""
    return f'See <a href="{published}/{page}.html">the published page</a>.' if published else ""
