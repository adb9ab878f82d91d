"""Copies of the book's pages with other values of their parameters, which begin by saying so."""

from copy import deepcopy

from ..model.names import QUANTITIES, equation
from ..show.markdown import wide_table
from .notebooks import read, tagged
from .parameters import defaults, everything, of_device, parameters

__all__ = ["change_pages", "changed", "see", "what_changed"]


def changed(notebook, name, values, box):
    """Return a copy of a notebook that takes other values, and begins by saying so.

    >>> copy = changed(read("fig3"), "fig3", {"Omega": 0.05}, "Changed.")
    >>> copy.cells[0].source.splitlines()[-1]
    'Changed.'
    >>> tagged(copy, "injected-parameters")[0].source.splitlines()[-1]
    'Omega = 0.05'

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    name : str
        Of the notebook of the book, such as "fig3".
    values : dict of str to float or int
    box : str
        What stands under its title: from `what_changed`.

    Returns
    -------
    nbformat.NotebookNode
        The cells of parameters are not shown on pages: the box says the same.
    """
    from nbformat.v4 import new_markdown_cell
    from papermill.parameterize import parameterize_notebook

    notebook, known = deepcopy(notebook), parameters(name)
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    if values:
        notebook.metadata["papermill"] = {}
        notebook = parameterize_notebook(notebook, values)
        del notebook.metadata["papermill"]
    for cell in tagged(notebook, "what-to-see") if values else []:
        cell.source = f":::{{dropdown}} Written for the published figure\n{cell.source}\n:::"
    of_all = [each for each in values if each in of_device() and known[each].whole]
    at = ", ".join(equation(each, values[each]) for each in of_all)
    for cell in notebook.cells:
        figure = cell.metadata.get("mystnb", {}).get("figure")
        if figure and at and "fixed" not in cell.metadata["tags"]:
            figure["caption"] += f" Here at {at}."
    title, *cells = notebook.cells
    heading, _, introduction = title.source.partition("\n")
    first = [new_markdown_cell(f"{heading}\n\n{box}")]
    rest = [new_markdown_cell(introduction.strip())] if introduction.strip() else []
    for cell in cells:
        if {"parameters", "injected-parameters"} & set(cell.metadata["tags"]):
            cell.metadata["tags"] = list(dict.fromkeys([*cell.metadata["tags"], "remove-cell"]))
            first.append(cell)
        else:
            rest.append(cell)
    for cell in tagged(notebook, "claims"):
        first.append(_verdicts(name, known))
        cell.source = "ledger(entries)"  # those of the first cell
    notebook.cells = [*first, *rest]
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02}"  # those of nbformat are random
    return notebook


def _verdicts(name, known):
    """Return a cell that judges the claims of a page, and shows them beside the published ones."""
    from nbformat.v4 import new_code_cell

    device = ", ".join(f"{each}={each}" for each in known if each in of_device())
    cell = new_code_cell(
        "from IPython.display import HTML\n"
        "from myst_nb import glue\n\n"
        "from lossnr import Device\n"
        "from lossnr.claims import judge\n"
        "from lossnr.show.verdicts import beside, kept\n\n"
        f'entries = judge(Device().replace({device}), page="{name}")\n'
        'glue("kept", HTML(kept(entries)), display=False)\n'
        "beside(entries)"
    )
    cell.metadata["tags"] = ["remove-input"]
    return cell


def change_pages(folder, values, published):
    r"""Change the pages of a book in place.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pathlib.Path(folder, "cite.md")
    ...     _ = page.write_text("# How to cite\n")
    ...     change_pages(pathlib.Path(folder), {"U": 3.0}, "")
    ...     print(page.read_text()[:48])
    # How to cite
    <BLANKLINE>
    :::{admonition} What was changed

    Parameters
    ----------
    folder : Path
        With the notebooks and the pages in Markdown.
    values : dict of str to float or int
        Every notebook that has such a parameter gets the value.
    published : str
        As for `see`.
    """
    import nbformat

    for path in sorted(folder.glob("*.*")):
        where = see(published, f"book/{path.stem}")
        box = what_changed("book", everything(), values, where)
        if path.suffix == ".md":
            heading, _, rest = path.read_text().partition("\n")
            path.write_text(f"{heading}\n\n{box}\n{rest}")
        if path.suffix == ".ipynb":
            known = parameters(path.stem)
            own = {k: v for k, v in values.items() if k in known and v != known[k].default}
            if own:
                box = what_changed("page", known, own, where)
            nbformat.write(changed(read(path.stem), path.stem, own, box), path)


def what_changed(whole, known, values, where="", coarse=()):
    """Return what a run changes, as a box in Markdown.

    >>> print(what_changed("page", parameters("fig3"), {"Omega": 0.05}))  # doctest: +ELLIPSIS
    :::{admonition} What was changed
    :class: important
    This page was computed with other parameters than the published one. Figures, ...
    <BLANKLINE>
    | parameter | here | published | meaning |
    |:--|:--|:--|:--|
    | $\\Omega$, `Omega` | 0.05 | 0.1 | amplitude of the drive, in units of $\\kappa$ |
    :::

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

    Returns
    -------
    str
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


def see(published, docname):
    """Return a sentence that leads to a page of the published book.

    >>> see("../published", "book/fig3")
    'See <a href="../../published/book/fig3.html">the published page</a>.'

    Parameters
    ----------
    published : str
        Its address, or its path from the root of this book; "" if there is none.
    docname : str
        Of the page, here and there.
    """
    if not published:
        return ""
    up = "" if "://" in published else "../" * docname.count("/")
    return f'See <a href="{up}{published}/{docname}.html">the published page</a>.'
