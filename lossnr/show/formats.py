"""Export a figure as SVG, PDF, PNG, in a layout for phones, and in words.

The layout of each figure has to be "constrained".
"""

import io
import pickle
from base64 import b64encode

import matplotlib.pyplot as plt

from .alt_text import in_order, in_words

#: The type of the output that carries a figure for narrow screens, as SVG.
NARROW = "application/vnd.lossnr.narrow+svg"

#: Width and height of a panel for narrow screens, in inches.
_WIDTH, _HEIGHT = 3.8, 2.5


def bundle(figure, include=None, exclude=None):
    """Return a figure in all formats of a page, and in words, by their MIME types.

    IPython calls it; ``include`` and ``exclude`` are not used. The same figure has the same bytes.

    >>> figure, _ = plt.subplots(layout="constrained")
    >>> list(bundle(figure))[:3]
    ['text/plain', 'image/svg+xml', 'application/pdf']
    >>> plt.close(figure)
    """
    phone = _narrow(figure)
    for each in (figure, phone):  # laid out here, not for each format
        each.get_layout_engine().execute(each)
        if any(mesh.colorbar for ax in each.axes for mesh in ax.collections):
            each.get_layout_engine().execute(each)  # only now its label is in place
        each.set_layout_engine(None)
    return {
        "text/plain": in_words(figure),
        "image/svg+xml": _svg(figure),
        "application/pdf": _base64(_saved(figure, "pdf", metadata={"CreationDate": None})),
        "image/png": _base64(_saved(figure, "png", dpi=200)),
        NARROW: _svg(phone),
    }


def _svg(figure):
    return _saved(figure, "svg", dpi=150, metadata={"Date": None}).decode()


def _saved(figure, kind, **options):
    file = io.BytesIO()
    figure.savefig(file, format=kind, **options)
    return file.getvalue()


def _base64(content):
    return b64encode(content).decode()


def _narrow(figure):
    """Return a copy of a figure with its panels one below the other, for a phone."""
    figure = pickle.loads(pickle.dumps(figure))
    plt.close(figure)  # pyplot would show the copy too
    panels = in_order(ax for ax in figure.axes if ax.get_subplotspec() is not None)
    _label_each(panels)
    grid = figure.add_gridspec(len(panels), 1)
    for i, ax in enumerate(panels):
        ax.set_subplotspec(grid[i])
    for legend in list(figure.legends):
        labels = [text.get_text() for text in legend.get_texts()]
        figure.legend(legend.legend_handles, labels, loc="outside upper center", ncols=1)
        legend.remove()
    figure.set_size_inches(_WIDTH, _HEIGHT * len(panels) + 0.2 * bool(figure.legends))
    return figure


def _label_each(panels):
    """Give each panel the labels that it shares with others of its row and column."""
    places = [(ax, ax.get_subplotspec()) for ax in panels if ax.axison]
    for ax, place in places:
        ax.tick_params(labelbottom=True, labelleft=True)
        for other, its in places:
            if its.rowspan == place.rowspan and not ax.get_ylabel():
                ax.set_ylabel(other.get_ylabel())
            if its.colspan == place.colspan and not ax.get_xlabel():
                ax.set_xlabel(other.get_xlabel())
