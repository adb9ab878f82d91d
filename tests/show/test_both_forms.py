"""The equations as they are shown: their numbers, and boxes around what differs."""

import pytest

from lossnr.claims.printed import PRINTED
from lossnr.show.both_forms import DERIVED, both_forms


@pytest.mark.parametrize("number", range(7, 18))
def test_each_equation_has_its_number_and_its_differences_marked(number):
    text = both_forms(f"eq-{number}").data
    formulas = text.split("$$")[1::2]
    assert f"$$ (eq-{number})" in text
    assert len(formulas) == 1 + (number in DERIVED)
    assert all(formula.count("{") == formula.count("}") for formula in formulas)
    assert "<<" not in text
    # Eq. 7 is the derived form without the Kerr terms: only these are marked.
    marked = [r"\class{differs}{\boxed{" in formula for formula in formulas]
    assert marked == (
        [False, True] if number == 7 else [True, True] if len(marked) == 2 else [False]
    )


def test_a_label_may_have_a_name_before_it():
    assert "(reversed-eq-11)" in both_forms("reversed-eq-11").data


def test_the_kerr_terms_stand_apart():
    printed, derived = both_forms("eq-7").data.split("$$")[1::2]
    assert "U" not in printed
    for mode in "ac":
        assert rf"\boxed{{- 2 i U_{{{mode}}} {{{{{mode}}}^\dagger}} {{{mode}}}^{{2}}}}" in derived
    assert set(PRINTED) == set(range(7, 18))
