"""Equations of the paper as printed and, where it looks different, as derived, with the difference.

What differs has a box in both forms, and on the site a colour.
"""

import sympy as sp
from IPython.display import Markdown

from ..claims.printed import PRINTED
from ..model import symbolic as s


def both_forms(label):
    r"""Return an equation as printed, with its number, and below it as derived, as Markdown.

    The derived form is left out where it has the same terms in another order. A label such as
    "eq-13" holds the number in the paper, and is a name for links.

    >>> print(both_forms("eq-9").data)
    $$
    \frac{d}{dt} u = -i M u + \sqrt\Gamma\, v_\mathrm{in}
    $$ (eq-9)
    """
    number = int(label.rpartition("eq-")[2])
    text = f"$$\n{marked(PRINTED[number])}\n$$ ({label})"
    if number in DERIVED:
        words, formula = DERIVED[number]()
        text += f"\n\n{words}\n\n$$\n{marked(formula)}\n$$"
    return Markdown(text)


def marked(formula):
    r"""Return a formula in LaTeX with a box around what stands between << and >>.

    >>> print(marked("x + <<y>>"))
    x + \class{differs}{\boxed{y}}
    """
    return formula.replace("<<", r"\class{differs}{\boxed{").replace(">>", "}}")


def _kerr_terms():
    words = (
        "The derived equations have the same terms. If the Kerr terms of $H$ are kept, those of "
        "a and c have one more:"
    )
    lines = []
    for mode in "ac":
        added = sp.expand(s.langevin_equation(mode, kerr=True) - s.langevin_equation(mode))
        lines.append(rf"\dot {mode} &= \ldots <<{sp.latex(added)}>>")
    return words, _aligned(lines)


def _scattering():
    words = "The derived matrix has another last factor:"
    return words, r"S(\omega) = -i \sqrt\Gamma\, (M - \omega I)^{-1} <<\sqrt\Gamma>> - I"


def _transmission(direction):
    x_b = sp.Symbol("x_b")
    N = sp.expand(s.numerator(direction).subs(s.kappa_b, -2 * sp.I * (x_b - s.delta)))
    left = rf"T_{{{direction[0]}\to {direction[-1]}}}"
    modulus = rf"\left| \frac{{{sp.latex(N)}}}{{D}} \right|^2"
    words = "The derived form is equal. The losses stand before the modulus:"
    return words, rf"{left} = <<\kappa_a \kappa_c>> {modulus}"


def _denominator():
    D = s.in_detunings(s.denominator())
    square = s.J**2 * D.coeff(s.J**2)
    words = "The derived form is equal. The terms with $J^2$ stand together:"
    lines = [f"D &= <<{sp.latex(square)}>>", f"&\\quad + {sp.latex(sp.expand(D - square))}"]
    return words, _aligned(lines)


def _optimum(direction):
    found = s.completeness(direction)
    delta, J_ac, square, loss = (
        sp.latex(found[name]) for name in ("delta", "J_ac", "J**2", "kappa_b")
    )
    lines = [
        rf"\delta &= {delta} , & J_{{ac}} &= {J_ac} ,",
        rf"<<J^2>> &= <<{square}>> , & \kappa_b &= {loss}",
    ]
    return "The derived form is equal. It has $J^2$, which allows both signs of $J$:", _aligned(
        lines
    )


def _aligned(lines):
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


#: What is derived where it looks different: words and a formula, by the equation's number.
DERIVED = {
    7: _kerr_terms,
    12: _scattering,
    13: lambda: _transmission("a->c"),
    14: lambda: _transmission("c->a"),
    15: _denominator,
    16: lambda: _optimum("a->c"),
    17: lambda: _optimum("c->a"),
}
