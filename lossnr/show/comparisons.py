"""The fast solver compared: with its own stricter tolerance, QuTiP, brute force, at weak drive.

Most return rows of strings for `markdown.wide_table`, the first being the headings.
"""

import numpy as np
import qutip

from ..model import lindblad
from ..model.device import Device
from ..model.names import number
from ..solver.steadystate import steady_state


def by_tolerance(device):
    """Compare the steady states at some tolerances with those at 1e-10.

    A row has the tolerance, the largest total photon number N, the estimated and the delivered
    relative error, and the residual.

    >>> by_tolerance(Device())[1][:2]
    ('0.01', '6')
    """
    strict = [steady_state(device, drive, rtol=1e-10) for drive in "ac"]
    rows = [("tolerance", "*N*", "estimate", "delivered", "residual")]
    for rtol in (1e-2, 1e-4, 1e-6, 1e-8):
        states = [steady_state(device, drive, rtol=rtol) for drive in "ac"]
        delivered = max(
            np.nanmax(np.abs(np.array([s.T, s.g2, s.g3, *s.P]) / [t.T, t.g2, t.g3, *t.P] - 1))
            for s, t in zip(states, strict, strict=True)
        )
        N = max(s.excitations for s in states)
        errors = max(s.error for s in states), delivered, max(s.residual for s in states)
        rows.append((number(rtol), str(N), *(number(error, 2) for error in errors)))
    return rows


def by_qutip(count, seed, Omega):
    """Compare random devices of three unequal cavities with QuTiP's Liouvillian, five photons.

    ``count`` devices are drawn with the ``seed``; the drive ``Omega`` is in kappa.

    >>> len(by_qutip(0, 63, Omega=0.1))
    1
    """
    rng = np.random.default_rng(seed)
    rows = [(*_HEAD, "estimate, 4 against 5 photons")]
    for k in range(count):
        names = ("kappa_a", "kappa_b", "kappa_c", "U_a", "U_c", "J_ab", "J_bc", "J_ac")
        names += ("Delta_a", "Delta_b", "Delta_c", "theta")
        low = [0.4] * 3 + [-5] * 2 + [0.3] * 3 + [-2] * 3 + [-3]
        high = [2] * 3 + [10] * 2 + [1.2] * 3 + [2] * 3 + [3]
        drawn = Device(**dict(zip(names, rng.uniform(low, high), strict=True)), Omega=Omega)
        theirs = lindblad.steady_state(drawn, excitations=5)
        found = (theirs.T, theirs.g2, theirs.g3)
        rows.append((str(k + 1), *_differences(drawn, found), number(theirs.error, 1)))
    return rows


def by_brute_force(count, seed):
    """Compare random devices of two cavities at Omega = 0.3 with a dense elimination, 8 photons.

    ``count`` devices are drawn with the ``seed``.

    >>> len(by_brute_force(0, 63))
    1
    """
    rng = np.random.default_rng(seed)
    rows = [(*_HEAD, "estimate, 7 against 8 photons")]
    for k in range(count):
        kappa_a, kappa_c, J_ac = rng.uniform(0.6, 2, 3)
        drawn = Device(kappa_a=kappa_a, kappa_c=kappa_c, J_ac=J_ac, Omega=0.3).without_b()
        drawn = drawn.replace(U=rng.uniform(-5, 10), Delta=rng.uniform(-1, 1))
        brute, fewer = (np.array(lindblad.brute_force(drawn, "a", N)) for N in (8, 7))
        change = np.abs(fewer / brute - 1).max()
        rows.append((str(k + 1), *_differences(drawn, brute), number(change, 1)))
    return rows


# Not as mathematics: that is silent where a screen reader asks for the head of a column.
_HEAD = ("device", "*T*", "*g*<sup>(2)</sup>", "*g*<sup>(3)</sup>", "method", "its estimate")


def _differences(device, theirs):
    """Return relative differences, our method and our estimate, in words."""
    ours = steady_state(device)
    differ = np.abs(np.array([ours.T, ours.g2, ours.g3]) / theirs - 1)
    numbers = (number(each, 1) for each in np.maximum(differ, 1e-15))
    return *numbers, ours.method, number(ours.error, 1)


def at_weak_drive(device, drives):
    """Return how far g2 and g3 of a general solver and of a rescaled one are from ours.

    ``drives`` are values of Omega, in kappa. The relative differences have the shape (drives,),
    for QuTiP's default solver and for `lindblad.steady_state`, both with four photons.

    >>> errors = at_weak_drive(Device().without_b(), [0.01])
    >>> bool(errors["$g^{(2)}$, rescaled"][0] < 1e-4)
    True
    """
    found = []
    for Omega in drives:
        weak = device.replace(Omega=float(Omega))
        ours, rescaled = steady_state(weak), lindblad.steady_state(weak, excitations=4)
        rho = qutip.steadystate(lindblad.liouvillian(weak, "a", 4))
        _, g2, g3 = lindblad.correlations(weak, rho.full(), lindblad.operators(weak, 4)["c"])
        theirs = np.array([g2, g3, rescaled.g2, rescaled.g3])
        found.append(np.abs(theirs / [ours.g2, ours.g3, ours.g2, ours.g3] - 1))
    names = [f"${g}$, {how}" for how in ("default", "rescaled") for g in ("g^{(2)}", "g^{(3)}")]
    return dict(zip(names, np.transpose(found), strict=True))
