"""The criteria of the claims and how each came about, from criteria.toml.

Each criterion is frozen: the last entry of its history bears a seal, which fits only this text and
these thresholds.
"""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files

#: How a criterion can have come about, by the kinds of entries in its history.
ORIGINS = {
    "before": "set before its number was computed",
    "partly": "set when a part of its result was known",
    "with": "set together with its number",
    "after": "set when its number was known",
    "revised": "revised when its number was known",
    "reworded": "reworded",
}


@cache
def criteria():
    """Return the table of criteria.toml: criterion, what decides, and history, by the claims' ids.

    >>> criteria()["one-way-T"]["history"][0]
    {'date': '2026-11-22', 'kind': 'with'}
    """
    text = files("lossnr.claims").joinpath("criteria.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def criterion(id):
    r"""Return the text of a criterion.

    >>> criterion("isolation-max")
    'The largest isolation over the map is within $0.05\\,\\kappa$ of this point on both axes.'

    Raises
    ------
    ValueError
        If there is none of this id.
    """
    if id not in criteria():
        raise ValueError(f"id = {id!r}: criteria.toml has no criterion of this claim")
    return " ".join(criteria()[id]["criterion"].split())


def origin(id):
    """Return how a criterion came about: "revised" if it ever was, else how it was set.

    >>> origin("one-way-T"), origin("robust")
    ('with', 'revised')
    """
    kinds = [entry["kind"] for entry in criteria()[id]["history"]]
    return "revised" if "revised" in kinds else kinds[0]


def history(id):
    """Return the history of a criterion: of each entry its date, its kind, and why.

    >>> history("one-way-T")[0]
    {'date': '2026-11-22', 'kind': 'with', 'why': ''}
    """
    entries = criteria()[id]["history"]
    return [{key: entry.get(key, "") for key in ("date", "kind", "why")} for entry in entries]


def seal(id, decides):
    """Return the seal of a criterion's text and of the demands that decide at the paper's device.

    >>> seal("one-way-T", ["T > 0"]) == seal("one-way-T", ["T > 1"])
    False
    """
    text = "\n".join([criterion(id), *decides])
    return hashlib.sha256(text.encode()).hexdigest()[:8]
