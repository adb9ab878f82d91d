"""Checks of arguments that several modules share. Each error says what is allowed."""

from difflib import get_close_matches
from numbers import Integral, Real
from reprlib import repr as short

__all__ = [
    "LARGEST_RTOL",
    "check_accuracy",
    "check_drive",
    "check_number",
    "check_whole_number",
    "unknown",
]


#: Largest allowed ``rtol``, the relative error that a caller accepts.
LARGEST_RTOL = 1e-2


def check_drive(drive):
    """Raise an error unless the driven cavity is "a" or "c" (Eq. 2).

    >>> check_drive("a")
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


def check_accuracy(rtol, photons):
    """Raise an error unless the tolerance and the largest photon number are in range.

    >>> check_accuracy(rtol=1e-6, photons=3)
    >>> check_accuracy(rtol=1e-6, photons=9)
    Traceback (most recent call last):
        ...
    ValueError: photons = 9: allowed is a whole number from 2 to 8

    Parameters
    ----------
    rtol : float
        Largest relative error of T, g2, g3 and P_m, from 1e-12 to 1e-2.
    photons : int
        Largest m of the probabilities P_m, from 2 to 8.

    Raises
    ------
    TypeError
        If rtol is not a real number or photons not a whole number.
    ValueError
        If one of them is out of range.
    """
    check_number("rtol", rtol, 1e-12, LARGEST_RTOL)
    check_whole_number("photons", photons, 2, 8)


def check_number(name, value, low, high):
    """Raise an error unless a parameter is a real number from low to high.

    >>> check_number("kappa_b", 1.25, 0, 2)
    >>> check_number("kappa_b", 2.5, 0, 2)
    Traceback (most recent call last):
        ...
    ValueError: kappa_b = 2.5: allowed is a number from 0 to 2

    Parameters
    ----------
    name : str
        The parameter, for the message.
    value : object
    low, high : float
        Both are allowed values.

    Raises
    ------
    TypeError
        If the value is not a real number.
    ValueError
        If it is out of range.
    """
    _check(name, value, Real, f"a number from {low:g} to {high:g}", low, high)


def check_whole_number(name, value, low, high):
    """Raise an error unless a parameter is a whole number from low to high.

    >>> check_whole_number("photons", 3, 2, 8)
    >>> check_whole_number("photons", 3.5, 2, 8)
    Traceback (most recent call last):
        ...
    TypeError: photons = 3.5: allowed is a whole number from 2 to 8

    Parameters
    ----------
    name : str
        The parameter, for the message.
    value : object
    low, high : int
        Both are allowed values.

    Raises
    ------
    TypeError
        If the value is not a whole number.
    ValueError
        If it is out of range.
    """
    _check(name, value, Integral, f"a whole number from {low} to {high}", low, high)


def _check(name, value, kind, allowed, low, high):
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"{name} = {short(value)}: allowed is {allowed}")
    if not low <= value <= high:
        raise ValueError(f"{name} = {short(value)}: allowed is {allowed}")


def unknown(kind, name, known):
    """Return the message for an unknown name: the nearest known name, and all known names.

    >>> unknown("parameter", "Jac", ["J_ab", "J_ac"])
    "unknown parameter 'Jac': did you mean 'J_ac'? known are J_ab, J_ac"

    Parameters
    ----------
    kind : str
        What the name is a name of.
    name : str
    known : iterable of str

    Returns
    -------
    str
    """
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {short(name)}: {hint}known are {', '.join(known)}"
