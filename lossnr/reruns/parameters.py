"""The parameters of the book's notebooks, and their allowed values.

A parameter is a line of the cell tagged ``parameters``, as papermill reads it: ``name: type =
default  # unit; meaning``. Its bounds are in the metadata of that cell; those of a parameter of the
device are in `Device`.
"""

from dataclasses import dataclass, fields, replace
from functools import cache
from reprlib import repr as short

from ..model.checks import unknown
from ..model.device import LARGEST, SHARED, Device
from ..model.names import QUANTITIES
from .expressions import evaluate
from .notebooks import find, names, read, tagged

#: The bounds of the values that `Device` allows.
_ALLOWED = {"any real number": {}, ">= 0": {"lowest": 0}, "> 0": {"above": 0}}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a notebook; its unit is "kappa", "1/kappa", "rad" or "number".

    A bound is a number as users write it (1001, "1e-6"), or the name of another parameter.

    >>> points = Parameter("points", 201, "number", "points per axis", lowest=2, highest=1001)
    >>> points.allowed, points.checked(41.0, {})
    ('2 to 1001', 41)

    Attributes
    ----------
    lowest, above, highest : int or str or None
        The bounds: ``lowest`` and ``highest`` are allowed, ``above`` itself is not.
    quick : float or int or None
        A value for a quick and coarse run.
    whole : bool
        Whether the whole page is computed at its value, and not only some panels or a table.
    """

    name: str
    default: float | int
    unit: str
    meaning: str
    lowest: int | str | None = None
    above: int | str | None = None
    highest: int | str | None = None
    quick: float | int | None = None
    whole: bool = True

    @property
    def allowed(self):
        """What is allowed, in words."""
        if self.above is not None:
            return f"above {self.above}"
        if self.highest is not None:
            return f"{self.lowest} to {self.highest}"
        return "any real number" if self.lowest is None else f"at least {self.lowest}"

    def checked(self, value, every):
        """Return a value as this parameter's type.

        ``every`` holds the values of all parameters by their names: one may be another's bound.

        Raises
        ------
        ValueError
            If it is not allowed.
        """
        if self.name in of_device():
            Device().replace(**{self.name: value})
            return value

        def number(bound):
            return evaluate(str(every.get(bound, bound)))

        message = f"{self.name} = {value:g}: allowed is "
        if (
            (self.lowest is not None and value < number(self.lowest))
            or (self.above is not None and value <= number(self.above))
            or (self.highest is not None and value > number(self.highest))
        ):
            named = [bound for bound in (self.lowest, self.above, self.highest) if bound in every]
            which = [f", which is {every[bound]:g}" for bound in named]
            raise ValueError(message + self.allowed + "".join(which))
        if abs(value) > LARGEST:
            raise ValueError(f"{message}at most {LARGEST:g} in size")
        if isinstance(self.default, float):
            return value
        if value != int(value):
            raise ValueError(f"{self.name} = {value!r}: allowed is a whole number")
        return int(value)


@cache
def parameters(name):
    """Return the parameters of a notebook by their names, in its order.

    >>> parameters("fig3")["points"].default, parameters("model")
    (401, {})
    """
    import papermill  # slow to import

    cells = tagged(read(name), "parameters")
    bounds = cells[0].metadata.get("lossnr", {}) if cells else {}
    device, found = of_device(), {}
    for each in papermill.inspect_notebook(str(find(name))).values():
        unit, meaning = (part.strip() for part in each["help"].split(";"))
        kind = {"float": float, "int": int}[each["inferred_type_name"]]
        default, name = kind(each["default"]), each["name"]
        known = device.get(name, Parameter(name, default, unit, meaning))
        found[name] = replace(
            known, default=default, unit=unit, meaning=meaning, **bounds.get(name, {})
        )
    return found


@cache
def of_device():
    """Return the parameters of a `Device` and the paper's shared symbols, as a notebook's.

    >>> of_device()["U"].meaning
    'Kerr nonlinearity of cavity a, and U_c'
    """
    found = {}
    for f in fields(Device):
        bounds = _ALLOWED[f.metadata["allowed"]]
        unit, meaning = QUANTITIES[f.name].unit, QUANTITIES[f.name].words
        found[f.name] = Parameter(f.name, f.default, unit, meaning, **bounds)
    for name, (first, *others) in SHARED.items():
        meaning = f"{found[first].meaning}, and {', '.join(others)}"
        found[name] = replace(found[first], name=name, meaning=meaning)
    return found


def everything():
    """Return the parameters of all notebooks by their names, as the first notebook has them.

    >>> {"Omega", "points", "seed"} <= everything().keys()
    True
    """
    known = {}
    for name in names():
        known = parameters(name) | known
    return known


def defaults(name):
    """Return the defaults of a parameter in the notebooks that have it, as a set.

    >>> {161, 401} <= defaults("points")
    True
    """
    return {parameters(n)[name].default for n in names() if name in parameters(n)}


def listing(*which):
    """Return the parameters of notebooks, of all if none is named, as the rows of a table.

    The first row has the headings. Notebooks with the same parameter share a row.

    >>> [row[:4] for row in listing("fig3") if row[0] in ("name", "points")]
    [('name', 'default', 'unit', 'allowed'), ('points', '401', 'number', '2 to 100000')]
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
    """Return checked values by the parameters' names, each as its parameter's type.

    ``pairs``, or a dict, has names and numbers, or expressions (see `expressions.evaluate`).

    >>> values([("Omega", "1/20"), ("points", "2*10")], parameters("fig3"))
    {'Omega': 0.05, 'points': 20}

    Raises
    ------
    TypeError, ValueError
        The message names what is unknown, given twice, not a number or not allowed.
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
            found[name] = evaluate(str(value))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return checked(found, known)


def checked(found, known):
    """Return values by the parameters' names, each as its parameter's type; errors as in `values`.

    A parameter that is another's bound has its value in ``found``, or its default.

    >>> checked({"points": 20.0}, parameters("fig3"))
    {'points': 20}
    """
    every = {name: each.default for name, each in known.items()} | found
    right = {name: each.checked(every[name], every) for name, each in known.items()}
    return {name: right[name] for name in found}
