"""Measure this package's solver beside its peers: `make bench`.

All in one run, on one core (but for the growth with threads), over the maps of Fig. 2: g2 and g3 to
a relative error of 1e-6. This package is asked for that; its peers are given the settings from the
cheapest on, until one is as exact at all states of a sample, judged by QuTiP's Liouvillian with six
photons in units of the drive, solved by SuperLU. Prints a table, writes lossnr/show/benchmark.json.
"""

import os

# One core for everybody, before any library starts its threads.
CORES = sorted(os.sched_getaffinity(0))
os.sched_setaffinity(0, CORES[:1])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import json
import platform
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import peers

from lossnr import Device, steady_state, sweep
from lossnr.machine import versions
from lossnr.show import benchmark

ACCURACY = 1e-6
DETUNINGS = np.linspace(-2, 2, 201)
LOSSES = np.linspace(0, 2, 9)

#: Two neighbours in each of four rows of the maps, in both directions.
SAMPLE = [
    (Device(kappa_b=kappa_b).replace(Delta=float(DETUNINGS[i])), drive)
    for kappa_b, first in ((0.0, 35), (0.5, 85), (1.0, 125), (2.0, 160))
    for drive in "ac"
    for i in (first, first + 1)
]

direct = {
    "defaults": {},
    "spsolve, CSC": {"solver": "spsolve", "csc": True},
    "spsolve, CSC, RCM": {
        "solver": "spsolve",
        "csc": True,
        "permc_spec": "NATURAL",
        "use_rcm": True,
    },
}
precise = {"use_precond": True, "use_rcm": True, "rtol": 1e-13, "atol": 0.0, "maxiter": 1000}
iterative = {
    "BiCGSTAB, ILU": precise | {"solver": "bicgstab"},
    "GMRES, ILU": precise | {"solver": "gmres"},
    "power": {"method": "power"},
}


def restricted(excitations, ways):
    """Return QuTiP's ways on the space of at most so many excitations."""
    return {
        f"N = {excitations}, {name}": partial(
            peers.qutip_restricted, excitations=excitations, **options
        )
        for name, options in ways.items()
    }


#: For each peer the ways to use it, from the cheapest truncation on. With six photons QuTiP takes
#: seconds a state: there only those of its ways that are the most exact with five.
PEERS = {
    "QuTiP, tensor product": [{"4 levels": peers.qutip_tutorial}],
    "QuTiP, restricted space, direct": [
        restricted(5, direct),
        restricted(6, {"spsolve, CSC": direct["spsolve, CSC"]}),
    ],
    "QuTiP, restricted space, iterative": [
        restricted(5, iterative),
        restricted(6, {"BiCGSTAB, ILU": iterative["BiCGSTAB, ILU"]}),
    ],
    "QuTiP's Liouvillian in units of the drive, SuperLU": [
        {"N = 5": partial(peers.superlu, excitations=5)}
    ],
    "QuTiP's Liouvillian in units of the drive, PARDISO": [
        {
            f"N = {N}, one factorisation each": partial(peers.pardiso, excitations=N, reuse=False),
            f"N = {N}, factorisation reused": partial(peers.pardiso, excitations=N, reuse=True),
        }
        for N in (5, 6)
    ],
    "dynamiqs": [
        {
            f"N = 5, to t = {t} / kappa": partial(
                peers.dynamiqs_evolution, excitations=5, time=float(t), tolerance=1e-8
            )
        }
        for t in (60, 120)
    ],
}


def timed(function, *arguments, **options):
    """Return the result and the seconds taken."""
    start = time.perf_counter()
    result = function(*arguments, **options)
    return result, time.perf_counter() - start


def measure_peer(groups, reference):
    """Return the fastest way at the cheapest truncation at which one is exact enough.

    If none is, the most exact one is returned.
    """
    tried = []
    for ways in groups:
        for name, solve in ways.items():
            try:
                found, seconds = timed(solve, SAMPLE)
            except RuntimeError as failure:  # an iteration that does not converge
                print(f"    {name}: {failure}", flush=True)
                continue
            tried.append(entry(name, seconds / len(SAMPLE), found, reference))
        exact = [each for each in tried if each["reached"]]
        if exact:
            return min(exact, key=lambda each: each["seconds"])
    return min(tried, key=lambda each: each["error"])


def entry(setting, seconds, found, reference):
    """Return a line of the table, with the largest relative error of g2 and g3 in the sample."""
    error = float(np.abs(found / reference - 1)[:, 1:].max())
    print(f"    {setting}: {seconds:.3g} s, error {error:.1e}", flush=True)
    return {"setting": setting, "seconds": seconds, "error": error, "reached": error <= ACCURACY}


def our_time(losses=LOSSES, detunings=DETUNINGS, repeats=3, **options):
    """Return the seconds per steady state of rows of the maps: the best of some runs."""
    axes = {"kappa_b": losses, "Delta": detunings}
    best = min(timed(sweep, Device(), **axes, **options)[1] for _ in range(repeats))
    return best / (2 * len(losses) * len(detunings))


def main():
    """Measure, print and write."""
    reference = peers.superlu(SAMPLE, excitations=6)
    print("lossnr", flush=True)
    states = [steady_state(device, drive, rtol=ACCURACY) for device, drive in SAMPLE]
    found = np.array([[s.T, s.g2, s.g3] for s in states])
    results = {"lossnr": entry(f"rtol = {ACCURACY:g}", our_time(rtol=ACCURACY), found, reference)}
    for name, settings in PEERS.items():
        print(name, flush=True)
        results[name] = measure_peer(settings, reference)

    growth = {"points": {}, "tolerance": {}, "threads": {}}
    for points in (11, 51, 201, 1001):
        growth["points"][points] = our_time(detunings=np.linspace(-2, 2, points))
    for exponent in (2, 4, 6, 8, 10):
        rtol = 10.0**-exponent
        N = sweep(Device(), kappa_b=LOSSES, Delta=DETUNINGS, rtol=rtol)["excitations"]
        growth["tolerance"][f"{rtol:.0e}"] = {"N": float(N.mean()), "seconds": our_time(rtol=rtol)}
    for cores in sorted({1, 2, 4, 8, len(CORES)} & set(range(1, len(CORES) + 1))):
        os.sched_setaffinity(0, CORES[:cores])
        growth["threads"][cores] = our_time(losses=np.linspace(0, 2, 16))

    packages = ("pypardiso", "mkl", "dynamiqs", "jax")
    report = {
        "accuracy": ACCURACY,
        "states": len(SAMPLE),
        "results": results,
        "growth": growth,
        "machine": {"processor": processor(), "cores": len(CORES)},
        "versions": versions() | {name: version(name) for name in packages},
    }
    print_table(report)
    path = Path(__file__).parent.parent / "lossnr" / "show" / "benchmark.json"
    path.write_text(json.dumps(report, indent=2) + "\n")


def processor():
    """Return the name of the processor."""
    lines = (
        Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []
    )
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def print_table(report):
    """Print what was measured, as the page on the numerics has it."""
    print(f"\nPer steady state, one core, {report['machine']['processor']}:")
    for name, words in benchmark.speeds(report).items():
        print(f"  {name}: {words}")
    for name, each in report["growth"].items():
        print(f"Growth with {name}: {json.dumps(each)}")


if __name__ == "__main__":
    main()
