"""An optimiser that looks for a steady state which is wrong by more than its error.

    python tests/solver/adversary.py --devices 300 --seed 0

In each family of devices, half of the budget goes to random ones, the rest to changes of the worst
found so far. What is maximised is the largest of |returned - reference| / error over T, g2, g3 and
the P_m, where what the reference is unsure of does not count as a difference. It ends with code 1
if a ratio exceeds 1.

Devices come in batches of equal tolerance. What the series answers for a batch is compared with
its sums to a higher order, at little cost; where these differ, and for a share of those where they
have not converged, with a Krylov solution of more photons than the solver keeps. Of the devices
that the series leaves, a share is solved alone, and of those that it answers another share, since
the estimates differ. An independent reference, QuTiP's operators and the equations of the density
matrix (`reference`), judges all that seems wrong, and a share of the rest; what it cannot judge
stays wrong. A slaved cavity is judged by the exact solution of Drummond and Walls.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

import mpmath
import numpy as np

from lossnr import ConvergenceError, Device, steady_state
from lossnr.machine import one_blas_thread
from lossnr.solver.hierarchy import Hierarchy
from lossnr.solver.krylov import solve_moments
from lossnr.solver.moments import Moments
from lossnr.solver.series import sum_series
from lossnr.solver.spectrum import Spectrum

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import reference

#: Devices that are solved together.
BATCH = 32
#: Order of the sums that the series is compared with, by the number of cavities.
ORDER = {2: 14, 3: 10}
#: Photons of the Krylov solution with two cavities; with three, this many more than the solver
#: keeps, up to a number that takes seconds.
PHOTONS, MORE, AFFORDABLE = 18, 2, 12
#: Largest photon number of the independent reference: it takes seconds.
INDEPENDENT = {2: 14, 3: 8}
#: Shares of the devices: left by the series and solved alone, which takes up to a minute with three
#: cavities; answered by it and solved alone too; judged closely where the sums have not converged;
#: judged by the independent reference.
HARD, AGAIN, UNSURE, CHECKED = {2: 0.02, 3: 0.005}, 0.02, 0.1, 0.003
#: Sums that are unsure by more than this, relatively, judge nothing: they may diverge.
KNOWN = 0.1
#: A ratio that calls for the better reference.
SUSPICIOUS = 0.3
#: The worst devices that are changed further.
WORST = 8
#: Tolerances and largest m of P_m.
RTOLS, LARGEST_M = (1e-2, 1e-3, 1e-4, 1e-6, 1e-7), (2, 3, 5, 8)


def logarithmic(rng, low, high):
    return float(f"{np.exp(rng.uniform(np.log(low), np.log(high))):.4g}")


def resonant(rng):
    """Draw two cavities of which m drive photons may just fill the driven one."""
    m, U = rng.integers(3, 13), logarithmic(rng, 0.5, 30)
    kappa = logarithmic(rng, 0.05, 2)
    Omega = min(logarithmic(rng, 0.03, 0.3) * U, 6) if rng.random() < 0.5 else rng.uniform(0.1, 3)
    off = rng.normal() * kappa + rng.choice([0, 1]) * rng.uniform(-2, 2) * Omega**2 / U
    return Device(
        U_a=U,
        Delta_a=-(m - 1) * U + off,
        kappa_a=kappa,
        kappa_c=logarithmic(rng, 0.2, 5),
        Omega=Omega,
        U_c=rng.choice([0, 1]) * logarithmic(rng, 0.1, 10),
        J_ac=logarithmic(rng, 0.02, 2),
        Delta_c=rng.choice([0, -1, 1]) * logarithmic(rng, 1, 30),
        theta=0,
    ).without_b()


def three(rng):
    """Draw the same with a third cavity."""
    return resonant(rng).replace(
        J_ab=logarithmic(rng, 0.02, 1),
        J_bc=logarithmic(rng, 0.02, 1),
        kappa_b=logarithmic(rng, 0.1, 2),
        Delta_b=rng.uniform(-10, 10),
        theta=rng.uniform(-3, 3),
        Omega=logarithmic(rng, 0.1, 1),
    )


def scans(rng):
    """Draw equal losses near a resonance of seven or eight photons, half with a third cavity."""
    m, U = rng.choice([7, 8]), logarithmic(rng, 0.5, 25)
    device = Device(
        U_a=U,
        U_c=rng.choice([0, 0, 1]) * logarithmic(rng, 0.1, 10),
        Delta_a=-(m - 1) * U * (1 + rng.choice([0, 1]) * 0.02 * rng.normal()),
        Delta_c=rng.uniform(-12, 12),
        J_ac=logarithmic(rng, 0.05, 2),
        Omega=rng.uniform(0.3, 4),
        theta=0,
    )
    if rng.random() < 0.7:
        return device.without_b()
    return device.replace(Delta_b=rng.uniform(-10, 10), Omega=rng.uniform(0.2, 2))


def losses(rng):
    return resonant(rng).replace(
        kappa_a=logarithmic(rng, 1e-3, 30),
        kappa_c=logarithmic(rng, 1e-3, 30),
        Omega=logarithmic(rng, 0.005, 3),
    )


def weak(rng):
    device = resonant(rng)
    kappa = logarithmic(rng, 1e-9, 1e-2)
    m = round(-device.Delta_a / device.U_a)
    Delta = -m * device.U_a + rng.choice([0, 1]) * rng.normal() * kappa
    return device.replace(kappa_a=kappa, Omega=logarithmic(rng, 1e-5, 3e-2), Delta_a=Delta)


def strong(rng):
    """Draw two cavities of a moderate Kerr term, driven above their loss."""
    return Device(
        U_a=rng.choice([-1, 1]) * logarithmic(rng, 0.05, 5),
        U_c=rng.choice([-1, 0, 1]) * logarithmic(rng, 0.05, 5),
        Delta_a=rng.uniform(-10, 10),
        Delta_c=rng.uniform(-5, 5),
        kappa_a=logarithmic(rng, 0.1, 3),
        kappa_c=logarithmic(rng, 0.1, 3),
        J_ac=logarithmic(rng, 0.05, 3),
        Omega=logarithmic(rng, 0.2, 5),
    ).without_b()


def corner(rng):
    """Draw a device with some parameters at an end of their range."""
    ends = {
        "U_a": [0, 1e-3, 1e3, -1e3],
        "U_c": [0, 1e-3, -1e3],
        "kappa_a": [1e-6, 1e-2, 1e3],
        "kappa_c": [1e-6, 1e-2, 1e3],
        "J_ac": [1e-6, 1e2],
        "Delta_c": [0, 1e3],
        "Omega": [0, 1e-9, 3],
    }
    names = rng.choice(list(ends), 2, replace=False)
    return strong(rng).replace(**{name: float(rng.choice(ends[name])) for name in names})


def slaved(rng):
    """Draw a Kerr cavity that may be bistable, seen through a cavity that follows it at once."""
    U = logarithmic(rng, 0.02, 20)
    m = rng.uniform(1.5, 30) if rng.random() < 0.5 else rng.integers(2, 31)
    kappa = logarithmic(rng, 0.003, 1)
    Delta = -(m - 1) * U + rng.choice([0, 1]) * rng.normal() * kappa
    return Device(
        U_a=U,
        Delta_a=Delta,
        kappa_a=kappa,
        Omega=logarithmic(rng, 0.02, 1.2) * abs(Delta),
        kappa_c=1e5,
        J_ac=logarithmic(rng, 1, 30),
        U_c=0,
        Delta_c=0,
        theta=0,
    ).without_b()


FAMILIES = {
    each.__name__: each for each in (scans, resonant, three, losses, weak, strong, corner, slaved)
}


def changed(rng, device):
    """Return a device with a few parameters changed by a little or a lot."""
    parameters = device.parameters()
    usual = [name for name, value in parameters.items() if value != 0 and value != 1e5]
    for name in rng.choice(usual, rng.integers(1, 4)):
        step = rng.choice([0.3, 0.03, 0.003])
        parameters[name] *= 1 + step * rng.normal() if rng.random() < 0.7 else np.exp(rng.normal())
    try:
        return Device(**parameters)
    except ValueError:
        return device


def drummond_walls(device, photons):
    """Return T, g2, g3, P_0 ... of a cavity c that follows the Kerr cavity a at once."""
    d = device
    with mpmath.workdps(60):
        z_c = mpmath.mpc(d.Delta_c, -d.kappa_c / 2)
        U, Omega = mpmath.mpf(d.U_a), mpmath.mpf(d.Omega)
        s = (mpmath.mpc(d.Delta_a, -d.kappa_a / 2) - mpmath.mpf(d.J_ac) ** 2 / z_c) / U
        bare = mpmath.hyper([], [s, mpmath.conj(s)], 2 * (Omega / U) ** 2)
        Q = []
        for l in range(photons + 10):
            moment = mpmath.hyper([], [s + l, mpmath.conj(s) + l], 2 * (Omega / U) ** 2) / bare
            rising = mpmath.fprod(abs(s + k) ** 2 for k in range(l))
            follows = abs(d.J_ac * Omega / U / z_c) ** (2 * l)
            Q.append(mpmath.re(moment) * follows / rising / mpmath.factorial(l))
        P = [
            sum((-1) ** (l - m) * mpmath.binomial(l, m) * Q[l] for l in range(m, len(Q)))
            for m in range(photons + 1)
        ]
        T = Q[1] * d.kappa_a * d.kappa_c / Omega**2
        return np.array([float(x) for x in (T, 2 * Q[2] / Q[1] ** 2, 6 * Q[3] / Q[1] ** 3, *P)])


def with_photons(device, drive, N, photons, rtol=1e-9):
    """Return T, g2, g3, P_m with so many photons and their rounding errors; None if that fails."""
    spectrum = Spectrum([device])
    moments = Moments(spectrum, photons, N + 2)
    spectrum.extend(N)
    found = solve_moments(Hierarchy(spectrum, [drive], np.zeros(1)), N, moments, rtol)
    return found and ((found[0] * moments.scale)[:, 0, 0], found[1][:, 0, 0])


def summed(spectrum, photons):
    """Return the sums of the series, and how far they have converged, (observables, devices)."""
    devices = spectrum.devices
    hierarchy = Hierarchy(spectrum, ["a"], np.zeros(len(devices)))
    order = ORDER[spectrum.cavities]
    moments = Moments(spectrum, photons, order + 1)
    Q, uncertainties, values = [np.ones((1, 1, len(devices)))], [np.zeros((1, 1, len(devices)))], []
    for N in range(1, order + 1):
        hierarchy.climb(N)
        for known, new in zip((Q, uncertainties), hierarchy.outputs(), strict=True):
            known.append(new)
        if order - 3 < N:
            found, rounding, _ = moments.observables(Q, uncertainties)
            values.append(found)
    changes = [np.abs(old / values[-1] - 1) for old in values[:-1]]
    unsure = np.where(spectrum.usable, 10 * np.maximum(*changes) + rounding, np.inf)
    unsure[~(unsure <= KNOWN)] = np.inf
    return (values[-1] * moments.scale)[:, 0], unsure[:, 0]


def judge(state, device, photons, independently=False):
    """Return the largest ratio of an error to the error reported; nan if that is not known."""
    if device.kappa_c == 1e5:
        # Cavity c follows to this relative accuracy.
        unsure = 10 * (abs(device.Delta_a) + 20 * abs(device.U_a)) / device.kappa_c
        return compared(state, drummond_walls(device, photons), unsure)
    if device.Omega == 0 or device.U_a == device.U_c == 0:
        return np.nan
    N = min(state.excitations + MORE, AFFORDABLE) if device.has_b else PHOTONS
    value = np.nan
    if state.excitations < N and (right := with_photons(device, "a", N, photons, state.error)):
        value = compared(state, *right)
        if value > SUSPICIOUS:
            value = converged(state, *(with_photons(device, "a", n, photons) for n in (N, N - 2)))
    # Estimates of rounding are cautious: the reference, with more digits, decides.
    N = INDEPENDENT[3 if device.has_b else 2]
    if (independently or value > 1) and photons + 2 <= N:
        better = converged(state, *(reference(device, "a", n, photons) for n in (N, N - 1)))
        value = better if np.isnan(value) else np.fmin(value, better)
    return value


def converged(state, right, fewer):
    """Return the ratio to a reference, given with its errors and with fewer photons as well."""
    if right is None or fewer is None:
        return np.nan
    return compared(state, right[0], np.abs(fewer[0] / right[0] - 1) + right[1])


def compared(state, right, unsure):
    """Return the largest ratio of an error, beyond what the reference is unsure of."""
    ours = np.array([state.T, state.g2, state.g3, *state.P])
    wrong = np.abs(ours / right - 1) - unsure - 1e-10
    wrong[2] = wrong[2] if len(state.P) > 3 else 0
    wrong[0] = wrong[0] if state.T > 1e-9 else 0  # a dark output is known absolutely
    return max(float(np.nanmax(wrong)), 0.0) / state.error


def batch(devices, rtol, photons, rng, counts):
    """Yield the ratios that are known, or bounds below them, each with its device."""
    if not devices:
        return
    spectrum, Delta = Spectrum(devices), np.zeros(len(devices))
    right, unsure = summed(spectrum, photons)  # the eigenbases serve both
    found = sum_series([spectrum], Delta, ("a",), rtol, photons)
    for i, device in enumerate(devices):
        counts["tried"] += 1
        states = []
        if found.done[0, i]:
            counts["series"] += 1
            states.append(found[0, i].state())
        if rng.random() < (AGAIN if states else HARD[spectrum.cavities]):
            counts["alone"] += 1
            try:
                states.append(steady_state(device, rtol=rtol, photons=photons))
                counts[states[-1].method + " alone"] += 1
            except ConvergenceError:
                counts["refused"] += 1
        for state in states:
            checked = rng.random() < CHECKED
            value = compared(state, right[:, i], unsure[:, i])  # it is this at least
            sure = value > 1 or compared(state, right[:, i], -unsure[:, i]) <= 1
            closely = checked or value > SUSPICIOUS or device.kappa_c == 1e5
            if closely or (not sure and rng.random() < UNSURE):
                counts["closely"] += 1
                better = judge(state, device, photons, checked or value > 1)
                if not np.isnan(better):
                    sure, value = True, better
            counts["judged"] += int(sure)
            if not np.isnan(value):
                yield value, device


@one_blas_thread()
@np.errstate(all="ignore")
def search(draw, devices, seed, seconds=np.inf):
    """Return the worst ratio, its arguments, and counts of what was done with the devices."""
    end = monotonic() + seconds
    rng = np.random.default_rng(seed)
    worst, counts = [], Counter()
    while counts["tried"] < devices and monotonic() < end:
        size = min(BATCH, devices - counts["tried"])
        if counts["tried"] < devices / 2 or not worst:
            rest = float(rng.choice(RTOLS)), int(rng.choice(LARGEST_M))
            drawn = [draw(rng) for _ in range(size)]
        else:
            _, (parent, *rest) = worst[rng.integers(len(worst))]
            drawn = [changed(rng, parent) for _ in range(size)]
        for has_b in (True, False):  # one eigenbasis has two or three cavities
            alike = [device for device in drawn if device.has_b == has_b]
            found = [(value, (device, *rest)) for value, device in batch(alike, *rest, rng, counts)]
            worst = sorted([*worst, *found], key=lambda each: -each[0])[:WORST]
    return *(worst[0] if worst else (0.0, None)), counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=300, help="devices of each family")
    parser.add_argument("--seconds", type=float, default=np.inf, help="of each family, at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    options = parser.parse_args()
    found = []
    for name in options.families:
        value, case, counts = search(FAMILIES[name], options.devices, options.seed, options.seconds)
        found.append(value)
        print(f"{name}: worst ratio {value:.2g}; {dict(counts)}")
        print(f"    {case}", flush=True)
    sys.exit(int(max(found) > 1))


if __name__ == "__main__":
    main()
