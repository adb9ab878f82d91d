"""Pictures of the device: its cavities, its light, the two paths of Fig. 1, its energies."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from ..model.names import NOISE, in_latex, plain_number
from .alt_text import spoken
from .plots import ARROWS, STYLES

__all__ = ["draw_device", "draw_ladder", "draw_light", "draw_paths"]

_PLACES = {"a": (0.0, 0.0), "c": (4.0, 0.0), "b": (2.0, 2.3)}
_RADIUS = 0.62
#: The colour of what the drive brings, in the ladder.
_DRIVE = "#1a7f37"


def draw_device(ax):
    """Draw the three cavities, their couplings, the drive and the losses.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> draw_device(ax)
    >>> ax.texts[0].get_text()
    '$a$'
    """
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set(xlim=(-2.9, 6.9), ylim=(-1.1, 3.9))
    for name, place in _PLACES.items():
        face = "#e6e6e6" if name == "b" else "#fde8c8"
        ax.add_patch(Circle(place, _RADIUS, facecolor=face, edgecolor="black", zorder=2))
        kind = "linear" if name == "b" else "Kerr"
        x, y = place
        ax.text(x, y - 0.02, f"${name}$", ha="center", va="bottom", zorder=3)
        ax.text(x, y - 0.08, kind, ha="center", va="top", fontsize=7, zorder=3)
    couplings = [
        ("a", "c", r"$J_{ac}\,e^{i\theta}$", (2.0, 0.3)),
        ("a", "b", r"$J_{ab}$", (0.55, 1.35)),
        ("c", "b", r"$J_{bc}$", (3.45, 1.35)),
    ]
    for one, other, label, place in couplings:
        _arrow(ax, _PLACES[one], _PLACES[other], style="<|-|>", shrink=_RADIUS)
        ax.text(*place, label, ha="center", va="center")
    x, y = _PLACES["b"]
    _arrow(ax, (x, y), (x, y + 1.35), style="-|>", linestyle=":", shrink=_RADIUS)
    ax.text(x + 0.15, y + 1.35, r"loss $\kappa_b$", va="center", fontsize="small")
    for (x, _), towards, name in ((_PLACES["a"], -1, "a"), (_PLACES["c"], 1, "c")):
        outside = (x + 2.1 * towards, 0.0)
        _arrow(ax, outside, (x, 0.0), style="<|-|>", shrink=_RADIUS, color="#555555")
        label = rf"port {name}: $\kappa_{name}$"
        ax.text(x + 1.5 * towards, 0.28, label, ha="center", fontsize="small")


def draw_light(ax, passes):
    """Draw below the device how much light passes through it in each direction.

    ``ax`` is from `draw_device`. ``passes`` holds T of each direction, which is the length of
    its arrow.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> draw_device(ax)
    >>> draw_light(ax, {"a->c": 0.97, "c->a": 0.0024})
    >>> ax.words
    'a to c: 97 % of the light passes, c to a: 0.24 % of the light passes'
    """
    ax.set_ylim(bottom=-2.9)
    said = []
    left, right = (_PLACES[name][0] + 2.1 * towards for name, towards in (("a", -1), ("c", 1)))
    for y, (direction, T) in zip((-1.4, -2.5), passes.items(), strict=True):
        start, end = (left, right) if direction == "a->c" else (right, left)
        reach = start + (end - start) * max(0.04, min(1, T))
        ax.plot([left, right], [y, y], color="#bbbbbb", linewidth=0.6, zorder=0)
        ax.annotate(
            "",
            (reach, y),
            (start, y),
            arrowprops={"arrowstyle": "-|>", "linewidth": 2.2, **STYLES[direction]},
        )
        text = f"{ARROWS[direction]}: {plain_number(100 * T, 2)} % of the light passes"
        ax.text(0.5 * (left + right), y + 0.22, text, ha="center", color=STYLES[direction]["color"])
        said.append(spoken(text))
    ax.words = ", ".join(said)


def _arrow(ax, start, end, *, style, shrink, **options):
    start, end = np.array(start), np.array(end)
    unit = (end - start) / np.linalg.norm(end - start)
    both = style == "<|-|>" and "color" not in options
    ax.add_patch(
        FancyArrowPatch(
            start + shrink * unit,
            end - shrink * unit * both,
            arrowstyle=style,
            mutation_scale=10,
            shrinkA=0,
            shrinkB=0,
            **({"color": "black"} | options),
        )
    )


def draw_paths(paths, *, ax):
    """Draw the amplitudes of the two paths, head to tail, from the origin.

    ``paths`` is the Dataset of `lossnr.model.scattering.paths`.

    The squared distance of the end (dot) from the origin is T without Kerr terms.

    >>> from matplotlib.figure import Figure
    >>> from lossnr import Device
    >>> from lossnr.model.scattering import paths
    >>> ax = Figure().add_subplot()
    >>> draw_paths(paths(Device()), ax=ax)
    >>> ax.words[:35]
    'Amplitude: through b to -0.5 - 0.5i'
    """
    ax.set_aspect("equal")
    ax.axhline(0, color="#bbbbbb", linewidth=0.5)
    ax.axvline(0, color="#bbbbbb", linewidth=0.5)
    amplitude = paths["real"] + 1j * paths["imaginary"]
    through_b = complex(amplitude.sel(direction="a->c", path="through b"))
    # Wide, so that what goes back over it is seen.
    _line(ax, 0j, through_b, label="through b", color="#b4b4b4", linewidth=6)
    points, said = [through_b], [f"through b to {_complex(through_b)}"]
    for direction in paths["direction"].values:
        end = complex(amplitude.sel(direction=direction).sum())
        T = abs(end) ** 2
        shown = plain_number(T if T > NOISE else 0)
        label = rf"direct, {ARROWS[direction]}: $T$ = {shown}"
        _line(ax, through_b, end, label=label, marker="o", markevery=[1], **STYLES[direction])
        points.append(end)
        said.append(spoken(f"{ARROWS[direction]} then to {_complex(end)}, $T$ = {shown}"))
    ax.words = f"Amplitude: {'; '.join(said)}"
    ax.plot(0, 0, "k+", markersize=12)
    points = np.array([0, *points])
    low, high = (pick(points.real) + 1j * pick(points.imag) for pick in (np.min, np.max))
    middle, reach = (low + high) / 2, 0.8 * max(0.1, *((high - low).real, (high - low).imag))
    ax.set(xlim=(middle.real - reach, middle.real + reach))
    ax.set(ylim=(middle.imag - reach, middle.imag + reach))
    ax.set(xlabel="real part of the amplitude", ylabel="imaginary part")
    ax.legend(loc="best")


def _complex(z):
    real, imaginary = round(z.real, 12) + 0, round(z.imag, 12)
    sign = "-" if imaginary < 0 else "+"
    return f"{plain_number(real)} {sign} {plain_number(abs(imaginary))}i"


def _line(ax, start, end, linewidth=1.8, **style):
    ax.plot([start.real, end.real], [start.imag, end.imag], linewidth=linewidth, **style)


def draw_ladder(ladder, *, ax):
    """Draw the energies of the undriven device over the photon number.

    ``ladder`` is the Dataset of `lossnr.model.fock.ladder`.

    The shade of a level is as wide as its loss. From two photons on, the distance of the drive
    from the nearest level is marked: the blockade lives on it.

    >>> from matplotlib.figure import Figure
    >>> from lossnr import Device
    >>> from lossnr.model.fock import ladder
    >>> ax = Figure().add_subplot()
    >>> draw_ladder(ladder(Device()), ax=ax)
    >>> ax.words[:43]
    '2 photons of the drive miss their level by '
    """
    known = ladder.stack(each=("n", "level")).dropna("each")
    n, energy, half = known["n"].values, known["energy"].values, known["loss"].values / 2
    for x, low, high in zip(n, energy - half, energy + half, strict=True):
        ax.fill_between([x - 0.38, x + 0.38], low, high, color="#c9d7ea")
    for x, y in zip(n, energy, strict=True):
        ax.plot([x - 0.38, x + 0.38], [y, y], color="black", linewidth=1)
    ax.plot(
        ladder["n"],
        ladder["drive"],
        "D",
        color=_DRIVE,
        label=r"$n$ photons of the drive, $-n\Delta$",
    )
    said = []
    for k in ladder["n"].values[1:]:
        level, drive = (ladder[name].sel(n=k).item() for name in ("nearest", "drive"))
        ends = {"xy": (k + 0.2, level), "xytext": (k + 0.2, drive)}
        ax.annotate("", **ends, arrowprops={"arrowstyle": "<->", "color": _DRIVE})
        text = rf"${in_latex(level - drive, 3)}\,\kappa$"
        ax.text(k + 0.17, (level + drive) / 2, text, color=_DRIVE, va="center", ha="right")
        said.append(f"{k} photons of the drive miss their level by {spoken(text)}")
    ax.words = ", ".join(said)
    ax.set(xlabel="photons in the cavities, $n$", ylabel=r"energy $-\,n\omega_0$, in $\kappa$")
    ax.set_xticks(ladder["n"].values)
    ax.legend(loc="upper left")
