"""The ledger: every claim of the paper that a computation can decide, and its measured verdict.

A new claim is a function decorated with `claim`, in the file of its kind (a new file is imported
here), and ``make record`` puts its verdict on record in published.json. The page of the book that
it names judges it, in a cell with the tag ``claims``.
"""

# Importing the claims enters them into the ledger, in this order: the paper's.
from . import equations, transmission, correlations, distributions, phases, robustness, thermal  # noqa: F401, I001
from .ledger import CLAIMS, VERDICTS, Claim, Finding, Undecided, changed, judge, published

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Finding", "Undecided", "changed", "judge", "published"]
