"""What a claim is, what is found of it, and the record of all verdicts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite

from ..model.device import Device
from ..solver.accuracy import ConvergenceError

__all__ = [
    "CLAIMS",
    "VERDICTS",
    "Claim",
    "Finding",
    "Undecided",
    "changed",
    "claim",
    "judge",
    "published",
]

#: The verdicts and what they mean.
VERDICTS = {
    "reproduced": "the criterion holds at the stated parameters",
    "corrected": "it fails as printed and holds after one named correction",
    "qualified": "it holds in part of the stated range, or approximately",
    "not-reproduced": "it does not hold",
    "not-checkable": "the text does not say enough, or the solver cannot decide",
}

#: All claims by their ids, in the paper's order.
CLAIMS = {}


class Undecided(ArithmeticError):
    """A claim cannot be judged at this device; the message says why."""


@dataclass(frozen=True)
class Finding:
    """What was measured for a claim at one device.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    measured : dict of str to float
        The figures that decide, by name; rates in units of kappa.
    check : str
        The second, independent method, and how well it agrees.
    note : str
        What was found, in a sentence or two.
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

    Attributes
    ----------
    id : str
    where : str
        Its place in the paper.
    page : str
        The page of the book that shows it.
    statement : str
        What it says, in our words.
    criterion : str
        What has to hold, with the reason for the tolerance; declared before anything is measured.
    measure : callable
        From a `Device`, the working point, to a `Finding`.
    """

    id: str
    where: str
    page: str
    statement: str
    criterion: str
    measure: Callable


def claim(id, *, where, page, statement, criterion):
    """Enter the decorated function into the ledger as the measure of a claim."""

    def enter(measure):
        CLAIMS[id] = Claim(id, where, page, statement, criterion, cache(measure))
        return measure

    return enter


def judge(device=None, *, page=None):
    """Return the ledger at a device, the working point of the paper unless another is given.

    Parameters
    ----------
    device : Device, optional
        Where a claim names a parameter's value itself, that value is taken.
    page : str, optional
        Only the claims of this page of the book, such as "fig2".

    Returns
    -------
    list of dict
        Of each claim ``id``, ``where``, ``page``, ``statement``, ``criterion``, ``measured``,
        ``check``, ``verdict``, ``note`` and ``code``, the name of the function that measures it.
        Measured figures are rounded to six digits, and None where no light arrives.
    """
    device = Device() if device is None else device
    if not isinstance(device, Device):
        raise TypeError(f"device = {device!r}: allowed is a Device")
    pages = {each.page for each in CLAIMS.values()}
    if page is not None and page not in pages:
        raise ValueError(f"page = {page!r}: allowed are {', '.join(sorted(pages))}")
    return [_entry(each, device) for each in CLAIMS.values() if page in (None, each.page)]


def _entry(claim, device):
    try:
        finding = claim.measure(device)
    except (ConvergenceError, Undecided) as error:
        finding = Finding("not-checkable", {}, "none", f"It cannot be decided here: {error}.")
    return {
        "id": claim.id,
        "where": claim.where,
        "page": claim.page,
        "statement": claim.statement,
        "criterion": claim.criterion,
        "measured": {name: _rounded(value) for name, value in finding.measured.items()},
        "check": finding.check,
        "verdict": finding.verdict,
        "note": finding.note,
        "code": f"{claim.measure.__module__}.{claim.measure.__qualname__.partition('.')[0]}",
    }


def _rounded(value):
    return float(f"{value:.6g}") if isfinite(value) else None


@cache
def published():
    """Return the published verdicts, those at the paper's parameters, by the claims' ids."""
    return json.loads(files("lossnr.claims").joinpath("published.json").read_text())


def changed(entries):
    """Return, for each entry whose verdict is not the published one, its id and both verdicts."""
    return {
        entry["id"]: (published().get(entry["id"]), entry["verdict"])
        for entry in entries
        if published().get(entry["id"]) != entry["verdict"]
    }
