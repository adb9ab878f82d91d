"""Panels: each takes an ``ax`` and a Dataset, and draws.

Colours and lines are the paper's: from a to c red and solid, from c to a blue and dashed.
"""

from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import (
    FixedFormatter,
    FixedLocator,
    LogLocator,
    MaxNLocator,
    NullFormatter,
)
from matplotlib.transforms import Bbox, ScaledTranslation
from matplotlib_inline.backend_inline import set_matplotlib_formats

from ..model.names import QUANTITIES, ROUNDING, in_latex, number, symbol, titled
from . import formats

#: The paper's colours for light from a to c, and from c to a.
RED, BLUE = "#c1272d", "#1f4e9c"
STYLES = {
    "a->c": {"color": RED, "linestyle": "-"},
    "c->a": {"color": BLUE, "linestyle": (0, (4, 2))},
}
ARROWS = {direction: symbol(direction) for direction in STYLES}

#: Bars up to this height are drawn to a linear scale, beyond to a logarithmic one.
LINEAR = 1e-5

#: The colours of a map: blue where light from c to a leads, red where light from a to c leads.
_DIRECTIONS = LinearSegmentedColormap.from_list("directions", [BLUE, "#ffffff", RED])
#: A direction whose largest value is below this is not named in a map.
_NAMED = 0.1
#: A light edge, so that a text can be read on every colour of a map.
_EDGE = [withStroke(linewidth=2, foreground="white")]
#: The losses in dB that an axis of the transmission shows.
_DECIBELS = (0, 1, 3, 6, 10, 20)
#: The markers of one, two, three photons.
_MARKERS = "os^"


def use_style():
    """Set the look of all figures, and that a notebook has each in the formats of `formats`.

    What a user has set elsewhere (matplotlibrc) does not count.

    >>> use_style()
    >>> plt.rcParams["svg.hashsalt"]
    'lossnr'
    """
    plt.rcdefaults()
    plt.rcParams.update(
        {
            "font.size": 9,
            "axes.labelsize": 10,
            "legend.fontsize": 8,
            "legend.frameon": False,
            "legend.handlelength": 2.4,
            "xtick.direction": "in",
            "ytick.direction": "in",
            "xtick.top": True,
            "ytick.right": True,
            "svg.hashsalt": "lossnr",
        }
    )
    if shell := get_ipython():
        plt.get_backend()  # chosen now, since that installs the hook
        plt.uninstall_repl_displayhook()  # which would draw each figure once more
        set_matplotlib_formats()  # none of Jupyter's own: its PNG would take the place of ours
        shell.display_formatter.mimebundle_formatter.for_type(Figure, formats.bundle)


def curves(data, quantity, *, ax, x, log=False):
    r"""Draw a quantity against ``x`` in both directions.

    ``data`` has the dimensions ``direction``, ``x`` and at most one more, such as kappa_b: then
    the curves of its first value are thin, and those of its last one thick. With ``log`` the
    vertical axis is logarithmic.

    >>> from lossnr import Device, sweep
    >>> ax = Figure().add_subplot()
    >>> curves(sweep(Device(), kappa_b=[0.5, 1.0], photons=2), "T", ax=ax, x="kappa_b")
    >>> [line.get_label() for line in ax.lines]
    ['$a\\to c$', '$c\\to a$']
    """
    others = [name for name in data[quantity].dims if name not in ("direction", x)]
    variants = [{name: value} for name in others for value in data[name].values] or [{}]
    for i, variant in enumerate(variants):
        named = "".join(f", {_label(name)} $=$ {number(value)}" for name, value in variant.items())
        for direction, style in STYLES.items():
            ax.plot(
                _along(data, x),
                data[quantity].sel(direction=direction, **variant),
                label=ARROWS[direction] + named,
                linewidth=_width(i, variants),
                **style,
            )
    ax.set_xlabel(_label(x))
    ax.set_ylabel(_label(quantity))
    ax.margins(x=0)
    if log and data[quantity].notnull().any():
        ax.set_yscale("log")
        low, high = ax.get_ylim()
        if high < 2 * low:  # what rounding makes of a constant is not to be seen
            ax.set_ylim(low / 2, high * 2)


def _width(i, variants):
    return 1.8 if i == len(variants) - 1 else 0.8


def name_widths(values, *, ax):
    """Name above a panel the values of a parameter that tell thin curves from thick ones.

    ``values`` is the coordinate of the third dimension of the data of `curves`.

    >>> from xarray import DataArray
    >>> ax = Figure().add_subplot()
    >>> name_widths(DataArray([0.0, 1.0], dims="kappa_b", name="kappa_b"), ax=ax)
    >>> len(ax.get_legend().get_texts())
    2
    """
    lines = [
        Line2D([], [], color="#555555", linewidth=_width(i, values)) for i in range(len(values))
    ]
    labels = [f"{_label(values.name)[:-1]} = {in_latex(value)}$" for value in values.values]
    _legend_above(ax, lines, labels)


def _legend_above(ax, handles, labels):
    look = {"ncols": len(labels), "borderaxespad": 0, "columnspacing": 1, "borderpad": 0.2}
    ax.legend(handles, labels, loc="lower right", bbox_to_anchor=(1.02, 1), **look)


def loss_axis(ax):
    """Give the axis of a transmission a second scale: the insertion loss -10 log10(T), in dB.

    It stands in the space that the colour bar of a map leaves beside the panels above and below.

    >>> ax = Figure().add_subplot()
    >>> loss_axis(ax)
    >>> ax.child_axes[0].get_ylabel()
    'insertion loss (dB)'
    """
    scale = _scale_on_the_right(ax, ax.get_ylim(), "insertion loss (dB)")
    scale.set_yticks([10 ** (-dB / 10) for dB in _DECIBELS], map(str, _DECIBELS))
    scale.set_in_layout(False)


def _scale_on_the_right(ax, limits, label):
    """Return axes over ``ax`` that show another vertical scale (a twin would be a panel)."""
    ax.set_ylim(ax.get_ylim())  # no longer changed by what is drawn
    ax.tick_params(which="both", right=False)
    scale = ax.inset_axes([0, 0, 1, 1], ylim=limits, ylabel=label, frame_on=False, xticks=[])
    scale.tick_params(left=False, labelleft=False, labelright=True)
    scale.yaxis.set_label_position("right")
    return scale


def changes(data, *, ax, x):
    r"""Draw how the probabilities P_1, P_2, P_3 change along ``x``, relative to its first value.

    The scale on the right is in dB.

    >>> from lossnr import Device, sweep
    >>> ax = Figure().add_subplot()
    >>> changes(sweep(Device(), kappa_b=[0.0, 0.5, 1.0]), ax=ax, x="kappa_b")
    >>> ax.lines[0].get_label(), float(ax.lines[0].get_ydata()[0])
    ('$P_1$, $a\\to c$', 1.0)
    """
    every = max(1, data.sizes[x] // 10)
    for m, marker in enumerate(_MARKERS, start=1):
        relative = (data["P"] / data["P"].isel({x: 0})).sel(m=m)
        for direction, style in STYLES.items():
            ax.plot(
                _along(data, x),
                relative.sel(direction=direction),
                label=f"{symbol(f'P_{m}')}, {ARROWS[direction]}",
                marker=marker,
                markersize=4,
                markevery=(m * every // 3, every),
                **style,
            )
    ax.set_yscale("log")
    ax.set_xlabel(_label(x))
    start = rf"{_label(x)[:-1]} = {in_latex(_along(data, x)[0])}$"
    ax.set_ylabel(f"$P_m$ relative to {start}")
    ax.margins(x=0)
    _scale_on_the_right(ax, 10 * np.log10(ax.get_ylim()), "change (dB)")
    look = {"color": "#555555", "linestyle": "", "markersize": 4}
    handles = [Line2D([], [], marker=marker, **look) for marker in _MARKERS]
    _legend_above(ax, handles, [symbol(f"P_{m}") for m in (1, 2, 3)])


def equal_decades(axes):
    """Let logarithmic axes span equally many decades, and keep their upper ends.

    >>> axes = Figure().subplots(1, 2)
    >>> lines = [ax.semilogy([1, top]) for ax, top in zip(axes, (10, 1000))]
    >>> equal_decades(axes)
    >>> spans = [np.ptp(np.log10(ax.get_ylim())) for ax in axes]
    >>> bool(np.isclose(*spans))
    True
    """
    ends = [ax.get_ylim() for ax in axes]
    span = max(high / low for low, high in ends)
    for ax, (_, high) in zip(axes, ends, strict=True):
        ax.set_ylim(high / span, high)


def heatmap(values, *, ax, x, y, forward):
    r"""Draw a contrast between 0 and 1, such as the isolation, over ``x`` and ``y``.

    ``values`` is a DataArray with the dimensions ``x`` and ``y`` and the name of the quantity, and
    ``forward`` is a DataArray of bool with the same dimensions. Where it is True, light from a to c
    leads, and the map is red; elsewhere it is blue. A grey line separates the two. A star marks the
    largest value, and each direction is named where it is largest.

    >>> from xarray import DataArray
    >>> axes = {"kappa_b": [0.5, 1.0], "Delta": [0.4, 0.5]}
    >>> I, T = DataArray([[0, 0.5], [1, 0.9]], axes, name="I"), DataArray(np.eye(2) > 0, axes)
    >>> ax = Figure().add_subplot()
    >>> heatmap(I, ax=ax, x="Delta", y="kappa_b", forward=T)
    >>> ax.get_ylabel(), [text.get_text() for text in ax.texts]
    ('$\\kappa_b/\\kappa$', ['$a\\to c$', '$c\\to a$'])
    """
    size = values.where(~(values < ROUNDING), 0)
    signed = size.where(forward, -size).transpose(y, x)
    grid = _along(values, x), _along(values, y), signed
    image = ax.pcolormesh(*grid, cmap=_DIRECTIONS, vmin=-1, vmax=1, rasterized=True)
    if signed.min() < 0 < signed.max():
        ax.contour(*grid, levels=[0], colors="#777777", linewidths=0.7, linestyles="--")
    ticks = [-1, -0.5, 0, 0.5, 1]
    bar = ax.figure.colorbar(image, ax=ax, label=titled(values.name), pad=0.02, ticks=ticks)
    bar.set_ticklabels([f"{abs(tick):g}" for tick in ticks])
    bar.ax.set_title(ARROWS["a->c"], loc="left", x=0.8, fontsize=8)
    # Clear of the last tick label of the map and of the last one of the bar.
    bar.ax.set_xlabel(ARROWS["c->a"], ha="left", x=0.8, labelpad=6, fontsize=8)
    for direction, where in (("a->c", forward), ("c->a", ~forward)):
        inside = size.where(where)
        highest = inside.max()
        if highest < _NAMED or np.isnan(highest):
            continue
        place = inside[inside.argmax(...)]
        spot = float(_along(place, x)), float(_along(place, y))
        if highest > size.max() - ROUNDING:
            star = {"marker": "*", "markersize": 11, "markeredgecolor": "black"}
            ax.plot(*spot, color="white", linestyle="", **star)
        below = place[y] > np.mean(ax.get_ylim())
        look = {"ha": "center", "va": "top" if below else "bottom", "path_effects": _EDGE}
        up = -7 if below else 7
        ax.annotate(ARROWS[direction], spot, (0, up), textcoords="offset points", **look)
    ax.set_xlabel(_label(x))
    ax.set_ylabel(_label(y))


def bars(values, *, ax, direction):
    """Draw a quantity for each photon number as bars, on an axis that is linear near zero.

    ``values`` has the dimension ``m`` alone. Beyond `LINEAR` all decades are of equal height. Each
    bar has its value beside it, and bars from c to a are hatched.

    >>> from lossnr import Device, sweep
    >>> ax = Figure().add_subplot()
    >>> bars(sweep(Device())["P"].sel(direction="c->a"), ax=ax, direction="c->a")
    >>> len(ax.patches)
    4
    """
    color = STYLES[direction]["color"]
    face, hatch = (color, None) if direction == "a->c" else ("white", "///")
    look = {"facecolor": face, "edgecolor": color, "hatch": hatch}
    drawn = ax.bar(values["m"], values, width=0.6, **look)
    labels = [number(value, 2) for value in values.values]
    ax.bar_label(drawn, labels, padding=2, fontsize=7)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_yscale("symlog", linthresh=LINEAR, linscale=0.3)
    decades = 10.0 ** np.arange(np.log10(LINEAR) + 1, 9, 2)
    ticks = [*-decades, 0, *decades]
    ax.yaxis.set_major_locator(FixedLocator(ticks))
    ax.yaxis.set_major_formatter(FixedFormatter([number(tick) for tick in ticks]))
    ax.minorticks_off()
    ax.set_xticks(values["m"].values)
    ax.margins(x=0.08)
    ax.set_xlabel("photon number $m$")


def guide(value, *, ax, label=""):
    """Draw a dotted vertical line at a value of the horizontal axis, with a label above it.

    Outside the axis nothing is drawn.

    >>> ax = Figure().add_subplot()
    >>> guide(0.5, ax=ax, label="paper")
    >>> ax.texts[0].get_text()
    'paper'
    """
    low, high = ax.get_xlim()
    if not low <= value <= high:
        return
    ax.axvline(value, color="black", linewidth=0.8, linestyle=":", zorder=0.5)
    place = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points"}
    ax.annotate(label, (value, 1), (0, 3), ha="center", va="bottom", fontsize=8, **place)


def shade(inside, *, ax, label):
    """Shade where a condition along the horizontal axis holds.

    ``inside`` is a DataArray of bool with one dimension, that of the horizontal axis. The
    legend has the ``label``.

    >>> from xarray import DataArray
    >>> inside = DataArray([True, False], {"kappa_b": [0.5, 1.0]})
    >>> shade(inside, ax=Figure().add_subplot(), label="blockade")
    """
    (x,) = inside.dims
    look = {"color": "#dddddd", "label": label, "zorder": 0}
    height = ax.get_xaxis_transform()
    ax.fill_between(_along(inside, x), 0, 1, where=inside, transform=height, **look)


def quarter_ticks(ax):
    """Give a horizontal axis of phases over pi, from 0 to 2, a tick at each quarter.

    >>> ax = Figure().add_subplot()
    >>> quarter_ticks(ax)
    >>> [label.get_text() for label in ax.get_xticklabels()][:4]
    ['0', '1/4', '1/2', '3/4']
    """
    ax.set_xticks(np.arange(9) / 4, [str(Fraction(k, 4)) for k in range(9)])


def _label(name):
    """Return the symbol of a quantity over the unit of its axis; g2 and g3 are those at tau = 0."""
    quantity = QUANTITIES[name]
    over = {
        "kappa": r"/\kappa",
        "1/kappa": r"\,\kappa",
        "rad": r"/\pi",
        "1": "(0)" if name in ("g2", "g3") else "",
    }
    return f"${quantity.symbol}{over[quantity.unit]}$"


def _along(data, name):
    """Return the values of a dimension in the units of its axis."""
    return data[name].values / (np.pi if name == "theta" else 1)


def inset(ax, bounds):
    """Return axes inside ``ax``, on a white ground that holds their labels too.

    ``bounds`` are left, bottom, width and height of the ground in units of ``ax``.

    >>> outer = Figure().add_subplot()
    >>> inset(outer, [0.1, 0.1, 0.5, 0.5]) in outer.child_axes[0].child_axes
    True
    """
    ground = ax.inset_axes(bounds, facecolor="white", xticks=[], yticks=[])
    inner = ground.inset_axes([0, 0, 1, 1])
    inner.set_axes_locator(_Margins(ground))
    inner.tick_params(labelsize=7, pad=2)
    for label in (inner.xaxis.label, inner.yaxis.label):
        label.set_size(8)
    inner.xaxis.labelpad = inner.yaxis.labelpad = 0
    return inner


class _Margins:
    """Where an inset lies on its ground: as large as the room for its ticks and labels allows.

    This room does not depend on where the inset lies, so that it can be measured.
    """

    def __init__(self, ground):
        self.ground = ground

    def __call__(self, ax, renderer):
        edge = 3 * ax.figure.dpi / 72
        drawn = [axis.get_tightbbox(renderer) for axis in (ax.xaxis, ax.yaxis)]
        room = Bbox.union(drawn).padded(edge).get_points() - ax.bbox.get_points()
        inside = Bbox(self.ground.bbox.get_points() - room)
        return inside.transformed(ax.figure.transFigure.inverted())


def few_ticks(ax):
    """Leave a small panel three or four labelled ticks along each axis.

    >>> ax = Figure().add_subplot()
    >>> few_ticks(ax)
    >>> ax.get_yticks().tolist()
    [0.0, 0.5, 1.0]
    """
    few = {"nbins": 3, "steps": [1, 5, 10]}
    ax.xaxis.set_major_locator(MaxNLocator(**few))
    log = ax.get_yscale() == "log"
    ax.yaxis.set_major_locator(LogLocator(numticks=4) if log else MaxNLocator(**few))
    ax.yaxis.set_minor_formatter(NullFormatter())


def label_panel(ax, letter):
    """Write a panel's letter above its vertical axis.

    >>> ax = Figure().add_subplot()
    >>> label_panel(ax, "a")
    >>> ax.get_title("left")
    '(a)'
    """
    title = ax.set_title(f"({letter})", loc="left", fontsize=10, fontweight="bold")
    shift = ScaledTranslation(-0.35, 6 / 72, ax.figure.dpi_scale_trans)  # in inches
    title.set_transform(ax.transAxes + shift)
