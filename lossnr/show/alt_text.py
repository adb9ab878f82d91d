"""What a figure shows in words and numbers, for those who do not see it.

They are read off the figure itself, so that they are those of its run. A panel that is a drawing
has its own words, as the attribute ``words`` of its axes.
"""

import numpy as np
from matplotlib.collections import PolyCollection, QuadMesh

from ..model.names import UNDETERMINED, plain, plain_number


def in_words(figure):
    r"""Return what the panels of a figure show, as plain text: a sentence or more for each.

    Of a curve or a map that is the lowest and the highest value and where they are, of bars the
    value of each.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> ax = figure.add_subplot(xlabel=r"$\kappa_b/\kappa$", ylabel="$T$")
    >>> line = ax.plot([0, 1, 2], [0.4, 0.97, 0.6], label=r"$a\to c$")
    >>> in_words(figure)
    'T against kappa_b/kappa: a to c: lowest 0.4 at 0, highest 0.97 at 1.'
    """
    panels = (ax for ax in figure.axes if not ax.get_label().startswith("<"))  # no colour bars
    return " ".join(filter(None, map(_panel, in_order(panels))))


def in_order(panels):
    """Return panels in the order of their letters, which are the titles on the left.

    >>> from matplotlib.figure import Figure
    >>> panels = Figure().subplots(1, 2)
    >>> titles = [ax.set_title(letter, loc="left") for ax, letter in zip(panels, "ba")]
    >>> [ax.get_title("left") for ax in in_order(panels)]
    ['a', 'b']
    """
    return sorted(panels, key=lambda ax: ax.get_title("left"))


def _panel(ax):
    title = spoken(" ".join(filter(None, (ax.get_title(loc) for loc in ("left", "right")))))
    read_off = [*_maps(ax), *_curves(ax), *_bars(ax), *_shades(ax)]
    shown = getattr(ax, "words", "; ".join(read_off))
    insets = [f"Inset: {_panel(inner)}" for outer in ax.child_axes for inner in outer.child_axes]
    return " ".join([f"{title} {shown}.".strip(), *insets]) if shown else ""


def _maps(ax):
    for mesh in ax.collections:
        if isinstance(mesh, QuadMesh):
            corners = mesh.get_coordinates()
            centres = ((corners[:-1, :-1] + corners[1:, 1:]) / 2).reshape(-1, 2)
            x, y = spoken(ax.get_xlabel()), spoken(ax.get_ylabel())
            bar = mesh.colorbar.ax
            said = []
            for direction, sign in ((bar.get_title("left"), 1), (bar.get_xlabel(), -1)):
                ahead = np.maximum(sign * np.ma.filled(mesh.get_array().ravel(), np.nan), 0)
                if np.nanmax(ahead, initial=0) > 0:
                    highest = np.nanargmax(ahead)
                    across, up = map(_place, centres[highest])
                    most = f"{plain_number(ahead[highest])} at {x} = {across}, {y} = {up}"
                    said.append(f"{spoken(direction)} ahead by at most {most}")
            name = f"{spoken(bar.get_ylabel())} over {x} and {y}"
            yield f"{name}: {'; '.join(said) or 'the directions are equal'}"


def _curves(ax):
    found = {}
    for line in ax.lines:
        label = line.get_label()
        if not label.startswith("_"):
            x, y = line.get_data()
            found.setdefault(_extremes(y, x), []).append(spoken(label))
    if found:
        parts = [f"{' and '.join(labels)}: {extremes}" for extremes, labels in found.items()]
        axes = f"{spoken(ax.get_ylabel())} against {spoken(ax.get_xlabel())}".strip()
        yield f"{axes}: {'; '.join(parts)}"


def _bars(ax):
    across, up = spoken(ax.get_xlabel()), []
    for container in ax.containers:
        for bar in container:
            place = _place(bar.get_x() + bar.get_width() / 2)
            up.append(f"{plain_number(bar.get_height())} at {place}")
    if up:
        yield f"against {across}: {', '.join(up)}"


def _shades(ax):
    for shade in ax.collections:
        if isinstance(shade, PolyCollection) and not shade.get_label().startswith("_"):
            spans = [path.vertices[:, 0] for path in shade.get_paths()]
            spans = [f"{_place(span.min())} to {_place(span.max())}" for span in spans]
            yield f"{spoken(shade.get_label())}: {', '.join(spans) or 'nowhere'}"


def _extremes(values, places):
    """Return the lowest and the highest of some values, and where they are."""
    values = np.ma.filled(np.ma.asarray(values, float), np.nan)
    if np.isnan(values).all():
        return UNDETERMINED
    low, high = np.nanargmin(values), np.nanargmax(values)
    lowest, highest = plain_number(values[low]), plain_number(values[high])
    if lowest == highest:
        return f"{lowest} throughout"
    return f"lowest {lowest} at {_place(places[low])}, highest {highest} at {_place(places[high])}"


def _place(value):
    """Return a value on an axis as text; differences of 1e-12 from zero come from rounding."""
    return plain_number(0 if abs(value) < 1e-12 else value)


def spoken(label):
    r"""Return a label with mathematics in LaTeX as plain text to be read aloud.

    >>> spoken(r"$a\to c$, $\kappa_b/\kappa$ $=$ 0")
    'a to c, kappa_b/kappa = 0'
    """
    return plain(label).replace("->", " to ")
