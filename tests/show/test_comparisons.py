"""What the page on the numerics shows: the solver put to the test, and its speed."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import few

from lossnr.show import benchmark, comparisons


def value(shown):
    """Return a number as `names.number` shows it."""
    digits, power = re.fullmatch(
        r"\$?(?:([\d.]+)(?: \\times )?)?(?:10\^\{(-?\d+)\}\$)?", shown
    ).groups()
    return float(digits or 1) * 10.0 ** int(power or 0)


@few
def test_what_is_delivered_is_within_the_estimate(device):
    head, *rows = comparisons.by_tolerance(device)
    assert head == ("tolerance", "*N*", "estimate", "delivered", "residual")
    for rtol, _, *errors in rows:
        estimate, delivered, residual = map(value, errors)
        assert delivered <= estimate + 1e-10
        assert estimate <= value(rtol)
        assert residual < 1e-9


@pytest.mark.parametrize(
    "rows",
    [lambda: comparisons.by_qutip(2, 5, Omega=0.1), lambda: comparisons.by_brute_force(3, 5)],
)
def test_random_devices_differ_from_other_methods_by_no_more_than_the_estimates(rows):
    _, *rows = rows()
    assert [row[0] for row in rows] == ["1", "2", "3"][: len(rows)]
    for _, *differences, method, ours, theirs in rows:
        assert method in ("series", "Krylov")
        assert len(differences) == 3
        estimates = value(ours) + value(theirs)
        assert max(map(value, differences)) <= 1.5 * estimates  # they are rounded to a digit


@few
def test_a_general_solver_fails_at_weak_drive_and_a_rescaled_one_does_not(device):
    errors = comparisons.at_weak_drive(device, np.array([0.01, 1e-3]))
    assert errors["$g^{(3)}$, default"].max() > 0.1
    assert errors["$g^{(2)}$, rescaled"].max() < 1e-4
    assert errors["$g^{(3)}$, rescaled"].max() < 1e-4


@pytest.fixture
def report():
    return benchmark.measured()


def test_the_record_of_the_benchmark_is_whole(report):
    rows = benchmark.speeds(report)
    assert rows.keys() == report["results"].keys()
    for name, each in report["results"].items():
        assert each["reached"] == (each["error"] <= report["accuracy"])
        assert ("less exact" in rows[name]) == (not each["reached"])
        assert each["setting"] in rows[name]
        assert ("times ours" in rows[name]) == (name != "lossnr")
    for name in ("processor", "cores", "python", "numpy", "qutip", "dynamiqs", "pypardiso"):
        assert f"{name} " in benchmark.machine(report)


def test_the_goals_are_judged_by_what_was_measured(report):
    goals = benchmark.goals(report).values()
    for words in goals:
        times = float(re.search(r"([\d,]+) times", words)[1].replace(",", ""))
        if "equal accuracy" in words:
            assert words.startswith("met: " if times >= benchmark.FASTER else "not met: ")
        else:
            assert words.startswith("not comparable: ")
            assert "its error is" in words
    assert any("equal accuracy" in words for words in goals)


def test_the_pictures_of_the_benchmark_show_all_that_was_measured(report):
    figure, axes = plt.subplots(1, 4)
    benchmark.draw_speeds(report, axes[0])
    assert len(axes[0].patches) == len(report["results"])
    hatched = sum(bar.get_hatch() is not None for bar in axes[0].patches)
    assert hatched == sum(not each["reached"] for each in report["results"].values())
    benchmark.draw_growth(report, axes[1:])
    for ax, growth in zip(axes[1:], report["growth"].values(), strict=True):
        assert len(ax.lines[0].get_xdata()) == len(growth)
    plt.close(figure)
