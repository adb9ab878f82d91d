"""Other ways to the steady states of Eq. 4: what the solver of this package is measured against.

Each takes a list of (device, drive) and returns T, g2, g3 of each, shape (states, 3).
"""

import warnings

import numpy as np
import qutip
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, gmres, spsolve

from lossnr.model import lindblad
from lossnr.model.lindblad import correlations


def qutip_tutorial(states, levels=4):
    """QuTiP as its tutorials have it: a tensor product of truncated modes, the default solver."""
    found = []
    for d, drive in states:
        one, down = qutip.qeye(levels), qutip.destroy(levels)
        a = qutip.tensor(down, one, one)
        b = qutip.tensor(one, down, one)
        c = qutip.tensor(one, one, down)
        J_ac = d.J_ac * np.exp(1j * d.theta)
        coupling = J_ac * c.dag() * a + d.J_ab * b.dag() * a + d.J_bc * b.dag() * c
        driven, output = (a, c) if drive == "a" else (c, a)
        H = d.Delta_a * a.dag() * a + d.Delta_b * b.dag() * b + d.Delta_c * c.dag() * c
        H += d.U_a * a.dag() ** 2 * a**2 + d.U_c * c.dag() ** 2 * c**2
        H += coupling + coupling.dag() + d.Omega * (driven + driven.dag())
        losses = [np.sqrt(rate) * o for rate, o in ((d.kappa_a, a), (d.kappa_b, b), (d.kappa_c, c))]
        rho = qutip.steadystate(H, losses)
        found.append(correlations(d, rho.full(), output))
    return np.array(found)


def qutip_restricted(states, excitations, **options):
    """QuTiP on the space of at most so many excitations, with options of `qutip.steadystate`."""
    found = []
    for d, drive in states:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on the format of the sparse matrix
            rho = qutip.steadystate(lindblad.liouvillian(d, drive, excitations), **options)
        o = lindblad.operators(d, excitations)["c" if drive == "a" else "a"]
        found.append(correlations(d, rho.full(), o))
    return np.array(found)


class RealLiouvillian:
    """The Liouvillian on Hermitian matrices: real, in units in which weak drive does no harm."""

    def __init__(self, device, drive, excitations):
        o = lindblad.operators(device, excitations)
        occupation = sum(k.dag() * k for k in o.values()).diag()
        self.device, self.o = device, o["c" if drive == "a" else "a"]
        dim = len(occupation)
        scale = device.Omega ** np.add.outer(occupation, occupation).ravel()
        L = sp.csr_matrix(lindblad.liouvillian(device, drive, excitations).data_as("csr_matrix"))
        L = sp.diags_array(1 / scale) @ L @ sp.diags_array(scale)
        # Real coordinates: the diagonal, and real and imaginary parts above it.
        i, j = np.triu_indices(dim, 1)
        above, below, k = i * dim + j, j * dim + i, np.arange(dim)
        columns = [k, dim + np.arange(len(i)), dim + len(i) + np.arange(len(i))]
        one = np.ones(len(i))
        rows = np.concatenate([k * (dim + 1), above, below, above, below])
        values = np.concatenate([np.ones(dim), one, one, 1j * one, -1j * one])
        places = np.concatenate([columns[0], columns[1], columns[1], columns[2], columns[2]])
        self.to_matrix = sp.csr_matrix((values, (rows, places)), shape=(dim**2, dim**2))
        self.scale, self.dim = scale, dim
        norm = sp.diags_array(1 / np.ravel((abs(self.to_matrix) ** 2).sum(axis=0)))
        A = (norm @ self.to_matrix.conj().T @ L @ self.to_matrix).real.tolil()
        A[0, :], A[0, 0] = 0, 1  # the vacuum's equation gives way to r_00 = 1
        self.A = A.tocsr()
        self.A.sort_indices()
        self.rhs = np.eye(1, dim**2)[0]

    def correlations(self, x):
        """Return T, g2, g3 of a solution."""
        rho = (self.to_matrix @ x * self.scale).reshape(self.dim, self.dim).T
        return correlations(self.device, rho / np.trace(rho), self.o)


def superlu(states, excitations):
    """SciPy's direct sparse solver on the real Liouvillian in units of the drive."""
    found = []
    for d, drive in states:
        system = RealLiouvillian(d, drive, excitations)
        found.append(system.correlations(spsolve(system.A.tocsc(), system.rhs)))
    return np.array(found)


def pardiso(states, excitations, reuse=True, iterations=12):
    """PARDISO; with ``reuse`` a factorisation preconditions GMRES at the states that follow.

    It is renewed when GMRES needs more than so many iterations. The states should be ordered such
    that neighbours are alike.
    """
    from pypardiso import PyPardisoSolver

    solver, found, factored = PyPardisoSolver(), [], None

    def solve(right):
        return solver._call_pardiso(factored, right)

    for d, drive in states:
        system = RealLiouvillian(d, drive, excitations)
        failed = True
        if reuse and factored is not None:
            M = LinearOperator(system.A.shape, dtype=float, matvec=solve)
            x, failed = gmres(system.A, system.rhs, M=M, rtol=1e-13, restart=iterations, maxiter=1)
        if failed:
            factored = system.A
            solver.set_phase(12)
            solve(system.rhs)
            solver.set_phase(33)
            x = solve(system.rhs)
        found.append(system.correlations(x))
    solver.free_memory(everything=True)
    return np.array(found)


def dynamiqs_evolution(states, excitations, time, tolerance):
    """dynamiqs: all states at once, evolved from the vacuum for so long that they are steady."""
    import dynamiqs as dq
    import jax.numpy as jnp

    dq.set_precision("double")
    dq.set_progress_meter(False)
    found = [None] * len(states)
    for drive in "ac":
        chosen = [k for k, state in enumerate(states) if state[1] == drive]
        if not chosen:
            continue
        devices = [states[k][0] for k in chosen]
        o = lindblad.operators(devices[0], excitations)
        H = jnp.stack([lindblad.hamiltonian(d, drive, excitations).full() for d in devices])
        rates = {name: jnp.array([getattr(d, f"kappa_{name}") for d in devices]) for name in o}
        losses = [jnp.sqrt(rates[name])[:, None, None] * k.full()[None] for name, k in o.items()]
        vacuum = np.zeros((len(H[0]), 1), dtype=complex)
        vacuum[0] = 1
        method = dq.method.Tsit5(rtol=tolerance, atol=tolerance * 1e-9, max_steps=10**6)
        result = dq.mesolve(
            H,
            losses,
            vacuum,
            jnp.array([0.0, time]),
            method=method,
            save_states=False,
            cartesian_batching=False,
        )
        final = np.asarray(result.final_state.to_jax())
        for k, d, rho in zip(chosen, devices, final, strict=True):
            found[k] = correlations(d, rho, o["c" if drive == "a" else "a"])
    return np.array(found)
