"""Steady states of many devices at once, on all cores, as a labelled xarray Dataset."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from math import prod
from reprlib import repr as short

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from .arguments import check_device, check_number, check_whole_number
from .device import DIRECTIONS, LARGEST
from .krylov import ConvergenceError
from .steadystate import steady_line, steady_points
from .versions import __version__

__all__ = ["axis", "sweep"]

#: Points without a common detuning that are solved between two steps of the progress bar.
CHUNK = 128

_LONG_NAMES = {
    "T": "transmission",
    "g2": "second-order correlation",
    "g3": "third-order correlation",
    "P": "photon-number distribution of the output cavity",
    "n": "mean photon number of the output cavity",
    "excitations": "largest photon number kept",
    "error": "estimate of the largest relative error of T, g2, g3 and P",
}


def sweep(device, *, progress=False, rtol=1e-6, photons=3, **axes):
    """Return the steady states of a device, in both directions, along any axes.

    Parameters
    ----------
    device : Device
        The parameters that no axis changes.
    progress : bool
        Whether to show a progress bar.
    rtol : float
        Largest relative error allowed in T, g2, g3 and each P_m.
    photons : int
        Largest m of the probabilities P_m; with 2 there is no g3, and it is faster.
    **axes : array_like, shape (points,)
        Values of a parameter, by its name or by a shared symbol of the paper (see
        `Device.replace`), in kappa or rad. An axis ``Delta`` is by far the cheapest.

    Returns
    -------
    xarray.Dataset
        T, g2, g3, n, excitations and error (see `SteadyState`) with the dimension ``direction``
        ("a->c", "c->a") and one per axis, in the order given; P with a last dimension ``m``. The
        attributes hold the device (as JSON), rtol, the largest photon number, residual and error
        of all points, the methods used and the version of this package.

    Raises
    ------
    TypeError, ValueError
        For an axis that is unknown, empty, not one-dimensional or has a value out of range; the
        message names it. Nothing is computed then.
    ConvergenceError
        If the tolerance cannot be reached somewhere; the message names the point.
    """
    check_device(device)
    if not isinstance(progress, bool):
        raise TypeError(f"progress = {progress!r}: allowed are True and False")
    axes = {name: _checked_axis(device, name, values) for name, values in axes.items()}
    device.replace(**{name: values[0] for name, values in axes.items()})  # no symbol twice
    shape = tuple(len(values) for values in axes.values())

    # A common detuning is a line that is solved in one go; other points are solved many at a time.
    outer = {name: values for name, values in axes.items() if name != "Delta"}
    points = [dict(zip(outer, point, strict=True)) for point in product(*outer.values())]
    size = 1 if "Delta" in axes else CHUNK

    def solve(chunk):
        devices = [device.replace(**changes) for changes in chunk]
        if "Delta" in axes:
            line = devices[0].replace(Delta=0)
            return steady_line(line, axes["Delta"], rtol=rtol, photons=photons)
        return steady_points(devices, rtol=rtol, photons=photons)

    chunks = [points[i : i + size] for i in range(0, len(points), size)]
    parts = []
    with (
        threadpool_limits(1, "blas"),  # the threads are these, not those of BLAS
        ThreadPoolExecutor(_cores()) as executor,
        tqdm(total=2 * prod(shape), unit="state", disable=not progress) as bar,
    ):
        futures = [executor.submit(solve, chunk) for chunk in chunks]
        try:
            for chunk, future in zip(chunks, futures, strict=True):
                try:
                    parts.append(future.result())
                except ConvergenceError:
                    raise _named_error(chunk, solve) from None
                bar.update(parts[-1]["T"].size)
        finally:
            executor.shutdown(cancel_futures=True)
    found = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}

    names = [name for name in _LONG_NAMES if name != "g3" or photons >= 3]
    grid = [len(values) for values in outer.values()]
    variables = {}
    for name in names:
        dims = ("direction", *outer, "Delta", *(["m"] if name == "P" else []))
        values = found[name].reshape(2, *grid, -1, *found[name].shape[2:])
        variables[name] = (dims, values, {"long_name": _LONG_NAMES[name], "units": "1"})
    coordinates = {
        name: (name, values, {"units": "rad" if name == "theta" else "kappa"})
        for name, values in axes.items()
    }
    data = xr.Dataset(
        variables,
        {"direction": list(DIRECTIONS), **coordinates, "m": np.arange(photons + 1)},
        {
            "device": json.dumps(device.parameters()),
            "rtol": rtol,
            "excitations": int(found["excitations"].max()),
            "residual": float(found["residual"].max()),
            "error": float(found["error"].max()),
            "method": ", ".join(sorted(set(found["method"].flat))),
            "lossnr": __version__,
        },
    )
    if "Delta" not in axes:
        data = data.isel(Delta=0)
    return data.transpose("direction", *axes, ...)


def _cores():
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _named_error(chunk, solve):
    """Return the error of the first point of a chunk that cannot be solved, named."""
    for changes in chunk:
        try:
            solve([changes])
        except ConvergenceError as error:
            where = ", ".join(f"{name} = {value:g}" for name, value in changes.items())
            return ConvergenceError(f"at {where}: {error}" if where else str(error))
    raise AssertionError("the points of a chunk can be solved alone, but not together")


def axis(name, low, high, points):
    """Return evenly spaced values from low to high for `sweep`, both ends included.

    Parameters
    ----------
    name : str
        What the values are of, for the error message.
    low, high : float
    points : int
        How many, from 2 to 100000.

    Raises
    ------
    TypeError, ValueError
        If low or high is not a finite number, high is not above low, or points is not allowed.
    """
    check_whole_number("points", points, 2, 100_000)
    check_number(f"{name}_min", low, -LARGEST, LARGEST)
    check_number(f"{name}_max", high, -LARGEST, LARGEST)
    values = np.linspace(float(low), float(high), points)
    if not np.all(np.diff(values) > 0):
        raise ValueError(f"{name}_max = {high!r}: allowed is more than {name}_min = {low!r}")
    return values


def _checked_axis(device, name, values):
    """Return the values of an axis as an array, or say what is wrong with them."""
    device.replace(**{name: 0.5})  # the name, before the values
    given = values
    if getattr(getattr(values, "dtype", None), "kind", "f") in "mM":
        raise TypeError(f"axis {name} = {short(given)}: allowed is a list of numbers")
    values = np.asarray(values.tolist() if hasattr(values, "tolist") else values, dtype=object)
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"axis {name} = {short(given)}: allowed is a list of one or more numbers")
    for value in values:
        device.replace(**{name: value})
    return values.astype(float)
