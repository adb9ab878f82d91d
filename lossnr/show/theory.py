"""The checks of the page on the theory: each closed form beside numerics, for `markdown.table`.

All return rows, a dict from words to numbers. Devices are random but the same in every run. A row
with the word "largest" holds the largest difference over these devices and both directions.
"""

from math import pi

import numpy as np
import sympy as sp

from ..model import closed_forms, lindblad, symbolic, weak_drive
from ..model.device import Device
from ..model.names import number
from ..model.samples import random_devices
from ..model.scattering import path_amplitudes, scattering_matrix, transmission
from ..solver.steadystate import steady_line, steady_state

#: Devices of each check: many where they cost nothing, few where each is a steady state.
MANY, FEW = 50, 4
#: Less than any rounding: shown in its place.
_ROUNDING = 1e-16


def gauge():
    r"""Check gauge, time reversal and mirror symmetry.

    >>> list(gauge().values())[-1]
    '0.009148, 0.1189'
    """
    phases, mirrors = [], []
    for device in random_devices(FEW):
        two = device.without_b()
        phases.append(_apart(_all_light(two), _all_light(two.replace(theta=0))))
        equal = device.replace(kappa=1, Delta_c=device.Delta_a, U=device.U_a, J=device.J_ab)
        mirror = equal.replace(theta=-equal.theta)
        mirrors.append(_apart(_all_light(equal), _all_light(mirror)[::-1]))
    reversals = [
        _apart(transmission(device), transmission(device.replace(theta=-device.theta))[::-1])
        for device in random_devices(MANY)
    ]
    unequal = Device(U_a=1, U_c=5).replace(Delta=0, J_ac=0.4).without_b()
    forward, backward = (weak_drive.limits(unequal, drive) for drive in "ac")
    return {
        r"two cavities, largest change of $T$, $g^{(2)}$, $g^{(3)}$ if $\theta$ is set to 0": (
            _small(phases)
        ),
        r"three cavities, largest change of $T$ if $\theta\to-\theta$ and the directions are "
        "exchanged": _small(reversals),
        r"the same for $T$, $g^{(2)}$, $g^{(3)}$, if a and c are equal, and equally coupled to b": (
            _small(mirrors)
        ),
        r"two cavities with $U_a = 1$, $U_c = 5$, $\Delta = 0$, $J_{ac} = 0.4$, zero drive: $T$ "
        "from a to c, from c to a": f"{number(forward[0])}, {number(backward[0])}",
        r"the same device: $g^{(2)}$ from a to c, from c to a": (
            f"{number(forward[1])}, {number(backward[1])}"
        ),
    }


def two_paths():
    r"""Check the closed form of the isolation, and the phase between the two paths.

    >>> len(two_paths())
    2
    """
    names = ("J_ab", "J_bc", "J_ac", "kappa_b", "theta")
    symbols = [getattr(symbolic, name) for name in names]
    isolation = sp.lambdify(symbols, closed_forms.isolation())
    closed, phases = [], []
    for device in random_devices(MANY):
        d = device.parameters()
        amplitudes = path_amplitudes(device)
        (direct, through_b), (backward, _) = amplitudes.values()
        common = through_b / (device.J_ab * device.J_bc)  # sqrt(kappa_a kappa_c) / D
        T = transmission(device)
        difference = isolation(*(d[name] for name in names)) * abs(common) ** 2
        closed.append(abs(difference - (T[0] - T[1])))
        lag = np.angle(complex(-device.Delta_b, device.kappa_b / 2))
        for path, sign in ((direct, 1), (backward, -1)):
            turned = path / through_b * np.exp(-1j * (lag + sign * device.theta))
            phases.append(abs(np.angle(turned)))
    return {
        r"largest difference of $T_{a\to c} - T_{c\to a}$ from the closed form": _small(closed),
        r"largest difference of the phase between the paths from $\phi \pm \theta$": _small(phases),
    }


def third_port():
    r"""Check energy conservation with b's bath, and the closed form of T for any loss of b.

    >>> len(third_port())
    2
    """
    balances, closed = [], []
    for device in random_devices(MANY):
        T = abs(scattering_matrix(device)) ** 2
        balances.append(abs((T[1, 0] - T[0, 1]) - (T[2, 1] - T[1, 2])))
        optimal = Device.optimal(-abs(device.theta)).replace(kappa_b=device.kappa_b)
        expected = (1, ((1 - device.kappa_b) / (1 + device.kappa_b)) ** 2)
        closed.append(_apart(transmission(optimal), expected))
    return {
        r"largest difference of $T_{a\to c} - T_{c\to a}$ and $\lvert S_{bc}\rvert^2 - "
        r"\lvert S_{cb}\rvert^2$": _small(balances),
        r"largest difference of both $T$ from their closed forms, any $\theta$ and $\kappa_b$": (
            _small(closed)
        ),
    }


def any_loss():
    r"""Check that T depends on b through J^2 / x_b only, and the family at theta = -pi/2.

    >>> list(any_loss())[1]
    '$J^2$, $\\kappa_b$ and $\\Delta_b$ times 0.1: largest change of both $T$, random devices'
    """
    S = closed_forms.right_angle_scattering().subs(symbolic.kappa, 1)
    amplitudes = sp.lambdify((symbolic.kappa_b, symbolic.delta), [S[1, 0], S[0, 1]])
    differences = []
    for device in random_devices(MANY):
        loss, delta = device.kappa_b, device.Delta_b
        family = Device(theta=-pi / 2, J_ac=0.5, kappa_b=loss).replace(
            J=loss**0.5 / 2, Delta=-delta
        )
        expected = np.abs(amplitudes(loss, delta)) ** 2
        differences.append(_apart(transmission(family), expected))
    changes = [
        _apart(transmission(device), transmission(_scaled(device, 0.1)))
        for device in random_devices(MANY)
    ]
    scaled = r"$J^2$, $\kappa_b$ and $\Delta_b$ times 0.1"
    T, g2, _ = _all_light(_scaled(Device(), 0.1)).T
    return {
        r"$\theta = -\pi/2$: largest difference of both $T$ from their closed forms": (
            _small(differences)
        ),
        f"{scaled}: largest change of both $T$, random devices": _small(changes),
        f"{scaled} at the optimum, with Kerr terms: $T$ from a to c, from c to a": (
            ", ".join(map(number, T))
        ),
        "the same device: $g^{(2)}$ from a to c, from c to a": ", ".join(map(number, g2)),
    }


def _scaled(device, factor):
    """Return a device with J^2, kappa_b and Delta_b of cavity b times a factor."""
    J_ab, J_bc = (J * factor**0.5 for J in (device.J_ab, device.J_bc))
    loss, Delta = factor * device.kappa_b, factor * device.Delta_b
    return device.replace(J_ab=J_ab, J_bc=J_bc, kappa_b=loss, Delta_b=Delta)


def correlations(U=5.0):
    r"""Check the weak-drive limits of T, g2 and g3, and their closed forms at U, in kappa.

    >>> len(correlations())
    4
    """
    linear = [
        abs(weak_drive.limits(device, drive)[0] / T - 1)
        for device in random_devices(MANY)
        for drive, T in zip("ac", transmission(device), strict=True)
    ]
    solver = []
    for device in random_devices(FEW, Omega=0):
        limits = np.transpose([weak_drive.limits(device, drive) for drive in "ac"])
        solver.append(_apart(_all_light(device) / limits.T, 1))
    device = Device().replace(U=U)
    closed = [float(closed_forms.correlation("a->c", n).subs(closed_forms.U, U)) for n in (2, 3)]
    numerical = steady_state(device)
    return {
        r"limit of $T$ and linear light, random devices: largest relative difference": (
            _small(linear)
        ),
        r"limits of $T$, $g^{(2)}$, $g^{(3)}$ and `steady_state` at $\Omega = 0$, random devices: "
        "largest relative difference": _small(solver),
        rf"working point, $U = {U:g}$: $g^{{(2)}}_{{a\to c}}$ in closed form, and by "
        rf"`steady_state` at $\Omega = {device.Omega:g}$": (
            f"{number(closed[0])}, {number(numerical.g2)}"
        ),
        r"the same for $g^{(3)}_{a\to c}$": f"{number(closed[1])}, {number(numerical.g3)}",
    }


def dark_light(Omega=0.1, U=5.0):
    r"""Compare the laws of the dark direction with the full numerics at a drive, in kappa.

    >>> list(dark_light())[0]
    '$T$'
    """
    powers = {"T": 2, "g2": -4, "g3": -6}
    laws = [float(law.subs(closed_forms.U, U)) for law in closed_forms.dark_laws()]
    rows = {}
    for (name, power), law in zip(powers.items(), laws, strict=True):
        shown = {"T": "$T$", "g2": "$g^{(2)}$", "g3": "$g^{(3)}$"}[name]
        ratios = [
            getattr(steady_state(Device(Omega=drive).replace(U=U), drive="c"), name)
            / (law * drive**power)
            for drive in (Omega, Omega / 10, Omega / 100)
        ]
        rows[shown] = ", ".join(number(ratio, 5) for ratio in ratios)
    return rows


def lossless():
    r"""Check reciprocity without loss in b: of linear light, and of correlations.

    >>> list(lossless())[1]
    '$\\Delta = 0$: $g^{(2)}$ from a to c, closed form and numerics'
    """
    apart = []
    for device in random_devices(MANY, kappa_b=0):
        forward, backward = transmission(device)
        apart.append(abs(forward - backward))
    rows = {r"largest difference of the two $T$ of linear light, random devices": _small(apart)}
    M = closed_forms.working_matrix(sp.S.Zero, 0)
    device = Device(kappa_b=0).replace(Delta=0)
    for direction, words in (("a->c", "from a to c"), ("c->a", "from c to a")):
        closed = float(closed_forms.correlation(direction, 2, M).subs(closed_forms.U, 5))
        numerical = steady_state(device, drive=direction[0]).g2
        rows[rf"$\Delta = 0$: $g^{{(2)}}$ {words}, closed form and numerics"] = (
            f"{number(closed)}, {number(numerical)}"
        )
    extreme = Device(kappa_b=0, theta=-0.9 * pi, J_ac=2.6).replace(J=3.8, Delta=0.15)
    T, g2, _ = _all_light(extreme).T
    confirmed = [lindblad.steady_state(extreme, drive, excitations=5).g2 for drive in "ac"]
    words = r"$\theta = -0.9\pi$, $J_{ac} = 2.6$, $J = 3.8$, $\Delta = 0.15$"
    rows[f"{words}: $T$ from a to c, from c to a"] = ", ".join(map(number, T))
    rows["the same device: $g^{(2)}$ from a to c, from c to a"] = ", ".join(map(number, g2))
    rows["the same by QuTiP"] = ", ".join(map(number, confirmed))
    symmetric = []
    for device in random_devices(FEW, theta=0):
        equal = device.replace(kappa=1, Delta_c=device.Delta_a, U=device.U_a, J=device.J_ab)
        forward, backward = _all_light(equal)
        symmetric.append(_apart(forward, backward))
    rows[
        r"$\theta = 0$, a and c equal, and equally coupled to b, any loss of b: largest difference "
        r"of $T$, $g^{(2)}$, $g^{(3)}$ between the directions"
    ] = _small(symmetric)
    return rows


def _all_light(device):
    """Return T, g2 and g3 of each direction, shape (2, 3)."""
    found = steady_line(device, [0.0])
    return np.transpose([found.T[:, 0], found.g2[:, 0], found.g3[:, 0]])


def _apart(ours, theirs):
    return np.max(np.abs(np.subtract(ours, theirs)))


def _small(differences):
    """Return the largest of some differences, in words."""
    return number(max(_ROUNDING, *differences), 1)
