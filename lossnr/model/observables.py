r"""Observables at the output: transmission, correlations and photon numbers (Eqs. 5, 6).

All of them follow from the photon-number distribution P_m of the detected cavity o. Its factorial
moments are :math:`\langle o^{\dagger k} o^k \rangle = \sum_m m (m-1) \cdots (m-k+1) P_m`, and

.. math:: T = \kappa_a \kappa_c \langle o^\dagger o \rangle / \Omega^2, \qquad
          g^{(k)}(0) = \langle o^{\dagger k} o^k \rangle / \langle o^\dagger o \rangle^k .

The functions of ``data`` take a Dataset as from `sweep`; those that compare the directions return a
DataArray without the dimension ``direction``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import factorial, perm

from .names import titled


@dataclass(frozen=True, eq=False)
class SteadyState:
    """The steady state of Eq. 4, as seen by the detector behind the output cavity.

    Light from c to a at kappa_b = 1.25 shows two-photon blockade, g2 > 1 and g3 < 1 (Fig. 3):

    >>> from lossnr import Device, steady_state
    >>> state = steady_state(Device(kappa_b=1.25), drive="c")
    >>> round(state.g2, 3), round(state.g3, 3)
    (1.391, 0.176)
    >>> state.P.shape
    (4,)

    Attributes
    ----------
    T : float
        Transmission, Eq. 5. For a nearly dark output, where rounding leaves fewer than two digits,
        its absolute error is below 1e-9.
    g2, g3 : float
        Equal-time correlations of second and third order, Eq. 6. They are nan for a dark output and
        where rounding leaves fewer than two digits.
    P : ndarray, shape (photons + 1,)
        Probabilities P_m of m = 0 ... photons in the output cavity; nan where rounding leaves fewer
        than two digits. Their sum is 1 minus the probability of more photons.
    n : float
        Mean photon number of the output cavity, T Omega^2 / (kappa_a kappa_c).
    excitations : int
        Largest total number of photons kept in the calculation.
    residual : float
        Largest relative residual of the linear equations. It covers all steady states that were
        solved together.
    error : float
        Estimate of the largest relative error in T, g2, g3 and P, except for numbers of which
        rounding leaves fewer than two digits.
    method : str
        The method that found the state.
    """

    T: float
    g2: float
    g3: float
    P: np.ndarray
    n: float
    excitations: int
    residual: float
    error: float
    method: str


def factorial_weights(k, count):
    r"""Return the weights m (m-1) ... (m-k+1) of the k-th factorial moment, m = 0 ... count - 1.

    The moment :math:`\langle o^{\dagger k} o^k \rangle` is the sum of the P_m with these weights.

    >>> factorial_weights(2, 5).round(9).tolist()
    [0.0, 0.0, 2.0, 6.0, 12.0]
    """
    return perm(np.arange(count), k)


def isolation(data):
    r"""Return the isolation :math:`\mathcal{I} = |T_{a\to c} - T_{c\to a}|` of Fig. 2(c).

    The isolation is due to the loss of b:

    >>> from lossnr import Device, sweep
    >>> isolation(sweep(Device(), kappa_b=[0, 1])).values.round(2).tolist()
    [0.0, 0.97]
    """
    T = data["T"]
    I = abs(T.sel(direction="a->c", drop=True) - T.sel(direction="c->a", drop=True))
    return I.rename("I").assign_attrs(long_name=titled("I"), units="1")


def nonreciprocal_ratio(data):
    r"""Return the quantum nonreciprocal ratio of Fig. 2(f).

    .. math::

        \mathcal{R} = \left| \frac{g^{(2)}_{a\to c} - g^{(2)}_{c\to a}}
                                  {g^{(2)}_{a\to c} + g^{(2)}_{c\to a}} \right|

    It is 0 for reciprocal correlations and approaches 1 if one g2 is much larger than the other.

    >>> from lossnr import Device, sweep
    >>> nonreciprocal_ratio(sweep(Device(), kappa_b=[0, 1])).values.round(2).tolist()
    [0.01, 1.0]
    """
    forward = data["g2"].sel(direction="a->c", drop=True)
    backward = data["g2"].sel(direction="c->a", drop=True)
    R = abs((forward - backward) / (forward + backward))
    return R.rename("R").assign_attrs(long_name=titled("R"), units="1")


def factor_of_g2(data):
    """Return by which factor the two g2 differ.

    >>> import xarray as xr
    >>> factor_of_g2(xr.Dataset({"g2": ("direction", [0.5, 2.0])})).item()
    4.0
    """
    return np.exp(abs(np.log(data["g2"]).diff("direction")).isel(direction=0))


def poisson_deviation(data, relative=True):
    r"""Return the deviation of photon-number distributions from Poisson, Fig. 3(c).

    It is :math:`(P_m - \mathcal{P}_m) / \mathcal{P}_m`, where
    :math:`\mathcal{P}_m = n^m e^{-n} / m!` has the same mean n. If not ``relative``, it is
    :math:`P_m - \mathcal{P}_m`.

    At kappa_b = 1.25 light from c to a has more pairs, and fewer triples, than coherent light:

    >>> from lossnr import Device, sweep
    >>> deviation = poisson_deviation(sweep(Device(), kappa_b=[1.25])).sel(direction="c->a")
    >>> deviation.sel(m=[2, 3]).values.round(2).tolist()
    [[0.39, -0.82]]
    """
    n, m = data["n"], data["m"]
    reference = n**m * np.exp(-n) / factorial(m)
    deviation = data["P"] - reference
    if relative:
        deviation = deviation / reference
    return deviation.rename("deviation").assign_attrs(
        long_name=f"{'relative ' * relative}deviation from Poisson", units="1"
    )


def two_photon_blockade(data):
    """Return where the light shows two-photon blockade, g2 > 1 and g3 < 1 (after Eq. 6).

    Both must hold beyond the error of the numbers.

    Light from c to a shows it at kappa_b = 1.25 (Fig. 3), but not at kappa_b = 1:

    >>> from lossnr import Device, sweep
    >>> data = sweep(Device(), kappa_b=[1, 1.25])
    >>> two_photon_blockade(data).sel(direction="c->a").values.tolist()
    [False, True]
    """
    return (data["g2"] > 1 + data["error"]) & (data["g3"] < 1 - data["error"])


def change(new, old):
    """Return the relative change of observables, abs(new - old) / abs(new).

    It is 0 where both are equal, and infinite where there is no finite value.

    >>> change(np.array([2.0, 0.0, 0.0]), np.array([1.0, 0.0, 1.0])).tolist()
    [0.5, 0.0, inf]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(new == old, 0.0, np.abs(new - old) / np.abs(new))
    return np.where(np.isfinite(relative), relative, np.inf)
