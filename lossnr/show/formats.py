"""In which forms a figure is shown and given away: formats, wide and narrow, light and dark."""

import io
import pickle
import re
from base64 import b64encode
from colorsys import hls_to_rgb, rgb_to_hls

import matplotlib.pyplot as plt

from .alt_text import in_order, in_words

__all__ = ["NARROW", "bundle", "dark", "dark_colour", "narrow"]

#: The type of the output that carries a figure for narrow screens, as SVG.
NARROW = "application/vnd.lossnr.narrow+svg"
#: The paper's colours for light from a to c, and from c to a.
RED, BLUE = "#c1272d", "#1f4e9c"
#: The ground of a page in the dark scheme.
DARKEST = "#131416"

#: Width and height of a panel for narrow screens, in inches.
_WIDTH, _HEIGHT = 3.8, 2.5


def bundle(figure, include=None, exclude=None):
    """Return a figure in all formats that a page gives, and in words, for IPython: by MIME types.

    The same figure has the same bytes each time: no dates.
    """
    return {
        "text/plain": in_words(figure),
        "image/svg+xml": _svg(figure),
        "application/pdf": _base64(_saved(figure, "pdf", metadata={"CreationDate": None})),
        "image/png": _base64(_saved(figure, "png", dpi=200)),
        NARROW: _svg(narrow(figure)),
    }


def _svg(figure):
    return _saved(figure, "svg", dpi=150, metadata={"Date": None}).decode()


def _saved(figure, kind, **options):
    file = io.BytesIO()
    figure.savefig(file, format=kind, **options)
    return file.getvalue()


def _base64(content):
    return b64encode(content).decode()


def narrow(figure):
    """Return a copy of a figure with its panels one below the other, for a phone.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With the layout "constrained".
    """
    figure = pickle.loads(pickle.dumps(figure))
    plt.close(figure)  # pyplot would show the copy too
    panels = in_order(ax for ax in figure.axes if ax.get_subplotspec() is not None)
    grid = figure.add_gridspec(len(panels), 1)
    for i, ax in enumerate(panels):
        ax.set_subplotspec(grid[i])
    for legend in list(figure.legends):
        labels = [text.get_text() for text in legend.get_texts()]
        figure.legend(legend.legend_handles, labels, loc="outside upper center", ncols=1)
        legend.remove()
    figure.set_size_inches(_WIDTH, _HEIGHT * len(panels) + 0.2 * bool(figure.legends))
    return figure


def dark(svg):
    """Return a figure for the dark scheme: each colour is as light as it was dark.

    Parameters
    ----------
    svg : str
        Of matplotlib. Pictures in it, such as the colours of a map, stay as they are.
    """
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda found: dark_colour(found[0]), svg)
    return svg.replace("<svg ", f'<svg fill="{dark_colour("#000000")}" ', 1)


def dark_colour(colour):
    """Return a colour ("#rrggbb") for the dark scheme: the same hue, as light as it was dark."""
    if colour == "#ffffff":
        return DARKEST
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    rgb = hls_to_rgb(hue, 0.92 - 0.8 * lightness, saturation)
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)
