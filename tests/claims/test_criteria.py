"""The criteria: each has a history, and is frozen with its thresholds."""

from datetime import date

import pytest

from lossnr import Device
from lossnr.claims import CLAIMS, ORIGINS, thresholds
from lossnr.claims.criteria import criteria, history, origin, seal
from lossnr.reruns.notebooks import read

pytestmark = pytest.mark.xdist_group("claims")  # the ledger is evaluated once

#: The thresholds of the criteria, as they were sealed.
THRESHOLDS = {
    "ABOUT": 0.05,
    "RECIPROCAL_T": 0.01,
    "RECIPROCAL_G2": 0.05,
    "FACTOR": 10.0,
    "STEADY": 2.0,
    "UNEVEN": 0.5,
    "IN_PART": 0.5,
    "FIVE_ORDERS": (10**4.5, 10**5.5),
    "ONE_PEAK": {"share": 0.9, "height": 0.5},
    "LEADING_ORDER": 0.01,
    "DRIFT": 0.05,
    "CONFIRMED": 0.001,
    "DARK": 1e-09,
    "NEAR_LIMIT": 0.1,
    "TWO_DIGITS": 0.01,
    "SOLVER": 1e-06,
    "RESOLVED": 1e-12,
    "ROUNDING_OF_S": 1e-10,
    "FOUND": 1e-05,
}


def test_each_claim_has_its_criterion():
    assert criteria().keys() == CLAIMS.keys()


@pytest.mark.parametrize("id", CLAIMS)
def test_a_change_of_text_or_threshold_needs_an_entry_that_says_why(id):
    frozen = criteria()[id]
    decides = [each.demand for each in CLAIMS[id].measure(Device()).conditions]
    fits = decides == frozen["decides"] and seal(id, decides) == frozen["history"][-1].get("seal")
    assert fits, (
        f"the criterion of {id} changed: add an entry to its history in criteria.toml that says "
        f"why, with seal = {seal(id, decides)!r} and decides = {decides}"
    )


def test_a_threshold_is_what_it_was():
    """Not every demand shows the thresholds that it depends on."""
    found = {name: value for name, value in vars(thresholds).items() if name.isupper()}
    assert found == THRESHOLDS, "say why in the histories of the criteria that it decides"


@pytest.mark.parametrize("id", CLAIMS)
def test_a_history_begins_with_how_the_criterion_was_set(id):
    first, *later = history(id)
    assert first["kind"] in ("before", "partly", "with", "after")
    assert all(entry["kind"] in ("revised", "reworded") for entry in later)
    explained = [*later, first] if first["kind"] in ("partly", "after") else later
    assert all(entry["why"] for entry in explained)
    dates = [date.fromisoformat(entry["date"]) for entry in (first, *later)]
    assert dates == sorted(dates)


def test_a_criterion_that_was_ever_revised_is_called_so():
    for id in ("robust", "populations", "five-orders"):
        assert origin(id) == "revised"
    assert {origin(id) for id in CLAIMS} <= ORIGINS.keys()


def test_the_page_says_which_statement_each_claim_decides():
    text = "".join(cell.source for cell in read("verdicts").cells if cell.cell_type == "markdown")
    missing = [id for id in CLAIMS if f"<claim-{id}>" not in text]
    assert not missing
