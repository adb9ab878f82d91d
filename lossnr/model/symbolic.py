r"""Eqs. 7-17 in symbols: from the Hamiltonian to the conditions of one-way transmission, by SymPy.

Nothing is put in but the Hamiltonian of Eq. 1 (without its Kerr terms), the losses and the
input-output relation. With :math:`x_o = \omega - \omega_o + i\kappa_o/2` and, from Eq. 13 on, equal
frequencies :math:`\omega_o = \omega_0` and couplings :math:`J_{ab} = J_{bc} = J`.
"""

from functools import cache

import sympy as sp
from sympy.physics.quantum import Dagger
from sympy.physics.quantum.boson import BosonOp
from sympy.physics.quantum.operatorordering import normal_ordered_form

from .device import OPPOSITE

__all__ = [
    "DIRECTION_INDICES",
    "commutator",
    "completeness",
    "dark_direction",
    "denominator",
    "drift_matrix",
    "equal_cavities",
    "hamiltonian",
    "in_detunings",
    "langevin_equation",
    "lit_direction",
    "noise",
    "numerator",
    "same",
    "scattering",
]

i = sp.I
omega, omega_0, delta, theta = sp.symbols("omega omega_0 delta theta", real=True)
omega_a, omega_b, omega_c = sp.symbols("omega_a omega_b omega_c", real=True)
U_a, U_c, J, J_ab, J_bc, J_ac = sp.symbols("U_a U_c J J_ab J_bc J_ac", real=True)
kappa, kappa_a, kappa_b, kappa_c = sp.symbols("kappa kappa_a kappa_b kappa_c", positive=True)

a, c, b = (BosonOp(name) for name in "acb")
#: The order of Eq. 8.
MODES = {"a": (a, kappa_a), "c": (c, kappa_c), "b": (b, kappa_b)}
#: Row (output) and column (input) of the scattering matrix for each direction.
DIRECTION_INDICES = {"a->c": (1, 0), "c->a": (0, 1)}


def hamiltonian(kerr=True):
    """Return the Hamiltonian of Eq. 1, with or without its Kerr terms."""
    hop = J_ac * sp.exp(i * theta) * Dagger(c) * a + J_ab * Dagger(b) * a + J_bc * Dagger(b) * c
    back = J_ac * sp.exp(-i * theta) * Dagger(a) * c + J_ab * Dagger(a) * b + J_bc * Dagger(c) * b
    H = omega_a * Dagger(a) * a + omega_c * Dagger(c) * c + omega_b * Dagger(b) * b + hop + back
    if kerr:
        H += U_a * Dagger(a) ** 2 * a**2 + U_c * Dagger(c) ** 2 * c**2
    return H


def commutator(mode, H):
    """Return [o, H] for the annihilator o of a mode "a", "c" or "b"."""
    o = MODES[mode][0]
    return normal_ordered_form(sp.expand(o * H - H * o), independent=True)


def langevin_equation(mode, kerr=False):
    """Return the right-hand side of the Langevin equation of a mode, Eq. 7."""
    o, loss = MODES[mode]
    return sp.expand(-i * commutator(mode, hamiltonian(kerr)) - loss / 2 * o) + noise(mode)


def noise(mode):
    """Return what the input of a mode adds to its Langevin equation."""
    return sp.sqrt(MODES[mode][1]) * BosonOp(rf"{mode}_{{\mathrm{{in}}}}")


@cache
def drift_matrix():
    """Return the matrix M of Eq. 10, read off the Langevin equations."""
    equations = [langevin_equation(mode) for mode in MODES]
    return sp.Matrix([[sp.expand(i * eq.coeff(o)) for o, _ in MODES.values()] for eq in equations])


@cache
def scattering():
    """Return S of Eq. 12, from Eq. 11 and u_out = sqrt(Gamma) u - u_in."""
    root = sp.diag(*(sp.sqrt(loss) for _, loss in MODES.values()))
    A = drift_matrix() - omega * sp.eye(3)
    return -i * root * (A.adjugate() / A.det()) * root - sp.eye(3)


def equal_cavities(expression):
    """Return an expression where omega_o = omega_0, J_ab = J_bc = J and omega = omega_0 + delta."""
    equal = {omega_a: omega_0, omega_b: omega_0, omega_c: omega_0, J_ab: J, J_bc: J}
    return expression.subs(equal).subs(omega, omega_0 + delta)


@cache
def numerator(direction):
    """Return the bracket in the numerator of Eq. 13 ("a->c") or Eq. 14 ("c->a"), derived.

    It is an element of the adjugate of M - omega I.
    """
    A = equal_cavities(drift_matrix() - omega * sp.eye(3))
    return sp.expand(A.adjugate()[DIRECTION_INDICES[direction]])


@cache
def denominator():
    """Return the common denominator D of Eq. 15, derived: the determinant of M - omega I."""
    return sp.expand(equal_cavities(drift_matrix() - omega * sp.eye(3)).det())


@cache
def dark_direction(direction):
    r"""Solve for the detuning delta and J^2 at which no light passes in a direction.

    The numerator is complex and must vanish: two real equations for the two unknowns, linear in
    both. Any J_ac != 0, kappa_b and theta with sin(theta) != 0 are allowed.

    Returns
    -------
    dict
        ``delta`` and ``J**2`` in terms of J_ac, kappa_b and theta.
    """
    square = sp.Symbol("J2", real=True)
    real, imaginary = (
        numerator(direction).subs(J**2, square).rewrite(sp.cos).expand().as_real_imag()
    )
    (solution,) = sp.solve([real, imaginary], [delta, square], dict=True)
    return {delta: sp.simplify(solution[delta]), J**2: sp.simplify(solution[square])}


@cache
def lit_direction(direction):
    """Return the transmission in a direction where the other is dark, with kappa_a = kappa_c.

    Returns
    -------
    two expressions
        The numerator and the denominator of T: it is complete where they are equal.
    """
    dark = dark_direction(OPPOSITE[direction])
    equal = {kappa_a: kappa, kappa_c: kappa}
    above = _modulus(numerator(direction).subs(J**2, dark[J**2]).subs(delta, dark[delta]))
    below = denominator().subs(equal).expand().subs(J**2, dark[J**2]).subs(delta, dark[delta])
    return sp.simplify(kappa**2 * above), sp.simplify(_modulus(below))


@cache
def completeness(direction):
    r"""Solve T = 1 in a direction whose other direction is dark, for J_ac and kappa_b.

    T is :math:`(2 \kappa \sin\theta\, J_{ac} / Q)^2` with Q > 0 a quadratic polynomial in J_ac, and
    :math:`J^2 \ge 0` fixes the sign of :math:`J_{ac} \sin\theta`. So T = 1 is a quadratic equation
    for J_ac. Its discriminant is minus a square: there is a real solution only where that square
    vanishes, and then just one. It vanishes where :math:`\kappa_b = \kappa` and, for any
    :math:`\kappa_b > 0`, where :math:`\cos\theta = 0`.

    Returns
    -------
    dict
        ``quadratic``: the polynomial that must vanish; ``discriminant``: its discriminant;
        ``kappa_b``: where that vanishes; ``J_ac``, ``delta``, ``J**2``: the one solution.
    """
    dark = dark_direction(OPPOSITE[direction])
    phase = theta if direction == "a->c" else -theta
    # D is then - r (J_ac + x e^(i phase))^2 e^(-i phase), and Q the squared modulus of the bracket.
    r = kappa_b / (2 * sp.sin(phase))
    Q = _modulus(J_ac + (dark[delta] + i * kappa / 2) * sp.exp(i * phase))
    squares = [(2 * kappa * sp.sin(phase) * J_ac * r) ** 2, (r * Q) ** 2]
    if not same(list(lit_direction(direction)), squares):
        raise ArithmeticError("T is not the quotient of squares that it should be")
    quadratic = sp.collect(sp.expand(Q + 2 * kappa * sp.sin(phase) * J_ac), J_ac)
    discriminant = sp.factor(sp.simplify(sp.discriminant(quadratic, J_ac)))
    (loss,) = sp.solve(sp.numer(sp.together(discriminant)), kappa_b)
    at_loss = sp.Poly(quadratic.subs(kappa_b, loss), J_ac)
    coupling = sp.simplify(-at_loss.coeff_monomial(J_ac) / (2 * at_loss.coeff_monomial(J_ac**2)))
    return {
        "quadratic": quadratic,
        "discriminant": discriminant,
        "kappa_b": loss,
        "J_ac": coupling,
        "delta": sp.simplify(dark[delta].subs(kappa_b, loss)),
        "J**2": sp.simplify(dark[J**2].subs(kappa_b, loss).subs(J_ac, coupling)),
    }


def in_detunings(expression):
    """Return an expression in x_o = delta + i kappa_o / 2 instead of delta and the losses."""
    x = {loss: sp.Symbol(f"x_{mode}") for mode, (_, loss) in MODES.items()}
    losses = {loss: -2 * i * (x_o - delta) for loss, x_o in x.items()}
    result = sp.expand(sp.expand(expression.subs(losses)).rewrite(sp.cos))
    return sp.collect(sp.simplify(result), J)


def same(ours, theirs):
    """Return whether two expressions, or matrices, are identically equal."""
    difference = sp.Matrix([ours]) - sp.Matrix([theirs])
    return all(sp.simplify(sp.expand(e.rewrite(sp.cos), trig=True)) == 0 for e in difference)


def _modulus(z):
    """Return the squared modulus of an expression in real symbols."""
    real, imaginary = sp.expand(z.rewrite(sp.cos)).as_real_imag()
    return sp.simplify(real**2 + imaginary**2)
