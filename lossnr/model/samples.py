"""Random devices on which closed forms and independent methods are compared, the same each time."""

from math import pi

import numpy as np

from .device import Device

#: What each parameter is drawn from.
RANGES = {
    **dict.fromkeys(("kappa_a", "kappa_b", "kappa_c"), (0.4, 2)),
    **dict.fromkeys(("Delta_a", "Delta_b", "Delta_c"), (-1.5, 1.5)),
    **dict.fromkeys(("J_ab", "J_bc", "J_ac"), (0.3, 1.2)),
    **dict.fromkeys(("U_a", "U_c"), (-3, 6)),
    "theta": (-pi, pi),
    "Omega": (0.02, 0.1),
}


def random_devices(count, seed=20240322, **fixed):
    """Return random devices with three unequal cavities; parameters in ``fixed`` have that value.

    Couplings are positive: their signs are in theta, up to a gauge.

    >>> one, two = random_devices(2, kappa_b=0)
    >>> one.kappa_b, one.J_ab == two.J_ab
    (0.0, False)
    """
    rng = np.random.default_rng(seed)
    drawn = [{name: rng.uniform(*ends) for name, ends in RANGES.items()} for _ in range(count)]
    return [Device(**(each | fixed)) for each in drawn]
