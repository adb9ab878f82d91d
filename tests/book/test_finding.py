"""How a reader of the built site finds things: the ledger, the search, the menu."""

from urllib.parse import quote_plus

import pytest

from lossnr.claims import CLAIMS

pytestmark = pytest.mark.xdist_group("finding")  # in one tab


def test_the_ledger_is_chosen_from_and_sorted(visit):
    opened = visit("book/verdicts.html", width=360)
    rows = opened.locator("table.ledger tbody tr:visible")
    every = rows.count()
    assert every == len(CLAIMS)
    opened.get_by_role("checkbox", name="reproduced").first.uncheck()
    assert 0 < rows.count() < every
    assert f"{rows.count()} of {every} claims" in opened.get_by_role("status").inner_text()
    opened.get_by_role("searchbox", name="Show claims").fill("misprint")
    assert 0 < rows.count() < 5
    opened.get_by_role("searchbox", name="Show claims").fill("J_ac")
    assert 0 < rows.count() < every
    opened.get_by_role("searchbox", name="Show claims").fill("")
    opened.get_by_role("button", name="verdict").click()
    words = [row.locator("td").first.inner_text()[2:] for row in rows.all()]
    assert words == sorted(words)
    assert opened.wrong == []


def test_the_score_leads_to_the_claims_with_a_verdict(visit):
    opened = visit("book/intro.html")
    opened.get_by_role("link", name="corrected", exact=False).first.click()
    opened.wait_for_selector(".ledger-controls")
    rows = opened.locator("table.ledger tbody tr:visible")
    assert rows.count() == opened.locator("table.ledger .verdict.corrected").count() > 0


def test_a_place_in_the_ledger_leads_to_what_was_found_there(visit):
    opened = visit("book/verdicts.html")
    opened.get_by_role("link", name="Fig. 2(c)", exact=True).click()
    assert opened.url.endswith("fig2.html#found-isolation-max")
    opened.get_by_role("link", name="isolation-max in the ledger").click()
    assert opened.url.endswith("verdicts.html#claim-isolation-max")


def test_the_search_leads_to_places_with_a_line_of_context(visit):
    opened = visit("book/intro.html")
    for query, places in {
        "two-photon": ["book/fig3.html", "book/verdicts.html#claim-nonreciprocal-2pb"],
        "Eq. 12": ["book/derivation.html#equation-eq-12"],
        "robust": ["book/verdicts.html#claim-robust"],
        "κ_b": ["book/verdicts.html#claim-populations", "book/fig4.html"],
        "steady_state": ["book/api.html#lossnr.steady_state"],
        "KERR Nonlin": ["book/gallery/no-kerr.html"],
    }.items():
        opened.get_by_label("Search", exact=True).fill(query)
        opened.keyboard.press("Enter")
        opened.wait_for_url(f"**/search.html?q={quote_plus(query)}*")
        opened.wait_for_selector("#search-results li")
        results = opened.locator("#search-results li > a")
        found = results.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert set(places) <= set(found[:12]), query
        assert found[0] == places[0] or len(places) > 1 or query.startswith("KERR")
        assert opened.locator("#search-results li p mark").count() > 0
    assert opened.wrong == []


def test_the_search_reads_symbols_as_their_names(visit):
    count = [
        visit("search.html", query=f"?q={q}").locator("li > a").count() for q in ("κ_b", "kappa_b")
    ]
    assert count[0] == count[1] > 0


def test_the_search_says_that_it_found_nothing(visit):
    opened = visit("search.html", query="?q=xyzzy<b>")
    assert opened.get_by_role("status").inner_text() == 'No places with "xyzzy<b>"'


def test_the_search_works_from_disk(visit):
    opened = visit("search.html", query="?q=blockade")
    opened.wait_for_selector("#search-results li a")
    assert opened.locator("#search-results li a").count() > 3
    assert opened.wrong == []


def test_the_menu_of_a_phone_opens_from_the_keyboard(visit):
    opened = visit("book/fig2.html", width=360)
    links = opened.locator(".sidebar-drawer a:visible")
    assert links.count() == 0
    opened.get_by_role("button", name="Toggle site navigation sidebar").press("Enter")
    assert links.count() > 10
