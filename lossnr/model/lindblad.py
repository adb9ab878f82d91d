r"""The model of Eqs. 1-6 in QuTiP, and its steady state: the oracle that checks the fast solver.

The operators live on the Fock space of at most N photons in all. The steady state of the
Liouvillian there is a linear system, which a general solver solves to an absolute precision: at
weak drive :math:`\langle o^{\dagger 3} o^3 \rangle \sim \Omega^6` is below the round-off of the
largest elements. Then g3, and at still weaker drive g2, is wrong without a warning. The remedy is
a change of units: with :math:`\rho_{mn} = \Omega^{m+n} r_{mn}` between states of m and n photons
all elements r are of order one, and so are their errors. The condition r_00 = 1 closes the system,
and the result is normalised at the end. With more thermal than driven photons the square root of
the thermal occupation takes the place of Omega.

Two errors are estimated. The LU solution is refined with residuals in extended precision (where
the platform has it), and the last correction shows how far round-off still reaches. The solution
with N - 1 photons shows the truncation. The larger of the two is the error reported.

The oracle uses nothing of the solver that it checks.

In all functions ``drive`` is the driven cavity, "a" or "c", and ``excitations`` is N, from 1 to 16;
other arguments raise a TypeError or a ValueError. Operators are QuTiP's, in units of kappa.
"""

from contextlib import contextmanager
from threading import Lock

import numpy as np
import qutip
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import splu

from ..machine import one_blas_thread
from .checks import check_drive, check_number, check_whole_number
from .device import LARGEST, check_device
from .observables import SteadyState, change, factorial_weights

#: Weakest drive that can be rescaled in double precision, in kappa.
WEAKEST = 1e-12
#: Steps of iterative refinement.
REFINEMENTS = 3
#: Largest relative change in the last step. If it is exceeded, another factorisation is tried.
REFINED = 1e-11
#: Factorisations of the Liouvillian. Its pattern is symmetric, so pivots on the diagonal cause half
#: the fill-in of a general elimination. That is the fallback if they lose too many digits.
FACTORISATIONS = (
    {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 1e-3, "options": {"SymmetricMode": True}},
    {},
)


def operators(device, excitations):
    """Return the annihilators by their cavities, in the order a, c, b of Eq. 8.

    Cavity b is left out where nothing couples to it: it is then in the vacuum, and without loss
    its steady state would not be unique.

    >>> from lossnr import Device
    >>> a = operators(Device(), excitations=1)["a"]
    >>> print((a.dag() * a).diag())  # the photons in cavity a: states of b, c, a and the vacuum
    [0. 0. 0. 1.]
    """
    check_device(device)
    excitations = check_whole_number("excitations", excitations, 1, 16)
    cavities = "acb" if device.has_b else "ac"
    annihilators = qutip.enr_destroy([excitations + 1] * len(cavities), excitations)
    return dict(zip(cavities, annihilators, strict=True))


def hamiltonian(device, drive, excitations):
    """Return the Hamiltonian of Eq. 3, in kappa.

    >>> from lossnr import Device
    >>> H = hamiltonian(Device(Delta_a=0.3).without_b(), "a", excitations=1)
    >>> print(round(H.diag().max(), 3), H.isherm)
    0.5 True
    """
    check_drive(drive)
    d, o = device, operators(device, excitations)
    a, c = o["a"], o["c"]
    J_ac = d.J_ac * np.exp(1j * d.theta)
    H = d.Delta_a * a.dag() * a + d.Delta_c * c.dag() * c
    H += d.U_a * a.dag() * a.dag() * a * a + d.U_c * c.dag() * c.dag() * c * c
    coupling = J_ac * c.dag() * a
    if "b" in o:
        b = o["b"]
        H += d.Delta_b * b.dag() * b
        coupling += d.J_ab * b.dag() * a + d.J_bc * b.dag() * c
    return H + coupling + coupling.dag() + d.Omega * (o[drive].dag() + o[drive])


def collapse_operators(device, excitations, n_th=0.0, gamma_phi=0.0):
    """Return sqrt(kappa_o) o for the cavities that lose photons: the Lindblad terms of Eq. 4.

    The paper's (kappa/2) L[o], with its factor 2 in L, is QuTiP's dissipator of sqrt(kappa) o.
    Thermal photons n_th in the baths make it sqrt(kappa_o (n_th + 1)) o, and add
    sqrt(kappa_o n_th) o^dag. Dephasing adds sqrt(gamma_phi) o^dag o for a and c.

    >>> from lossnr import Device
    >>> len(collapse_operators(Device(), 1)), len(collapse_operators(Device(kappa_b=0), 1))
    (3, 2)
    >>> len(collapse_operators(Device(), 1, n_th=0.1, gamma_phi=0.2))
    8
    """
    n_th = check_number("n_th", n_th, 0, LARGEST)
    gamma_phi = check_number("gamma_phi", gamma_phi, 0, LARGEST)
    kappa = {"a": device.kappa_a, "b": device.kappa_b, "c": device.kappa_c}
    found = []
    for name, o in operators(device, excitations).items():
        found.append((kappa[name] * (n_th + 1), o))
        found.append((kappa[name] * n_th, o.dag()))
        found.append((gamma_phi * (name != "b"), o.dag() * o))
    return [np.sqrt(rate) * jump for rate, jump in found if rate > 0]


def liouvillian(device, drive, excitations, n_th=0.0, gamma_phi=0.0):
    """Return the Liouvillian of Eq. 4 as a QuTiP superoperator (column-stacking), in kappa.

    >>> from lossnr import Device
    >>> liouvillian(Device(), "a", excitations=2).shape  # 10 states of at most two photons
    (100, 100)
    """
    with _untidied():
        jumps = collapse_operators(device, excitations, n_th, gamma_phi)
        return qutip.liouvillian(hamiltonian(device, drive, excitations), jumps)


_lock = Lock()  # the setting holds for all threads


@contextmanager
def _untidied():
    """Keep QuTiP from dropping elements below 1e-14: so few thermal photons count at weak drive.

    `qutip.CoreOptions` does the same, and rebuilds all of QuTiP's tables of types each time.
    """
    core = qutip.settings.core
    with _lock:
        before = core["auto_tidyup"]
        core["auto_tidyup"] = False
        try:
            yield
        finally:
            core["auto_tidyup"] = before


def steady_state(device, drive="a", *, n_th=0.0, gamma_phi=0.0, excitations=5, photons=3):
    """Return the steady state of Eq. 4, independently of the fast solver and slowly.

    >>> from lossnr import Device
    >>> state = steady_state(Device().without_b(), "a", excitations=5)
    >>> print(f"T = {state.T:.4f}, g2 = {state.g2:.4f}, error = {state.error:.0e}")
    T = 0.9768, g2 = 0.0118, error = 5e-08

    Parameters
    ----------
    n_th, gamma_phi : float
        Thermal occupation of the baths and dephasing rate of a and c (see `collapse_operators`).
    excitations : int
        From 4 to 16, and more than ``photons``. The cost grows steeply: with three cavities N = 6
        takes seconds and N = 7 many minutes, with two N = 11 takes seconds.
    photons : int
        Largest m of the probabilities P_m that are returned.

    Raises
    ------
    TypeError, ValueError
        For arguments of a wrong type or out of range, and for Omega < 1e-12.
    """
    check_device(device)
    check_drive(drive)
    photons = check_whole_number("photons", photons, 0, 15)
    excitations = check_whole_number("excitations", excitations, max(3, photons) + 1, 16)
    if device.Omega < WEAKEST:
        raise ValueError(f"Omega = {device.Omega:g}: the oracle needs Omega >= {WEAKEST:g}")
    noise = n_th, gamma_phi
    values, correction, residual = _solve(device, drive, excitations, photons, *noise)
    fewer, _, _ = _solve(device, drive, excitations - 1, photons, *noise)
    T, g2, g3 = values[:3].tolist()
    return SteadyState(
        T=T,
        g2=g2,
        g3=g3,
        P=values[3:],
        n=T * device.Omega**2 / (device.kappa_a * device.kappa_c),
        excitations=excitations,
        residual=residual,
        error=max(correction, float(np.max(change(values, fewer)))),
        method="QuTiP",
    )


def brute_force(device, drive, excitations):
    """Return T, g2 and g3 by a dense elimination, without any change of units.

    It is accurate where no moment is small: at drives from about 0.1 kappa. The cost is that of a
    dense matrix with as many rows as the density matrix has elements.

    >>> from lossnr import Device
    >>> T, g2, g3 = brute_force(Device(Omega=0.5).without_b(), "a", excitations=3)
    >>> print(f"T = {T:.2f}, g2 = {g2:.2f}")
    T = 0.58, g2 = 0.02
    """
    L = liouvillian(device, drive, excitations).full()
    dim = round(len(L) ** 0.5)
    L[0] = np.eye(dim).ravel()  # the trace is one
    rho = np.linalg.solve(L, np.eye(1, len(L))[0]).reshape(dim, dim).T
    return correlations(device, rho, operators(device, excitations)["c" if drive == "a" else "a"])


def correlations(device, rho, o):
    """Return T (Eq. 5), g2 and g3 (Eq. 6) of a density matrix, an array, for Omega > 0.

    ``o`` is the annihilator of the output cavity.

    >>> from lossnr import Device
    >>> device = Device(Omega=0.5).without_b()
    >>> c = operators(device, 3)["c"]
    >>> one = np.diag((c.dag() * c).diag() == 1) / 3  # three states have one photon in c
    >>> correlations(device, one, c)
    (4.0, 0.0, 0.0)
    """
    o = o.full()
    n, n2, n3 = (
        np.trace(np.linalg.matrix_power(o.conj().T, k) @ np.linalg.matrix_power(o, k) @ rho).real
        for k in (1, 2, 3)
    )
    T = device.kappa_a * device.kappa_c * n / device.Omega**2
    return float(T), float(n2 / n**2), float(n3 / n**3)


@one_blas_thread()
def _solve(device, drive, excitations, photons, n_th=0.0, gamma_phi=0.0):
    """Return T, g2, g3, P_m; their last relative correction; the relative residual."""
    A = coo_matrix(liouvillian(device, drive, excitations, n_th, gamma_phi).data_as("csr_matrix"))
    cavities = "acb" if device.has_b else "ac"
    states = qutip.enr_state_dictionaries([excitations + 1] * len(cavities), excitations)[2]
    occupation = np.array([states[i] for i in range(len(states))])
    n = occupation.sum(axis=1)
    power = np.add.outer(n, n).ravel().astype(float)
    unit = max(device.Omega, n_th**0.5)
    scale = unit**power
    # The powers are subtracted, from -2 to 2: the scales themselves may underflow.
    A.data = A.data * unit ** (power[A.col] - power[A.row])
    # The element of the vacuum comes first; r_00 = 1 replaces its equation.
    A = A.tolil()
    A[0, :] = 0
    A[0, 0] = 1
    A = A.tocsc()
    rhs = np.zeros(len(scale), dtype=complex)
    rhs[0] = 1
    precise = A.tocsr().astype(np.clongdouble)

    output = "c" if drive == "a" else "a"
    in_output = occupation[:, cavities.index(output)]

    def observe(r):
        diagonal = (r * scale).reshape(len(n), len(n)).diagonal().real
        p = np.bincount(in_output, weights=diagonal)
        S = [factorial_weights(k, len(p)) @ p for k in range(4)]
        T = device.kappa_a * device.kappa_c * S[1] / S[0] / device.Omega**2
        P = p[: photons + 1] / S[0]
        with np.errstate(divide="ignore", invalid="ignore"):  # a dark output has no correlations
            g2, g3 = S[2] * S[0] / S[1] ** 2, S[3] * S[0] ** 2 / S[1] ** 3
        return np.array([T, g2, g3, *P])

    def refined(lu):
        r = lu.solve(rhs)
        values = observe(r)
        for _ in range(REFINEMENTS):
            remaining = rhs - precise @ r
            r = r + lu.solve(remaining.astype(complex))
            old, values = values, observe(r)
        size = np.max(np.abs(A).sum(axis=1) * np.max(np.abs(r)))
        return values, float(np.max(change(values, old))), float(np.max(np.abs(remaining)) / size)

    found = []
    for options in FACTORISATIONS:
        found.append(refined(splu(A, **options)))
        if found[-1][1] <= REFINED:
            break
    return min(found, key=lambda each: each[1])
