"""Copies of the book's pages with other parameters, which a box at the top lists."""

from ..model.names import QUANTITIES, equation
from ..show.markdown import wide_table
from .notebooks import figures, read, tagged
from .parameters import defaults, everything, of_device, parameters

#: How the unit of a parameter is said.
_UNITS = {
    "kappa": r", in units of $\kappa$",
    "1/kappa": r", in units of $1/\kappa$",
    "rad": ", in rad",
}


def changed_copy(name, values, box, title=""):
    """Return a copy of a notebook with other values of its parameters.

    The box, from `what_changed`, stands under its title. The cells of parameters are hidden.

    >>> changed_copy("fig3", {"Omega": 0.05}, "Changed.", title="# Weaker").cells[0].source
    '# Weaker\\n\\nChanged.'
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook, known = read(name), parameters(name)
    for cell in tagged(notebook, "what-to-see") if values else []:
        cell.source = f":::{{dropdown}} Written for the published figure\n{cell.source}\n:::"
    of_all = [each for each in values if each in of_device() and known[each].whole]
    at = ", ".join(equation(each, values[each]) for each in of_all)
    for cell in figures(notebook):
        if at and "fixed" not in cell.metadata.get("tags", []):
            cell.metadata["mystnb"]["figure"]["caption"] += f" Here at {at}."
    heading, _, introduction = (title or notebook.cells[0].source).partition("\n")
    hidden = tagged(notebook, "parameters")
    rest = [cell for cell in notebook.cells[1:] if cell not in hidden]
    if values:
        source = "".join(["# Parameters\n", *(f"{k} = {v!r}\n" for k, v in values.items())])
        hidden.append(new_code_cell(source, metadata={"tags": ["injected-parameters"]}))
    for cell in hidden:
        cell.metadata["tags"] = list(dict.fromkeys([*cell.metadata["tags"], "remove-cell"]))
    first = [new_markdown_cell(f"{heading}\n\n{box}"), *hidden]
    if introduction.strip():
        rest.insert(0, new_markdown_cell(introduction.strip()))
    for cell in tagged(notebook, "claims"):
        metadata = {"tags": ["remove-input"]}
        first.append(new_code_cell(_judging(name, known), metadata=metadata))
        cell.source = "ledger(entries)"
    notebook.cells = [*first, *rest]
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02}"  # those of nbformat are random
    return notebook


def _judging(name, known):
    """Return code that judges the claims of a page, and shows them beside the published ones."""
    device = ", ".join(f"{each}={each}" for each in known if each in of_device())
    return (
        "from IPython.display import HTML\n"
        "from myst_nb import glue\n\n"
        "from lossnr import Device\n"
        "from lossnr.claims import judge\n"
        "from lossnr.show.verdicts import beside, kept\n\n"
        f'entries = judge(Device().replace({device}), page="{name}")\n'
        'glue("kept", HTML(kept(entries, "that page")), display=False)\n'
        "beside(entries)"
    )


def change_pages(folder, values, published):
    """Change the pages of a book in place: every notebook that has a parameter gets its value.

    The folder has notebooks and pages in Markdown; ``published`` is as in `see`.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pathlib.Path(folder, "cite.md")
    ...     _ = page.write_text("# How to cite", encoding="utf-8")
    ...     change_pages(pathlib.Path(folder), {"U": 3.0}, "")
    ...     print(page.read_text(encoding="utf-8").splitlines()[2])
    :::{admonition} What was changed
    """
    import nbformat

    for path in sorted(folder.glob("*.*")):
        where = see(published, f"book/{path.stem}")
        box = what_changed("book", everything(), values, where)
        if path.suffix == ".md":
            heading, _, rest = path.read_text(encoding="utf-8").partition("\n")
            path.write_text(f"{heading}\n\n{box}\n{rest}", encoding="utf-8")
        if path.suffix == ".ipynb":
            known = parameters(path.stem)
            own = {k: v for k, v in values.items() if k in known and v != known[k].default}
            if own:
                box = what_changed("page", known, own, where)
            nbformat.write(changed_copy(path.stem, own, box), path)


def what_changed(whole, known, values, where="", coarse=()):
    """Return a box in Markdown with the changed parameters of a "page" or the "book".

    ``where`` is a sentence that leads to the published one. ``coarse`` names the values that come
    from `Parameter.quick` and not from the user.

    >>> box = what_changed("page", parameters("fig3"), {"Omega": 0.05})
    >>> print(box.splitlines()[-2])
    | $\\Omega$, `Omega` | 0.05 | 0.1 | amplitude of the drive, in units of $\\kappa$ |
    """
    said = [f"This {whole} was computed anew with the published parameters."]
    rows = [("parameter", "here", "published", "meaning")]
    for name, value in values.items():
        symbol = f"`{name}`"
        if name in QUANTITIES and QUANTITIES[name].symbol != name:
            symbol = f"${QUANTITIES[name].symbol}$, {symbol}"
        unit = _UNITS.get(known[name].unit, "")
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
    if values.get("Omega") == 0:
        said.append("Without a drive the correlations are their limits for weak drive.")
    shown = [f"`{name}`" for name in values if name not in of_device()]
    if shown and whole == "page":
        verb = "changes" if len(shown) == 1 else "change"
        said.append(f"{', '.join(shown)} {verb} what is shown, and no verdict.")
    box = [":::{admonition} What was changed", ":class: important", " ".join([*said, where])]
    table = ["", wide_table(rows).data] if values else []
    return "\n".join([*box, *table, ":::"])


def see(published, docname):
    """Return a sentence that leads to a page of the published book.

    That book is given by its address, its path from the root of this one, or "" if there is none.

    >>> see("../published", "book/fig3")
    'See <a href="../../published/book/fig3.html">the published page</a>.'
    """
    if not published:
        return ""
    up = "" if "://" in published else "../" * docname.count("/")
    return f'See <a href="{up}{published}/{docname}.html">the published page</a>.'
