"""Eqs. 7-17 as the paper prints them, compared with what is derived."""

import sympy as sp

from ..model import symbolic as s


def printed_langevin(mode):
    """Return the right-hand side of Eq. 7 for a mode as printed, its input included.

    >>> printed_langevin("b").coeff(s.a)
    -I*J_ab
    """
    a, b, c = (s.MODES[each][0] for each in "abc")
    e, i = sp.exp(sp.I * s.theta), sp.I
    right = {
        "a": -(i * s.omega_a + s.kappa_a / 2) * a - i * s.J_ac / e * c - i * s.J_ab * b,
        "c": -(i * s.omega_c + s.kappa_c / 2) * c - i * s.J_ac * e * a - i * s.J_bc * b,
        "b": -(i * s.omega_b + s.kappa_b / 2) * b - i * s.J_ab * a - i * s.J_bc * c,
    }
    return sp.expand(right[mode]) + s.noise(mode)


def printed_matrix():
    """Return M as Eq. 10 prints it.

    >>> printed_matrix()[0, 1]
    J_ac*exp(-I*theta)
    """
    e, i = sp.exp(sp.I * s.theta), sp.I
    return sp.Matrix(
        [
            [s.omega_a - i * s.kappa_a / 2, s.J_ac / e, s.J_ab],
            [s.J_ac * e, s.omega_c - i * s.kappa_c / 2, s.J_bc],
            [s.J_ab, s.J_bc, s.omega_b - i * s.kappa_b / 2],
        ]
    )


def printed_scattering():
    """Return S as Eq. 12 prints it: its last factor is Gamma.

    >>> printed_scattering().shape
    (3, 3)

    Returns
    -------
    sympy.Matrix, shape (3, 3)
        Rows (outputs) and columns (inputs) in the order a, c, b of Eq. 8.
    """
    Gamma = sp.diag(*(loss for _, loss in s.MODES.values()))
    A = s.drift_matrix() - s.omega * sp.eye(3)
    return -sp.I * Gamma ** sp.Rational(1, 2) * (A.adjugate() / A.det()) * Gamma - sp.eye(3)


def is_scattering(printed):
    """Return whether a matrix is the derived scattering matrix, compared without denominators.

    >>> is_scattering(s.scattering()), is_scattering(printed_scattering())
    (True, False)
    """
    D = (s.drift_matrix() - s.omega * sp.eye(3)).det()
    return s.same(*(D * (S + sp.eye(3)) for S in (s.scattering(), printed)))


def printed_numerator(direction):
    """Return the bracket in the numerator of Eq. 13 or Eq. 14 as printed.

    >>> printed_numerator("a->c")
    J**2 + J_ac*(delta + I*kappa_b/2)*exp(I*theta)

    Parameters
    ----------
    direction : {"a->c", "c->a"}
        The first one is Eq. 13.
    """
    sign = 1 if direction == "a->c" else -1
    return s.J**2 + sp.exp(sign * sp.I * s.theta) * s.J_ac * (s.delta + sp.I * s.kappa_b / 2)


def printed_denominator():
    """Return D as Eq. 15 prints it.

    >>> printed_denominator().subs({s.J: 0, s.J_ac: 0}).factor()
    -(2*delta + I*kappa_a)*(2*delta + I*kappa_b)*(2*delta + I*kappa_c)/8
    """
    x_a, x_b, x_c = (s.delta + sp.I * loss / 2 for loss in (s.kappa_a, s.kappa_b, s.kappa_c))
    return (
        2 * sp.cos(s.theta) * s.J**2 * s.J_ac
        + s.J_ac**2 * x_b
        + s.J**2 * x_c
        - x_a * (-(s.J**2) + x_b * x_c)
    )


def printed_equations():
    """Compare the printed Eqs. 7, 9, 10 and 12-17 with the derived ones, in all symbols.

    It takes some seconds.

    Returns
    -------
    dict of str to bool
        Whether the two are identical, by the equation.
    """
    return {
        "Eq. 7": all(s.langevin_equation(mode) == printed_langevin(mode) for mode in s.MODES),
        "Eqs. 9, 10": s.same(s.drift_matrix(), printed_matrix()),
        "Eq. 12": is_scattering(printed_scattering()),
        "Eq. 13": s.same(s.numerator("a->c"), printed_numerator("a->c")),
        "Eq. 14": s.same(s.numerator("c->a"), printed_numerator("c->a")),
        "Eq. 15": s.same(s.denominator(), printed_denominator()),
        "Eq. 16": matches_print("a->c"),
        "Eq. 17": matches_print("c->a"),
    }


def matches_print(direction):
    """Return whether the solution for one-way transmission is that of Eq. 16 or Eq. 17.

    The solution is found from a to c. From c to a the derived T is the same with -theta for theta:
    this is shown first, and so is the solution.
    """
    found, sign = s.completeness("a->c"), 1
    if direction == "c->a":
        sign, mirrored = -1, {s.theta: -s.theta}
        if not (
            s.same(s.numerator("c->a"), s.numerator("a->c").subs(mirrored))
            and s.same(s.denominator(), s.denominator().subs(mirrored))
        ):
            return False
        found = {name: value.subs(mirrored) for name, value in found.items()}
    printed = {
        "delta": sign * s.kappa / (2 * sp.tan(s.theta)),
        "J_ac": -sign * s.kappa / (2 * sp.sin(s.theta)),
        "kappa_b": s.kappa,
        "J**2": (s.kappa / (2 * sp.sin(s.theta))) ** 2,
    }
    return all(s.same(found[name], value) for name, value in printed.items())
