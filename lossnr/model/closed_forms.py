r"""Closed forms by SymPy: gauge, paths, the third port, and photons that interact.

The first part is linear light. It holds for all parameters, or for those of Eq. 16.

The second part is the limit of weak drive with Kerr terms, at the paper's couplings and phase. Its
results are rational functions of the Kerr nonlinearity U of a and c, with all rates in kappa.
There :math:`\langle a^i c^j b^k \rangle` is the amplitude of i photons
in a, j in c and k in b, divided by Omega to the power i + j + k. At leading order its equation of
motion has no jump terms. It couples products of the same number of photons and, through the drive,
of one photon less.

>>> kappa_b, U
(kappa_b, U)
"""

from functools import cache
from itertools import product

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from . import symbolic
from .symbolic import DIRECTION_INDICES, J_ab, J_ac, J_bc, delta, i, kappa, kappa_b, theta

#: The Kerr nonlinearity of a and c, in kappa.
U = sp.Symbol("U", real=True)
#: :math:`x_o = \omega - \omega_o + i\kappa_o/2`, of each cavity.
x_a, x_b, x_c = sp.symbols("x_a x_b x_c")
#: A factor of every coupling, which counts the order in a power series.
order = sp.Symbol("lambda", positive=True)


@cache
def gauged(phases):
    r"""Return the matrix M of Eq. 10 for modes with other phases, :math:`o \to e^{i\alpha_o} o`.

    ``phases`` are :math:`\alpha` of a, c and b. With two cavities one choice makes M real outside
    of its diagonal:

    >>> gauged((0, theta, 0))[1, 0]
    J_ac
    """
    P = sp.diag(*(sp.exp(i * phase) for phase in phases))
    return (P.inv() * symbolic.drift_matrix() * P).applyfunc(sp.powsimp)


def loop(M):
    r"""Return the product of the couplings around the loop a to c to b to a.

    >>> loop(symbolic.drift_matrix())
    J_ab*J_ac*J_bc*exp(I*theta)
    """
    return sp.powsimp(sp.expand(M[1, 0] * M[2, 1] * M[0, 2]))


@cache
def amplitude(direction):
    r"""Return numerator N and denominator D of the amplitude from input to output.

    :math:`T = \kappa_a\kappa_c |N/D|^2`, for cavities of any frequency, in :math:`x_o`.

    >>> amplitude("a->c")[0]
    J_ab*J_bc + J_ac*x_b*exp(I*theta)
    """
    losses = [x for _, x in symbolic.MODES.values()]
    frequencies = [symbolic.omega_a, symbolic.omega_c, symbolic.omega_b]
    x = (x_a, x_c, x_b)
    shift = {
        frequency: symbolic.omega - x_o + i * loss / 2
        for frequency, x_o, loss in zip(frequencies, x, losses, strict=True)
    }
    A = sp.expand((symbolic.drift_matrix() - symbolic.omega * sp.eye(3)).subs(shift))
    D = sp.expand(sp.expand(A.det()).rewrite(sp.cos))
    return sp.expand(A.adjugate()[DIRECTION_INDICES[direction]]), D


@cache
def path_series(direction, highest=3):
    r"""Return the terms of the amplitude N / D by their order in the couplings, as a list.

    >>> path_series("a->c")[0], path_series("a->c")[1]
    (-J_ac*exp(I*theta)/(x_a*x_c), -J_ab*J_bc/(x_a*x_b*x_c))
    """
    grown = {J: order * J for J in (J_ab, J_ac, J_bc)}
    N, D = (sp.expand(each.subs(grown, simultaneous=True)) for each in amplitude(direction))
    bare = D.subs(order, 0)
    rest = sp.expand((bare - D) / bare)  # N / D = N / bare * (1 + rest + rest^2 + ...)
    series = sp.expand(N / bare * sum(rest**k for k in range(highest)))
    return [sp.factor(series.coeff(order, k)) for k in range(1, highest + 1)]


@cache
def isolation():
    r"""Return :math:`(T_{a\to c} - T_{c\to a}) |D|^2 / (\kappa_a \kappa_c)`, for any device.

    D is the denominator of Eqs. 13 and 14, the same in both directions.

    >>> isolation()
    -2*J_ab*J_ac*J_bc*kappa_b*sin(theta)
    """
    x = delta + i * kappa_b / 2
    forward, backward = (
        amplitude(direction)[0].subs(x_b, x).rewrite(sp.cos) for direction in DIRECTION_INDICES
    )
    squares = [sum(part**2 for part in sp.expand(N).as_real_imag()) for N in (forward, backward)]
    return sp.factor(sp.trigsimp(sp.expand(squares[0] - squares[1])))


@cache
def optimal_scattering():
    r"""Return the scattering matrix at the detuning and couplings of Eq. 16, for any kappa_b.

    J is that with the sign of J_ac. Rows (outputs) and columns (inputs) are a, c, b.

    >>> optimal_scattering()[0, 1].subs(kappa_b, kappa), optimal_scattering()[1, 0]
    (0, -1)
    """
    J_opt = -kappa / (2 * sp.sin(theta))
    values = {delta: kappa / (2 * sp.tan(theta)), J_ac: J_opt, symbolic.J: J_opt}
    return _scattering(values).applyfunc(lambda e: sp.simplify(e.rewrite(sp.exp)))


@cache
def right_angle_scattering():
    r"""Return the scattering matrix for :math:`\theta = -\pi/2`, for any loss of b.

    The couplings are those of complete one-way transmission, :math:`J_{ac} = \kappa/2` and
    :math:`J^2 = \kappa\kappa_b/4`. The light has any detuning delta; T = 1 at delta = 0.

    >>> right_angle_scattering()[1, 0].subs(delta, 0), right_angle_scattering()[0, 1].subs(delta, 0)
    (-1, 0)
    """
    root = sp.sqrt(kappa) * sp.sqrt(kappa_b) / 2
    return _scattering({theta: -sp.pi / 2, J_ac: kappa / 2, symbolic.J: root})


def _scattering(values):
    """Return S for kappa_a = kappa_c = kappa and other values."""
    A = symbolic.equal_cavities(symbolic.drift_matrix() - symbolic.omega * sp.eye(3))
    A = A.subs(values | {symbolic.kappa_a: kappa, symbolic.kappa_c: kappa})
    # In units of b in which J^2 occurs, but not J, all elements are rational in z.
    J, z = values[symbolic.J], sp.Symbol("z")
    units = sp.diag(1, 1, J)
    A = (units * A * units.inv()).applyfunc(
        lambda e: sp.cancel(e.rewrite(sp.exp).subs(sp.exp(i * theta), z))
    )
    inverse = units.inv() * _solved(A, sp.eye(3)) * units
    root = sp.diag(sp.sqrt(kappa), sp.sqrt(kappa), sp.sqrt(kappa_b))
    S = -i * root * inverse * root - sp.eye(3)
    return S.subs(z, sp.exp(i * theta)).applyfunc(sp.together)


@cache
def working_matrix(Delta=sp.S.Half, loss=1):
    r"""Return M in the rotating frame at the paper's couplings and phase, in kappa.

    They are :math:`\theta = -\pi/4` and :math:`J_{ab} = J_{bc} = J_{ac} = 1/\sqrt2`. The amplitude
    of b is scaled so that no root appears, which leaves a and c unchanged.

    >>> working_matrix()[1, 0], working_matrix()[0, 2] * working_matrix()[2, 0]
    (1/2 - I/2, 1/2)
    """
    root = sp.sqrt(2) / 2
    values = {symbolic.theta: -sp.pi / 4, J_ac: root, J_ab: root, J_bc: root}
    values |= {frequency: Delta for frequency in (symbolic.omega_a, symbolic.omega_b)}
    values |= {symbolic.omega_c: Delta, kappa_b: loss, symbolic.kappa_a: 1, symbolic.kappa_c: 1}
    units = sp.diag(1, 1, 1 / root)
    M = units * symbolic.drift_matrix().subs(values) * units.inv()
    return sp.ImmutableMatrix(M.applyfunc(lambda e: sp.expand(e.rewrite(sp.cos))))


def moments(drive, photons, M=None, kerr=(U, U)):
    r"""Return the amplitudes :math:`\langle a^i c^j b^k \rangle`, a dict by (i, j, k).

    They solve, for each product of n = i + j + k annihilators,

    .. math:: \sum_{p} n_p \Big( \sum_q M_{pq} \langle \cdots o_q \cdots \rangle
        + U_p (n_p - 1) \langle \cdots o_p \cdots \rangle \Big)
        = - n_d \langle \cdots \rangle_{n-1} ,

    where :math:`\cdots o_q \cdots` is the product with one :math:`o_p` replaced by :math:`o_q`,
    and on the right one annihilator of the driven cavity d is left out.

    >>> one = moments("a", 1)
    >>> one[1, 0, 0], one[0, 1, 0], one[0, 0, 1]
    (-I, I, 0)
    """
    return _moments(drive, photons, working_matrix() if M is None else M, kerr)


@cache
def _moments(drive, photons, M, kerr):
    d = list(symbolic.MODES).index(drive)
    found = {(0, 0, 0): sp.Integer(1)}
    for n in range(1, photons + 1):
        products, equations = _hopping(M, n)
        right = [-v[d] * found[_replaced(v, d)] if v[d] else 0 for v in products]
        for row, (n_a, n_c, _) in enumerate(products):
            equations[row, row] += kerr[0] * n_a * (n_a - 1) + kerr[1] * n_c * (n_c - 1)
        found |= dict(zip(products, _solved(equations, sp.Matrix(right)), strict=True))
    return found


@cache
def correlation(direction, n, M=None, kerr=(U, U)):
    r"""Return :math:`g^{(n)}(0)` in the limit of zero drive, as a function of U.

    >>> correlation("a->c", 2)
    (17*U**2 + 24*U + 65)/((U**2 + 1)*(73*U**2 + 64*U + 65))
    """
    alone = _alone(direction)
    found = moments(direction[0], n, M, kerr)
    return _square(found[alone(n)] / found[alone(1)] ** n)


@cache
def pair_propagator(M=None):
    r"""Return how a pair added in cavity q is found in cavity r, over time: a matrix over a and c.

    .. math:: \Pi_{rq} = i \int_0^\infty \left( e^{-iMt} \right)_{rq}^2 dt

    The Kerr terms add pairs, with the amplitude :math:`-2i U_q \langle o_q^2 \rangle` per unit of
    time. So :math:`\langle o_r^2 \rangle = \langle o_r\rangle^2 - 2 \sum_q \Pi_{rq} U_q
    \langle o_q^2 \rangle`, two linear equations.

    >>> pair_propagator()[0, 0] == pair_propagator()[1, 1]
    True
    """
    products, equations = _hopping(working_matrix() if M is None else M, 2)
    both = [products.index(pair) for pair in ((2, 0, 0), (0, 2, 0))]
    return _solved(equations, sp.eye(6)[:, both]).extract(both, [0, 1])


@cache
def kerr_nonreciprocity(M):
    r"""Return :math:`g^{(2)}_{a\to c} - g^{(2)}_{c\to a}` over U, to first order in U.

    Pairs made in the input cavity i reach the output o besides those made there:
    :math:`g^{(2)} = 1 - 4 U\, \mathrm{Re} \left[ \Pi_{oo} + \Pi_{oi} \langle o_i\rangle^2 /
    \langle o_o\rangle^2 \right]`. M is that of `working_matrix`.

    Without loss in b it vanishes at Delta = 1/2 only:

    >>> kerr_nonreciprocity(working_matrix(loss=0)), kerr_nonreciprocity(working_matrix(0, 0))
    (0, 40/29)
    """
    one, pair = _solved(M, sp.eye(3)), pair_propagator(M)
    slopes = []
    for o, d in DIRECTION_INDICES.values():
        made = pair[o, o] + pair[o, d] * one[d, d] ** 2 / one[o, d] ** 2
        above, below = (sp.expand(part) for part in sp.fraction(sp.cancel(made)))
        conjugate = sp.expand(sp.conjugate(below))
        slopes.append(-4 * sp.re(sp.expand(above * conjugate)) / sp.expand(below * conjugate))
    return sp.factor(sp.cancel(slopes[0] - slopes[1]))


@cache
def dark_laws():
    r"""Return the constants of T, g2 and g3 from c to a at Eq. 16, as functions of U.

    They are the limits of :math:`T/\Omega^2`, :math:`g^{(2)}\Omega^4` and
    :math:`g^{(3)}\Omega^6`, by the equations of `weak_drive.incoherent_light` and
    `weak_drive.dark_limits`.

    >>> dark_laws()[0]
    2*U**2*(369*U**2 + 201*U + 352)/(37*(U**2 + 1)*(73*U**2 + 64*U + 65))
    """
    M = working_matrix()
    found = moments("c", 3)
    one = [found[_replaced((0, 0, 0), q=q)] for q in range(3)]
    source = sp.zeros(3)
    for q in (0, 1):
        with_q = [found[_replaced(_replaced((0, 0, 0), q=q), q=r)] for r in range(3)]
        for r in range(3):
            added = sp.cancel(with_q[r] - one[r] * one[q])
            source[q, r] += -2 * U * with_q[q] * sp.conjugate(added)
    source -= source.H
    unit = sp.eye(3)
    equations = sp.kronecker_product(M, unit) - sp.kronecker_product(unit, M.conjugate())
    to_aa = _solved(equations.T, sp.eye(9)[:, 0])  # the row of the inverse that gives C_aa
    C = sp.factor(sp.cancel(sp.together(sum(w * e for w, e in zip(to_aa, source, strict=True)))))
    two, three = (_square(found[n, 0, 0]) for n in (2, 3))
    return C, sp.factor(two / C**2), sp.factor(three / C**3)


def _hopping(M, n):
    """Return the products of n annihilators, and the matrix of their equations without Kerr terms.

    A product is the tuple of its numbers of a, c and b.
    """
    products = [v for v in product(range(n, -1, -1), repeat=3) if sum(v) == n]
    equations = sp.zeros(len(products))
    for row, v in enumerate(products):
        for p, q in product(range(3), repeat=2):
            if v[p]:
                equations[row, products.index(_replaced(v, p, q))] += v[p] * M[p, q]
    return products, equations


def _replaced(photons, p=None, q=None):
    """Return the photon numbers with one photon less in cavity p, and one more in cavity q."""
    return tuple(m - (k == p) + (k == q) for k, m in enumerate(photons))


def _alone(direction):
    """Return the function from n to the photon numbers of n photons in the output alone."""
    k = DIRECTION_INDICES[direction][0]
    return lambda n: tuple(n * (cavity == k) for cavity in range(3))


def _square(amplitude):
    """Return the squared modulus of a rational function of U."""
    parts = [sp.expand(part) for part in sp.fraction(sp.cancel(amplitude))]
    above, below = (sp.expand(part * sp.conjugate(part)) for part in parts)
    return sp.factor(sp.cancel(above / below))


def _solved(matrix, right):
    """Solve linear equations whose elements are rational functions of U and other symbols."""
    field = sp.QQ_I.frac_field(*sorted(matrix.free_symbols | {U}, key=str))
    both = (DomainMatrix.from_Matrix(each).convert_to(field) for each in (matrix, right))
    # Over polynomials, without fractions, the elimination takes a tenth of the time.
    (m, matrix), (r, right) = (each.clear_denoms(convert=True) for each in both)
    solution, e = matrix.solve_den(right, method="charpoly")
    factor = field(m.element) / field(r.element * e)
    return (solution.convert_to(field) * factor).to_Matrix()
