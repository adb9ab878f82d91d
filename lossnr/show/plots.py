"""Panels: each takes an ``ax`` and a Dataset, and draws.

Colours and lines are the paper's: from a to c red and solid, from c to a blue and dashed.
"""

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

from ..model.names import QUANTITIES, number, symbol, titled
from . import formats

#: The paper's colours for light from a to c, and from c to a.
RED, BLUE = "#c1272d", "#1f4e9c"
STYLES = {
    "a->c": {"color": RED, "linestyle": "-"},
    "c->a": {"color": BLUE, "linestyle": (0, (4, 2))},
}
ARROWS = {direction: symbol(direction) for direction in STYLES}

#: Bars up to this height are drawn to a linear scale, beyond to a logarithmic one.
LINEAR = 1e-3


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
                linewidth=1.8 if i == len(variants) - 1 else 0.8,
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


def heatmap(values, *, ax, x, y):
    r"""Draw a quantity between 0 and 1, such as the isolation, over ``x`` and ``y``.

    ``values`` is a DataArray with the dimensions ``x`` and ``y`` and the name of the quantity.

    >>> from xarray import DataArray
    >>> axes = {"kappa_b": [0.5, 1.0], "Delta": [0.4, 0.5]}
    >>> ax = Figure().add_subplot()
    >>> heatmap(DataArray([[0, 0.5], [1, 0.9]], axes, name="I"), ax=ax, x="Delta", y="kappa_b")
    >>> ax.get_ylabel()
    '$\\kappa_b/\\kappa$'
    """
    grid = _along(values, x), _along(values, y), values.transpose(y, x)
    image = ax.pcolormesh(*grid, vmin=0, vmax=1, rasterized=True)
    ax.figure.colorbar(image, ax=ax, label=titled(values.name), pad=0.02)
    ax.set_xlabel(_label(x))
    ax.set_ylabel(_label(y))


def bars(values, *, ax, direction):
    """Draw a quantity for each photon number as bars, on an axis that is linear near zero.

    ``values`` has the dimension ``m`` alone. Bars from c to a are hatched.

    >>> from lossnr import Device, sweep
    >>> ax = Figure().add_subplot()
    >>> bars(sweep(Device())["P"].sel(direction="c->a"), ax=ax, direction="c->a")
    >>> len(ax.patches)
    4
    """
    color = STYLES[direction]["color"]
    face, hatch = (color, None) if direction == "a->c" else ("white", "///")
    ax.bar(values["m"], values, width=0.6, facecolor=face, edgecolor=color, hatch=hatch)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_yscale("symlog", linthresh=LINEAR, linscale=1.5)
    ax.set_xticks(values["m"].values)
    ax.set_xlabel("photon number $m$")


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
    inner = ground.inset_axes([0.46, 0.28, 0.49, 0.65])
    inner.tick_params(labelsize=7, pad=2)
    for label in (inner.xaxis.label, inner.yaxis.label):
        label.set_size(8)
    inner.xaxis.labelpad = inner.yaxis.labelpad = 1
    return inner


def label_panel(ax, letter):
    """Write a panel's letter above its upper left corner.

    >>> ax = Figure().add_subplot()
    >>> label_panel(ax, "a")
    >>> ax.get_title("left")
    '(a)'
    """
    ax.set_title(f"({letter})", loc="left", fontsize=10, fontweight="bold")
