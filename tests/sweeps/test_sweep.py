"""Sweeps: shapes, labels and attributes; the numbers are those of single steady states."""

import json

import numpy as np
import pytest

from lossnr import ConvergenceError, Device, __version__, axis, steady_state, sweep
from lossnr.solver.steadystate import steady_line, steady_points


def test_a_sweep_is_its_points_whatever_the_axes():
    data = sweep(Device(), kappa_b=[0.0, 1.0], Delta=[-0.2, 0.5, 0.9], theta=[-1.0, 2.0])
    assert data["T"].dims == ("direction", "kappa_b", "Delta", "theta")
    assert data["P"].dims == ("direction", "kappa_b", "Delta", "theta", "m")
    for direction, drive in (("a->c", "a"), ("c->a", "c")):
        for kappa_b, Delta, theta in ((0, -0.2, 2.0), (1, 0.9, -1.0), (0, 0.5, -1.0)):
            device = Device().replace(kappa_b=kappa_b, Delta=Delta, theta=theta)
            point = steady_state(device, drive)
            here = data.sel(direction=direction, kappa_b=kappa_b, Delta=Delta, theta=theta)
            assert here["T"].item() == pytest.approx(point.T, rel=1e-9)
            assert here["g2"].item() == pytest.approx(point.g2, rel=2e-6)
            assert here["P"].values == pytest.approx(point.P, rel=2e-6, abs=0)


def test_the_order_of_the_axes_is_only_an_order():
    axes = {"Delta": [0.1, 0.2, 0.3], "U": [1.0, 2.0]}
    ours = sweep(Device(), **axes)
    theirs = sweep(Device(), **dict(reversed(axes.items())))
    assert theirs["g2"].dims == ("direction", "U", "Delta")
    assert ours["g2"].values.tolist() == theirs["g2"].transpose(*ours["g2"].dims).values.tolist()


def test_one_detuning_of_three_can_be_an_axis():
    data = sweep(Device(), Delta_b=[0.0, 0.5])
    point = steady_state(Device(Delta_b=0.0))
    assert data["T"].sel(direction="a->c", Delta_b=0).item() == pytest.approx(point.T, rel=1e-12)


def test_without_an_axis_there_are_two_directions():
    data = sweep(Device())
    assert data["T"].dims == ("direction",)
    assert data["T"].values == pytest.approx([steady_state(Device(), d).T for d in "ac"])


def test_the_attributes_say_what_was_computed():
    data = sweep(Device(Omega=0.05), Delta=[0.0, 0.5], rtol=1e-7)
    assert Device(**json.loads(data.attrs["device"])) == Device(Omega=0.05)
    assert data.attrs["lossnr"] == __version__
    assert data.attrs["rtol"] == 1e-7
    assert data.attrs["excitations"] == data["excitations"].max()
    assert 0 < data.attrs["error"] == data["error"].max() <= 1e-7
    assert 0 < data.attrs["residual"] < 1e-12
    assert data.attrs["method"] == "series"
    assert data["Delta"].attrs["units"] == "kappa"
    assert all("long_name" in variable.attrs for variable in data.data_vars.values())


def test_without_g3_the_same_g2_comes_faster():
    quick, full = (sweep(Device(), Delta=[0.3, 0.5], photons=photons) for photons in (2, 3))
    assert quick["g2"].values == pytest.approx(full["g2"].values, rel=2e-6)
    assert "g3" not in quick
    assert quick.sizes["m"] == 3
    assert quick.attrs["excitations"] < full.attrs["excitations"]


def test_progress_is_shown_when_asked(capfd):
    sweep(Device(), kappa_b=[0.5, 1.0])
    assert capfd.readouterr().err == ""
    sweep(Device(), kappa_b=[0.5, 1.0], progress=True)
    assert "4/4" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("axes", "error", "message"),
    [
        ({"kapa_b": [1]}, TypeError, "unknown parameter 'kapa_b': did you mean 'kappa_b'"),
        ({"kappa_b": []}, ValueError, "axis kappa_b"),
        ({"kappa_b": 1.0}, ValueError, "axis kappa_b"),
        ({"kappa_b": [[1.0]]}, ValueError, "axis kappa_b"),
        (
            {"kappa_b": [1.0, -1.0]},
            ValueError,
            r"kappa_b = -1\.0: allowed is a finite real number >= 0",
        ),
        ({"kappa": [1.0, 0]}, ValueError, r"kappa_a = 0.*: allowed is a finite real number > 0"),
        ({"Omega": [0.1, np.nan]}, ValueError, "Omega = nan"),
        ({"theta": ["pi"]}, TypeError, "theta = 'pi'"),
        ({"Delta": [0.1], "Delta_b": [0.1]}, TypeError, "Delta_b is given twice"),
        ({"rtol": 2.0}, ValueError, "rtol = 2.0"),
        ({"kappa_b": [[1], [1, 2]]}, TypeError, r"kappa_b = \[1\]"),
        ({"kappa_b": np.ma.array([1.0, 2.0], mask=[0, 1])}, TypeError, "kappa_b = None"),
        ({"Omega": [0.1, 2e5]}, ValueError, r"Omega = 200000\.0: .* at most 100000 in size"),
        ({"Delta": np.array([1, 2], dtype="datetime64[ns]")}, TypeError, "axis Delta = array"),
        ({"progress": "yes"}, TypeError, "progress = 'yes': allowed are True and False"),
    ],
)
def test_bad_axes_are_named_before_anything_is_computed(axes, error, message, monkeypatch):
    monkeypatch.setattr("lossnr.solver.hierarchy.Hierarchy.solve", None)
    with pytest.raises(error, match=message):
        sweep(Device(), **axes)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 1, 1), ValueError, "points = 1: allowed is a whole number from 2 to 100000"),
        ((0, 1, 20.0), TypeError, "points = 20.0"),
        ((0, np.nan, 5), ValueError, "kappa_b_max = nan: allowed is a number from"),
        (("x", 1, 5), TypeError, "kappa_b_min = 'x'"),
        ((0, np.inf, 5), ValueError, "kappa_b_max = inf"),
        ((1, 1 + 3e-16, 5), ValueError, "kappa_b_max = 1.0000000000000002: allowed is more than"),
        ((1, 0, 5), ValueError, "kappa_b_max = 0: allowed is more than kappa_b_min = 1"),
    ],
)
def test_a_bad_axis_is_refused_by_name(arguments, error, message):
    with pytest.raises(error, match=message):
        axis("kappa_b", *arguments)


def test_a_sweep_wants_a_device():
    with pytest.raises(TypeError, match="allowed is a Device"):
        sweep({"Omega": 0.1}, Delta=[0.1])


def test_a_point_beyond_the_solver_is_named():
    uncoupled = Device(J_ab=1e-9, J_bc=0, Delta_b=0)  # without loss, b fills
    with pytest.raises(ConvergenceError, match=r"at kappa_b = 0: .*too strong"):
        sweep(uncoupled, kappa_b=[1.0, 0.0])


@pytest.mark.parametrize("solve", [steady_line, steady_points])
def test_lines_and_points_want_known_drives_and_one_point_at_least(solve):
    some = (Device(), [0.5]) if solve is steady_line else ([Device()],)
    none = (*some[:-1], [])
    for drives in (("x",), ("a", "b"), (None,)):
        with pytest.raises((TypeError, ValueError), match="drive = "):
            solve(*some, drives=drives)
    for arguments, drives in ((none, ("a",)), (some, ()), (none, ())):
        with pytest.raises(ValueError, match="no points or no drives: allowed are one or more"):
            solve(*arguments, drives=drives)
