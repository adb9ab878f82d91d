"""The pictures of Fig. 1: what they show is computed."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lossnr import Device, steady_state
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


@pytest.mark.parametrize(("direction", "drive"), [("a->c", "a"), ("c->a", "c")])
def test_light_that_comes_out_is_spaced_evenly_or_grouped_by_its_g2(direction, drive, ax):
    device = Device()
    state = steady_state(device, drive)
    schematic.draw_passage(device, direction, state, ax=ax)
    (dots,) = (line for line in ax.lines if line.get_marker() == "o")
    steps = np.abs(np.diff(dots.get_xdata()))
    assert (np.ptp(steps) < 1e-9) == (state.g2 < 1)
    outside = dots.get_xdata() > 9 if direction == "a->c" else dots.get_xdata() < 1
    assert outside.all()


def test_light_like_that_of_the_laser_and_a_dark_output_have_no_dots(ax):
    linear = Device().replace(U=0)
    for drive, direction in zip("ac", ("a->c", "c->a"), strict=True):
        schematic.draw_passage(linear, direction, steady_state(linear, drive), ax=ax)
    assert not any(len(line.get_xdata()) for line in ax.lines if line.get_marker() == "o")
    assert ax.words.endswith("T = 0, g2(0) = undetermined")


def test_opposite_phases_exchange_what_is_said_of_the_directions(ax):
    there, back = Device(theta=-0.6), Device(theta=0.6)
    schematic.draw_passage(there, "a->c", steady_state(there, "a"), ax=ax)
    said = ax.words
    schematic.draw_passage(back, "c->a", steady_state(back, "c"), ax=ax)
    assert said.partition(": ")[2] == ax.words.partition(": ")[2]
