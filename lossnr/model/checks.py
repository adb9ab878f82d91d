"""Checks of arguments that several modules share: each error says what is allowed."""

from numbers import Integral, Real
from reprlib import repr as short

from .device import Device

__all__ = [
    "LARGEST_RTOL",
    "check_accuracy",
    "check_device",
    "check_drive",
    "check_number",
    "check_whole_number",
]


#: The largest relative error that can be asked for.
LARGEST_RTOL = 1e-2


def check_device(device):
    """Raise a TypeError for anything but a Device."""
    if not isinstance(device, Device):
        raise TypeError(f"device = {short(device)}: allowed is a Device")


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
