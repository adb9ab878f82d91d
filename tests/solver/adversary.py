"""An optimiser that looks for a steady state which is wrong by more than its error.

    python tests/solver/adversary.py --devices 300 --seed 0

In each family of devices, half of the budget goes to random ones, the rest to changes of the worst
found so far. What is maximised is the largest of |returned - reference| / error over T, g2, g3 and
the P_m. The reference of two and three cavities is a solution with more photons than the solver
keeps, and QuTiP's equations where these differ; that of a slaved cavity is the exact solution of
Drummond and Walls. It ends with code 1 if a ratio exceeds 1.
"""

import argparse
import sys
from time import monotonic

import mpmath
import numpy as np

from lossnr import ConvergenceError, Device, steady_state
from lossnr.machine import one_blas_thread
from lossnr.model import lindblad
from lossnr.solver import krylov
from lossnr.solver.moments import Moments
from lossnr.solver.spectrum import Spectrum

#: Photons of the reference with two cavities; with three, this many more than the solver keeps.
PHOTONS, MORE = 18, 2
#: With three cavities, largest photon number of the reference: it takes some seconds.
AFFORDABLE = 12
#: Photon numbers of the oracle, and the drive from which it decides.
ORACLE, DECIDED = (11, 10), 0.03
#: The worst devices that are changed further.
WORST = 8


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


FAMILIES = {each.__name__: each for each in (resonant, three, losses, weak, strong, corner, slaved)}


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


@one_blas_thread()
@np.errstate(all="ignore")
def with_photons(device, drive, N, photons):
    """Return T, g2, g3, P_m with so many photons and their rounding errors; None if that fails."""
    spectrum = Spectrum([device])
    moments = Moments(spectrum, photons, N + 2)
    spectrum.extend(N)
    found = krylov._solve(spectrum, drive, 0.0, N, moments, 1e-9)
    return found and ((found[0] * moments.scale)[:, 0, 0], found[1][:, 0, 0])


def ratio(device, drive, rtol, photons):
    """Return the largest ratio of an error to the error reported; nan if that is not known."""
    try:
        state = steady_state(device, drive, rtol=rtol, photons=photons)
    except ConvergenceError:
        return np.nan
    if device.kappa_c == 1e5:
        # Cavity c follows to this relative accuracy.
        unsure = 10 * (abs(device.Delta_a) + 20 * abs(device.U_a)) / device.kappa_c
        return compared(state, drummond_walls(device, photons), unsure)
    if device.Omega == 0 or device.U_a == device.U_c == 0:
        return np.nan
    N = min(state.excitations + MORE, AFFORDABLE) if device.has_b else PHOTONS
    if state.excitations >= N:
        return np.nan
    found, fewer = (with_photons(device, drive, n, photons) for n in (N, N - 2))
    if found is None or fewer is None:
        return np.nan
    (right, rounding), (fewer, _) = found, fewer
    # The estimates of rounding are cautious; where the oracle has more digits, it decides.
    decided = not device.has_b and device.Omega >= DECIDED
    value = compared(state, right, np.abs(fewer / right - 1) + (0 if decided else rounding))
    if value > 1 and decided:
        (right, correction, _), (fewer, *_) = (
            lindblad._solve(device, drive, n, photons) for n in ORACLE
        )
        value = min(value, compared(state, right, np.abs(fewer / right - 1) + correction))
    return value


def compared(state, right, unsure):
    """Return the largest ratio of an error, beyond what the reference is unsure of."""
    ours = np.array([state.T, state.g2, state.g3, *state.P])
    with np.errstate(all="ignore"):
        wrong = np.abs(ours / right - 1) - unsure - 1e-10
    wrong[2] = wrong[2] if len(state.P) > 3 else 0
    wrong[0] = wrong[0] if state.T > 1e-9 else 0  # a dark output is known absolutely
    return max(float(np.nanmax(wrong)), 0.0) / state.error


def search(draw, devices, seed, seconds=np.inf):
    """Return the worst ratio, its arguments, and how many devices were tried and judged."""
    end = monotonic() + seconds
    rng = np.random.default_rng(seed)
    worst, tried, judged = [], 0, 0
    for i in range(devices):
        if monotonic() > end:
            break
        tried += 1
        if i < devices / 2 or not worst:
            device = draw(rng)
            case = device, "a", float(rng.choice([1e-2, 1e-4, 1e-6])), int(rng.choice([2, 3, 5, 8]))
        else:
            _, (device, *rest) = worst[rng.integers(len(worst))]
            case = changed(rng, device), *rest
        value = ratio(*case)
        if not np.isnan(value):
            judged += 1
            worst = sorted([*worst, (value, case)], key=lambda each: -each[0])[:WORST]
    return *(worst[0] if worst else (0.0, None)), tried, judged


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=300, help="devices of each family")
    parser.add_argument("--seconds", type=float, default=np.inf, help="of each family, at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    options = parser.parse_args()
    found = []
    for name in options.families:
        budget = options.devices, options.seed, options.seconds
        value, case, tried, judged = search(FAMILIES[name], *budget)
        found.append(value)
        print(f"{name}: worst ratio {value:.2g}, {judged} of {tried} devices judged")
        print(f"    {case}", flush=True)
    sys.exit(max(found) > 1)


if __name__ == "__main__":
    main()
