"""What a claim is, what is found of it, and the record of all verdicts.

All texts hold their mathematics as LaTeX between dollar signs, as pages show them.
"""

import ast
import hashlib
import inspect
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path

from ..machine import SHARED, one_blas_thread
from ..model.device import Device
from ..model.names import plain
from ..solver.accuracy import ConvergenceError

#: The verdicts and what they mean.
VERDICTS = {
    "reproduced": "the criterion holds at the stated parameters",
    "corrected": "it fails as printed and holds after one named correction",
    "qualified": "it holds in part of the stated range, or approximately",
    "not-reproduced": "it does not hold",
    "not-checkable": "the text does not say enough, or the solver cannot decide",
}

#: All claims by their ids, in the paper's order; `claim` adds them.
#:
#: :meta hide-value:
CLAIMS = {}


class Undecided(ArithmeticError):
    """A claim cannot be judged at this device; the message says why.

    >>> raise Undecided("no light arrives")
    Traceback (most recent call last):
    lossnr.claims.ledger.Undecided: no light arrives
    """


@dataclass(frozen=True)
class Finding:
    """What was measured for a claim at one device.

    >>> Finding("qualified", {"$T$ $a\\to c$": 0.9}, "none", "It holds nearly.").verdict
    'qualified'

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    measured : dict of str to float
        The figures that decide, by what they are; rates in units of kappa.
    check : str
        The second, independent method, and how well it agrees.
    note : str
        What was found, in a sentence or two.

    Raises
    ------
    ValueError
        For another verdict.
    """

    verdict: str
    measured: dict
    check: str
    note: str

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict = {self.verdict!r}: allowed are {', '.join(VERDICTS)}")


@dataclass(frozen=True)
class Claim:
    """A statement of the paper that a computation can decide.

    ``where`` is its place in the paper, ``page`` the page of the book that shows it, ``criterion``
    what has to hold, with the reason for the tolerance. ``measure`` takes a `Device`, the working
    point, and returns a `Finding`.

    >>> CLAIMS["one-way-T"].where
    'Fig. 2(b)'
    """

    id: str
    where: str
    page: str
    statement: str
    criterion: str
    measure: Callable


def claim(id, *, where, page, criterion=None):
    r"""Enter the decorated function into the ledger as the measure of a claim.

    Its docstring is the claim: the first paragraph is the statement in our words, the rest the
    criterion, unless that is given.

    >>> @claim("x", where="Fig. 1", page="fig1")
    ... def x(device):
    ...     "It holds.\n\n$T > 0.5$."
    ...     return Finding("reproduced", {"$T$": 0.9}, "none", "It does.")
    >>> print(x.__doc__)
    Fig. 1: It holds.
    <BLANKLINE>
    *Criterion.* :math:`T > 0.5`.
    >>> CLAIMS.pop("x").criterion
    '$T > 0.5$.'

    Raises
    ------
    ValueError
        If the id is that of another claim.
    """
    if id in CLAIMS:
        raise ValueError(f"id = {id!r}: it is the id of another claim")

    def enter(measure):
        # With the option -OO Python drops docstrings: then the source has it.
        text = measure.__doc__ or ast.get_docstring(ast.parse(inspect.getsource(measure)).body[0])
        own = [" ".join(paragraph.split()) for paragraph in text.split("\n\n", 1)]
        statement, rule = own if criterion is None else (own[0], criterion)
        described = f"{where}: {statement}\n\n*Criterion.* {rule}"
        measure.__doc__ = re.sub(r"\$(.*?)\$", r":math:`\1`", described)
        CLAIMS[id] = Claim(id, where, page, statement, rule, cache(measure))
        return measure

    return enter


def judge(device=None, *, page=None):
    r"""Return the ledger at a device, the working point of the paper unless another is given.

    Where a claim names a parameter's value itself, that value is taken. With ``page``, such as
    "fig2", only the claims of this page of the book are judged.

    >>> found = {entry["id"]: entry for entry in judge(page="fig4")}
    >>> found["weak-g3"]["verdict"]
    'corrected'
    >>> found["populations"]["labels"]["kappa_b of the smallest P_1 in a"]
    '$\\kappa_b$ of the smallest $P_1$ in $a$'

    Returns
    -------
    list of dict
        Of each claim ``id``, ``where``, ``page``, ``statement``, ``criterion``, ``measured``,
        ``labels``, ``check``, ``verdict``, ``note`` and ``code``, the name of the function that
        measures it. The names of what is measured are plain text, such as "T a->c"; ``labels``
        gives each with its mathematics. Measured figures are rounded to six digits, and None where
        they are infinite or no light arrives.

    Raises
    ------
    TypeError, ValueError
        For anything but a `Device`, and for an unknown page.
    """
    device = Device() if device is None else device
    if not isinstance(device, Device):
        raise TypeError(f"device = {device!r}: allowed is a Device")
    pages = {each.page for each in CLAIMS.values()}
    if page is not None and page not in pages:
        raise ValueError(f"page = {page!r}: allowed are {', '.join(sorted(pages))}")
    return [entry(id, device) for id, each in CLAIMS.items() if page in (None, each.page)]


@one_blas_thread()
def entry(id, device):
    """Return what `judge` returns of one claim.

    >>> entry("weak-g3", Device())["verdict"]
    'corrected'
    """
    claim = CLAIMS[id]
    try:
        finding = _measured(claim, device)
    except (ConvergenceError, Undecided) as error:
        finding = Finding("not-checkable", {}, "none", f"It cannot be decided here: {error}.")
    return {
        "id": claim.id,
        "where": claim.where,
        "page": claim.page,
        "statement": claim.statement,
        "criterion": claim.criterion,
        "measured": {plain(name): _rounded(value) for name, value in finding.measured.items()},
        "labels": {plain(name): name for name in finding.measured},
        "check": finding.check,
        "verdict": finding.verdict,
        "note": finding.note,
        "code": f"{claim.measure.__module__}.{claim.measure.__qualname__}",
    }


def _measured(claim, device):
    """Return what is found of a claim, by another kernel of the same build if that was first.

    So the page of a claim and the page of all verdicts measure it once.
    """
    if SHARED not in os.environ:
        return claim.measure(device)
    folder, key = os.environ[SHARED], json.dumps([claim.id, device.parameters()])
    path = Path(folder, hashlib.sha256(key.encode()).hexdigest())
    if path.exists():
        return Finding(**json.loads(path.read_text(encoding="utf-8")))
    finding = claim.measure(device)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(asdict(finding), file, default=float)
    os.replace(file.name, path)  # complete, whenever others look
    return finding


def in_plain_text(entries):
    r"""Return entries of the ledger without mathematics, as the command line prints them.

    >>> in_plain_text([{"note": r"$\kappa_b = 1$", "measured": {"T": 0.5}, "labels": {"T": "$T$"}}])
    [{'note': 'kappa_b = 1', 'measured': {'T': 0.5}}]
    """
    return [
        {
            key: plain(value) if isinstance(value, str) else value
            for key, value in entry.items()
            if key != "labels"
        }
        for entry in entries
    ]


def _rounded(value):
    return float(f"{value:.6g}") if isfinite(value) else None


@cache
def published():
    """Return the published verdicts, those at the paper's parameters, by the claims' ids.

    >>> published()["eq12"]
    'corrected'
    """
    return json.loads(files("lossnr.claims").joinpath("published.json").read_text(encoding="utf-8"))


def changed(entries):
    """Return the verdicts that are not the published ones: pairs of the published and this one.

    >>> changed([{"id": "eq12", "verdict": "reproduced"}])
    {'eq12': ('corrected', 'reproduced')}
    """
    return {
        entry["id"]: (published().get(entry["id"]), entry["verdict"])
        for entry in entries
        if published().get(entry["id"]) != entry["verdict"]
    }
