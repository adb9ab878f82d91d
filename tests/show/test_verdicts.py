"""The ledger in words: symbols typeset, everything counted, nothing left out."""

import re

import pytest

from lossnr.claims import VERDICTS
from lossnr.show import verdicts

ENTRY = {
    "id": "weak-g3",
    "where": "Sec. III <a>",
    "page": "fig4",
    "statement": r"$g^{(3)}$ is about $6 P_2 / P_1^3$ where $\kappa_b < 1$ $a\to c$.",
    "criterion": "It holds to 1 %.",
    "measured": {"P_1 a->c": 0.12345678, "g2 c->a": None},
    "labels": {"P_1 a->c": r"$P_1$ $a\to c$", "g2 c->a": r"$g^{(2)}$ $c\to a$"},
    "origin": "revised",
    "history": [
        {"date": "2026-11-22", "kind": "with", "why": ""},
        {"date": "2026-11-24", "kind": "revised", "why": "it was too mild"},
    ],
    "conditions": [
        {
            "what": "error of $P_2$",
            "value": 0.012,
            "relation": "<=",
            "threshold": 0.01,
            "holds": False,
            "counted": False,
            "turns_to": "reproduced",
        },
        {
            "what": "another drive makes it so",
            "value": True,
            "relation": "=",
            "threshold": True,
            "holds": True,
            "counted": False,
            "turns_to": None,
        },
    ],
    "check": "QuTiP",
    "verdict": "not-reproduced",
    "note": r"It scales as $\Omega^{-4}$. $P_3$ is meant.",
    "code": "lossnr.claims.distributions.weak_g3",
}


def test_the_ledger_shows_texts_with_their_mathematics():
    text = verdicts.ledger([ENTRY, ENTRY | {"page": "fig2"}], page="fig4").data
    assert text.count("dropdown") == 1
    assert '<span id="found-weak-g3"></span><span class="verdict not-reproduced">✗ not' in text
    for key in ("statement", "criterion", "note"):
        assert ENTRY[key] in text
    assert r"- $P_1$ $a\to c$: 0.1235" in text
    assert r"- $g^{(2)}$ $c\to a$: undetermined" in text
    assert "{ref}`weak-g3 in the ledger <claim-weak-g3>`" in text
    assert "{py:obj}`weak_g3 <lossnr.claims.distributions.weak_g3>`" in text


def test_the_ledger_shows_how_the_criterion_came_about_and_what_decides():
    text = verdicts.ledger([ENTRY]).data
    assert "- 2026-11-22: set together with its number\n" in text
    assert "- 2026-11-24: revised when its number was known: it was too mild\n" in text
    assert r"- error of $P_2$: 0.012, required $\le$ 0.01; if it held *reproduced*" in text
    assert "- another drive makes it so: yes\n" in text
    assert "revised when its number was known" in verdicts.overview([ENTRY]).data


def test_close_calls_are_those_near_a_threshold_that_decides():
    (said,) = verdicts.close_calls([ENTRY]).data.splitlines()
    assert "The verdict turns to *reproduced* at a threshold of 0.012." in said
    assert verdicts.close_calls([ENTRY], within=0.1).data == ""


def test_the_overview_has_a_row_for_each_claim_that_links_can_lead_to():
    equation = ENTRY | {"id": "eq13", "where": "Eq. 13", "verdict": "reproduced"}
    text = verdicts.overview([ENTRY, equation]).data
    assert text.count("* - ") == 3
    assert '<span id="claim-weak-g3" data-words="weak-g3 g3 is about 6 P_2 / P_1^3 where' in text
    assert "- {ref}`Sec. III <a> <found-fig4-weak-g3>`" in text
    assert "- {eq}`eq-13`" in text


def test_the_score_and_the_exceptions_are_counted():
    entries = [ENTRY, ENTRY | {"verdict": "reproduced"}, ENTRY | {"verdict": "reproduced"}]
    score = verdicts.score(entries).data
    assert re.sub("<[^>]*>", "", score) == "3 claims, recomputed: ✓ 2 reproduced ✗ 1 not reproduced"
    assert 'href="verdicts.html?show=not-reproduced#all-claims"' in score
    assert "✓ reproduced</span> | the criterion holds" in verdicts.tally(entries, VERDICTS).data
    html = verdicts.exceptions(entries).data
    assert html.count("<li>") == 1
    assert "&lt;a&gt;" in html
    assert '<a href="verdicts.html#claim-weak-g3">Sec. III &lt;a&gt;</a>' in html
    assert r"<em>It scales as \(\Omega^{-4}\).</em>" in html
    assert r"where \(\kappa_b &lt; 1\) \(a\to c\)." in html


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_shape_of_its_own(verdict):
    assert verdict in verdicts.SHAPES
    assert len(set(verdicts.SHAPES.values())) == len(VERDICTS)


def test_only_verdicts_that_differ_are_in_the_table_of_those():
    entries = [dict(ENTRY, verdict="corrected"), dict(ENTRY, id="eq13", verdict="not-reproduced")]
    text = verdicts.differing(entries).data
    assert text.startswith("1 of 2 verdicts of this page changes.")
    assert re.search(r"\| `eq13` \| .*✓ reproduced.* \| .*✗ not reproduced.* \|", text)
    assert "weak-g3" not in text
    assert "|" not in verdicts.differing(entries[:1]).data
