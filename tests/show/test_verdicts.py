"""The ledger in words: symbols typeset, everything counted, nothing left out."""

import re

import pytest

from lossnr.claims import VERDICTS
from lossnr.show import verdicts

ENTRY = {
    "id": "weak-g3",
    "where": "Sec. III <a>",
    "page": "fig4",
    "statement": "g3 is about 6 P_2 / P_1^3 where kappa_b = 0 a->c.",
    "criterion": "It holds to 1 %, T a->c in units of kappa.",
    "measured": {"P_1 a->c": 0.12345678, "g2 c->a": None},
    "check": "QuTiP",
    "verdict": "not-reproduced",
    "note": "It goes as Omega^-4, with S^dag S = 1, by a factor of 4.7e+03 or 1e5.",
    "code": "lossnr.claims.distributions.weak_g3",
}


def test_the_ledger_typesets_its_words():
    text = verdicts.ledger([ENTRY, ENTRY | {"page": "fig2"}], page="fig4").data
    assert text.count("dropdown") == 1
    assert '<span id="found-weak-g3"></span><span class="verdict not-reproduced">✗ not' in text
    assert r"$g^{(3)}$ is about 6 $P_2$ / $P_1^{3}$ where $\kappa_b$ = 0 $a\to c$." in text
    assert r"$\Omega^{-4}$, with $S^\dagger S$ = 1" in text
    assert r"- $P_1$ $a\to c$: 0.1235" in text
    assert r"$g^{(2)}$ $c\to a$: undetermined" in text
    assert r"by a factor of 4700 or $10^{5}$." in text
    assert "{ref}`weak-g3 in the ledger <claim-weak-g3>`" in text
    assert "{py:obj}`weak_g3 <lossnr.claims.distributions.weak_g3>`" in text


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
    assert (
        "<em>It goes as Ω^-4, with S^dag S = 1, by a factor of 4.7e+03 or 10<sup>5</sup>." in html
    )
    assert "P<sub>2</sub> / P<sub>1</sub><sup>3</sup> where κ<sub>b</sub> = 0 a→c" in html


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_shape_of_its_own(verdict):
    assert verdict in verdicts.SHAPES
    assert len(set(verdicts.SHAPES.values())) == len(VERDICTS)


def test_only_verdicts_that_differ_are_in_the_table_of_those():
    entries = [dict(ENTRY, verdict="corrected"), dict(ENTRY, id="eq13", verdict="not-reproduced")]
    text = verdicts.differing(entries).data
    assert text.startswith("Of the 2 claims of this page the published verdict stands for 1")
    assert re.search(r"\| `eq13` \| .*✓ reproduced.* \| .*✗ not reproduced.* \|", text)
    assert "weak-g3" not in text
    assert "|" not in verdicts.differing(entries[:1]).data


def test_signs_are_typeset():
    text = verdicts.ledger([ENTRY | {"note": "At theta = +-pi/2 it is -0.99, omega - omega_0."}])
    assert r"At $\theta$ = ±$\pi$/2 it is −0.99, $\omega$ − $\omega_0$." in text.data
