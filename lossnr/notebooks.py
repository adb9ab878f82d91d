"""The book's notebooks: where they are, their parameters, and a copy with other values.

A parameter is a line of the cell tagged ``parameters``: ``name: type = default  # unit; meaning;
allowed; quick value``, as papermill reads it. The last two may be absent: what a parameter of the
device allows, `Device` says, and without a quick value ``--quick`` leaves the default.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from reprlib import repr as short

from .device import LARGEST, SHARED, Device, unknown
from .expressions import number
from .report import SYMBOLS, wide_table

__all__ = [
    "ROOT",
    "Parameter",
    "changed",
    "find",
    "listing",
    "names",
    "of_device",
    "parameters",
    "values",
    "what_changed",
]

#: The folder with the book's settings; the notebooks are in ``book`` below it.
ROOT = Path(__file__).resolve().parent.parent


def names():
    """Return the names of the book's notebooks, in the order of the alphabet.

    Raises
    ------
    FileNotFoundError
        If the package is not beside the book: installed without its repository.
    """
    found = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))
    if not found:
        raise FileNotFoundError(
            f"there is no book in {ROOT}: install the package from a clone of its repository, "
            "with pip install -e"
        )
    return found


def find(name):
    """Return the path of a notebook, by its name ("fig3") or its path in the repository.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest one.
    """
    known = names()
    for spelling in known:
        if name in (spelling, f"{spelling}.ipynb", f"book/{spelling}.ipynb"):
            return ROOT / "book" / f"{spelling}.ipynb"
    raise ValueError(unknown("notebook", name, known))


@dataclass(frozen=True)
class Parameter:
    """A parameter of a notebook.

    Attributes
    ----------
    name : str
    default : float or int
    unit : str
        "kappa", "rad" or "number".
    meaning : str
    allowed : str
        "any real number", "above 0", "at least 0" or "1 to 10" and the like.
    quick : float or int or None
        A value that makes the run quick, and coarse.
    """

    name: str
    default: float | int
    unit: str
    meaning: str
    allowed: str
    quick: float | int | None

    def checked(self, value):
        """Return a value as this parameter's type, or say what is wrong with it."""
        if isinstance(self.default, int):
            if value != int(value):
                raise ValueError(
                    f"{self.name} = {value!r}: allowed is a whole number, {self.allowed}"
                )
            value = int(value)
        if self.name in of_device():
            Device().replace(**{self.name: value})
        elif not (_within(self.allowed, value) and abs(value) <= LARGEST):
            raise ValueError(
                f"{self.name} = {value:g}: allowed is {self.allowed}, at most {LARGEST:g} in size"
            )
        return value


def _within(allowed, value):
    if " to " in allowed:
        low, high = map(float, allowed.split(" to "))
        return low <= value <= high
    words, _, bound = allowed.rpartition(" ")
    return {
        "at least": lambda: value >= float(bound),
        "above": lambda: value > float(bound),
        "any real": lambda: True,
    }[words]()


@cache
def parameters(name):
    """Return the parameters of a notebook by their names, in its order; none for some."""
    import papermill  # slow to import

    device, found = of_device(), {}
    for each in papermill.inspect_notebook(str(find(name))).values():
        unit, meaning, *more = (part.strip() for part in each["help"].split(";"))
        kind = {"float": float, "int": int}[each["inferred_type_name"]]
        if each["name"] in device:
            more.insert(0, device[each["name"]].allowed)
        more = more or ["any real number"]
        found[each["name"]] = Parameter(
            each["name"],
            kind(each["default"]),
            unit,
            meaning,
            more[0],
            kind(more[1].removeprefix("quick ")) if len(more) > 1 else None,
        )
    return found


@cache
def of_device():
    """Return the parameters of a `Device` and the paper's shared symbols, as a notebook's."""
    found = {}
    for f in fields(Device):
        allowed = f.metadata["allowed"].replace(">=", "at least").replace(">", "above")
        unit, meaning = f.metadata["unit"], f.metadata["meaning"]
        found[f.name] = Parameter(f.name, f.default, unit, meaning, allowed, None)
    for name, (first, *others) in SHARED.items():
        meaning = f"{found[first].meaning}, and {', '.join(others)}"
        found[name] = replace(found[first], name=name, meaning=meaning)
    return found


def listing(*which):
    """Return the parameters of notebooks, of all if none is named, as the rows of a table.

    Returns
    -------
    list of tuple of str
        First the headings; what several notebooks say in the same words is one row.
    """
    found = {}
    for name in which or names():
        for parameter in parameters(name).values():
            found.setdefault(parameter, []).append(name)
    rows = [("name", "default", "unit", "allowed", "meaning", "in")]
    for each, where in sorted(found.items(), key=lambda item: item[0].name.lower()):
        default = f"{each.default:.6g}"
        rows.append((each.name, default, each.unit, each.allowed, each.meaning, ", ".join(where)))
    return rows


def values(pairs, known):
    """Return the values that were asked for, by the parameters' names, checked.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Names and expressions of numbers (see `expressions.number`).
    known : dict of Parameter

    Raises
    ------
    TypeError, ValueError
        For a name that is unknown or given twice, or a value that is no number or not allowed; the
        message names it.
    """
    found = {}
    for name, text in pairs:
        if not known:
            raise ValueError(f"unknown parameter {short(name)}: the notebook has none")
        if name not in known:
            raise ValueError(unknown("parameter", name, known))
        if name in found:
            raise ValueError(f"{name} is given twice")
        try:
            value = number(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        found[name] = known[name].checked(value)
    return found


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
        if {"parameters", "injected-parameters"} & set(cell.metadata["tags"]):
            cell.metadata["tags"].append("remove-cell")
            first.append(cell)
        else:
            rest.append(cell)
    notebook.cells = [*first, *_verdicts(rest, known), *rest]
    at = ", ".join(f"{_symbol(name)} = {value:.6g}" for name, value in values.items())
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02}"  # those of nbformat are random
        figure = cell.metadata.get("mystnb", {}).get("figure")
        if figure and values:
            figure["caption"] = figure["caption"].replace(".**", f", at {at}.**", 1)
    return notebook


def _verdicts(cells, known):
    """Return a cell with the verdicts beside the published ones, if the page shows verdicts."""
    from nbformat.v4 import new_code_cell

    sources = "\n".join(cell.source for cell in cells)
    page = re.search(r'judge\(device, page="(\w+)"\)', sources)
    if not page:
        return []
    device = ", ".join(f"{name}={name}" for name in known if name in of_device())
    cell = new_code_cell(
        "from lossnr import Device\n"
        "from lossnr.claims import judge\n"
        "from lossnr.report import beside\n\n"
        f'beside(judge(Device().replace({device}), page="{page[1]}"))'
    )
    cell.metadata["tags"] = ["remove-input"]
    return [cell]


def what_changed(whole, known, values, where=""):
    """Return what a run changes, as a box in Markdown.

    Parameters
    ----------
    whole : str
        "page" or "book".
    known : dict of Parameter
    values : dict of str to float or int
    where : str
        A sentence on where the published one is.
    """
    rows = [("parameter", "here", "published", "meaning")]
    for name, value in values.items():
        symbol = f"{_symbol(name)}, `{name}`" if name in SYMBOLS else f"`{name}`"
        unit = {"kappa": r", in units of $\kappa$", "rad": ", in rad"}.get(known[name].unit, "")
        here, published = (f"{x:.6g}" for x in (value, known[name].default))
        if here == published:
            here, published = repr(value), repr(known[name].default)
        rows.append((symbol, here, published, f"{known[name].meaning}{unit}"))
    if values:
        said = f"This {whole} was computed with other parameters than the published one."
        table = ["", wide_table(rows).data]
    else:
        said, table = f"This {whole} was computed anew with the published parameters.", []
    box = [":::{admonition} What was changed", ":class: important", f"{said} {where}".strip()]
    return "\n".join([*box, *table, ":::"])


def _symbol(name):
    return f"${SYMBOLS[name]}$" if name in SYMBOLS else f"`{name}`"
