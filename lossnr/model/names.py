r"""Names, symbols, words and units of all quantities, and how numbers are written.

A text is written once, with its mathematics as LaTeX between dollar signs. Pages show it as it is;
`plain` converts it for the terminal, for JSON and for alternative text.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Context
from math import isnan, pi

#: Differences of transmissions, or of correlations, between the directions below this are rounding.
ROUNDING = 1e-9
#: What is nan: there is no light whose photons could be counted, or rounding leaves no digits.
UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Quantity:
    r"""How a quantity is written: symbol in LaTeX, words, unit (kappa, 1/kappa, rad or 1).

    >>> QUANTITIES["kappa_b"]
    Quantity(symbol='\\kappa_b', words='loss of cavity b', unit='kappa')
    """

    symbol: str
    words: str
    unit: str = "1"


#: The quantities by their names in ASCII, which the interface uses.
#:
#: :meta hide-value:
QUANTITIES = {
    # The parameters of `Device`, and the paper's shared symbols.
    "Delta_a": Quantity(r"\Delta_a", "detuning of cavity a from the drive", "kappa"),
    "Delta_b": Quantity(r"\Delta_b", "detuning of cavity b from the drive", "kappa"),
    "Delta_c": Quantity(r"\Delta_c", "detuning of cavity c from the drive", "kappa"),
    "kappa_a": Quantity(r"\kappa_a", "loss of cavity a", "kappa"),
    "kappa_b": Quantity(r"\kappa_b", "loss of cavity b", "kappa"),
    "kappa_c": Quantity(r"\kappa_c", "loss of cavity c", "kappa"),
    "U_a": Quantity("U_a", "Kerr nonlinearity of cavity a", "kappa"),
    "U_c": Quantity("U_c", "Kerr nonlinearity of cavity c", "kappa"),
    "J_ab": Quantity("J_{ab}", "coupling of a and b", "kappa"),
    "J_bc": Quantity("J_{bc}", "coupling of b and c", "kappa"),
    "J_ac": Quantity("J_{ac}", "coupling of a and c", "kappa"),
    "theta": Quantity(r"\theta", "phase of the coupling of a and c", "rad"),
    "Omega": Quantity(r"\Omega", "amplitude of the drive", "kappa"),
    "Delta": Quantity(r"\Delta", "detuning", "kappa"),
    "kappa": Quantity(r"\kappa", "loss of cavities a and c", "kappa"),
    "U": Quantity("U", "Kerr nonlinearity", "kappa"),
    "J": Quantity("J", "coupling to cavity b", "kappa"),
    "n_th": Quantity("n_{th}", "thermal occupation of the baths"),
    "gamma_phi": Quantity(r"\gamma_{\phi}", "dephasing of cavities a and c", "kappa"),
    # Observables at the output.
    "T": Quantity("T", "transmission"),
    "g2": Quantity("g^{(2)}", "second-order correlation"),
    "g3": Quantity("g^{(3)}", "third-order correlation"),
    "P": Quantity("P_m", "photon-number distribution of the output cavity"),
    **{f"P_{m}": Quantity(f"P_{m}", f"probability of {m} photon{'s'[: m != 1]}") for m in range(9)},
    "n": Quantity("n", "mean photon number of the output cavity"),
    "I": Quantity(r"\mathcal{I}", "isolation"),
    "R": Quantity(r"\mathcal{R}", "ratio"),
    "excitations": Quantity("N", "largest photon number kept"),
    "error": Quantity(r"\text{error}", "estimate of the largest relative error of T, g2, g3 and P"),
    # Correlations in time.
    "tau": Quantity(r"\tau", "delay", "1/kappa"),
    "sigma": Quantity(r"\sigma", "timing jitter", "1/kappa"),
    # The directions, and other symbols of Eqs. 7 to 17.
    "a->c": Quantity(r"a\to c", "from a to c"),
    "c->a": Quantity(r"c\to a", "from c to a"),
    "omega": Quantity(r"\omega", "frequency of the light", "kappa"),
    "omega_0": Quantity(r"\omega_0", "common frequency of the cavities", "kappa"),
    "delta": Quantity(r"\delta", "detuning of the light from the cavities", "kappa"),
    "phi": Quantity(r"\phi", "phase lag of cavity b", "rad"),
    "Gamma": Quantity(r"\Gamma", "diagonal matrix of the losses", "kappa"),
    "S_21": Quantity("S_{21}", "amplitude from a to c"),
    "S_12": Quantity("S_{12}", "amplitude from c to a"),
}


def symbol(name):
    r"""Return the symbol of a quantity as mathematics in Markdown.

    >>> symbol("g2"), symbol("a->c")
    ('$g^{(2)}$', '$a\\to c$')
    """
    return f"${QUANTITIES[name].symbol}$"


def titled(name):
    r"""Return the words of a quantity and its symbol, for an axis.

    >>> titled("I")
    'isolation $\\mathcal{I}$'
    """
    return f"{QUANTITIES[name].words} {symbol(name)}"


def equation(name, value):
    r"""Return a quantity's symbol and its value, as Markdown; theta is in units of pi.

    >>> equation("kappa_b", 1.25), equation("theta", -pi / 4)
    ('$\\kappa_b = 1.25$', '$\\theta = -0.25\\pi$')
    """
    return f"${QUANTITIES[name].symbol} = {value_of(name, value)}$"


def value_of(name, value):
    r"""Return the value of a quantity in LaTeX, phases in units of pi.

    >>> value_of("theta", pi / 2), value_of("U", 5.0)
    ('0.5\\pi', '5')
    """
    return rf"{in_latex(value / pi)}\pi" if name == "theta" and value else in_latex(value)


def number(value, digits=4):
    r"""Return a number for Markdown, with at most ``digits`` digits and powers of ten in LaTeX.

    Nan reads `UNDETERMINED`.

    >>> number(0.97231), number(4734.27, 2), number(-0.5)
    ('0.9723', '$4.7 \\times 10^{3}$', '−0.5')
    """
    if isnan(value):
        return UNDETERMINED
    latex = in_latex(value, digits)
    return f"${latex}$" if "^" in latex else latex.replace("-", "−")


def in_latex(value, digits=4):
    r"""Return a number in LaTeX.

    >>> in_latex(1.5e-9, 2), in_latex(1e5)
    ('1.5 \\times 10^{-9}', '10^{5}')
    """
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    if not power:
        return mantissa
    factor = "" if mantissa == "1" else rf"{mantissa} \times "
    return f"{factor}10^{{{int(power)}}}"


def rounded_down(value, digits):
    """Return a limit rounded towards zero, so that what is stated is still within it.

    >>> rounded_down(0.03159, 2), rounded_down(-0.0159, 2), rounded_down(0.05, 2)
    (0.031, -0.015, 0.05)
    """
    return _rounded(value, digits, ROUND_DOWN)


def rounded_up(value, digits):
    """Return an upper bound rounded away from zero, so that it still is one.

    >>> rounded_up(0.005304, 1), rounded_up(-0.0151, 2), rounded_up(0.05, 2)
    (0.006, -0.016, 0.05)
    """
    return _rounded(value, digits, ROUND_UP)


def _rounded(value, digits, how):
    return float(Context(prec=digits, rounding=how).create_decimal(repr(float(value))))


def plain_number(value, digits=3):
    """Return a number for plain text.

    >>> plain_number(4734.27, 2), plain_number(-0.5)
    ('4.7e3', '-0.5')
    """
    return plain(number(value, digits))


_NAMES = {each.symbol: name for name, each in QUANTITIES.items() if not each.symbol.isidentifier()}
# The longest first: \kappa_b before \kappa.
_SYMBOLS = "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))
_COMMANDS = {"pm": "+-", "le": "<=", "ge": ">=", "dagger": "dag", "ldots": "..."}


def plain(text):
    r"""Return a text with mathematics as plain text: symbols become their names in ASCII.

    >>> plain(r"$g^{(2)}$ $a\to c$ falls as $\Omega^{-4}$, from $10^{4.5}$ to $4.7 \times 10^{3}$")
    'g2 a->c falls as Omega^-4, from 10^4.5 to 4.7e3'
    >>> plain(r"$\sqrt{\Gamma}$, $S^\dagger S = 1$, $\theta = \pm\pi/2$, $\lvert x\rvert \ge 2$")
    'sqrt(Gamma), S^dag S = 1, theta = +-pi/2, |x| >= 2'
    """
    parts = text.replace("−", "-").split("$")
    parts[1::2] = map(_plain, parts[1::2])
    return " ".join("".join(parts).split())


def _plain(latex):
    latex = re.sub(r"\\lvert ?|\\rvert", "|", latex)
    latex = re.sub(
        r"(?:([\d.]+) ?\\times )?10\^\{(-?\d+)\}",
        lambda found: f"{found[1] or 1}e{found[2]}",
        latex,
    )
    latex = re.sub(r"(?<=\w)(?=\\(?!to\b)[A-Za-z])", " ", latex)
    latex = re.sub(f"({_SYMBOLS})(?![A-Za-z_])", lambda found: _NAMES[found[0]], latex)
    latex = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", latex)
    latex = re.sub(r"\\(mathcal|text)|[{}]|(?<=\\pm) ", "", latex.replace(r"\,", " "))
    return re.sub(r"\\([A-Za-z]+)", lambda found: _COMMANDS.get(found[1], found[1]), latex)
