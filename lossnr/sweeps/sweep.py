"""Steady states of many devices at once, on all cores, as a labelled xarray Dataset."""

import json
from concurrent.futures import Executor
from contextlib import nullcontext
from functools import partial
from itertools import product
from reprlib import repr as short

import numpy as np
import xarray as xr

from ..machine import __version__
from ..model.checks import check_accuracy, check_number, check_whole_number
from ..model.device import DIRECTIONS, LARGEST, check_device
from ..model.names import QUANTITIES
from ..solver.steadystate import TILE, steady_line, steady_points
from .checkpoint import Store
from .workers import Tile, compute

# What a Dataset holds, in this order.
_VARIABLES = ("T", "g2", "g3", "P", "n", "excitations", "error")
#: Points of a tile that have no eigenbasis in common: with more, their bases fill the caches.
_APART = 64


def sweep(device, *, progress=False, rtol=1e-6, photons=3, executor=None, file=None, **axes):
    """Return the steady states of a device, in both directions, along any axes.

    >>> from lossnr import Device, sweep
    >>> data = sweep(Device(), Delta=[0.3, 0.4, 0.5])
    >>> dict(data["T"].sizes)
    {'direction': 2, 'Delta': 3}
    >>> print(f"{data['T'].sel(direction='a->c', Delta=0.5).item():.3f}")
    0.972

    Parameters
    ----------
    device : Device
        The parameters that no axis changes.
    progress : bool
        Whether to show a progress bar.
    rtol : float
        Largest relative error allowed in T, g2, g3 and each P_m.
    photons : int
        Largest m of the probabilities P_m. With 2 the sweep is faster and has no g3.
    executor : concurrent.futures.Executor, optional
        Where to compute: a pool of processes, or a cluster by way of Dask's
        ``Client.get_executor()``. By default the cores of this machine, with threads. The result
        is the same, byte for byte.
    file : str or path, optional
        A file (SQLite) in which each tile is saved as soon as it is computed. An existing file must
        be of the same sweep, which is resumed: no tile is computed twice.
    **axes : array_like, shape (points,)
        Values of a parameter, by its name or by a shared symbol of the paper (see
        `Device.replace`), in kappa or rad. Points along ``Delta`` take the least time.

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
        For an axis that is unknown, empty, not one-dimensional or has a value out of range. The
        message names the axis, and nothing is computed.
    ConvergenceError
        If the tolerance cannot be reached somewhere; the message names the point.
    RuntimeError
        If the executor fails, for example because a worker dies. The tiles saved in a file are
        kept, as they are after Ctrl-C.
    """
    check_device(device)
    if not isinstance(progress, bool):
        raise TypeError(f"progress = {progress!r}: allowed are True and False")
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(
            f"executor = {short(executor)}: allowed is an executor of concurrent.futures, such as "
            "a ProcessPoolExecutor or Dask's Client(...).get_executor()"
        )
    axes = {name: _checked_axis(device, name, values) for name, values in axes.items()}
    device.replace(**{name: values[0] for name, values in axes.items()})  # no symbol twice
    rtol, photons = check_accuracy(rtol, photons)

    outer = {name: values for name, values in axes.items() if name != "Delta"}
    points = [dict(zip(outer, point, strict=True)) for point in product(*outer.values())]
    # A tile has the points that the solver treats together, if possible with one eigenbasis.
    if "Delta" in axes:
        pieces = [axes["Delta"][i : i + TILE] for i in range(0, len(axes["Delta"]), TILE)]
        tiles = [Tile([point], piece) for point in points for piece in pieces]
    else:
        tiles = [Tile(points[i : i + _APART]) for i in range(0, len(points), _APART)]
    solve = partial(_solve, device, rtol, photons)
    question = {
        "device": device.parameters(),
        "axes": {name: values.tolist() for name, values in axes.items()},
        "rtol": rtol,
        "photons": photons,
        "lossnr": __version__,
        "tiles": len(tiles),
    }
    with Store(file, question) if file is not None else nullcontext({}) as found:
        compute(solve, tiles, found, executor, progress)
        parts = [found[i] for i in range(len(tiles))]
    found = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}

    grid = [len(values) for values in outer.values()]
    variables, coordinates = {}, {"direction": list(DIRECTIONS)}
    for name in _VARIABLES if photons >= 3 else [n for n in _VARIABLES if n != "g3"]:
        dims = ("direction", *outer, "Delta", *(["m"] if name == "P" else []))
        values = found[name].reshape(2, *grid, -1, *found[name].shape[2:])
        words = {"long_name": QUANTITIES[name].words, "units": QUANTITIES[name].unit}
        variables[name] = (dims, values, words)
    for name, values in axes.items():
        coordinates[name] = (name, values, {"units": QUANTITIES[name].unit})
    coordinates["m"] = np.arange(photons + 1)
    attributes = {
        "device": json.dumps(device.parameters()),
        "rtol": rtol,
        "excitations": int(found["excitations"].max()),
        "residual": float(found["residual"].max()),
        "error": float(found["error"].max()),
        "method": ", ".join(sorted(set(found["method"].flat))),
        "lossnr": __version__,
    }
    data = xr.Dataset(variables, coordinates, attributes)
    if "Delta" not in axes:
        data = data.isel(Delta=0)
    return data.transpose("direction", *axes, ...)


def _solve(device, rtol, photons, tile):
    """Return the steady states of a tile as a dict of arrays."""
    devices = [device.replace(**changes) for changes in tile.points]
    if tile.Delta is None:
        return steady_points(devices, rtol=rtol, photons=photons).arrays()
    line = devices[0].replace(Delta=0)
    return steady_line(line, tile.Delta, rtol=rtol, photons=photons).arrays()


def axis(name, low, high, points):
    """Return evenly spaced values from low to high for `sweep`, both ends included.

    >>> axis("Delta", -1, 1, points=5).tolist()
    [-1.0, -0.5, 0.0, 0.5, 1.0]

    The name is for error messages; the number of points is from 2 to 100000.

    Raises
    ------
    TypeError, ValueError
        If low or high is not a finite number, high is not above low, or points is not allowed.
    """
    points = check_whole_number("points", points, 2, 100_000)
    low = check_number(f"{name}_min", low, -LARGEST, LARGEST)
    high = check_number(f"{name}_max", high, -LARGEST, LARGEST)
    values = np.linspace(float(low), float(high), points)
    if not np.all(np.diff(values) > 0):
        raise ValueError(f"{name}_max = {high!r}: allowed is more than {name}_min = {low!r}")
    return values


def _checked_axis(device, name, values):
    """Return the values of an axis as an array; raise an error that names a wrong one."""
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
