r"""The steady state at strong drive: a Krylov solve with sweeps over the blocks as preconditioner.

Where the power series (`series`) converges slowly or diverges, the hierarchy of moments
(`hierarchy`) is cut at N photons and becomes a finite linear system. One *sweep* solves the rows in
order, with the Kerr source of the last iterate (block Gauss-Seidel); the steady state is its fixed
point, which GMRES finds whether or not repeated sweeps would converge.

GMRES controls a norm of all blocks together, and small blocks matter: the solve is repeated for the
remaining error (iterative refinement) until no observable changes any more. N grows in steps of
two until no observable changes between N - 2 and N and the leading order of larger photon numbers
(`lookahead`) adds nothing: that estimates the error of the truncation.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from ..model.checks import LARGEST_RTOL
from ..model.fock import occupation
from ..model.observables import change
from .accuracy import MAX_EXCITATIONS, MAX_RESIDUAL, UNRESOLVED, ConvergenceError
from .hierarchy import Hierarchy
from .lookahead import Lookahead
from .moments import Moments

__all__ = ["krylov_observables"]

#: Smallest photon number N at which the Fock space is cut.
MIN_EXCITATIONS = 6
#: From this photon number on it is asked whether larger N can be enough.
PATIENCE = 12
#: Solves for the remaining error, each to this reduction, before giving up.
REFINEMENTS, REDUCTION = 6, 1e-6
#: Largest dimension of the Krylov space, memory for it in bytes, and restarts of it.
KRYLOV_DIMENSION, KRYLOV_MEMORY, RESTARTS = 200, 4e8, 2


def krylov_observables(spectrum, drive, Delta, rtol, photons):
    """Return the observables of one steady state.

    Parameters
    ----------
    spectrum : Spectrum
        Of one device, with Omega > 0.
    drive : {"a", "c"}
    Delta : float
        What is added to the detunings of all three cavities.
    rtol : float
    photons : int
        Largest m of P_m.

    Returns
    -------
    dict
        ``values`` as `Moments.observables` has them, of shape (4 + photons,), and ``error``,
        ``residual``, ``excitations`` and ``method`` as `SteadyState` has them.

    Raises
    ------
    ConvergenceError
        If N photons are not enough, if GMRES does not converge, or if rounding errors are too
        large.
    """
    device = spectrum.devices[0]
    moments = Moments(spectrum, photons, MAX_EXCITATIONS + 2)
    lookahead = Lookahead(Hierarchy(spectrum, [drive], np.array([Delta])), moments)
    point = f"at Delta_a = {device.Delta_a + Delta:g}, drive = {drive!r}"
    old, changes, errors, reachable, failures = None, {}, [], [], 0
    for N in range(max(MIN_EXCITATIONS, photons + 1), MAX_EXCITATIONS + 1, 2):
        spectrum.extend(N)
        if not np.isfinite(spectrum.rounding[N][0]):
            raise ConvergenceError(
                f"{point}: rounding leaves no digits: a mode of the cavities loses almost no "
                "photons, or the parameters are too far apart; a larger kappa_b may do"
            )
        solved = _solve(spectrum, drive, Delta, N, moments, rtol)
        if solved is None:
            failures += 1
            reason = f"GMRES does not converge with {N} photons"
            if failures == 2:
                break
            continue
        values, rounding, sums, unconverged, residual = solved
        if old is not None:
            changes[N] = np.maximum(change(values, old), unconverged)
            error = _truncation(changes, lookahead, moments, sums, rounding, rtol)
            # Measuring takes two more solves: only where this N may be the last one.
            unknown = moments.worst(rounding)[0, 0]
            if unknown > rtol and np.all(moments.within(error, rounding, rtol)):
                rounding = _measured_rounding(values, spectrum, drive, Delta, N, moments, rtol)
                error = _truncation(changes, lookahead, moments, sums, rounding, rtol)
                unknown = 0
            settled, largest, converged = moments.settle(values, error, rounding, rtol)
            if converged[0, 0] and residual <= MAX_RESIDUAL:
                return {
                    "values": settled[:, 0, 0],
                    "excitations": N,
                    "residual": residual,
                    "error": largest[0, 0],
                    "method": "Krylov",
                }
            errors.append(largest[0, 0])
            looser = 2 * errors[-1]
            if residual > MAX_RESIDUAL:
                reason = f"with {N} photons the relative residual is {residual:.1g}"
            elif moments.settle(values, error, rounding, looser)[2][0, 0]:
                reason = f"with {N} photons the estimated relative error is {errors[-1]:.1g}"
                if unknown <= looser:
                    reachable.append(looser)
            else:
                reason = f"with {N} photons rounding leaves no digits of T, or values of no state"
            # Larger N take long: only where they are enough, should the error fall twice as fast.
            if N >= PATIENCE and len(errors) > 1:
                ratio, steps = errors[-1] / errors[-2], (MAX_EXCITATIONS - N) // 2
                if not errors[-1] * ratio ** (2 * steps) <= rtol:
                    break
        old = values
    best = min(reachable, default=np.inf)
    known = f"rtol = {best:.0e} can be had, and " if best <= LARGEST_RTOL else ""
    raise ConvergenceError(
        f"{point}: Omega = {device.Omega:g} is too strong for rtol = {rtol:g} in this device: "
        f"{reason}; {known}a smaller Omega or more loss may do"
    )


def _truncation(changes, lookahead, moments, sums, rounding, rtol):
    """Return the relative errors that the truncation leaves in the observables."""
    missing = lookahead.missing(sums, changes, moments.needed(rounding), rtol)
    error = changes[max(changes)] + missing
    # A larger N gives no digits to what rounding leaves none in; T may be dark, though.
    error[1:][rounding[1:] > UNRESOLVED] = 0
    return error


def _measured_rounding(values, spectrum, drive, Delta, N, moments, rtol):
    """Return ten times the relative differences that jittered parameters make."""
    spread = np.zeros_like(values)
    for jittered in spectrum.jittered():
        other = _solve(jittered, drive, Delta, N, moments, rtol)
        spread = np.maximum(spread, np.inf if other is None else change(values, other[0]))
    return 10 * (spread + np.finfo(float).eps)


def _solve(spectrum, drive, Delta, N, moments, rtol):
    """Solve with at most N photons; return None where GMRES does not converge."""
    hierarchy = Hierarchy(spectrum, [drive], np.array([Delta]))
    x = spectrum.devices[0].Omega ** 2
    places = [(m, n) for m in range(1, N + 1) for n in range(m + 1)]
    d = [len(occupation(spectrum.cavities, n)) for n in range(N + 1)]
    ends = np.cumsum([d[m] * d[n] for m, n in places])

    def split(vector):
        blocks = np.split(vector.view(complex), ends[:-1])
        return {
            (m, n): each.reshape(1, 1, d[m], d[n])
            for (m, n), each in zip(places, blocks, strict=True)
        }

    def sweep(vector, vacuum):
        # The sweep takes complex conjugates, so it is linear over the reals only.
        old = split(x * vector)
        new, row = [], [np.full((1, 1, 1, 1), vacuum, dtype=complex)]
        for m in range(1, N + 1):
            if m < N:
                kerr = [hierarchy.kerr(m, n, old[m + 1, n + 1]) for n in range(m + 1)]
            else:
                kerr = [np.zeros((1, 1, d[m], d[n]), dtype=complex) for n in range(m + 1)]
            row = hierarchy.solve(m, row, kerr)
            new += row
        return np.concatenate([block.ravel() for block in new]).view(float)

    def observe(vector):
        blocks, none = split(vector), np.zeros((1, 1))
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
        correction, failed = gmres(
            operator, remaining, rtol=REDUCTION, restart=dimension, maxiter=RESTARTS
        )
        if failed:
            return None
        solution = solution + correction
        old, (values, rounding, sums) = values, observe(solution)
        unconverged = change(values, old)
        if np.all((unconverged <= rtol / 10) | (unconverged <= rounding)):
            return values, rounding, sums, unconverged, hierarchy.residual[0, 0]
    return None
