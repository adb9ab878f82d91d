"""The printed equations: a misprint that is put into one of them is found."""

import pytest
import sympy as sp

from lossnr import Device
from lossnr.claims import CLAIMS, equations
from lossnr.model import symbolic


def wrong_coupling(matrix):
    """The matrix with the sign of the coupling of a and b changed in one place."""
    matrix = matrix.copy()
    matrix[0, 2] = -matrix[0, 2]
    return matrix


@pytest.mark.parametrize("id", ["eq9", "eq10"])
def test_a_wrong_element_of_the_matrix_is_found(id, monkeypatch):
    wrong = wrong_coupling(equations.printed_matrix())
    monkeypatch.setattr(equations, "printed_matrix", lambda: wrong)
    finding = CLAIMS[id].measure.__wrapped__(Device())
    assert finding.verdict == "not-reproduced"
    assert max(finding.measured.values()) > 0.1


def test_a_wrong_rate_in_the_langevin_equations_is_found(monkeypatch):
    printed = equations.printed_langevin
    extra = {"c": sp.I * symbolic.kappa_c * symbolic.c}
    monkeypatch.setattr(
        equations, "printed_langevin", lambda mode: printed(mode) + extra.get(mode, 0)
    )
    finding = CLAIMS["eq7"].measure.__wrapped__(Device())
    assert finding.verdict == "not-reproduced"
    assert max(finding.measured.values()) > 0.1


def test_inputs_of_another_strength_do_not_keep_the_commutators(monkeypatch):
    weaker = equations.printed_matrix() - sp.I * symbolic.kappa_a / 2 * sp.eye(3)
    monkeypatch.setattr(equations, "printed_matrix", lambda: weaker)
    assert CLAIMS["eq9"].measure.__wrapped__(Device()).verdict == "not-reproduced"
