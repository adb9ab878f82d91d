r"""Quantum trajectories: the clicks of a detector behind the output cavity, one run at a time.

Between two jumps a state follows :math:`H_{eff} + \Omega (d + d^\dagger)`, and its norm is the
probability that no photon has been lost yet. A random number says when the next one is lost, the
rates :math:`\kappa_o \langle o^\dagger o \rangle` at that time say from which cavity. A photon that
leaves the output cavity is a click: the detector is ideal and has no dark counts. Averaged over all
runs this is Eq. 4.

Many runs are followed at the same time: each line of an array is one.
"""

from dataclasses import dataclass

import numpy as np

from ..machine import one_blas_thread
from ..model.checks import check_drive, check_number, check_whole_number
from ..model.device import check_device
from ..model.fock import levels, occupation
from ..solver.accuracy import ConvergenceError
from .arguments import check_numbers
from .operators import annihilators, effective_hamiltonian

__all__ = ["Clicks", "clicks"]

#: Photon numbers kept, tried in turn.
PHOTONS = (3, 4, 5)
#: Largest share of jumps out of states with so many photons: far below the statistical errors.
RARE = 3e-4
#: After so many jumps that share is known.
ENOUGH = 1000
#: Largest condition number of the eigenbasis.
MAX_CONDITION = 1e8
#: Bisections of the time of a jump: to 1e-8 of a run.
BISECTIONS = 26
#: A run starts in the vacuum; clicks count after so many lifetimes of a field amplitude.
START = 20


@dataclass(frozen=True, eq=False)
class Clicks:
    """The clicks of a detector in many runs of the same length.

    >>> from lossnr import Device
    >>> found = clicks(Device(Omega=0.2), runs=20, duration=500, seed=1)
    >>> found.runs, found.times.shape == found.run.shape
    (20, True)

    Attributes
    ----------
    runs : int
    duration : float
        Of each run, in 1/kappa.
    times : ndarray, shape (clicks,)
        When the detector clicks, from 0 to ``duration``; run by run and in order.
    run : ndarray of int, shape (clicks,)
        The run of each click.
    """

    runs: int
    duration: float
    times: np.ndarray
    run: np.ndarray

    @property
    def rate(self):
        """Clicks in a time 1/kappa, and its statistical error for independent clicks."""
        total = self.runs * self.duration
        return len(self.times) / total, np.sqrt(len(self.times)) / total

    def waiting_times(self):
        """Return the times from each click to the next one of its run, in 1/kappa.

        >>> Clicks(2, 9.0, np.array([1, 3, 7, 8.0]), np.array([0, 0, 1, 1])).waiting_times()
        array([2., 1.])
        """
        return np.diff(self.times)[np.diff(self.run) == 0]

    def delays(self, longest):
        """Return the delays up to ``longest``, in 1/kappa, from each click to all later ones.

        Clicks of other runs do not count.

        >>> found = Clicks(1, 9.0, np.array([1, 3, 4, 8.0]), np.zeros(4, int))
        >>> found.delays(3.5).tolist()
        [2.0, 1.0, 3.0]

        Raises
        ------
        TypeError, ValueError
            If ``longest`` is no number from 0 to the duration of a run.
        """
        check_number("longest", longest, 0, self.duration)
        found = []
        for k in range(1, len(self.times)):
            delay = self.times[k:] - self.times[:-k]
            near = (self.run[k:] == self.run[:-k]) & (delay <= longest)
            if not near.any():
                break
            found.append(delay[near])
        return np.concatenate([np.zeros(0), *found])

    def g2(self, edges):
        """Return g2 as the detector sees it, and its statistical error, between delays.

        The number of pairs of clicks between two delays is divided by that of independent clicks.
        Both results have the shape (delays,) and are nan without clicks.

        >>> from lossnr import Device
        >>> found = clicks(Device(Omega=0.2), runs=50, duration=1000, seed=1)
        >>> values, errors = found.g2([0, 0.5, 10, 20])
        >>> values.round(1).tolist()
        [0.0, 0.9, 1.0]

        Parameters
        ----------
        edges : array_like, shape (delays + 1,)
            Increasing delays in 1/kappa, from 0 to the duration of a run.

        Raises
        ------
        TypeError, ValueError
            For other edges, or fewer than two.
        """
        edges = check_numbers("edges", edges, 0, self.duration, increasing=True)
        if len(edges) < 2:
            raise ValueError(f"edges = {edges.tolist()}: allowed are two delays or more")
        pairs = np.histogram(self.delays(edges[-1]), edges)[0]
        # A pair at a delay tau starts in the first duration - tau of a run.
        middle = (edges[1:] + edges[:-1]) / 2
        expected = self.rate[0] ** 2 * self.runs * (self.duration - middle) * np.diff(edges)
        with np.errstate(divide="ignore", invalid="ignore"):  # nan without clicks
            return pairs / expected, np.sqrt(np.maximum(pairs, 1)) / expected


@one_blas_thread()
def clicks(device, drive="a", *, runs=100, duration=1000.0, seed=0):
    """Return the clicks of an ideal detector behind the output cavity, by quantum trajectories.

    From a to c a second click hardly ever follows within half a lifetime:

    >>> from lossnr import Device
    >>> from lossnr.beyond import clicks
    >>> found = clicks(Device(), runs=100, duration=2000, seed=1)
    >>> bool(found.waiting_times().min() > 0.3)
    True

    Parameters
    ----------
    device : Device
    drive : {"a", "c"}
        The cavity that is driven; the detector is behind the other one.
    runs : int
        Number of independent runs, from 1 to 10000.
    duration : float
        Length of each run after the device has reached its steady state, in 1/kappa, up to 1e6.
    seed : int
        The same seed gives the same clicks.

    Returns
    -------
    Clicks

    Raises
    ------
    ConvergenceError
        If the cavities hold more photons than are kept, or a mode is undamped.
    TypeError, ValueError
        For arguments of a wrong type or out of range.
    """
    check_device(device)
    check_drive(drive)
    runs = check_whole_number("runs", runs, 1, 10_000)
    duration = float(check_number("duration", duration, 1e-6, 1e6))
    random = np.random.default_rng(check_whole_number("seed", seed, 0, 2**31))
    loss = -2 * levels(device, 1).imag.max()
    if loss < 1e-9:
        raise ConvergenceError("a mode of the cavities is undamped: no steady state is reached")
    start = START * 2 / loss

    for N in PHOTONS:
        found, share = _followed(device, drive, N, runs, start, duration, random)
        if share <= RARE:
            return found
    raise ConvergenceError(
        f"drive = {drive!r}: Omega = {device.Omega:g} is too strong for trajectories of {N} "
        "photons; a smaller Omega or more loss may do"
    )


def _followed(device, drive, N, runs, start, duration, random):
    """Return the clicks with at most N photons, and the share of states with N before a jump."""
    o = [each.toarray() for each in annihilators(device, N)]
    kappa = (device.kappa_a, device.kappa_c, device.kappa_b)[: len(o)]
    jumps = [np.sqrt(k) * each for k, each in zip(kappa, o, strict=True)]
    driven, detected = (0, 1) if drive == "a" else (1, 0)
    H = effective_hamiltonian(device, N).toarray() + device.Omega * (o[driven] + o[driven].T)
    rates, V = np.linalg.eig(-1j * H)
    if not np.linalg.cond(V) <= MAX_CONDITION:
        raise ConvergenceError("the states of this device have no well-conditioned eigenbasis")
    W, top = np.linalg.inv(V), len(occupation(len(o), N))

    psi = np.zeros((runs, len(H)), dtype=complex)
    psi[:, 0] = 1
    now, going, end = np.zeros(runs), np.arange(runs), start + duration
    times, run, full, total = [np.zeros(0)], [np.zeros(0, int)], 0.0, 0
    while len(going):
        # The norm falls to a random number at the time of the next jump, if that is in this run.
        c, survives = psi[going] @ W.T, random.uniform(size=len(going))
        low, high = np.zeros(len(going)), end - now[going]
        inside = _norm(_evolved(c, rates, V, high)) <= survives
        going, c, survives, low, high = (x[inside] for x in (going, c, survives, low, high))
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            later = _norm(_evolved(c, rates, V, middle)) > survives
            low, high = np.where(later, middle, low), np.where(later, high, middle)
        before = _evolved(c, rates, V, high)
        full += (_norm(before[:, -top:]) / _norm(before)).sum()
        total += len(before)
        if total > ENOUGH and full > RARE * total:
            break  # more photons are needed
        after = np.stack([before @ jump.T for jump in jumps])
        odds = _norm(after).cumsum(axis=0)
        cavity = (random.uniform(size=len(going)) * odds[-1] > odds).sum(axis=0)
        psi[going] = after[cavity, np.arange(len(going))]
        psi[going] /= np.sqrt(_norm(psi[going]))[:, None]
        now[going] += high
        seen = (cavity == detected) & (now[going] > start)
        times.append(now[going][seen] - start)
        run.append(going[seen])
    times, run = (np.concatenate(each) for each in (times, run))
    order = np.lexsort((times, run))
    return Clicks(runs, duration, times[order], run[order]), full / max(total, 1)


def _evolved(c, rates, V, t):
    """Return states without a jump after times, from their amplitudes in the eigenbasis."""
    return (c * np.exp(rates * t[:, None])) @ V.T


def _norm(psi):
    return (psi.real**2 + psi.imag**2).sum(axis=-1)
