r"""What the page on noise and tolerances says in words and tables.

``limits`` holds, by what a claim states, the largest noise at which it holds, by ``n_th`` and
``gamma_phi``, as `tolerances.noise_limit` returns it. ``alone`` holds, by the same words, what
`tolerances.drifts` returns.
"""

import numpy as np
from IPython.display import Markdown

from ..beyond.laboratory import (
    ROOM,
    TELECOM,
    counting_time,
    decibels,
    photon_rate,
    temperature_of,
    thermal_occupation,
)
from ..beyond.tolerances import FARTHEST
from ..model.names import number, symbol

#: A frequency of superconducting cavities, in Hz.
MICROWAVE = 5e9


def finding(limits, yields):
    """Return what the page finds, in a few sentences.

    >>> import xarray as xr
    >>> limits = {"one-way light": {"n_th": 5e-4, "gamma_phi": 0.02}}
    >>> share = xr.DataArray([[1.0, 0.5]], {"criterion": ["one-way light"], "spread": [0.01, 0.1]})
    >>> print(finding(limits, xr.Dataset({"share": share})).data[-71:])
    with errors of 1 % in all parameters 100 % of the devices keep one-way light.
    """
    weakest = min(limits, key=lambda words: limits[words]["n_th"])
    n_th = limits[weakest]["n_th"]
    optical = thermal_occupation(TELECOM, ROOM)
    middle = yields.isel(spread=abs(yields["spread"] - 0.01).argmin().item())
    shares = ", ".join(
        f"{number(100 * share, 3)} % of the devices keep {words}"
        for words, share in zip(middle["criterion"].values, middle["share"].values, strict=True)
    )
    return Markdown(
        f"**What this page finds.** The {weakest} is lost at {number(n_th, 2)} thermal photons. "
        f"Light of 1550 nm at room temperature has {number(optical, 2)}, so that heat does no harm; "
        f"at {MICROWAVE / 1e9:g} GHz the device would have to be colder than "
        f"{number(1e3 * temperature_of(n_th, MICROWAVE), 2)} mK. What is hard is to make it: with "
        f"errors of {number(100 * middle['spread'].item(), 2)} % in all parameters {shares}."
    )
