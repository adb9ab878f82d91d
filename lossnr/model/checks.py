"""Checks of arguments that several modules share: each error says what is allowed."""

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


#: The largest relative error that can be asked for.
LARGEST_RTOL = 1e-2


def check_drive(drive):
    """Raise a ValueError for anything but "a" and "c"."""
    if not isinstance(drive, str) or drive not in ("a", "c"):
        raise ValueError(f"drive = {short(drive)}: allowed are 'a' and 'c'")


def check_accuracy(rtol, photons):
    """Raise a TypeError or a ValueError for a tolerance or a largest P_m that no solver takes."""
    check_number("rtol", rtol, 1e-12, LARGEST_RTOL)
    check_whole_number("photons", photons, 2, 8)


def check_number(name, value, low, high):
    """Raise a TypeError or a ValueError for anything but a real number from low to high."""
    _check(name, value, Real, f"a number from {low:g} to {high:g}", low, high)


def check_whole_number(name, value, low, high):
    """Raise a TypeError or a ValueError for anything but a whole number from low to high."""
    _check(name, value, Integral, f"a whole number from {low} to {high}", low, high)


def _check(name, value, kind, allowed, low, high):
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"{name} = {short(value)}: allowed is {allowed}")
    if not low <= value <= high:
        raise ValueError(f"{name} = {short(value)}: allowed is {allowed}")


def unknown(kind, name, known):
    """Return what to say of a name that is not known: the nearest one that is, and all."""
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {short(name)}: {hint}known are {', '.join(known)}"
