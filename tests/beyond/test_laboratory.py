"""Numbers of the laboratory: what the docstrings and the page on noise say of the window."""

from itertools import product

import numpy as np
import pytest
from scipy.linalg import expm

from lossnr import Device
from lossnr.beyond.laboratory import WINDOW
from lossnr.model import lindblad


@pytest.mark.parametrize("drive", ["a", "c"])
def test_over_the_window_g3_is_more_than_half_as_large_again(drive):
    device, photons, steps = Device(kappa_b=1.25), 3, 5
    L = lindblad.liouvillian(device, drive, photons, gamma_phi=0.01).full()
    o = lindblad.operators(device, photons)["c" if drive == "a" else "a"].full()
    trace = np.eye(len(o)).ravel()
    steady = np.linalg.solve(np.vstack([trace, L[1:]]), np.eye(1, len(L))[0])
    click = np.kron(o.conj(), o)  # of a state as a column
    step, evolved = expm(L * WINDOW / 2 / steps), [np.eye(len(L))]
    for _ in range(2 * steps):
        evolved.append(step @ evolved[-1])

    def triples(*delays):
        first, second, third = sorted((0, *delays))
        state = click @ evolved[second - first] @ click @ steady
        return (trace @ click @ evolved[third - second] @ state).real

    middles = range(1 - steps, steps, 2)
    seen = np.mean([triples(*delays) for delays in product(middles, repeat=2)])
    assert seen > 1.5 * triples(0, 0)
