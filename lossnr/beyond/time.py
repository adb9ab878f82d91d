r"""Correlations in time: how likely a second photon is a delay tau after a first one.

.. math:: g^{(2)}(\tau) = \frac{\langle o^\dagger(0)\, o^\dagger(\tau)\, o(\tau)\, o(0) \rangle}
                               {\langle o^\dagger o \rangle^2}

for the detected cavity o in the steady state. By the quantum regression theorem the numerator is
the photon number, a time tau later, of the state :math:`o \rho\, o^\dagger` in which a detection
leaves the cavities. Both states obey the same equations of motion. This module writes them for the
normally ordered moments of `lossnr.solver.hierarchy`,

.. math:: M_{mn}[i, j] = \langle A_j^\dagger A_i \rangle / \Omega^{m+n} ,

with A_i one of the strings of m annihilators and A_j one of n:

.. math::

    i \frac{d M_{mn}}{dt} = H_m M_{mn} - M_{mn} H_n^\dagger + d^\dagger M_{m-1,n} - M_{m,n-1}\, d
        + \Omega^2 \sum_{q=a,c} 2 U_q \left[ n_q,\; o_q M_{m+1,n+1}\, o_q^\dagger \right] .

In these units all moments are of order one however weak the drive is, and it only appears as
:math:`\Omega^2` before the Kerr terms. The equations are cut at N photons, an error of order
:math:`\Omega^{2(N-1)}`. After a detection :math:`M_{mn}` is
:math:`o M_{m+1,n+1} o^\dagger / \langle o^\dagger o \rangle`. In the limit of zero drive all this
is about pure states: a detection takes the amplitudes to others, which then relax.
"""

from dataclasses import dataclass
from itertools import count
from reprlib import repr as short

import numpy as np
from scipy.sparse import csr_array, eye_array, kron, vstack
from scipy.sparse.linalg import LinearOperator, gmres

from ..machine import one_blas_thread
from ..model.checks import check_accuracy, check_drive
from ..model.device import check_device
from ..model.fock import levels
from ..solver.accuracy import ConvergenceError
from ..solver.hierarchy import Hierarchy
from ..solver.spectrum import Spectrum, adjoint
from ..solver.steadystate import steady_state
from .operators import annihilators, effective_hamiltonian
from .propagation import element_in_time, products

__all__ = ["Correlation", "g2_tau"]

#: Largest number of moments: N = 6 with three cavities, 11 with two. More take many seconds.
LARGEST = 7100
#: Largest number of products with the matrix, times its size: for a few seconds. A product takes as
#: long as this many elements at least.
PATIENCE, OVERHEAD = 3e8, 1000
#: Photon numbers up to which the sweeps have to converge before anything else is done.
PROBE = 4
#: The steady state is found by at most so many sweeps, until no moment changes by more, relatively.
SWEEPS, SETTLED = 200, 1e-13
#: GMRES is repeated at most so many times, with so large a basis, until no moment changes by more:
#: small blocks come last.
REFINEMENTS, DIMENSION, REFINED = 8, 120, 1e-11
#: After this many lifetimes of a field amplitude, correlations have decayed to less than rounding.
DECAYED = 40
#: Errors of the truncation fall from N to N + 1 at most by this factor, for all we assume ...
FASTEST = 1e-3
#: ... and are estimated with this margin: g2(0) is known better, other delays may converge slower.
CAUTION = 10
#: Where g2(tau) is below this share of the curve's largest value, the error is relative to that.
SMALL = 1e-3


@dataclass(frozen=True, eq=False)
class Correlation:
    """The correlation g2(tau) of the light from an output cavity.

    >>> from lossnr import Device
    >>> found = g2_tau(Device(), [[0, 0.5], [1, 40]])
    >>> found.g2.shape, found.excitations, bool(found.error < 1e-6)
    ((2, 2), 4, True)

    Attributes
    ----------
    taus : ndarray
        The delays, in 1/kappa.
    g2 : ndarray
        g2(tau) at each delay, an array of the same shape. It is nan where `SteadyState.g2` is.
    excitations : int
        Largest number of photons kept in the calculation.
    error : float
        Estimate of the largest relative error of g2 at these delays and at zero delay. Where g2
        is below a thousandth of its largest value, the error is relative to that.
    """

    taus: np.ndarray
    g2: np.ndarray
    excitations: int
    error: float


@one_blas_thread()
@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # such values are refused
def g2_tau(device, taus, drive="a", *, rtol=1e-6):
    r"""Return the correlation g2(tau) of the transmitted light in the steady state.

    .. math:: g^{(2)}(\tau) = \frac{\langle o^\dagger(0)\, o^\dagger(\tau)\, o(\tau)\, o(0) \rangle}
                                   {\langle o^\dagger o \rangle^2}

    with the output cavity o (c if a is driven), by the quantum regression theorem. g2(0) is that of
    `steady_state`, and g2 tends to 1 for long delays. It is symmetric, g2(-tau) = g2(tau).

    Photons from a to c leave one by one, and the device recovers within a few lifetimes:

    >>> from lossnr import Device
    >>> from lossnr.beyond import g2_tau
    >>> found = g2_tau(Device(), [0, 1, 2, 20])
    >>> found.g2.round(3).tolist()
    [0.011, 0.283, 0.596, 1.0]

    Parameters
    ----------
    device : Device
    taus : array_like
        Delays in 1/kappa, an array of any shape: finite and not negative.
    drive : {"a", "c"}
        The cavity that is driven; the other one is detected.
    rtol : float
        Largest relative error allowed, from 1e-12 to 1e-2. Where rounding errors are larger,
        `Correlation.error` says so.

    Returns
    -------
    Correlation
        With Omega = 0 it holds the limit of weak drive. For a dark output, whose g2 `steady_state`
        leaves undefined, it is nan at all delays.

    Raises
    ------
    ConvergenceError
        If the tolerance cannot be reached: `steady_state` does not reach it, the drive is too
        strong, or light oscillates so fast, or decays so slowly, that the largest delay takes too
        many steps. `steady_state` keeps up to 14 photons with three cavities. Here all moments are
        propagated at once, and 6 photons are the most that takes seconds: enough from a to c in the
        paper's device at the default tolerance up to Omega = 0.7, and with 1e-3 up to 1.5.
    TypeError, ValueError
        For arguments of a wrong type or out of range.
    """
    taus = _checked(taus)
    check_device(device)
    check_drive(drive)
    rtol, _ = check_accuracy(rtol, 2)
    for _ in zip(range(PROBE), _steady_moments(device, drive), strict=False):
        pass  # a drive that is too strong is refused here, before anything slow
    state = _reference(device, drive, rtol)
    if np.isnan(state.g2):
        return Correlation(taus, np.full(taus.shape, np.nan), state.excitations, state.error)
    delays, places = np.unique(np.append(taus.ravel(), 0.0), return_inverse=True)
    old, old_start, error = np.zeros_like(delays), 1.0, np.inf
    for N, M in enumerate(_steady_moments(device, drive), start=1):
        if M.size > LARGEST:
            break
        new = 1 + _relaxation(device, drive, N, M, state.T, delays)
        scale = np.maximum(new, SMALL * max(new.max(), 1.0))
        change = np.max(np.abs(new - old) / scale)
        start = abs(new[0] / state.g2 - 1)
        falls = np.clip(start / max(old_start, 1e-300), FASTEST, 1)
        error = max(CAUTION * falls * change, start, state.error)
        if error <= max(rtol, state.error):
            return Correlation(taus, new[places[:-1]].reshape(taus.shape), N, float(error))
        old, old_start = new, start
    raise ConvergenceError(
        f"drive = {drive!r}: Omega = {device.Omega:g} is too strong for rtol = {rtol:g} in this "
        f"device: with {N - 1} photons, the most that can be propagated, the estimated relative "
        f"error of g2(tau) is {error:.1g}; a smaller Omega, more loss or a larger rtol may do"
    )


def _checked(taus):
    """Return delays as an array of floats; raise an error that names a wrong one."""
    allowed = "allowed are finite numbers >= 0, in an array of any shape; g2(-tau) = g2(tau)"
    try:
        given = np.asarray(taus)
    except ValueError:  # lists of different lengths
        given = np.array(None)
    if given.dtype.kind not in "iuf":
        raise TypeError(f"taus = {short(taus)}: {allowed}")
    given = given.astype(float)
    wrong = given[~(np.isfinite(given) & (given >= 0))]
    if wrong.size:
        raise ValueError(f"taus = {wrong[0]:g}: {allowed}")
    return given


def _reference(device, drive, rtol):
    """Return the steady state, if possible with so small an error that it shows ours."""
    try:
        return steady_state(device, drive, rtol=max(rtol / 100, 1e-12), photons=2)
    except ConvergenceError:
        return steady_state(device, drive, rtol=rtol, photons=2)


def _steady_moments(device, drive):
    """Yield the moments of the steady state as a matrix, with at most N = 1, 2, ... photons.

    A sweep over the rows takes the Kerr terms of the moments before. Its fixed point is found by
    repetition, or, at a drive where the sweeps diverge, by GMRES.

    Raises
    ------
    ConvergenceError
        If GMRES does not converge.
    """
    hierarchy = Hierarchy(Spectrum([device]), [drive], np.zeros(1))
    spectrum, x = hierarchy.spectrum, device.Omega**2
    for N in count(1):
        spectrum.extend(N)
        d = [len(each[0]) for each in spectrum.V]
        places = [(m, n) for m in range(1, N + 1) for n in range(m + 1)]
        ends = np.cumsum([d[m] * d[n] for m, n in places])

        def split(vector, d=d, places=places, ends=ends):
            blocks = np.split(vector.view(complex), ends[:-1])
            shapes = ((1, 1, d[m], d[n]) for m, n in places)
            return {at: b.reshape(s) for at, b, s in zip(places, blocks, shapes, strict=True)}

        def sweep(vector, vacuum, N=N, split=split):
            # The sweep takes complex conjugates, so it is linear over the reals only.
            old, row, new = split(vector), [np.full((1, 1, 1, 1), vacuum, complex)], []
            for m in range(1, N + 1):
                kerr = [
                    hierarchy.kerr(m, n, x * old[m + 1, n + 1]) if m < N else 0 * old[m, n]
                    for n in range(m + 1)
                ]
                row = hierarchy.solve(m, row, kerr)
                new += row
            return np.concatenate([block.ravel() for block in new]).view(float)

        solution = _fixed_point(sweep, split, 2 * ends[-1])
        if solution is None:
            raise ConvergenceError(
                f"drive = {drive!r}: Omega = {device.Omega:g} is too strong in this device: the "
                f"moments of {N} photons do not converge; a smaller Omega or more loss may do"
            )
        found = {(0, 0): np.ones((1, 1), complex)}
        for (m, n), Y in split(solution).items():
            found[m, n] = spectrum.V[m][0] @ Y[0, 0] @ adjoint(spectrum.V[n][0])
            found[n, m] = adjoint(found[m, n])
        yield np.block([[found[m, n] for n in range(N + 1)] for m in range(N + 1)])


def _fixed_point(sweep, split, size):
    """Return the vector that a sweep from the vacuum leaves as it is; None if none is found."""

    def change(new, old):
        new, old = split(new), split(old)
        return max(np.max(np.abs(new[at] - old[at])) / np.max(np.abs(new[at])) for at in new)

    old = np.zeros(size)
    for _ in range(SWEEPS):
        old, before = sweep(old, 1.0), old
        if not (latest := change(old, before)) > SETTLED or not np.isfinite(old).all():
            break
    if latest <= SETTLED:
        return old
    operator = LinearOperator((size, size), dtype=float, matvec=lambda r: r - sweep(r, 0.0))
    old = sweep(np.zeros(size), 1.0)
    for _ in range(REFINEMENTS):
        remaining = sweep(old, 1.0) - old
        correction, failed = gmres(operator, remaining, rtol=1e-6, restart=DIMENSION, maxiter=1)
        if failed:
            return None
        old, before = old + correction, old
        if change(old, before) <= REFINED:
            return old
    return None


def _relaxation(device, drive, N, M, T, delays):
    """Return g2 - 1 at some delays, from the moments of the steady state and its transmission."""
    driven, detected = (0, 1) if drive == "a" else (1, 0)
    o = annihilators(device, N)
    n = T / (device.kappa_a * device.kappa_c)
    difference = o[detected] @ M @ o[detected].T / n - M
    difference[0, 0] = 0  # both states have the trace one

    decayed = DECAYED / -levels(device, 1).imag.max()
    known, rates = delays <= decayed, _rates(device, N)
    steps = products(rates, delays[known][-1])
    if steps * (M.size + OVERHEAD) > PATIENCE:
        raise ConvergenceError(
            f"drive = {drive!r}: delays up to {delays[known][-1]:g} take {steps} steps with {N} "
            "photons, too many: the light oscillates fast (large U or Delta), or decays slowly; "
            "shorter delays or a larger rtol may do"
        )
    L, v, place = _in_real_numbers(
        _generator(device, o, driven, N), difference, np.flatnonzero(o[detected].toarray()[0])[0]
    )
    found = np.zeros(len(delays))
    found[known] = element_in_time(L, v, place, delays[known], rates) / n
    return found


def _generator(device, o, driven, N):
    """Return the matrix of the equations of motion, for the moments row by row."""
    G = effective_hamiltonian(device, N) + o[driven].T
    one = eye_array(G.shape[0])
    L = kron(G, one) - kron(one, G.conj())
    for q, U in enumerate((device.U_a, device.U_c)):
        lowered = o[q].T @ o[q] @ o[q]
        kerr = kron(lowered, o[q]) - kron(o[q], lowered)
        L = L + 2 * U * device.Omega**2 * kerr
    return csr_array(-1j * L)


def _in_real_numbers(L, M, one):
    """Return equations of motion and moments in real numbers, and the place of M[one, one].

    The moments are Hermitian: these are the real parts of the upper triangle, with the diagonal,
    and the imaginary parts without it.
    """
    i, j = np.triu_indices(len(M))
    off = i < j
    upper, k = i * len(M) + j, np.arange(len(i))
    lower, imaginary = (j * len(M) + i)[off], len(i) + np.arange(off.sum())
    rows = np.concatenate([upper, lower, upper[off], lower])
    columns = np.concatenate([k, k[off], imaginary, imaginary])
    units = np.repeat([1, 1, 1j, -1j], [len(i), *[off.sum()] * 3])
    A = L[upper] @ csr_array((units, (rows, columns)), (M.size, M.size))
    v = M.ravel()[upper]
    return (
        csr_array(vstack([A.real, A.imag[off]])),
        np.concatenate([v.real, v.imag[off]]),
        np.flatnonzero((i == one) & (j == one))[0],
    )


def _rates(device, N):
    """Return the eigenvalues of the equations of motion in the limit of weak drive."""
    each = np.concatenate([levels(device, n) for n in range(N + 1)])
    return -1j * np.subtract.outer(each, each.conj()).ravel()
