r"""The steady state at strong drive: a Krylov solve with sweeps over the blocks as preconditioner.

Where the power series of `steadystate` converges slowly or diverges, the Fock space is cut at N
photons and the equations of `blocks` become a finite linear system for r_mn = rho_mn / Omega^(m+n),
with r_00 = 1. One *sweep* solves the rows in order, each from the freshest neighbours (block
Gauss-Seidel); the steady state is its fixed point, which GMRES finds whether or not repeated sweeps
would converge.

GMRES controls a norm of all blocks together, and small blocks matter: the solve is repeated for the
remaining error (iterative refinement) until no observable changes any more. N grows in steps of
two until no observable changes between N - 2 and N and the leading order of larger photon numbers
(`lookahead`) adds nothing, which bounds the error of the truncation.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from .blocks import MAX_EXCITATIONS, Rows
from .lookahead import Lookahead
from .moments import UNRESOLVED, Moments, change

__all__ = ["ConvergenceError", "krylov_observables"]

#: Smallest photon number N at which the Fock space is cut.
MIN_EXCITATIONS = 6
#: Solves for the remaining error, each to this reduction, before giving up.
REFINEMENTS, REDUCTION = 6, 1e-6
#: Largest relative residual that a result may have.
MAX_RESIDUAL = 1e-9
#: Dimension of the Krylov space, which bounds the memory, and restarts of it.
KRYLOV_DIMENSION, RESTARTS = 40, 5


class ConvergenceError(ArithmeticError):
    """The steady state is beyond what the solver can do at the tolerance asked for."""


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
        ``values`` as `Moments.observables` has them, of shape (5 + photons,), and ``error``,
        ``residual``, ``excitations`` and ``method`` as `SteadyState` has them.

    Raises
    ------
    ConvergenceError
        If N photons are not enough, if GMRES does not converge, or if rounding errors are too
        large.
    """
    device = spectrum.devices[0]
    moments = Moments(spectrum, photons, MAX_EXCITATIONS + 2)
    lookahead = Lookahead(Rows(spectrum, drive, np.array([Delta])), moments)
    point = f"at Delta_a = {device.Delta_a + Delta:g}, drive = {drive!r}"
    old = None
    for N in range(max(MIN_EXCITATIONS, photons + 1), MAX_EXCITATIONS + 1, 2):
        spectrum.extend(N)
        if not spectrum.rounding[N][0] <= UNRESOLVED:
            raise ConvergenceError(
                f"{point}: rounding leaves no digits: a mode of the cavities loses almost no "
                "photons, or the parameters are too far apart; a larger kappa_b may do"
            )
        solved = _solve(spectrum, drive, Delta, N, moments, rtol)
        if solved is None:
            reason = f"GMRES does not converge with {N} photons"
            break
        values, rounding, sums, unconverged, residual = solved
        if old is not None:
            last = np.maximum(change(values, old), unconverged)
            error = last + lookahead.missing(N, sums, last, moments.needed(rounding), rtol)
            settled, error, converged = moments.settle(values, error, rounding, rtol)
            if converged[0] and residual <= MAX_RESIDUAL:
                return {
                    "values": settled[:, 0],
                    "excitations": N,
                    "residual": residual,
                    "error": error[0],
                    "method": "Krylov",
                }
            reason = (
                f"with {N} photons the estimated relative error is {error[0]:.1g}, "
                f"not rtol = {rtol:g}"
            )
        old = values
    raise ConvergenceError(
        f"{point}: Omega = {device.Omega:g} is too strong for this device: {reason}; "
        "a smaller Omega, a larger rtol or more loss may do"
    )


def _solve(spectrum, drive, Delta, N, moments, rtol):
    """Solve with at most N photons; return None where GMRES does not converge."""
    solver = Rows(spectrum, drive, np.array([Delta]))
    x = spectrum.devices[0].Omega ** 2
    offset = spectrum.basis.offset
    shapes = [(offset[m + 1] - offset[m], offset[m + 1], 1) for m in range(1, N + 1)]
    ends = np.cumsum([np.prod(shape) for shape in shapes])

    def split(vector):
        blocks = np.split(vector.view(complex), ends[:-1])
        return [block.reshape(shape) for block, shape in zip(blocks, shapes, strict=True)]

    def sweep(vector, vacuum):
        # The sweep takes complex conjugates, so it is linear over the reals only.
        old = split(x * vector)
        rows = [np.full((1, 1, 1), vacuum, dtype=complex)]
        for m in range(1, N + 1):
            above = old[m] if m < N else None
            rows.append(solver.solve(m, above=above, below=rows[m - 1], before=old[m - 1]))
        return np.concatenate([row.ravel() for row in rows[1:]]).view(float)

    def observe(vector):
        rows = [np.ones((1, 1, 1), dtype=complex), *split(vector)]
        populations, uncertainties = np.zeros((2, N + 1, len(moments.weights[0]), 1))
        for m, row in enumerate(rows):
            found = solver.populations(m, row, pure=m == 0)
            populations[m, : m + 1], uncertainties[m, : m + 1] = found
        return moments.observables(populations, uncertainties)

    size = 2 * ends[-1]
    operator = LinearOperator((size, size), dtype=float, matvec=lambda r: r - sweep(r, 0.0))
    solution = sweep(np.zeros(size), 1.0)
    values, rounding, sums = observe(solution)
    for _ in range(REFINEMENTS):
        remaining = sweep(solution, 1.0) - solution
        correction, failed = gmres(
            operator, remaining, rtol=REDUCTION, restart=KRYLOV_DIMENSION, maxiter=RESTARTS
        )
        if failed:
            return None
        solution = solution + correction
        old, (values, rounding, sums) = values, observe(solution)
        unconverged = change(values, old)
        if np.all((unconverged <= rtol / 10) | (unconverged <= rounding)):
            return values, rounding, sums, unconverged, solver.residual[0]
    return None
