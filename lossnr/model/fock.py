"""The Fock states of two or three cavities, sorted by their total number of photons.

Sector n holds the (n+1)(n+2)/2 states ``|n_a, n_c, n_b>`` with n_a + n_c + n_b = n. Without cavity
b these are n+1 states. An annihilator takes a state to one state of the sector below, or to zero,
so that it is stored as an array of indices and an array of square roots.

In all functions ``n`` is the total number of photons and d_n the number of its states; ``cavities``
is 2 (a and c) or 3 (a, c and b, the order of Eq. 8). Energies are in kappa.
"""

from functools import cache

import numpy as np


@cache
def occupation(cavities, n):
    """Return the photon numbers of the states of sector n, one state per row: (d_n, cavities).

    >>> occupation(2, 2).tolist()
    [[2, 0], [1, 1], [0, 2]]
    """
    return np.array(_compositions(n, cavities))


@cache
def annihilator(cavities, k, n):
    r"""Return the annihilator of cavity k from sector n to sector n - 1.

    It returns two arrays of shape (d_{n-1},). State i of sector n - 1 comes from state origin[i] of
    sector n alone: :math:`\langle i | o_k | \mathrm{origin}_i \rangle = \mathrm{element}_i`.

    Cavity a loses a photon: ``|2,0>`` goes to ``sqrt(2) |1,0>``, and ``|1,1>`` to ``|0,1>``.

    >>> origin, element = annihilator(2, 0, 2)
    >>> origin.tolist(), (element**2).round(9).tolist()
    ([0, 1], [2.0, 1.0])
    """
    index = {state: i for i, state in enumerate(map(tuple, occupation(cavities, n)))}
    raised = occupation(cavities, n - 1) + np.eye(cavities, dtype=int)[k]
    origin = np.array([index[state] for state in map(tuple, raised)])
    return origin, np.sqrt(raised[:, k])


def effective_hamiltonians(devices, n):
    r"""Return the effective Hamiltonians of undriven devices in sector n: (devices, d_n, d_n).

    .. math:: H_{eff} = H_t|_{\Omega=0} - \frac{i}{2} \sum_o \kappa_o o^\dagger o

    with :math:`H_t` of Eq. 3 and the losses of Eq. 4. It conserves the number of photons. The basis
    is that of `occupation`. Cavity b must be coupled in all of the devices or in none.

    >>> from lossnr import Device
    >>> H = effective_hamiltonians([Device(J_ac=0.25, theta=0).without_b()], 1)
    >>> H.shape, H[0].real.tolist()
    ((1, 2, 2), [[0.5, 0.25], [0.25, 0.5]])
    >>> H[0].imag.diagonal().tolist()
    [-0.5, -0.5]
    """
    coefficients = [_coefficients(device) for device in devices]
    return np.tensordot(coefficients, _terms(3 if devices[0].has_b else 2, n), axes=1)


def families(parameters, n):
    """Return the effective Hamiltonians of three cavities over arrays of parameters.

    ``parameters`` has the attributes of a `Device`, each a number or an array; the Hamiltonians
    of sector n have their common shape, followed by (d_n, d_n).

    >>> from types import SimpleNamespace
    >>> from lossnr import Device
    >>> some = SimpleNamespace(**Device().parameters() | {"U_a": np.array([1, 2, 3])})
    >>> families(some, 2)[:, 0, 0].real.tolist()  # two photons in a: 2 Delta_a + 2 U_a
    [3.0, 5.0, 7.0]
    """
    coefficients = np.broadcast_arrays(*_coefficients(parameters))
    return np.tensordot(np.stack(coefficients, axis=-1), _terms(3, n), axes=1)


def _coefficients(device):
    """Return the factors of the nine `_terms`."""
    d, phase = device, np.exp(1j * device.theta)
    on_site = [
        d.Delta_a - 0.5j * d.kappa_a,
        d.Delta_c - 0.5j * d.kappa_c,
        d.Delta_b - 0.5j * d.kappa_b,
    ]
    return [d.U_a, d.U_c, *on_site, d.J_ac * phase, d.J_ac / phase, d.J_ab, d.J_bc]


@cache
def _terms(cavities, n):
    """Return the nine terms of the Hamiltonian in sector n, shape (9, d_n, d_n)."""
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
    r"""Return the eigenvalues of the effective Hamiltonian of n photons, sorted by real part.

    They are :math:`E - n\omega_p - i\gamma/2` for a level of energy E and loss gamma. One photon in
    two coupled cavities has the levels Delta - J_ac and Delta + J_ac:

    >>> from lossnr import Device
    >>> levels(Device(J_ac=0.3).without_b(), 1).round(6)
    array([0.2-0.5j, 0.8-0.5j])
    """
    return np.sort_complex(np.linalg.eigvals(effective_hamiltonians([device], n)[0]))


def ladder(device, photons=3):
    r"""Return the energy levels of the undriven device beside the energy of the drive's photons.

    All energies of n photons are relative to :math:`n\omega_a`. The drive is resonant with a level
    of n photons where :math:`n\omega_p - n\omega_a = -n\Delta_a` equals its energy. Fig. 1(b, c)
    sketches this ladder.

    Two photons in one cavity have an energy near 2 U_a = 10, far above the drive's -1. This is the
    origin of the photon blockade.

    >>> from lossnr import Device
    >>> data = ladder(Device().without_b(), photons=2)
    >>> data["energy"].sel(n=2).values.round(2).tolist()
    [-0.2, 10.0, 10.2]
    >>> data["drive"].values.tolist()
    [-0.5, -1.0]

    Returns
    -------
    xarray.Dataset
        In kappa, over the photon number ``n`` and the ``level``: ``energy``, and ``loss``, from the
        eigenvalues of the effective Hamiltonian. Smaller sectors have fewer levels, and their
        remaining energies are nan. Over ``n``: ``drive``, the energy :math:`-n\Delta_a` of n
        photons of the drive; and ``nearest``, the level that is nearest to
        :math:`U_a n(n-1)`, the energy of n photons in cavity a alone.
    """
    import xarray as xr  # slow to import

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
    """Return all tuples of ``parts`` photon numbers that add up to n."""
    if parts == 1:
        return [(n,)]
    return [(k, *rest) for k in range(n, -1, -1) for rest in _compositions(n - k, parts - 1)]
