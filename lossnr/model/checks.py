"""Checks of arguments that several modules share. Each error says what is allowed.

Scalars of NumPy, and arrays of NumPy or xarray that have no dimension, count as the numbers that
they hold. Each check returns the argument as a plain Python object. A wrong type is a TypeError, a
value out of range a ValueError.
"""

from difflib import get_close_matches
from numbers import Integral, Real
from reprlib import repr as short

#: Largest allowed ``rtol``, the relative error that a caller accepts.
LARGEST_RTOL = 1e-2


def check_drive(drive):
    """Return the driven cavity, which is "a" or "c" (Eq. 2).

    >>> check_drive("b")
    Traceback (most recent call last):
        ...
    ValueError: drive = 'b': allowed are 'a' and 'c'

    Raises
    ------
    ValueError
        For any other value.
    """
    if not isinstance(drive, str) or drive not in ("a", "c"):
        raise ValueError(f"drive = {short(drive)}: allowed are 'a' and 'c'")
    return str(drive)


def check_accuracy(rtol, photons):
    """Return the tolerance, from 1e-12 to 1e-2, and the largest m of the P_m, from 2 to 8.

    >>> check_accuracy(rtol=1e-6, photons=9)
    Traceback (most recent call last):
        ...
    ValueError: photons = 9: allowed is a whole number from 2 to 8
    """
    rtol = float(check_number("rtol", rtol, 1e-12, LARGEST_RTOL))
    return rtol, check_whole_number("photons", photons, 2, 8)


def check_number(name, value, low, high):
    """Return a parameter that must be a real number from low to high, both included.

    >>> check_number("kappa_b", 2.5, 0, 2)
    Traceback (most recent call last):
        ...
    ValueError: kappa_b = 2.5: allowed is a number from 0 to 2
    """
    return _checked(name, value, Real, f"a number from {low:g} to {high:g}", low, high)


def check_whole_number(name, value, low, high):
    """Return a parameter that must be a whole number from low to high, both included.

    >>> check_whole_number("photons", 3.5, 2, 8)
    Traceback (most recent call last):
        ...
    TypeError: photons = 3.5: allowed is a whole number from 2 to 8
    """
    return int(_checked(name, value, Integral, f"a whole number from {low} to {high}", low, high))


def _checked(name, value, kind, allowed, low, high):
    if not is_number(value := scalar(value), kind):
        raise TypeError(f"{name} = {short(value)}: allowed is {allowed}")
    if not low <= value <= high:
        raise ValueError(f"{name} = {short(value)}: allowed is {allowed}")
    return value


def is_number(value, kind=Real):
    """Return whether a value is a real number, or of another kind; bools and durations are not.

    >>> is_number(2), is_number(True), is_number(2.0, Integral)
    (True, False, False)
    """
    # NumPy counts its durations (kind "m") as integers.
    return isinstance(value, kind) and not isinstance(value, bool) and _kind(value) != "m"


def scalar(value):
    """Return the number in an array of numbers without dimensions; anything else as it is.

    >>> import numpy as np
    >>> scalar(np.array(0.3)), scalar([0.3])
    (0.3, [0.3])
    """
    return value.item() if _kind(value) in ("i", "u", "f") and value.ndim == 0 else value


def _kind(value):
    return getattr(getattr(value, "dtype", None), "kind", None)


def unknown(kind, name, known):
    """Return the message for an unknown name of a kind: the nearest known name, and all of them.

    >>> unknown("parameter", "Jac", ["J_ab", "J_ac"])
    "unknown parameter 'Jac': did you mean 'J_ac'? known are J_ab, J_ac"
    """
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {short(name)}: {hint}known are {', '.join(known)}"
