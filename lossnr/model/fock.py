"""The Fock states of two or three cavities, graded by the total number of photons.

Sector n holds the (n+1)(n+2)/2 states ``|n_a, n_c, n_b>`` with n_a + n_c + n_b = n (n+1 states
where cavity b is left out). An annihilator leads from each state to at most one other: it is an
index and a square root.
"""

from functools import cache

import numpy as np
import xarray as xr

__all__ = ["annihilator", "effective_hamiltonians", "ladder", "levels", "occupation"]


@cache
def occupation(cavities, n):
    """Return the photon numbers of the states of sector n, shape (d_n, cavities), int.

    The order is a, c, b of Eq. 8; ``cavities`` is 2 (a, c) or 3.
    """
    return np.array(_compositions(n, cavities))


@cache
def annihilator(cavities, k, n):
    """Return the annihilator of cavity k from sector n to sector n - 1.

    Returns
    -------
    origin : ndarray of int, shape (d_{n-1},)
        The state of sector n that each state of sector n - 1 comes from.
    element : ndarray, shape (d_{n-1},)
        Its matrix element, the root of the photon number that is lowered.
    """
    index = {state: i for i, state in enumerate(map(tuple, occupation(cavities, n)))}
    raised = occupation(cavities, n - 1) + np.eye(cavities, dtype=int)[k]
    origin = np.array([index[state] for state in map(tuple, raised)])
    return origin, np.sqrt(raised[:, k])


def effective_hamiltonians(devices, n):
    r"""Return the undriven :math:`H - \frac{i}{2}\sum_o \kappa_o o^\dagger o` in sector n.

    Parameters
    ----------
    devices : sequence of Device
        Cavity b is left out where nothing couples to it; it must be coupled in all or in none.
    n : int

    Returns
    -------
    ndarray, shape (devices, d_n, d_n), complex
        The undriven Hamiltonian of Eq. 3 with the losses of Eq. 4 on the diagonal.
    """
    coefficients = []
    for d in devices:
        phase = np.exp(1j * d.theta)
        on_site = [
            d.Delta_a - 0.5j * d.kappa_a,
            d.Delta_c - 0.5j * d.kappa_c,
            d.Delta_b - 0.5j * d.kappa_b,
        ]
        hops = [d.J_ac * phase, d.J_ac / phase, d.J_ab, d.J_bc]
        coefficients.append([d.U_a, d.U_c, *on_site, *hops])
    return np.tensordot(coefficients, _terms(3 if devices[0].has_b else 2, n), axes=1)


@cache
def _terms(cavities, n):
    """Return the operators of the nine terms of the Hamiltonian in sector n."""
    m = occupation(cavities, n)
    none = np.zeros((len(m), len(m)))
    on_site = [np.diag(m[:, k] * (m[:, k] - 1.0)) for k in (0, 1)]
    on_site += [np.diag(m[:, k] * 1.0) for k in range(cavities)]
    on_site += [none] * (3 - cavities)

    def hop(k, l):  # o_k o_l^dag
        element = none.copy()
        if n > 0 and max(k, l) < cavities:
            (source, lowered), (target, raised) = (annihilator(cavities, j, n) for j in (k, l))
            element[target, source] = lowered * raised
        return element

    a_to_c, a_to_b, c_to_b = hop(0, 1), hop(0, 2), hop(1, 2)
    return np.array(
        [*on_site, a_to_c, a_to_c.T, a_to_b + a_to_b.T, c_to_b + c_to_b.T], dtype=complex
    )


def levels(device, n):
    """Return the eigenvalues of the effective Hamiltonian of n photons, by their real parts.

    Returns
    -------
    ndarray, shape (d_n,), complex
        Energies, less n times the drive's, and minus half the losses, in kappa.
    """
    return np.sort_complex(np.linalg.eigvals(effective_hamiltonians([device], n)[0]))


def ladder(device, photons=3):
    r"""Return the energies of the undriven device for each photon number, and what the drive asks.

    Parameters
    ----------
    device : Device
        Its detunings are those of the drive, Delta_a for all of the drive's photons.
    photons : int
        Largest photon number.

    Returns
    -------
    xarray.Dataset
        All in kappa. Over the photon number ``n`` and ``level``: ``energy``, the real parts of the
        eigenvalues of the effective Hamiltonian less :math:`n \omega_0`, and ``loss``. Over ``n``:
        ``drive``, what n photons of the drive bring, :math:`-n \Delta`; and ``nearest``, the
        level nearest to U_a n (n - 1), that of n photons in cavity a alone.
    """
    Delta = device.Delta_a
    resting = device.replace(
        Delta_a=0, Delta_b=device.Delta_b - Delta, Delta_c=device.Delta_c - Delta
    )
    n = np.arange(1, photons + 1)
    found = [levels(resting, k) for k in n]
    values = np.full((photons, len(found[-1])), np.nan + 0j)
    for row, some in zip(values, found, strict=True):
        row[: len(some)] = some
    blocked = [some.real - device.U_a * k * (k - 1) for k, some in zip(n, found, strict=True)]
    nearest = [some.real[np.argmin(np.abs(off))] for some, off in zip(found, blocked, strict=True)]
    return xr.Dataset(
        {
            "energy": (("n", "level"), values.real),
            "loss": (("n", "level"), -2 * values.imag),
            "drive": ("n", -n * Delta),
            "nearest": ("n", nearest),
        },
        {"n": n, "level": np.arange(1, values.shape[1] + 1)},
        device.parameters(),
    )


def _compositions(n, parts):
    """Return the ways to write n as an ordered sum of so many photon numbers."""
    if parts == 1:
        return [(n,)]
    return [(k, *rest) for k in range(n, -1, -1) for rest in _compositions(n - k, parts - 1)]
