"""The pictures of Fig. 1: what they show is computed."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lossnr import Device
from lossnr.model import fock, scattering
from lossnr.model.fock import levels
from lossnr.model.scattering import transmission
from lossnr.show import schematic


@pytest.fixture
def ax():
    mpl.use("agg")
    figure, ax = plt.subplots()
    yield ax
    figure.canvas.draw()
    plt.close(figure)


def test_the_device_shows_all_couplings_and_losses(ax):
    schematic.draw_device(ax)
    words = " ".join(text.get_text() for text in ax.texts)
    for symbol in (
        "J_{ac}",
        "theta",
        "J_{ab}",
        "J_{bc}",
        "kappa_a",
        "kappa_b",
        "kappa_c",
        "port a",
    ):
        assert symbol in words


def test_the_paths_end_at_the_transmission(ax):
    device = Device(kappa_b=0.6)
    schematic.draw_paths(scattering.paths(device), ax=ax)
    ends = [line for line in ax.lines if line.get_marker() == "o"]
    lengths = [float(np.hypot(*end.get_xydata()[1]) ** 2) for end in ends]
    assert lengths == pytest.approx(transmission(device))


def test_the_ladder_has_every_level_and_the_drive(ax):
    device = Device(Delta_b=0.2)
    schematic.draw_ladder(fock.ladder(device), ax=ax)
    drawn = [line.get_ydata()[0] for line in ax.lines if len(line.get_xdata()) == 2]
    resting = device.replace(Delta_a=0, Delta_b=-0.3, Delta_c=0)
    computed = [value.real for n in (1, 2, 3) for value in levels(resting, n)]
    assert sorted(drawn) == pytest.approx(sorted(computed))
    (drive,) = (line for line in ax.lines if line.get_marker() == "D")
    assert drive.get_ydata() == pytest.approx([-0.5, -1, -1.5])


def test_levels_of_one_photon_are_those_of_three_coupled_cavities():
    device = Device(Delta_a=0, Delta_b=0, Delta_c=0, theta=0, kappa_b=1).replace(J=0.3, J_ac=0.3)
    assert levels(device, 1) == pytest.approx(np.array([-0.3, -0.3, 0.6]) - 0.5j)
