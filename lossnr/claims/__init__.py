"""The ledger: statements of the paper that a computation can decide, and their verdicts.

A new claim begins with its criterion in criteria.toml, dated and committed before its number is
computed. Then comes a function decorated with `claim`, in the file of its kind (a new file is
imported here). ``make record`` puts its verdict on record in published.json, and a test names what
decides and the seal, for criteria.toml. The page of the book that the claim names judges it, in a
cell with the tag ``claims``.
"""

# Importing the claims enters them into the ledger, in this order: the paper's.
from . import (  # noqa: I001
    equations,  # noqa: F401
    transmission,  # noqa: F401
    correlations,  # noqa: F401
    distributions,  # noqa: F401
    phases,  # noqa: F401
    loss,  # noqa: F401
    robustness,  # noqa: F401
    time,  # noqa: F401
    thermal,  # noqa: F401
)
from .conditions import VERDICTS, Condition
from .criteria import ORIGINS
from .ledger import CLAIMS, Claim, Finding, Undecided, changed, judge, published

__all__ = [
    "CLAIMS",
    "ORIGINS",
    "VERDICTS",
    "Claim",
    "Condition",
    "Finding",
    "Undecided",
    "changed",
    "judge",
    "published",
]
