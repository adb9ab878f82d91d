"""Numbers as a reader writes them, such as ``3*pi/4``: parsed, never run as code."""

import ast
import math
import operator
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
#: Longer texts are not looked at: nobody writes a number with that many characters.
_LONGEST = 200


def evaluate(text):
    """Return the value of an expression of numbers, ``pi``, ``sqrt``, + - * / ** and parentheses.

    >>> evaluate("-pi/4"), evaluate("sqrt(1/2)")
    (-0.7853981633974483, 0.7071067811865476)

    Raises
    ------
    ValueError
        For anything else, and where the value is not a finite real number.
    """
    try:
        if len(text) > _LONGEST:
            raise ValueError
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of Python's parser, on what is no number anyway
            value = _value(ast.parse(text.strip(), mode="eval").body)
        if isinstance(value, complex) or not math.isfinite(value):
            raise ValueError
    except (ArithmeticError, SyntaxError, TypeError, ValueError, Warning):
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
        raise ValueError(
            f"{shown!r} is no number: allowed are finite numbers, pi, sqrt(...), + - * / ** and "
            "parentheses, such as 3*pi/4"
        ) from None
    return value


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
