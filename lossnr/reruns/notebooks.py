"""The book's notebooks: where they are, their parameters, and the values that these allow.

A parameter is a line of the cell tagged ``parameters``: ``name: type = default  # unit; meaning;
allowed; quick value``, as papermill reads it. The last two may be absent: what a parameter of the
device allows, `Device` says, and without a quick value ``--quick`` leaves the default. The bound in
what is allowed may be another parameter.
"""

import os
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from reprlib import repr as short

from ..model.checks import unknown
from ..model.device import LARGEST, SHARED, Device
from ..model.names import QUANTITIES
from .expressions import number

__all__ = [
    "ROOT",
    "Parameter",
    "checked",
    "defaults",
    "find",
    "listing",
    "names",
    "of_device",
    "parameters",
    "values",
]

#: The folder with the book's settings; the notebooks are in ``book`` below it.
ROOT = Path(__file__).resolve().parents[2]


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


def find(name, *, alone=False):
    """Return the path of a notebook, by its name ("fig3") or its path, in the repository or here.

    ``alone`` asks for one that does not show what other notebooks found.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest one.
    """
    known = names()
    for spelling in known:
        path = ROOT / "book" / f"{spelling}.ipynb"
        if name in (spelling, path.name, f"book/{path.name}") or os.path.abspath(name) == str(path):
            if alone and "{glue:any}" in path.read_text():
                raise ValueError(
                    f"{spelling} shows what other notebooks found: run the whole book, lossnr book"
                )
            return path
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

    def checked(self, value, every):
        """Return a value as this parameter's type, or say what is wrong with it.

        ``every`` has the values of all parameters by their names: one may be the bound of another.
        """
        if self.name in of_device():
            Device().replace(**{self.name: value})
            return value
        message = f"{self.name} = {value:g}: allowed is "
        words, _, bound = self.allowed.rpartition(" ")
        if not _within(words, every.get(bound, bound), value):
            which = f", which is {every[bound]:g}" if bound in every else ""
            raise ValueError(f"{message}{self.allowed}{which}")
        if abs(value) > LARGEST:
            raise ValueError(f"{message}at most {LARGEST:g} in size")
        if isinstance(self.default, float):
            return value
        if value != int(value):
            raise ValueError(f"{self.name} = {value!r}: allowed is a whole number")
        return int(value)


def _within(words, bound, value):
    """Return whether a value is within "at least", "above" or "2 to" a bound, or any real one."""
    if words == "any real":
        return True
    if words == "above":
        return value > float(bound)
    if words == "at least":
        return value >= float(bound)
    return float(words.removesuffix(" to")) <= value <= float(bound)


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
        unit, meaning = QUANTITIES[f.name].unit, QUANTITIES[f.name].words
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
    pairs : iterable of (str, str or float), or dict
        Names and numbers, or expressions of numbers (see `expressions.number`).
    known : dict of Parameter

    Raises
    ------
    TypeError, ValueError
        For a name that is unknown or given twice, or a value that is no number or not allowed; the
        message names it.
    """
    found = {}
    for name, value in pairs.items() if isinstance(pairs, dict) else pairs:
        if not known:
            raise ValueError(f"unknown parameter {short(name)}: the notebook has none")
        if name not in known:
            raise ValueError(unknown("parameter", name, known))
        if name in found:
            raise ValueError(f"{name} is given twice")
        try:
            found[name] = number(str(value))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return checked(found, known)


def checked(found, known):
    """Return values by the parameters' names as `values` does, or say what is wrong with them."""
    every = {name: each.default for name, each in known.items()} | found
    right = {name: each.checked(every[name], every) for name, each in known.items()}
    return {name: right[name] for name in found}


def defaults(name):
    """Return what a parameter is by default in the notebooks that have it, as a set."""
    return {parameters(n)[name].default for n in names() if name in parameters(n)}
