r"""What is seen at the output: transmission, correlations, photon numbers (Eqs. 5, 6 and after).

The photon-number distribution P_m of the detected cavity decides all of it: with the factorial
moments :math:`\langle o^{\dagger k} o^k \rangle = \sum_m m (m-1) \cdots (m-k+1) P_m`,

.. math:: T = \kappa_a \kappa_c \langle o^\dagger o \rangle / \Omega^2, \qquad
          g^{(k)}(0) = \langle o^{\dagger k} o^k \rangle / \langle o^\dagger o \rangle^k .
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import factorial, perm

from .names import titled

__all__ = [
    "SteadyState",
    "change",
    "factorial_weights",
    "isolation",
    "nonreciprocal_ratio",
    "poisson_deviation",
    "two_photon_blockade",
]


@dataclass(frozen=True, eq=False)
class SteadyState:
    """A steady state, as the detector behind the output cavity sees it.

    Attributes
    ----------
    T : float
        Transmission, Eq. 5. Where the output is so dark that rounding leaves less than two digits
        it is good to 1e-9 absolutely.
    g2, g3 : float
        Equal-time correlations of second and third order, Eq. 6; nan where the output is dark, or
        where rounding leaves less than two digits.
    P : ndarray, shape (photons + 1,)
        Probabilities P_m of m photons in the output cavity, m = 0 ... photons; nan where rounding
        leaves less than two digits. They add up to 1 less the probability of more photons.
    n : float
        Mean photon number of the output cavity, in proportion to T.
    excitations : int
        Largest total number of photons kept in the calculation.
    residual : float
        Largest relative residual of the linear equations that were solved, for this steady state
        and those that were solved together with it.
    error : float
        Estimate of the largest relative error in T, g2, g3 and P, as far as rounding leaves two
        digits.
    method : str
        How the state was found.
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
    """Return the weights of the k-th factorial moment, m (m-1) ... (m-k+1) for m < count."""
    return perm(np.arange(count), k)


def isolation(data):
    r"""Return the isolation :math:`I = |T_{a\to c} - T_{c\to a}|` of a Dataset."""
    T = data["T"]
    I = abs(T.sel(direction="a->c", drop=True) - T.sel(direction="c->a", drop=True))
    return I.rename("I").assign_attrs(long_name=titled("I"), units="1")


def nonreciprocal_ratio(data):
    r"""Return the quantum nonreciprocal ratio R of a Dataset.

    .. math::

        R = \left| \frac{g^{(2)}_{a\to c} - g^{(2)}_{c\to a}}{g^{(2)}_{a\to c} + g^{(2)}_{c\to a}}
            \right|
    """
    forward = data["g2"].sel(direction="a->c", drop=True)
    backward = data["g2"].sel(direction="c->a", drop=True)
    R = abs((forward - backward) / (forward + backward))
    return R.rename("R").assign_attrs(long_name=titled("R"), units="1")


def poisson_deviation(data, relative=True):
    r"""Return the deviation of the photon-number distributions of a Dataset from Poisson.

    That is :math:`P_m - \mathcal{P}_m` with :math:`\mathcal{P}_m = n^m e^{-n} / m!` of the same
    mean n, divided by :math:`\mathcal{P}_m` if ``relative``.
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
    """Return where a Dataset has two-photon blockade, g2 > 1 and g3 < 1, as a DataArray of bool.

    Both have to hold beyond the error of the numbers.
    """
    return (data["g2"] > 1 + data["error"]) & (data["g3"] < 1 - data["error"])


def change(new, old):
    """Return the relative change of observables; infinite where it has no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(new == old, 0.0, np.abs(new - old) / np.abs(new))
    return np.where(np.isfinite(relative), relative, np.inf)
