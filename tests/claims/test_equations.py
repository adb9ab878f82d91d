"""The printed equations: what pages show is what is compared, and a misprint in it is found."""

import cmath
import re

import numpy as np
import pytest
import sympy as sp

from lossnr import Device
from lossnr.claims import CLAIMS, printed
from lossnr.claims.printed import (
    PRINTED,
    printed_denominator,
    printed_langevin,
    printed_matrix,
    printed_numerator,
    printed_optimum,
)
from lossnr.model import symbolic


def wrong_coupling(matrix):
    """The matrix with the sign of the coupling of a and b changed in one place."""
    matrix = matrix.copy()
    matrix[0, 2] = -matrix[0, 2]
    return matrix


@pytest.mark.parametrize("id", ["eq9", "eq10"])
def test_a_wrong_element_of_the_matrix_is_found(id, monkeypatch):
    wrong = wrong_coupling(printed_matrix())
    monkeypatch.setattr(printed, "printed_matrix", lambda: wrong)
    finding = CLAIMS[id].measure.__wrapped__(Device())
    assert finding.verdict == "not-reproduced"
    assert max(finding.measured.values()) > 0.1


def test_a_wrong_rate_in_the_langevin_equations_is_found(monkeypatch):
    extra = {"c": sp.I * symbolic.kappa_c * symbolic.c}
    monkeypatch.setattr(
        printed, "printed_langevin", lambda mode: printed_langevin(mode) + extra.get(mode, 0)
    )
    finding = CLAIMS["eq7"].measure.__wrapped__(Device())
    assert finding.verdict == "not-reproduced"
    assert max(finding.measured.values()) > 0.1


def test_inputs_of_another_strength_do_not_keep_the_commutators(monkeypatch):
    weaker = printed_matrix() - sp.I * symbolic.kappa_a / 2 * sp.eye(3)
    monkeypatch.setattr(printed, "printed_matrix", lambda: weaker)
    assert CLAIMS["eq9"].measure.__wrapped__(Device()).verdict == "not-reproduced"


NAMES = [f"{kind}_{o}" for kind in ("omega", "kappa") for o in "abc"]
NAMES += ["J_ab", "J_bc", "J_ac", "J", "theta", "delta", "kappa"]
VALUES = dict(zip(NAMES, np.random.default_rng(1).uniform(0.5, 2, len(NAMES)), strict=True))
#: Amplitudes and inputs: numbers too, since Eq. 7 is linear.
LIGHT = {"a": 0.3, "b": 0.7, "c": 1.1, "a_in": 1.3, "b_in": 1.7, "c_in": 1.9}
FUNCTIONS = {name: getattr(cmath, name) for name in ("sqrt", "exp", "sin", "cos", "tan")}


def value(latex):
    """Return the number that a formula in LaTeX is, at random values of its symbols."""
    text = re.sub(r"<<|>>|\\left|\\right|\\,|&|\\\\|\\quad|\\times|\{\}", " ", latex)
    text = re.sub(r"_\\mathrm\{in\}", "_in", re.sub(r"J_\{(\w+)\}", r"J_\1", text))
    text = re.sub(r"(?<![a-z\\])i(?=[\\J])", "i ", text.replace("^2", "**2"))
    while (inner := re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)) != text:
        text = inner
    text = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text))
    text = text.replace("\\", " ").replace("[", "(").replace("]", ")")
    code, before = "", "+"
    for token in re.findall(r"[a-zA-Z]\w*|\d+|\*\*|\S", text):
        if re.match(r"[\w(]", token) and re.match(r"[\w)]", before) and before not in FUNCTIONS:
            code += "*"
        code, before = code + ("1j" if token == "i" else token), token
    return complex(eval(code, FUNCTIONS | VALUES | LIGHT))


def number(expression):
    """Return the value of an expression of SymPy at the same values."""
    return complex(expression.subs({getattr(symbolic, name): VALUES[name] for name in NAMES}))


def test_eq_7_is_shown_as_it_is_compared():
    lines = re.split(r"\\dot [acb] =", PRINTED[7].replace(r"\end{aligned}", ""))[1:]
    for line, mode in zip(lines, symbolic.MODES, strict=True):
        equation = printed_langevin(mode)
        expected = sum(
            number(equation.coeff(o)) * LIGHT[name] for name, (o, _) in symbolic.MODES.items()
        )
        expected += VALUES[f"kappa_{mode}"] ** 0.5 * LIGHT[f"{mode}_in"]
        assert value(line) == pytest.approx(expected)


def test_eq_10_is_shown_as_it_is_compared():
    rows = re.search(r"pmatrix\}(.*)\\end", PRINTED[10], re.DOTALL)[1].split(r"\\")
    found = [[value(element) for element in row.split("&")] for row in rows]
    M = printed_matrix()
    assert found == [[pytest.approx(number(M[i, k])) for k in range(3)] for i in range(3)]


@pytest.mark.parametrize(("equation", "direction"), [(13, "a->c"), (14, "c->a")])
def test_eqs_13_and_14_are_shown_as_they_are_compared(equation, direction):
    shown = re.search(r"frac\{<<(.*)>>(.*)\}\{D", PRINTED[equation], re.DOTALL)
    assert value(shown[2]) == pytest.approx(number(printed_numerator(direction)))
    assert value(shown[1]) == pytest.approx(-1j * (VALUES["kappa_a"] * VALUES["kappa_c"]) ** 0.5)


def test_eq_15_is_shown_as_it_is_compared():
    shown = PRINTED[15].partition("=")[2].replace(r"\end{aligned}", "")
    assert value(shown) == pytest.approx(number(printed_denominator()))


@pytest.mark.parametrize(("equation", "direction"), [(16, "a->c"), (17, "c->a")])
def test_eqs_16_and_17_are_shown_as_they_are_compared(equation, direction):
    delta, J_ac = re.findall(r"= (-?\\frac\{.*?\}\{.*?\}) ,", PRINTED[equation])
    conditions = printed_optimum(direction)
    assert value(delta) == pytest.approx(number(conditions["delta"]))
    assert value(J_ac) == pytest.approx(number(conditions["J_ac"]))
    assert r"<<J>> &= <<\pm J_{ac}>> , & \kappa_b &= \kappa" in PRINTED[equation]
    assert number(conditions["J**2"]) == pytest.approx(number(conditions["J_ac"]) ** 2)
    assert conditions["kappa_b"] == symbolic.kappa


def test_phase_matching_is_that_of_the_derived_numerator(monkeypatch):
    monkeypatch.setattr(
        printed, "printed_numerator", lambda each: printed_numerator(each) + symbolic.J**2
    )
    finding = CLAIMS["phase-matching"].measure.__wrapped__(Device())
    assert finding.verdict == "not-reproduced"
