"""What notebooks say: parameters and errors as they were, symbols typeset, nothing made up."""

import numpy as np
import pytest
import xarray as xr

from lossnr import Device, report, sweep
from lossnr.claims import VERDICTS

ENTRY = {
    "id": "weak-g3",
    "where": "Sec. III <a>",
    "page": "fig4",
    "statement": "g3 is about 6 P_2 / P_1^3 where kappa_b = 0 a->c.",
    "criterion": "It holds to 1 %, T a->c in units of kappa.",
    "measured": {"P_1 a->c": 0.12345678, "g2 c->a": None},
    "check": "QuTiP",
    "verdict": "not-reproduced",
    "note": "It goes as Omega^-4, with S^dag S = 1.",
}


def test_the_sentence_gives_parameters_that_no_axis_changes_and_the_largest_error():
    one = sweep(Device(Omega=0.05), Delta=[0.1, 0.2], rtol=1e-4)
    two = sweep(Device(), kappa_b=[1.0], rtol=1e-8)
    text = report.describe(two, one).data
    assert r"$\Delta_a = \Delta_b = \Delta_c = 0.5$" in text
    assert r"$\theta = -0.25\pi$" in text
    assert r"\kappa_b" not in text
    assert f"shown: {one.attrs['error']:.1e}." in text
    assert r"\Delta" not in report.describe(one).data
    assert r"$\Omega = 0.05$" in report.describe(one).data
    assert r"$\theta = 0$" in report.parameters(Device(theta=0)).data


def test_a_table_names_what_is_dark_and_what_is_true():
    text = report.table({"a": [0.5, np.nan], "b": True, "c": np.pi, "d": "words"}).data
    assert "| a | 0.5, dark |" in text
    assert "| b | yes |" in text
    assert "| c | 3.142 |" in text
    assert "| d | words |" in text


def test_a_peak_has_its_place_unless_it_is_rounding_or_dark():
    values = xr.DataArray([[0.1, 0.9], [np.nan, 0.2]], {"Delta": [1, 2], "kappa_b": [3, 4]})
    assert report.peak(values) == r"0.9 at $\Delta = 1$, $\kappa_b = 4$"
    assert report.peak(values * 1e-15) == "9e-16, which is rounding"
    assert report.peak(values * np.nan) == "dark"


def test_the_ledger_typesets_its_words():
    text = report.ledger([ENTRY, ENTRY | {"page": "fig2"}], page="fig4").data
    assert text.count("dropdown") == 1
    assert "**✗ not reproduced**" in text
    assert r"$g^{(3)}$ is about 6 $P_2$ / $P_1^{3}$ where $\kappa_b$ = 0 $a\to c$." in text
    assert r"$\Omega^{-4}$, with $S^\dagger S$ = 1" in text
    assert r"- $P_1$ $a\to c$: 0.1235" in text
    assert "dark" in text
    assert "`weak-g3`" in text


def test_the_score_and_the_exceptions_are_counted():
    entries = [ENTRY, ENTRY | {"verdict": "reproduced"}, ENTRY | {"verdict": "reproduced"}]
    assert report.score(entries) == "3 claims: 2 reproduced, 1 not reproduced"
    assert "| ✓ reproduced | the criterion holds" in report.tally(entries, VERDICTS).data
    html = report.exceptions(entries).data
    assert html.count("<li>") == 1
    assert "&lt;a&gt;" in html
    assert "P<sub>2</sub> / P<sub>1</sub><sup>3</sup> where κ<sub>b</sub> = 0 a→c" in html


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_shape_of_its_own(verdict):
    assert verdict in report.SHAPES
    assert len(set(report.SHAPES.values())) == len(VERDICTS)
