"""Numbers as users write them, such as ``3*pi/4`` or −5: parsed, never run as code."""

import ast
import math
import operator
import re
import unicodedata
import warnings

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
# Printed forms of Python's operators and names.
_PRINTED = str.maketrans(
    {"−": "-", "\N{EN DASH}": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "√": "sqrt", "π": "pi"}
    | dict.fromkeys(("\N{DIVISION SLASH}", "\N{FRACTION SLASH}"), "/")
    | dict.fromkeys(("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"), " ")
)
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
# Longer texts are refused.
_LONGEST = 200


def evaluate(text):
    """Return the value of an expression of numbers, ``pi``, ``sqrt``, + - * / ** and parentheses.

    Numbers copied from a page are accepted too: with −, ×, ·, √, π, ½ and superscripts. No sign is
    needed between a number and π or √.

    >>> evaluate("-pi/4"), evaluate("−π/4"), evaluate("5×10⁻³")
    (-0.7853981633974483, -0.7853981633974483, 0.005)

    Raises
    ------
    ValueError
        For anything else, and where the value is not a finite real number.
    """
    try:
        if len(text) > _LONGEST:
            raise ValueError
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python's parser warns of texts that are not numbers
            value = _value(ast.parse(_in_ascii(text), mode="eval").body)
        if isinstance(value, complex) or not math.isfinite(value):
            raise ValueError
    except (ArithmeticError, SyntaxError, TypeError, ValueError, Warning):
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
        raise ValueError(
            f"{shown!r} is not a number: allowed are finite numbers, pi, sqrt(...), + - * / ** and "
            "parentheses, such as 3*pi/4"
        ) from None
    return value


def _in_ascii(text):
    """Return a printed expression in Python's notation."""
    text = re.sub(f"[{_SUPERSCRIPTS}]+", lambda power: f"**({_plain(power[0])})", text.strip())
    text = re.sub(r"(\d*)([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", _fraction, text)
    text = re.sub(r"(?<=[\d.)])(\s*)(?=[π√])", "*", text)
    text = re.sub(r"√\s*(\d+(?:\.\d+)?|π)", r"√(\1)", text)
    return text.translate(_PRINTED)


def _plain(text):
    return unicodedata.normalize("NFKC", text).translate(_PRINTED)


def _fraction(found):
    return f"({found[1] or 0}+{_plain(found[2])})"


def _value(node):
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.Name(id="pi"):
            return math.pi
        case ast.Call(func=ast.Name(id="sqrt"), args=[argument], keywords=[]):
            return math.sqrt(_value(argument))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
    raise ValueError
