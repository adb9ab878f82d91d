r"""The steady state at strong drive: a Krylov solve with sweeps over the blocks as preconditioner.

Where the power series (`series`) converges slowly or diverges, the hierarchy of moments
(`hierarchy`) is cut at N photons and becomes a finite linear system. One *sweep* solves the rows in
order, with the Kerr source of the last iterate (block Gauss-Seidel). The steady state is its fixed
point, which GMRES finds whether or not repeated sweeps would converge.

GMRES controls a norm of all blocks together, but small blocks matter: the solve is repeated for the
remaining error (iterative refinement) until no observable changes any more. N grows in steps of
two until no observable changes between N - 2 and N and the leading order of larger photon numbers
(`lookahead`) adds nothing: that estimates the error of the truncation.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from ..model.checks import LARGEST_RTOL
from ..model.fock import occupation
from ..model.observables import change
from . import accuracy
from .hierarchy import Hierarchy
from .lookahead import Lookahead
from .moments import Moments
from .series import sum_series
from .states import SteadyStates

__all__ = ["Attempt", "krylov_states", "solve_moments"]

# These decide how long a solve may take, not what it may return: they stay with the algorithm.
#: Solves for the remaining error, each to this reduction, before giving up.
REFINEMENTS, REDUCTION = 6, 1e-6
#: Largest dimension of the Krylov space, and memory for it in bytes.
KRYLOV_DIMENSION, KRYLOV_MEMORY = 200, 4e8
#: Relative residual below which a restart may help: it loses what the Krylov space has found.
RESTARTED = 1e-2
#: Photon numbers at which GMRES may fail before giving up.
FAILURES = 2


@dataclass(frozen=True)
class Attempt:
    """A solution with at most N photons, as far as it could be found.

    >>> Attempt(N=8).states is None  # GMRES has failed
    True

    Attributes
    ----------
    N : int
    digits : bool
        Whether rounding leaves any digits.
    states : SteadyStates or None
        Of one drive and one point; None where GMRES does not converge. ``rounding`` is an estimate,
        or zero if rounding errors were measured.
    sensible : bool
        Whether T is resolved and the values can be those of a state, at the estimated error as
        tolerance.
    blind : bool
        Whether more photons than can be kept may matter, so that no N is tried.
    """

    N: int
    digits: bool = True
    states: SteadyStates | None = None
    sensible: bool = False
    blind: bool = False


def krylov_states(spectrum, drive, Delta, rtol, photons):
    """Return one steady state.

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device(Omega=0.5).without_b()])
    >>> state = krylov_states(spectrum, "a", 0.0, rtol=1e-2, photons=2)[0, 0].state()
    >>> print(f"T = {state.T:.2f}, g2 = {state.g2:.3f}, {state.excitations} photons")
    T = 0.58, g2 = 0.016, 8 photons

    Parameters
    ----------
    spectrum : Spectrum
        Of one device, with Omega > 0.
    drive : {"a", "c"}
    Delta : float
        What is added to the detunings of all three cavities, in kappa.
    rtol : float
    photons : int
        Largest m of P_m.

    Returns
    -------
    SteadyStates
        Of one drive and one point.

    Raises
    ------
    ConvergenceError
        If 16 photons (with three cavities 14) are not enough, if GMRES does not converge, or if
        rounding errors are too large.
    """
    truncations = _Truncations(spectrum, drive, Delta, rtol, photons)
    states, attempts = _answer(truncations, rtol)
    if states is None:
        device, best = spectrum.devices[0], _best(truncations, rtol, attempts)
        point = f"at Delta_a = {device.Delta_a + Delta:g}, drive = {drive!r}"
        raise accuracy.ConvergenceError(f"{point}: {_refusal(attempts, device, rtol, best)}")
    return states


class _Truncations:
    """The solutions of a point with at most N photons, each found when it is first needed.

    They are refined for ``rtol``, and serve looser tolerances too.
    """

    def __init__(self, spectrum, drive, Delta, rtol, photons):
        self.spectrum, self.drive, self.rtol, self.photons = spectrum, drive, rtol, photons
        self.Delta = np.array([Delta])
        self.moments = Moments(spectrum, photons, accuracy.LEVELS)
        self.lookahead = Lookahead(self._hierarchy(spectrum), self.moments)
        self._solutions, self._rounding = {}, {}

    def refined_to(self, rtol):
        """Return the same of solutions that are refined for another tolerance."""
        return _Truncations(self.spectrum, self.drive, self.Delta[0], rtol, self.photons)

    def _hierarchy(self, spectrum):
        return Hierarchy(spectrum, [self.drive], self.Delta)

    def _solve(self, spectrum, N):
        return solve_moments(self._hierarchy(spectrum), N, self.moments, self.rtol)

    def solution(self, N):
        """Return what `solve_moments` returns."""
        if N not in self._solutions:
            self._solutions[N] = self._solve(self.spectrum, N)
        return self._solutions[N]

    def rounding(self, N):
        """Return the rounding errors, measured by the relative changes that a jitter makes."""
        if N not in self._rounding:
            values = self.solution(N)[0]
            spread = np.zeros_like(values)
            for jittered in self.spectrum.jittered():
                other = self._solve(jittered, N)
                spread = np.maximum(spread, np.inf if other is None else change(values, other[0]))
            # Sums over many sweeps round too, which the jitter does not show.
            spread += np.finfo(float).eps
            self._rounding[N] = accuracy.SWEEPS * accuracy.SPREAD * spread
        return self._rounding[N]

    def series(self, rtol):
        """Return the sum of the series; rounding is measured where the estimate is too large."""
        arguments = self.Delta, (self.drive,), rtol, self.photons
        found = sum_series([self.spectrum], *arguments)
        if found.rounding[0, 0] > rtol:
            found = sum_series([self.spectrum, *self.spectrum.jittered()], *arguments)
        return found


def _answer(truncations, rtol):
    """Return the states at a tolerance, None where they are refused, and the attempts before."""
    attempts, largest = [], accuracy.LARGEST[truncations.spectrum.cavities]
    for attempt in _attempts(truncations, rtol):
        if attempt.states is not None and attempt.states.done[0, 0]:
            return attempt.states, attempts
        attempts.append(attempt)
        if attempt.blind or _is_hopeless(attempts, rtol, largest):
            break
    return None, attempts


def _attempts(truncations, rtol):
    """Yield an `Attempt` for each photon number; the first solution has nothing to compare with."""
    spectrum, moments, lookahead = (
        truncations.spectrum,
        truncations.moments,
        truncations.lookahead,
    )
    old, changes, largest = None, {}, accuracy.LARGEST[spectrum.cavities]
    N = max(accuracy.MIN_EXCITATIONS, truncations.photons + 1)
    while largest >= N:
        spectrum.extend(N)
        if not np.isfinite(spectrum.rounding[N][0]):
            yield Attempt(N, digits=False)
            return
        solution = truncations.solution(N)
        if solution is None:
            yield Attempt(N)
            N += 2
            continue
        values, rounding, sums, unconverged, residual = solution
        if old is None:
            useful = accuracy.needed(rounding)
            blind = all(
                np.any(lookahead.surprise(n, sums, useful, rtol)[useful] > rtol)
                for n in range(N, largest + 1, 2)
            )
            if blind:
                yield Attempt(N, blind=True)
                return
        else:
            changes[N] = np.maximum(change(values, old), unconverged)
            error = _truncation(changes, lookahead, sums, rounding, rtol)
            # Measuring takes two more solves: only where this N may be the last one.
            unknown = accuracy.worst(rounding)
            if unknown > rtol and np.all(accuracy.within(error, rounding, rtol)):
                rounding = truncations.rounding(N)
                error = _truncation(changes, lookahead, sums, rounding, rtol)
                unknown = np.zeros_like(unknown)
            settled, worst, converged = accuracy.settle(
                values, moments.scale, error, rounding, rtol
            )
            sensible = accuracy.settle(values, moments.scale, error, rounding, worst)[2][0, 0]
            states = moments.states(
                settled,
                excitations=N,
                residual=residual,
                error=worst,
                method="Krylov",
                rounding=unknown,
                done=converged & (residual <= accuracy.MAX_RESIDUAL),
            )
            yield Attempt(N, states=states, sensible=sensible)
        old = values
        N += 2


def _best(truncations, rtol, attempts):
    """Return the smallest power of ten that is met as a tolerance; inf if none is."""
    if not attempts[-1].digits:
        return np.inf
    summed = truncations.series(LARGEST_RTOL).done[0, 0]
    first, last = (round(np.floor(np.log10(each) + 1e-9)) for each in (rtol, LARGEST_RTOL))
    for exponent in range(first + 1, last + 1):
        looser = float(f"1e{exponent}")
        if summed and _meets(truncations.series(looser), looser):
            return looser
        # A solve at a looser tolerance is refined less: what is offered has been tried.
        if _meets(_answer(truncations, looser)[0], looser) and _meets(
            _answer(truncations.refined_to(looser), looser)[0], looser
        ):
            return looser
    return np.inf


def _meets(states, rtol):
    return states is not None and states.done[0, 0] and states.error[0, 0] <= rtol


def _is_hopeless(attempts, rtol, largest):
    """Return whether larger photon numbers, which take long, do not promise to be enough."""
    failures = sum(attempt.states is None for attempt in attempts)
    if failures == FAILURES or (failures and attempts[-1].N >= accuracy.PATIENCE):
        return True
    errors = [attempt.states.error[0, 0] for attempt in attempts if attempt.states is not None]
    N = attempts[-1].N
    if attempts[-1].states is None or N < accuracy.PATIENCE or len(errors) < 2:
        return False
    if errors[-1] >= accuracy.UNKNOWN:  # a brighter state, which a larger N can hold
        return False
    ratio, steps = errors[-1] / errors[-2], (largest - N) // 2
    return not errors[-1] * ratio ** (accuracy.PROMISE * steps) <= rtol


def _refusal(attempts, device, rtol, best):
    """Return why none of the attempts is accepted, and what may help."""
    last = attempts[-1]
    if not last.digits:
        losses = {o: getattr(device, f"kappa_{o}") for o in ("bac" if device.has_b else "ac")}
        return (
            "rounding leaves no digits: a mode of the cavities loses almost no photons, or the "
            f"parameters are too far apart; a larger kappa_{min(losses, key=losses.get)} may do"
        )
    if last.blind:
        reason = (
            "more photons than can be kept may hold the light, in a resonance or in a second, "
            "brighter state"
        )
    elif last.states is None:
        reason = f"GMRES does not converge with {last.N} photons"
    elif (residual := last.states.residual[0, 0]) > accuracy.MAX_RESIDUAL:
        reason = f"with {last.N} photons the relative residual is {residual:.1g}"
    elif not last.sensible:
        reason = f"with {last.N} photons rounding leaves no digits of T, or values of no state"
    else:
        error = last.states.error[0, 0]
        reason = f"with {last.N} photons the estimated relative error is {error:.1g}"
    known = f"rtol = {best:.0e} can be had, and " if best <= LARGEST_RTOL else ""
    return (
        f"Omega = {device.Omega:g} is too strong for rtol = {rtol:g} in this device: {reason}; "
        f"{known}a smaller Omega or more loss may do"
    )


def _truncation(changes, lookahead, sums, rounding, rtol):
    """Return the relative errors that the truncation leaves in the observables."""
    N, needed = max(changes), accuracy.needed(rounding)
    error = changes[N] + lookahead.missing(sums, changes, needed, rtol)
    error += lookahead.surprise(N, sums, needed, rtol)
    # A larger N adds no digits where rounding leaves none. T is judged in any case: it may be dark.
    error[1:][rounding[1:] > accuracy.UNRESOLVED] = 0
    return error


def solve_moments(hierarchy, N, moments, rtol, more=None):
    """Solve with at most N photons; return None where GMRES does not converge.

    >>> from lossnr import Device
    >>> from lossnr.solver.spectrum import Spectrum
    >>> spectrum = Spectrum([Device()])
    >>> hierarchy = Hierarchy(spectrum, ["a", "c"], np.zeros(1))
    >>> moments = Moments(spectrum, photons=3, levels=6)
    >>> solve_moments(hierarchy, 5, moments, rtol=1e-6)[0].shape  # T, g2, g3, P_0 ... P_3
    (7, 2, 1)

    Parameters
    ----------
    hierarchy : Hierarchy
        Its points differ at most in their detunings.
    N : int
    moments : Moments
    rtol : float
    more : callable, optional
        Further sources: from m, n >= 1, block (m - 1, n - 1) and the last iterate of block (m, n)
        it returns what is added to the Kerr source of block (m, n). Of a diagonal block half is
        added, as `Hierarchy.kerr` does.

    Returns
    -------
    values, rounding, sums, unconverged, residual : ndarray, or None
        The first three are those of `Moments.observables`. What the refinement still changes has
        their shape; the residual has the shape (drives, points).
    """
    spectrum, points = hierarchy.spectrum, hierarchy.residual.shape
    spectrum.extend(N)
    x = spectrum.devices[0].Omega ** 2
    places = [(m, n) for m in range(1, N + 1) for n in range(m + 1)]
    d = [len(occupation(spectrum.cavities, n)) for n in range(N + 1)]
    sizes = [hierarchy.residual.size * d[m] * d[n] for m, n in places]
    ends = np.cumsum(sizes)
    bounds = [
        (m, n, end - size, end) for (m, n), size, end in zip(places, sizes, ends, strict=True)
    ]

    def split(vector):
        vector = vector.view(complex)
        return {(m, n): vector[i:k].reshape(*points, d[m], d[n]) for m, n, i, k in bounds}

    def sweep(vector, vacuum):
        # The sweep takes complex conjugates, so it is linear over the reals only.
        old = split(vector)
        new, row = [], [np.full((*points, 1, 1), vacuum, dtype=complex)]
        for m in range(1, N + 1):
            if m < N:
                kerr = [hierarchy.kerr(m, n, x * old[m + 1, n + 1]) for n in range(m + 1)]
            else:
                kerr = [np.zeros((*points, d[m], d[n]), dtype=complex) for n in range(m + 1)]
            if more is not None:
                for n in range(1, m + 1):
                    kerr[n] += more(m, n, row[n - 1], old[m, n])
            row = hierarchy.solve(m, row, kerr)
            new += row
        return np.concatenate([block.ravel() for block in new]).view(float)

    def observe(vector):
        blocks, none = split(vector), np.zeros(points)
        Q, uncertainties = [[none + 1]], [[none]]
        for m in range(1, N + 1):
            value, uncertainty = hierarchy.output(m, blocks[m, m])
            Q.append([none] * m + [value])
            uncertainties.append([none] * m + [uncertainty])
        return moments.observables(Q, uncertainties)

    size = 2 * ends[-1]
    operator = LinearOperator((size, size), dtype=float, matvec=lambda r: r - sweep(r, 0.0))
    dimension = int(min(KRYLOV_DIMENSION, KRYLOV_MEMORY / (8 * size)))
    solution = sweep(np.zeros(size), 1.0)
    values, rounding, sums = observe(solution)
    for _ in range(REFINEMENTS):
        remaining = sweep(solution, 1.0) - solution
        search = partial(gmres, operator, remaining, rtol=REDUCTION, restart=dimension, maxiter=1)
        correction, failed = search()
        left = np.linalg.norm(remaining - operator @ correction) if failed else np.inf
        if left <= RESTARTED * np.linalg.norm(remaining):
            correction, failed = search(x0=correction)
        if failed:
            return None
        solution = solution + correction
        old, (values, rounding, sums) = values, observe(solution)
        step = change(values, old)
        unconverged = np.where(step <= rounding, step, accuracy.REFINED * step)
        if np.all((step <= rtol / accuracy.REFINED**2) | (step <= rounding)):
            return values, rounding, sums, unconverged, hierarchy.residual
    return None
