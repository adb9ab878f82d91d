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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path

import numpy as np

from ..machine import FINDINGS, one_blas_thread
from ..model.device import Device, check_device
from ..model.names import plain
from ..solver.accuracy import ConvergenceError
from .conditions import turned, verdict_of
from .criteria import criterion, history, origin

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

    >>> from lossnr.claims import Condition
    >>> nearly = Condition("$T$ $a\\to c$", 0.9, ">=", 0.95, "qualified")
    >>> Finding([nearly], {"$T$ $a\\to c$": 0.9}, "none", "It holds nearly.").verdict
    'qualified'

    Attributes
    ----------
    conditions : sequence of Condition
        What decides; the verdict follows from them.
    measured : dict of str to float
        The measured numbers, by what they are; rates in units of kappa.
    check : str
        The second, independent method, and how well it agrees.
    note : str
        What was found, in a sentence or two.
    """

    conditions: Sequence
    measured: dict
    check: str
    note: str

    @property
    def verdict(self):
        """One of `VERDICTS`."""
        return verdict_of(self.conditions)


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


def claim(id, *, where, page):
    r"""Enter the decorated function into the ledger as the measure of a claim.

    Its docstring is the statement in our words; the criterion is in criteria.toml.

    >>> claim("x", where="Fig. 1", page="fig1")
    Traceback (most recent call last):
    ValueError: id = 'x': criteria.toml has no criterion of this claim

    Raises
    ------
    ValueError
        If the id is that of another claim, or criteria.toml has no such criterion.
    """
    if id in CLAIMS:
        raise ValueError(f"id = {id!r}: it is the id of another claim")
    rule = criterion(id)

    def enter(measure):
        # With the option -OO Python drops docstrings: then the source has it.
        text = measure.__doc__ or ast.get_docstring(ast.parse(inspect.getsource(measure)).body[0])
        statement = " ".join(text.split())
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
        Of each claim ``id``, ``where``, ``page``, ``statement``, ``criterion``, ``origin`` (how
        the criterion came about, one of `ORIGINS`), ``history``, ``measured``, ``labels``,
        ``conditions``, ``check``, ``verdict``, ``note`` and ``code``, the name of the function that
        measures it. The names of what is measured are plain text, such as "T a->c"; ``labels``
        gives each with its mathematics. Measured numbers are rounded to six digits, and None where
        they are infinite or no light arrives. Of each condition ``what``, ``value``, ``relation``,
        ``threshold``, ``holds``, ``counted`` (whether a share counts it, and those with the same
        threshold), and ``turns_to``: the verdict if the threshold moved to the value, where this
        condition turns; None if the verdict stays.

    Raises
    ------
    TypeError, ValueError
        For anything but a `Device`, and for an unknown page.
    """
    device = Device() if device is None else device
    check_device(device)
    pages = {each.page for each in CLAIMS.values()}
    if page is not None and page not in pages:
        raise ValueError(f"page = {page!r}: allowed are {', '.join(sorted(pages))}")
    return [entry(id, device) for id, each in CLAIMS.items() if page in (None, each.page)]


def entry(id, device):
    """Return what `judge` returns of one claim.

    The kernels of one build share the result, so that it is computed once for the page of the
    claim and the page of all verdicts.

    >>> entry("weak-g3", Device())["verdict"]
    'corrected'
    """
    if FINDINGS not in os.environ:
        return _measured(id, device)
    folder, key = os.environ[FINDINGS], json.dumps([id, device.parameters()])
    path = Path(folder, hashlib.sha256(key.encode()).hexdigest())
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            json.dump(_measured(id, device), file)
        os.replace(file.name, path)  # complete, whenever others look
    return json.loads(path.read_text(encoding="utf-8"))


@one_blas_thread()
def _measured(id, device):
    claim = CLAIMS[id]
    try:
        finding = claim.measure(device)
        verdict = finding.verdict
    except (ConvergenceError, Undecided) as error:
        finding = Finding((), {}, "none", f"It cannot be decided here: {error}.")
        verdict = "not-checkable"
    return {
        "id": claim.id,
        "where": claim.where,
        "page": claim.page,
        "statement": claim.statement,
        "criterion": claim.criterion,
        "origin": origin(id),
        "history": history(id),
        "measured": {plain(name): _rounded(value) for name, value in finding.measured.items()},
        "labels": {plain(name): name for name in finding.measured},
        "conditions": [_judged(finding, k) for k in range(len(finding.conditions))],
        "check": finding.check,
        "verdict": verdict,
        "note": finding.note,
        "code": f"{claim.measure.__module__}.{claim.measure.__qualname__}",
    }


def _judged(finding, k):
    """Return condition k of a finding as a dict, and what becomes of the verdict if it turns."""
    each, turns_to = finding.conditions[k], turned(finding.conditions, k)
    return {
        "what": each.what,
        "value": _rounded(each.value),
        "relation": each.relation,
        "threshold": _rounded(each.threshold),
        "holds": each.holds,
        "counted": any(each in other.counted for other in finding.conditions),
        "turns_to": None if turns_to == finding.verdict else turns_to,
    }


def in_plain_text(entries):
    r"""Return entries of the ledger without mathematics, as the command line prints them.

    >>> in_plain_text([{"note": r"$\kappa_b = 1$", "measured": {"T": 0.5}, "labels": {"T": "$T$"}}])
    [{'note': 'kappa_b = 1', 'measured': {'T': 0.5}}]
    """
    return [
        {key: _plain(value) for key, value in entry.items() if key != "labels"} for entry in entries
    ]


def _plain(value):
    """Return texts, also those in lists and dicts, as plain text."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _rounded(value):
    """Return a number to six digits, None if it is infinite or nan; true and false stay."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
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
