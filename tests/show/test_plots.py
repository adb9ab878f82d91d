"""Panels: the paper's colours and lines, labels, and the data that was given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lossnr import Device, sweep
from lossnr.model.observables import isolation
from lossnr.show import formats, plots


@pytest.fixture(scope="module")
def data():
    return sweep(Device(), kappa_b=[0.0, 1.0], Delta=np.linspace(-1, 1, 5), photons=2)


@pytest.fixture
def ax():
    with mpl.rc_context():
        mpl.use("agg")
        figure, ax = plt.subplots()
        yield ax
        plt.close(figure)


def test_curves_show_both_directions_as_the_paper_does(data, ax):
    plots.curves(data.sel(kappa_b=1), "g2", ax=ax, x="Delta", log=True)
    forward, backward = ax.lines
    assert forward.get_linestyle() == "-"
    assert backward.get_linestyle() == "--"
    red, blue = (mpl.colors.to_rgb(line.get_color()) for line in (forward, backward))
    assert max(red) == red[0]
    assert max(blue) == blue[2]
    for line, direction in zip(ax.lines, ("a->c", "c->a"), strict=True):
        expected = data["g2"].sel(direction=direction, kappa_b=1)
        assert line.get_ydata().tolist() == expected.values.tolist()
        assert line.get_xdata().tolist() == data["Delta"].values.tolist()
    assert ax.get_xlabel() == r"$\Delta/\kappa$"
    assert ax.get_ylabel() == r"$g^{(2)}(0)$"
    assert ax.get_yscale() == "log"


def test_curves_of_two_losses_differ_in_width_and_label(data, ax):
    plots.curves(data, "T", ax=ax, x="Delta")
    assert len({line.get_label() for line in ax.lines}) == 4
    thin, thick = ax.lines[0].get_linewidth(), ax.lines[-1].get_linewidth()
    assert thin < thick
    assert "0" in ax.lines[0].get_label()


def test_a_map_shows_the_values_at_their_place(data, ax):
    values, (ahead, back) = isolation(data), data["T"]
    plots.heatmap(values, ax=ax, x="Delta", y="kappa_b", forward=ahead > back)
    mesh = ax.collections[0]
    shown, signed = mesh.get_array().compressed(), (ahead - back).values.ravel()
    assert shown == pytest.approx(signed, abs=2e-9)  # what is rounding is shown as zero
    assert mesh.get_clim() == (-1, 1)
    red, _, blue, _ = mesh.to_rgba(1.0)
    assert red > 2 * blue  # as the curve from a to c
    assert ax.get_ylabel() == r"$\kappa_b/\kappa$"
    assert ax.figure.axes[1].get_ylabel() == r"isolation $\mathcal{I}$"


def test_the_star_of_a_map_marks_the_largest_value_and_each_leading_direction_is_named(data, ax):
    values, (ahead, back) = isolation(data), data["T"]
    plots.heatmap(values, ax=ax, x="Delta", y="kappa_b", forward=ahead > back)
    peak = values[values.argmax(...)]
    (star,) = (line for line in ax.lines if line.get_marker() == "*")
    assert star.get_xydata().tolist() == [[peak["Delta"], peak["kappa_b"]]]
    for text in ax.texts:
        x, y = text.xy
        here = values.sel(Delta=x, kappa_b=y)
        assert (text.get_text() == plots.ARROWS["a->c"]) == (ahead > back).sel(here.coords)
    assert plots.ARROWS["a->c"] in [text.get_text() for text in ax.texts]


def test_a_map_of_rounding_has_neither_star_nor_names(data, ax):
    values = 1e-13 * isolation(data)
    values[0, 0] = np.nan
    plots.heatmap(values, ax=ax, x="Delta", y="kappa_b", forward=values > 1e-14)
    assert not ax.lines
    assert not ax.texts
    assert np.nanmax(np.ma.filled(ax.collections[0].get_array(), np.nan)) == 0


def test_populations_are_drawn_relative_to_the_first_loss(ax):
    data = sweep(Device(), kappa_b=[0.0, 0.5, 1.0])
    plots.changes(data, ax=ax, x="kappa_b")
    assert len(ax.lines) == 6
    for line in ax.lines:
        m = int(line.get_label()[3])
        direction = next(d for d, arrow in plots.ARROWS.items() if arrow in line.get_label())
        P = data["P"].sel(m=m, direction=direction)
        assert line.get_ydata() == pytest.approx((P / P[0]).values)
    (decibels,) = ax.child_axes
    assert decibels.get_ylim() == pytest.approx(10 * np.log10(ax.get_ylim()))


def test_the_scale_of_the_insertion_loss_fits_the_transmission(ax):
    ax.plot([0, 1], [0, 1])
    plots.loss_axis(ax)
    (scale,) = ax.child_axes
    assert scale.get_ylim() == ax.get_ylim()
    for T, label in zip(scale.get_yticks(), scale.get_yticklabels(), strict=True):
        assert -10 * np.log10(T) == pytest.approx(float(label.get_text()), abs=1e-9)


def test_bars_have_the_height_of_the_values(data, ax):
    values = data["P"].isel(direction=1, kappa_b=1, Delta=0, m=slice(1, None)) - 0.5
    plots.bars(values, ax=ax, direction="c->a")
    assert [bar.get_height() for bar in ax.patches] == values.values.tolist()
    assert ax.patches[0].get_hatch()
    assert ax.get_yscale() == "symlog"
    assert len(ax.texts) == len(ax.patches)  # their values


def test_a_shade_covers_where_the_condition_holds(data, ax):
    inside = data["T"].isel(direction=0, kappa_b=1) > 0.5
    plots.shade(inside, ax=ax, label="bright")
    ax.set_ylim(0, 1)
    (shade,) = ax.collections
    x = shade.get_paths()[0].vertices[:, 0]
    assert [x.min(), x.max()] == [inside["Delta"][inside].min(), inside["Delta"][inside].max()]


def test_phases_are_shown_over_pi(ax):
    data = sweep(Device(), theta=[0, np.pi], photons=2)
    plots.curves(data, "T", ax=ax, x="theta")
    assert ax.lines[0].get_xdata().tolist() == [0, 1]
    assert ax.get_xlabel() == r"$\theta/\pi$"


def test_an_inset_lies_inside(ax):
    inner = plots.inset(ax, [0.1, 0.1, 0.4, 0.4])
    ax.figure.canvas.draw()
    inside, outside = inner.get_tightbbox(), ax.get_window_extent()
    assert outside.x0 < inside.x0 < inside.x1 < outside.x1
    assert outside.y0 < inside.y0 < inside.y1 < outside.y1


def test_the_same_figure_gives_the_same_bytes(data, tmp_path):
    pictures = []
    for name, size in (("one.svg", 10), ("two.svg", 30)):
        with mpl.rc_context():
            mpl.use("agg")
            plt.rcParams["font.size"] = size  # of the user
            plots.use_style()
            figure, ax = plt.subplots()
            plots.curves(data, "T", ax=ax, x="Delta")
            figure.savefig(tmp_path / name, metadata={"Date": None})
            plt.close(figure)
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1]


def test_on_a_phone_each_panel_has_its_own_labels():
    figure, axes = plt.subplots(2, 2, sharex="col", sharey="row", layout="constrained")
    axes[0, 0].set_ylabel("T")
    axes[1, 0].set(xlabel="loss", ylabel="g2")
    axes[1, 1].set_xlabel("phase")
    panels = formats._narrow(figure).axes
    assert [ax.get_xlabel() for ax in panels] == ["loss", "phase"] * 2
    assert [ax.get_ylabel() for ax in panels] == ["T", "T", "g2", "g2"]
    for ax in panels:
        assert ax.xaxis.get_tick_params()["labelbottom"]
        assert ax.yaxis.get_tick_params()["labelleft"]
    assert axes[0, 1].get_ylabel() == ""
    plt.close(figure)
