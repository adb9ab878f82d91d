"""What a figure says to those who do not see it: the values that it shows, and no others."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lossnr import Device, sweep
from lossnr.model import fock, scattering
from lossnr.model.names import plain_number
from lossnr.model.observables import isolation
from lossnr.show import formats, plots, schematic
from lossnr.show.alt_text import in_words, spoken


@pytest.fixture
def figure():
    with mpl.rc_context():
        mpl.use("agg")
        figure = plt.figure(layout="constrained")
        yield figure
        plt.close(figure)


def test_curves_say_their_lowest_and_highest_value_and_where(figure):
    data = sweep(Device(), kappa_b=[0.0, 0.5, 1.0], photons=2)
    ax = figure.add_subplot()
    plots.curves(data, "T", ax=ax, x="kappa_b")
    plots.label_panel(ax, "a")
    back = data["T"].sel(direction="c->a")
    assert in_words(figure).startswith(
        "(a) T against kappa_b/kappa: a to c: 0.972 throughout; c to a"
    )
    expected = f"c to a: lowest {back[2].item():.3g} at 1, highest {back[0].item():.3g} at 0."
    assert in_words(figure).endswith(expected)


def test_curves_that_are_alike_are_said_together_and_what_is_nan_is_undetermined(figure):
    ax = figure.add_subplot(xlabel="x", ylabel="y")
    ax.plot([0, 1e-17], [-1e-7, 2], label=r"$a\to c$")
    ax.plot([0, 1e-17], [-1e-7, 2], label=r"$c\to a$")
    ax.plot([0, 1], [np.nan, np.nan], label="none")
    ax.plot([0, 1], [3, 3], label="flat")
    ax.axhline(1)
    assert in_words(figure) == (
        "y against x: a to c and c to a: lowest -1e-7 at 0, highest 2 at 0; none: undetermined; "
        "flat: 3 throughout."
    )


def test_a_map_says_where_its_peak_is_and_an_inset_speaks_after_it(figure):
    data = sweep(Device(), kappa_b=[0.0, 1.0, 2.0], Delta=[0.0, 0.5, 1.0], photons=2)
    ax = figure.add_subplot()
    values, (ahead, back) = isolation(data), data["T"]
    plots.heatmap(values, ax=ax, x="Delta", y="kappa_b", forward=ahead > back)
    inner = plots.inset(ax, [0.1, 0.1, 0.5, 0.5])
    inner.plot([1, 2], [3, 4], label="line")
    said = in_words(figure)
    start = "isolation I over Delta/kappa and kappa_b/kappa: a to c ahead by at most "
    peak = values.max().item()
    assert said.startswith(f"{start}{peak:.3g} at Delta/kappa = 0.5, kappa_b/kappa = 1")
    assert ". Inset: " in said
    assert said.endswith("line: lowest 3 at 1, highest 4 at 2.")


def test_a_map_of_rounding_says_that_the_directions_are_equal(figure):
    data = sweep(Device(theta=0), kappa_b=[0.5, 1.0], Delta=[0.0, 0.5], photons=2)
    values, (ahead, back) = isolation(data), data["T"]
    ax = figure.add_subplot()
    plots.heatmap(values, ax=ax, x="Delta", y="kappa_b", forward=ahead > back)
    assert in_words(figure).endswith("kappa_b/kappa: the directions are equal.")


def test_bars_and_shades_say_each_value(figure):
    up = figure.subplots()
    data = sweep(Device(), kappa_b=[0.0, 0.5, 1.0, 1.5], photons=2)
    plots.bars(data["P"].isel(kappa_b=0, direction=0), ax=up, direction="a->c")
    plots.shade(data["kappa_b"] > 0.7, ax=up, label="lossy")
    plots.shade(data["kappa_b"] > 7, ax=up, label="lossier")
    said = in_words(figure)
    for m, value in enumerate(data["P"].isel(kappa_b=0, direction=0).values):
        assert plain_number(value) in said
        assert f"at {m}" in said
    assert said.endswith("lossy: 1 to 1.5; lossier: nowhere.")


def test_panels_are_said_in_the_order_of_their_letters(figure):
    for letter, ax in zip("bdac", figure.subplots(2, 2).flat, strict=True):
        plots.label_panel(ax, letter)
        ax.plot([1, 2], [3, 4], label="line")
    assert "".join(re.findall(r"\((.)\)", in_words(figure))) == "abcd"


def test_drawings_have_words_of_their_own_with_what_was_computed(figure):
    light, paths, ladder = figure.subplots(1, 3)
    schematic.draw_device(light)
    schematic.draw_light(light, {"a->c": 0.973, "c->a": 0.0024})
    schematic.draw_paths(scattering.paths(Device()), ax=paths)
    schematic.draw_ladder(fock.ladder(Device()), ax=ladder)
    said = in_words(figure)
    assert "a to c: 97 % of the light passes, c to a: 0.24 % of the light passes." in said
    assert "a to c then to 0 - 1i, T = 1; c to a then to 0 + 0i, T = 0." in said
    distance = next(text.get_text() for text in ladder.texts if text.get_text())
    assert f"2 photons of the drive miss their level by {spoken(distance)}, 3 photons" in said
    figure.clear()
    schematic.draw_device(figure.add_subplot())
    assert in_words(figure) == ""


def test_a_notebook_has_the_words_as_the_plain_text_of_the_figure(figure):
    figure.add_subplot().plot([1, 2], [3, 4], label="line")
    assert formats.bundle(figure)["text/plain"] == in_words(figure) != ""


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (r"$a\to c$, $\kappa_b/\kappa$ $=$ 0", "a to c, kappa_b/kappa = 0"),
        (r"$g^{(2)}(0)$", "g2(0)"),
        (r"ratio $\mathcal{R}$", "ratio R"),
        (r"$11.1\,\kappa$", "11.1 kappa"),
        ("two-photon\nblockade", "two-photon blockade"),
    ],
)
def test_labels_are_spoken_without_latex(label, expected):
    assert spoken(label) == expected
