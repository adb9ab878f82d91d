r"""Eqs. 7-17 in symbols: from the Hamiltonian to the conditions of one-way transmission, by SymPy.

The derivation starts from the Hamiltonian of Eq. 1, the losses and the input-output relation alone.
Here :math:`x_o = \omega - \omega_o + i\kappa_o/2`. From Eq. 13 on, the cavities have equal
frequencies :math:`\omega_o = \omega_0` and couplings :math:`J_{ab} = J_{bc} = J`, and
:math:`\delta = \omega - \omega_0`. The module's symbols have the names of the paper's, in ASCII.

A ``mode`` is "a", "c" or "b", a ``direction`` "a->c" or "c->a"; rows and columns of matrices are in
the order a, c, b of Eq. 8. Results are SymPy's, the operators normally ordered.

>>> J_ac, kappa.is_positive, theta.is_real
(J_ac, True, True)
"""

from functools import cache

import sympy as sp
from sympy.physics.quantum import Dagger
from sympy.physics.quantum.boson import BosonOp
from sympy.physics.quantum.operatorordering import normal_ordered_form

from .device import OPPOSITE

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
    r"""Return the Hamiltonian of Eq. 1, with or without its Kerr terms.

    >>> hamiltonian().coeff(Dagger(c) * a)
    J_ac*exp(I*theta)
    """
    hop = J_ac * sp.exp(i * theta) * Dagger(c) * a + J_ab * Dagger(b) * a + J_bc * Dagger(b) * c
    back = J_ac * sp.exp(-i * theta) * Dagger(a) * c + J_ab * Dagger(a) * b + J_bc * Dagger(c) * b
    H = omega_a * Dagger(a) * a + omega_c * Dagger(c) * c + omega_b * Dagger(b) * b + hop + back
    if kerr:
        H += U_a * Dagger(a) ** 2 * a**2 + U_c * Dagger(c) ** 2 * c**2
    return H


def commutator(mode, H):
    """Return [o, H], normally ordered, for the annihilator o of one mode.

    >>> commutator("b", hamiltonian())
    J_ab*a + J_bc*c + omega_b*b
    """
    o = MODES[mode][0]
    return normal_ordered_form(sp.expand(o * H - H * o), independent=True)


def langevin_equation(mode, kerr=False):
    r"""Return the right-hand side of the Langevin equation of a mode, Eq. 7.

    .. math:: \frac{do}{dt} = -i [o, H] - \frac{\kappa_o}{2} o + \sqrt{\kappa_o}\, o_{in}

    >>> langevin_equation("b").coeff(a)
    -I*J_ab
    """
    o, loss = MODES[mode]
    return sp.expand(-i * commutator(mode, hamiltonian(kerr)) - loss / 2 * o) + noise(mode)


def noise(mode):
    r"""Return the input term of a mode's Langevin equation, :math:`\sqrt{\kappa_o}\, o_{in}`.

    >>> noise("b")
    sqrt(kappa_b)*b_{\mathrm{in}}
    """
    return sp.sqrt(MODES[mode][1]) * BosonOp(rf"{mode}_{{\mathrm{{in}}}}")


@cache
def drift_matrix():
    """Return the matrix M of Eq. 10, read from the coefficients of the Langevin equations.

    >>> drift_matrix()[0, 1], drift_matrix()[2, 2]
    (J_ac*exp(-I*theta), -I*kappa_b/2 + omega_b)
    """
    equations = [langevin_equation(mode) for mode in MODES]
    return sp.Matrix([[sp.expand(i * eq.coeff(o)) for o, _ in MODES.values()] for eq in equations])


@cache
def scattering():
    r"""Return the scattering matrix S of Eq. 12, from Eq. 11 and the input-output relation.

    .. math:: u_{out} = \sqrt\Gamma u - u_{in}
              \quad\Rightarrow\quad S = -i \sqrt\Gamma (M - \omega I)^{-1} \sqrt\Gamma - I

    The paper's Eq. 12 has :math:`\Gamma` in place of the last :math:`\sqrt\Gamma`; its Eqs. 13 and
    14 follow from the form above.

    A cavity a that couples to nothing reflects all light of its own frequency:

    >>> scattering()[0, 0].subs({J_ab: 0, J_ac: 0, omega: omega_a}).simplify()
    1
    """
    root = sp.diag(*(sp.sqrt(loss) for _, loss in MODES.values()))
    A = drift_matrix() - omega * sp.eye(3)
    return -i * root * (A.adjugate() / A.det()) * root - sp.eye(3)


def equal_cavities(expression):
    """Specialise an expression to equal cavities, as the paper does from Eq. 13 on.

    It sets omega_a = omega_b = omega_c = omega_0, J_ab = J_bc = J and omega = omega_0 + delta.

    >>> equal_cavities(omega - omega_b)
    delta
    """
    equal = {omega_a: omega_0, omega_b: omega_0, omega_c: omega_0, J_ab: J, J_bc: J}
    return expression.subs(equal).subs(omega, omega_0 + delta)


@cache
def numerator(direction):
    r"""Return the bracket in the numerator of Eq. 13 ("a->c") or Eq. 14 ("c->a"), derived.

    It is an element of the adjugate of :math:`M - \omega I`:
    :math:`J^2 + e^{\pm i\theta} J_{ac} (\delta + i\kappa_b/2)`, with + for "a->c".

    >>> numerator("a->c").coeff(delta)
    J_ac*exp(I*theta)
    """
    A = equal_cavities(drift_matrix() - omega * sp.eye(3))
    return sp.expand(A.adjugate()[DIRECTION_INDICES[direction]])


@cache
def denominator():
    r"""Return the common denominator D of Eq. 15, derived as the determinant of M - omega I.

    >>> in_detunings(denominator())
    J**2*(2*J_ac*cos(theta) + x_a + x_c) + J_ac**2*x_b - x_a*x_b*x_c
    """
    return sp.expand(equal_cavities(drift_matrix() - omega * sp.eye(3)).det())


@cache
def dark_direction(direction):
    r"""Solve for the detuning delta and J^2 at which the transmission in a direction vanishes.

    The complex numerator of Eq. 13 or 14 must vanish. These are two real equations, linear in the
    two unknowns. The solution holds for any J_ac != 0, kappa_b and theta with sin(theta) != 0:
    for "c->a", :math:`\delta = \kappa_b / (2\tan\theta)` and
    :math:`J^2 = -J_{ac} \kappa_b / (2\sin\theta)`.

    >>> dark = dark_direction("c->a")
    >>> dark[delta], dark[J**2]
    (kappa_b/(2*tan(theta)), -J_ac*kappa_b/(2*sin(theta)))
    """
    square = sp.Symbol("J2", real=True)
    real, imaginary = (
        numerator(direction).subs(J**2, square).rewrite(sp.cos).expand().as_real_imag()
    )
    (solution,) = sp.solve([real, imaginary], [delta, square], dict=True)
    return {delta: sp.simplify(solution[delta]), J**2: sp.simplify(solution[square])}


@cache
def lit_direction(direction):
    r"""Return the terms of Eq. 13 or 14 in a direction where the other direction is dark: N and D.

    With kappa_a = kappa_c = kappa and the condition of `dark_direction`, the transmission is
    :math:`T = |\kappa N / D|^2`.

    >>> from sympy import I, exp
    >>> N, D = lit_direction("a->c")
    >>> same(N, I * kappa_b * J_ac * exp(I * theta))
    True
    """
    dark = dark_direction(OPPOSITE[direction])
    D = denominator().subs({kappa_a: kappa, kappa_c: kappa}).expand()
    terms = (numerator(direction), D)
    return tuple(e.subs(J**2, dark[J**2]).subs(delta, dark[delta]) for e in terms)


@cache
def completeness(direction):
    r"""Solve T = 1 in a direction whose opposite is dark, for J_ac and kappa_b: Eqs. 16, 17.

    With :math:`\phi = \theta` for "a->c" and :math:`-\theta` for "c->a", the two terms of
    `lit_direction` are :math:`N = i \kappa_b J_{ac} e^{i\phi}` and
    :math:`D = -\kappa_b z^2 e^{-i\phi} / (2\sin\phi)` with
    :math:`z = J_{ac} + (\delta + i\kappa/2) e^{i\phi}`. So
    :math:`T = (2\kappa \sin\phi\, J_{ac} / Q)^2`, where :math:`Q = |z|^2 > 0` is quadratic in
    J_ac. Since :math:`J^2 \ge 0` requires :math:`J_{ac} \sin\phi \le 0`, T = 1 is the quadratic
    equation :math:`Q + 2\kappa \sin\phi\, J_{ac} = 0`. Its discriminant is minus a square,
    :math:`-(\kappa - \kappa_b)^2 \cos^2\theta`. A real solution therefore exists only where the
    discriminant vanishes: at :math:`\kappa_b = \kappa`, or where :math:`\cos\theta = 0` for any
    :math:`\kappa_b > 0`. There it is the only one.

    >>> optimum = completeness("a->c")
    >>> optimum["kappa_b"], optimum["J_ac"], optimum["delta"]
    (kappa, -kappa/(2*sin(theta)), kappa/(2*tan(theta)))

    Returns
    -------
    dict
        ``quadratic``, the polynomial in J_ac that must vanish; ``discriminant``; ``kappa_b``, the
        loss at which the discriminant vanishes; and ``J_ac``, ``delta``, ``J**2`` at that loss.

    Raises
    ------
    ArithmeticError
        If SymPy does not confirm the forms of N and D above.
    """
    dark = dark_direction(OPPOSITE[direction])
    phi = theta if direction == "a->c" else -theta
    z = J_ac + (dark[delta] + i * kappa / 2) * sp.exp(i * phi)
    N = i * kappa_b * J_ac * sp.exp(i * phi)
    D = -kappa_b * z**2 * sp.exp(-i * phi) / (2 * sp.sin(phi))
    if not same(list(lit_direction(direction)), [N, D]):
        raise ArithmeticError(f"N and D of {direction} differ from {N} and {D}")
    real, imaginary = sp.expand(z.rewrite(sp.cos)).as_real_imag()
    Q = sp.trigsimp(sp.expand(real**2 + imaginary**2))
    quadratic = sp.collect(sp.expand(Q + 2 * kappa * sp.sin(phi) * J_ac), J_ac)
    discriminant = sp.factor(sp.trigsimp(sp.expand(sp.discriminant(quadratic, J_ac))))
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
    """Rewrite an expression in x_o = delta + i kappa_o / 2 in place of delta and the losses.

    >>> from sympy import I
    >>> in_detunings(delta + I * kappa_b / 2)
    x_b
    """
    x = {loss: sp.Symbol(f"x_{mode}") for mode, (_, loss) in MODES.items()}
    losses = {loss: -2 * i * (x_o - delta) for loss, x_o in x.items()}
    result = sp.expand(sp.expand(expression.subs(losses)).rewrite(sp.cos))
    return sp.collect(sp.simplify(result), J)


def same(ours, theirs):
    r"""Return whether two expressions, or two lists or matrices of them, are identically equal.

    Sines and cosines are written in :math:`e^{i\theta}`. What remains is a rational function, whose
    canonical form decides.

    >>> from sympy import cos, sin
    >>> same(sin(theta) ** 2 + cos(theta) ** 2, 1), same(sin(theta), cos(theta))
    (True, False)
    """
    difference = sp.Matrix([ours]) - sp.Matrix([theirs])
    return all(sp.cancel(e.rewrite(sp.exp)) == 0 for e in difference)
