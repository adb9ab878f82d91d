"""Eqs. 7-17 as the paper prints them, compared with what is derived.

Each stands here twice: in LaTeX, for the pages, and as an expression of SymPy, for the comparison.
A test holds the two together.
"""

import sympy as sp

from ..model import symbolic as s

#: The equations by their numbers, in LaTeX; what differs from the derived form is in << and >>.
PRINTED = {
    7: r"""\begin{aligned}
\dot a ={}& -\left(i\omega_a + \frac{\kappa_a}{2}\right) a - iJ_{ac} e^{-i\theta} c \\
    & - iJ_{ab} b + \sqrt{\kappa_a}\, a_\mathrm{in} \\
\dot c ={}& -\left(i\omega_c + \frac{\kappa_c}{2}\right) c - iJ_{ac} e^{i\theta} a \\
    & - iJ_{bc} b + \sqrt{\kappa_c}\, c_\mathrm{in} \\
\dot b ={}& -\left(i\omega_b + \frac{\kappa_b}{2}\right) b - iJ_{ab} a \\
    & - iJ_{bc} c + \sqrt{\kappa_b}\, b_\mathrm{in}
\end{aligned}""",
    8: r"""\begin{gathered}
u^T = (a, c, b) , \qquad v_\mathrm{in}^T = (a_\mathrm{in}, c_\mathrm{in}, b_\mathrm{in}) , \\
\Gamma = \mathrm{diag}(\kappa_a, \kappa_c, \kappa_b)
\end{gathered}""",
    9: r"\frac{d}{dt} u = -i M u + \sqrt\Gamma\, v_\mathrm{in}",
    10: r"""M = \begin{pmatrix}
\omega_a - i\frac{\kappa_a}{2} & J_{ac} e^{-i\theta} & J_{ab} \\
J_{ac} e^{i\theta} & \omega_c - i\frac{\kappa_c}{2} & J_{bc} \\
J_{ab} & J_{bc} & \omega_b - i\frac{\kappa_b}{2}
\end{pmatrix}""",
    11: r"u(\omega) = -i (M - \omega I)^{-1} \sqrt\Gamma\, v_\mathrm{in}(\omega)",
    12: r"S(\omega) = -i \sqrt\Gamma\, (M - \omega I)^{-1} <<\Gamma>> - I",
    13: r"""\begin{aligned}
& T_{a\to c}(\omega) = \left| S_{21} (\omega) \right|^2 \\
& = \left| \frac{<<-i\sqrt{\kappa_a\kappa_c}>>
    \left[ J^2 + e^{i\theta} J_{ac} \left(\delta + \frac{i\kappa_b}{2}\right) \right]}{D(\omega)}
    \right|^2
\end{aligned}""",
    14: r"""\begin{aligned}
& T_{c\to a}(\omega) = \left| S_{12} (\omega) \right|^2 \\
& = \left| \frac{<<-i\sqrt{\kappa_a\kappa_c}>>
    \left[ J^2 + e^{-i\theta} J_{ac} \left(\delta + \frac{i\kappa_b}{2}\right) \right]}{D(\omega)}
    \right|^2
\end{aligned}""",
    15: r"""\begin{aligned}
& D(\omega) = <<2\cos(\theta) J^2 J_{ac}>>
    + J_{ac}^2 \left(\delta + \frac{i\kappa_b}{2}\right) \\
& \quad {} + <<J^2 \left(\delta + \frac{i\kappa_c}{2}\right)>>
    - \left(\delta + \frac{i\kappa_a}{2}\right) \\
& \quad {} \times \left[ <<-J^2>> + \left(\delta + \frac{i\kappa_b}{2}\right)
    \left(\delta + \frac{i\kappa_c}{2}\right) \right]
\end{aligned}""",
    16: r"""\begin{aligned}
\delta &= \frac{\kappa}{2\tan(\theta)} , & J_{ac} &= -\frac{\kappa}{2\sin(\theta)} , \\
<<J>> &= <<\pm J_{ac}>> , & \kappa_b &= \kappa
\end{aligned}""",
    17: r"""\begin{aligned}
\delta &= -\frac{\kappa}{2\tan(\theta)} , & J_{ac} &= \frac{\kappa}{2\sin(\theta)} , \\
<<J>> &= <<\pm J_{ac}>> , & \kappa_b &= \kappa
\end{aligned}""",
}


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
    """Return the bracket in the numerator of Eq. 13, "a->c", or Eq. 14, "c->a", as printed.

    >>> printed_numerator("a->c")
    J**2 + J_ac*(delta + I*kappa_b/2)*exp(I*theta)
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


def printed_optimum(direction):
    """Return the conditions of Eq. 16 ("a->c") or Eq. 17 ("c->a") as printed.

    >>> printed_optimum("c->a")["J_ac"]
    kappa/(2*sin(theta))

    Returns
    -------
    dict
        With the keys ``delta``, ``J_ac``, ``kappa_b`` and, for both signs of J, ``J**2``.
    """
    sign = 1 if direction == "a->c" else -1
    J_ac = -sign * s.kappa / (2 * sp.sin(s.theta))
    delta = sign * s.kappa / (2 * sp.tan(s.theta))
    return {"delta": delta, "J_ac": J_ac, "kappa_b": s.kappa, "J**2": J_ac**2}


def matches_print(direction):
    """Return whether the solution for one-way transmission is that of Eq. 16 or Eq. 17.

    The solution is found from a to c. From c to a the derived T is the same with -theta for theta:
    this is shown first, and so is the solution.
    """
    found = s.completeness("a->c")
    if direction == "c->a":
        mirrored = {s.theta: -s.theta}
        if not (
            s.same(s.numerator("c->a"), s.numerator("a->c").subs(mirrored))
            and s.same(s.denominator(), s.denominator().subs(mirrored))
        ):
            return False
        found = {name: value.subs(mirrored) for name, value in found.items()}
    printed = printed_optimum(direction)
    return all(s.same(found[name], value) for name, value in printed.items())
