r"""How one number of a linear system changes in time: an element of :math:`e^{tL} v`.

On an interval the exponential is a series of Chebyshev polynomials,

.. math:: e^{tL} = e^{tc} \sum_k (2 - \delta_{k0})\, J_k(tR)\, S_k(X) , \qquad L = c + R X ,

with Bessel functions J_k and :math:`S_k(X) = i^k T_k(-iX)`, which is real for a real X:
:math:`S_{k+1} = 2 X S_k + S_{k-1}`. The numbers c and R are chosen such that the eigenvalues of X
are near the interval from -i to i (H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967, 1984). The
terms fall faster than exponentially beyond k = tR. One set of them serves all times of an interval,
by way of a polynomial in t.
"""

from functools import cache

import numpy as np
from numpy.polynomial.chebyshev import chebval
from scipy.fft import dct
from scipy.sparse import eye_array
from scipy.special import jv

__all__ = ["element_in_time", "products"]

#: Terms of the series are left out where they are this small, relative to the start.
NEGLIGIBLE = 1e-16
#: Oscillation (in rad) and decay in an interval, at most: the terms grow with the decay, and
#: rounding errors with them.
OSCILLATION, DECAY = 128, 8
#: Eigenvalues are not all: a matrix that is far from normal needs a larger circle.
MARGIN = 2.0


def _interval(eigenvalues):
    """Return the centre c, the radius R, and the length of an interval times R."""
    decay = -eigenvalues.real.min()
    R, z = np.abs(eigenvalues.imag).max() + MARGIN, OSCILLATION
    while z > 1 and z * decay > DECAY * R:
        z //= 2
    return -decay / 2, R, z


def products(eigenvalues, longest):
    """Return about how many products with the matrix a propagation takes.

    >>> products(np.array([-1 + 8j, -1 - 8j]), longest=100)
    1703
    """
    _, R, z = _interval(eigenvalues)
    return round(longest * R / z * (z + 45))


def element_in_time(L, v, place, times, eigenvalues):
    """Return an element of the vector exp(tL) v at some times.

    >>> from scipy.sparse import csr_array
    >>> L = csr_array([[0, 3], [-3, 0]])
    >>> times = np.linspace(0, 20, 5)
    >>> found = element_in_time(L, np.array([1.0, 0.0]), 0, times, np.array([3j, -3j]))
    >>> np.allclose(found, np.cos(3 * times), rtol=0, atol=1e-12)
    True

    Parameters
    ----------
    L : sparse array of real numbers, shape (n, n)
    v : ndarray of real numbers, shape (n,)
    place : int
        The index of the element.
    times : ndarray, shape (times,)
        Not negative, in ascending order.
    eigenvalues : ndarray
        Those of L or near them, none with a positive real part.

    Returns
    -------
    ndarray, shape (times,)
    """
    c, R, z = _interval(eigenvalues)
    X, length = (L - c * eye_array(L.shape[0])) / R, z / R
    at_the_end, inside = _bessel(z)
    found, start = np.zeros(len(times)), 0.0
    while len(times) and start <= times[-1]:
        v, elements = _advance(X, v, place, at_the_end, z)
        v *= np.exp(c * length)
        here = (times >= start) & (times < start + length)
        t = times[here] - start
        polynomial = inside[:, : len(elements)] @ elements
        found[here] = np.exp(c * t) * chebval(2 * t / length - 1, polynomial)
        start += length
    return found


@cache
def _bessel(z):
    """Return J_k(z), k = 0, 1, ..., and the Chebyshev coefficients of J_k(z s), s from 0 to 1."""
    k, nodes = np.arange(2 * z + 100), z // 2 + 60
    s = (1 + np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)) / 2
    coefficients = dct(jv(k, z * s[:, None]), axis=0) / nodes
    coefficients[0] /= 2
    return jv(k, z), coefficients


def _advance(X, v, place, at_the_end, z):
    """Return the vector after an interval; the element of each term, without its J_k."""
    size, after, elements = np.linalg.norm(v), np.zeros(len(v)), []
    last, term = np.zeros(len(v)), v
    for k, weight in enumerate(at_the_end):
        if k > z and abs(weight) * np.linalg.norm(term) <= NEGLIGIBLE * size:
            break
        factor = 2 if k else 1
        after += factor * weight * term
        elements.append(factor * term[place])
        last, term = term, factor * (X @ term) + last
    return after, np.array(elements)
