"""A third way to the steady state, for tests: QuTiP's operators, another method than QuTiP's.

With G = - i H - (1/2) sum_k C_k^dag C_k the steady state obeys G rho + rho G^dag + sum_k C_k rho
C_k^dag = 0. GMRES solves it, preconditioned by the Sylvester equation without the last term, in
units in which the blocks of all photon numbers are of order one, and refined with residuals in
extended precision.
"""

import numpy as np
import qutip
from scipy.linalg import schur
from scipy.linalg.lapack import ztrsyl
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, gmres

from lossnr.model import lindblad
from lossnr.model.observables import factorial_weights


def reference(device, drive, excitations, photons=3):
    """Return T, g2, g3, P_0 ... P_photons with so many excitations, and their numerical error.

    The truncation of the Fock space is not in the error: compare with fewer excitations.
    """
    H = lindblad.hamiltonian(device, drive, excitations).full()
    losses = [C.full() for C in lindblad.collapse_operators(device, excitations)]
    cavities = "acb" if device.has_b else "ac"
    states = qutip.enr_state_dictionaries([excitations + 1] * len(cavities), excitations)[2]
    occupation = np.array([states[i] for i in range(len(states))])
    total = occupation.sum(axis=1)
    K = H - 0.5j * sum(C.conj().T @ C for C in losses)

    # The sectors' amplitudes in leading order of the drive are the units.
    psi, unit = np.zeros(len(H), dtype=complex), np.ones(len(H))
    psi[0] = 1
    for n in range(1, excitations + 1):
        sector = total == n
        source = -(K @ psi)[sector]
        psi[sector] = np.linalg.solve(K[np.ix_(sector, sector)], source)
        unit[sector] = max(np.linalg.norm(psi[sector]), 1e-140)
    G = -1j * K / unit[:, None] * unit
    jumps = [csr_array(C / unit[:, None] * unit) for C in losses]
    T, Q = schur(G, output="complex")

    def apply(r, G, jumps):
        out = G @ r + (G.conj() @ r.T).T
        for C in jumps:
            out += C @ (C.conj() @ r.T).T
        out[0, 0] = r[0, 0]  # the vacuum's equation gives way to r_00 = 1
        return out

    def precondition(v):
        right = v.reshape(G.shape)
        Y, scale, _ = ztrsyl(T, T, Q.conj().T @ right @ Q, tranb="C")
        return (Q @ (Y / scale) @ Q.conj().T).ravel()

    def observe(r):
        populations = np.diag(r).real.astype(float) * unit**2
        p = np.bincount(occupation[:, {"a": 1, "c": 0}[drive]], populations)
        p = p / p.sum()
        S = [factorial_weights(k, len(p)) @ p for k in range(4)]
        T = device.kappa_a * device.kappa_c * S[1] / device.Omega**2
        with np.errstate(divide="ignore", invalid="ignore"):  # a dark output
            return np.array([T, S[2] / S[1] ** 2, S[3] / S[1] ** 3, *p[: photons + 1]])

    def operator(action):
        return LinearOperator((G.size, G.size), matvec=action, dtype=complex)

    precise = csr_array(G).astype(np.clongdouble), [C.astype(np.clongdouble) for C in jumps]
    r, target = (np.zeros(G.shape, dtype=np.clongdouble) for _ in range(2))
    target[0, 0] = 1
    values, correction = np.ones(4 + photons), np.inf
    for _ in range(6):
        remaining = (target - apply(r, *precise)).astype(complex).ravel()
        step, _ = gmres(
            operator(lambda v: apply(v.reshape(G.shape), G, jumps).ravel()),
            remaining,
            M=operator(precondition),
            rtol=1e-8,
            restart=60,
            maxiter=4,
        )
        r = r + step.reshape(G.shape)
        old, values = values, observe(r)
        with np.errstate(divide="ignore", invalid="ignore"):
            correction = np.nanmax(np.abs(values - old) / np.abs(values))
        if correction < 1e-12:
            break
    return values, correction
