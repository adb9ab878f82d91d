"""Checks of arguments that hold several numbers. Each error names the argument and what is allowed.

They come beside those of single numbers, `lossnr.model.checks`.
"""

from reprlib import repr as short

import numpy as np

from ..model.checks import check_number

__all__ = ["check_numbers"]


def check_numbers(name, values, low, high, *, increasing=False):
    """Return a number, or a list or array of numbers from low to high, as an array of one axis.

    >>> check_numbers("sigmas", [0.1, 0.3], 0, 1).tolist(), check_numbers("U", 2, 0, 9).tolist()
    ([0.1, 0.3], [2.0])
    >>> check_numbers("edges", [0, 2, 1], 0, 10, increasing=True)
    Traceback (most recent call last):
        ...
    ValueError: edges = [0, 2, 1]: allowed are increasing numbers

    Raises
    ------
    TypeError, ValueError
        As `check_number` does for each of them; ValueError also for none, for more than one axis,
        and for numbers that do not increase where they should.
    """
    if isinstance(values, str | dict | set) or values is None:
        raise TypeError(f"{name} = {short(values)}: allowed is a number, or a list of numbers")
    try:
        given = np.atleast_1d(np.asarray(values))
    except ValueError:  # lists of different lengths
        given = np.zeros((0, 0))
    if given.ndim != 1 or not len(given):
        raise ValueError(f"{name} = {short(values)}: allowed is a number, or a list of numbers")
    # An array of NumPy would make numbers of truth values, and strings of all, in a mixed list.
    each = (
        given if isinstance(values, np.ndarray) else np.atleast_1d(np.array(values, dtype=object))
    )
    found = np.array([check_number(name, value, low, high) for value in each], dtype=float)
    if increasing and (np.diff(found) <= 0).any():
        raise ValueError(f"{name} = {short(values)}: allowed are increasing numbers")
    return found
