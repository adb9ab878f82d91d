r"""How one number of a linear system changes in time: an element of :math:`e^{tL} v`.

On an interval the exponential is a series of Chebyshev polynomials,

.. math:: e^{tL} = e^{tc} \sum_k (2 - \delta_{k0})\, J_k(tR)\, S_k(X) , \qquad L = c + R X ,

with Bessel functions J_k and :math:`S_k(X) = i^k T_k(-iX)`, which is real for a real X:
:math:`S_{k+1} = 2 X S_k + S_{k-1}`. The numbers c and R are chosen such that the eigenvalues of X
are near the interval from -i to i (H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967, 1984). The
terms fall faster than exponentially beyond k = tR. One set of them serves all times of an interval.
"""

import numpy as np
from scipy.sparse import eye_array
from scipy.special import jv

__all__ = ["element_in_time", "products"]

#: Terms of the series are left out where they are this small, relative to the start.
NEGLIGIBLE = 1e-16
#: An interval may hold so many oscillations (in rad), and so much decay: the polynomials grow with
#: the decay, and rounding errors with them.
OSCILLATION, DECAY = 100.0, 8.0
#: Eigenvalues are not all: a matrix that is far from normal needs a larger circle.
MARGIN = 2.0


def _interval(eigenvalues):
    """Return the centre c, the radius R and the length of an interval."""
    decay = -eigenvalues.real.min()
    R = np.abs(eigenvalues.imag).max() + MARGIN
    return -decay / 2, R, min(OSCILLATION / R, DECAY / max(decay, MARGIN))


def products(eigenvalues, longest):
    """Return about how many products with the matrix a propagation takes.

    >>> products(np.array([-1 + 8j, -1 - 8j]), longest=100)
    2125
    """
    _, R, length = _interval(eigenvalues)
    return round(longest / length * (length * R + 45))


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
    c, R, length = _interval(eigenvalues)
    X = (L - c * eye_array(L.shape[0])) / R
    found, start = np.zeros(len(times)), 0.0
    while len(times) and start <= times[-1]:
        inside = (times >= start) & (times < start + length)
        v, elements = _advance(X, v, place, length, c, R)
        t = times[inside] - start
        bessel = jv(np.arange(len(elements)), R * t[:, None])
        found[inside] = np.exp(c * t) * (bessel @ elements)
        start += length
    return found


def _advance(X, v, place, length, c, R):
    """Return the vector after an interval; the element of each term, without its J_k."""
    size, after, elements = np.linalg.norm(v), np.zeros(len(v)), []
    last, term = np.zeros(len(v)), v
    for k, weight in enumerate(jv(np.arange(4 * int(length * R) + 100), length * R)):
        if k > length * R and abs(weight) * np.linalg.norm(term) <= NEGLIGIBLE * size:
            break
        factor = 2 if k else 1
        after += factor * weight * term
        elements.append(factor * term[place])
        last, term = term, factor * (X @ term) + last
    return np.exp(c * length) * after, np.array(elements)
