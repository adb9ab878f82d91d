"""The ledger: every claim of the paper that a computation can decide, and its measured verdict."""

# Importing the claims enters them into the ledger, in this order: the paper's.
from . import equations, transmission, correlations, distributions, phases, robustness  # noqa: F401, I001
from .ledger import CLAIMS, VERDICTS, Claim, Finding, Undecided, changed, judge, published

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Finding", "Undecided", "changed", "judge", "published"]
