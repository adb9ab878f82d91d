"""Drawings of Fig. 1: the device, its light in each direction, the two paths, the energies."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from ..model.names import ROUNDING, in_latex, number, plain_number
from ..model.scattering import path_amplitudes
from .alt_text import spoken
from .plots import ARROWS, STYLES

_PLACES = {"a": (0.0, 0.0), "c": (4.0, 0.0), "b": (2.0, 2.3)}
#: Where the ports end.
_LEFT, _RIGHT = -2.1, 6.1
#: The colour of what the drive brings, in the ladder.
_DRIVE = "#1a7f37"


def draw_device(ax):
    """Draw the three cavities, their couplings, the drive and the losses.

    >>> from matplotlib.figure import Figure
    >>> draw_device(Figure().add_subplot())
    """
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set(xlim=(-2.9, 6.9), ylim=(-1.1, 3.9))
    cavities = {}
    for name, (x, y) in _PLACES.items():
        face, kind = ("#e6e6e6", "linear") if name == "b" else ("#fde8c8", "Kerr")
        cavities[name] = Circle((x, y), 0.62, facecolor=face, edgecolor="black", zorder=2)
        ax.add_patch(cavities[name])
        ax.text(x, y - 0.02, f"${name}$", ha="center", va="bottom", zorder=3)
        ax.text(x, y - 0.08, kind, ha="center", va="top", fontsize=7, zorder=3)

    def arrow(start, end, style="<|-|>", **options):
        """Draw an arrow between cavities, or between a cavity and a place outside."""
        patches = {"patchA": cavities.get(start), "patchB": cavities.get(end)}
        ends = _PLACES.get(start, start), _PLACES.get(end, end)
        options = {"color": "black", "shrinkA": 0, "shrinkB": 0} | options | patches
        ax.add_patch(FancyArrowPatch(*ends, arrowstyle=style, mutation_scale=10, **options))

    arrow("a", "c")
    ax.text(2.0, 0.3, r"$J_{ac}\,e^{i\theta}$", ha="center", va="center")
    arrow("a", "b")
    ax.text(0.55, 1.35, "$J_{ab}$", ha="center", va="center")
    arrow("c", "b")
    ax.text(3.45, 1.35, "$J_{bc}$", ha="center", va="center")
    _arrow(ax, (2.0, 2.92), (2.0, 3.65), color="black", linestyle=":", linewidth=1)
    ax.text(2.15, 3.65, r"loss $\kappa_b$", va="center", fontsize="small")
    for name, outside, x in (("a", _LEFT, -1.5), ("c", _RIGHT, 5.5)):
        arrow(name, (outside, 0.0), "-|>", color="#555555")
        ax.text(x, 0.28, rf"port {name}: $\kappa_{name}$", ha="center", fontsize="small")


def _arrow(ax, start, end, **look):
    """Draw an arrow with a solid head, as dashes would make a blot of it."""
    look |= {"shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look | {"arrowstyle": "-", "shrinkB": 3})
    before = 0.99 * np.array(end) + 0.01 * np.array(start)
    ax.annotate("", end, before, arrowprops=look | {"arrowstyle": "-|>", "linestyle": "-"})


def draw_light(ax, passes):
    """Draw below the device how much light passes through it in each direction.

    ``passes`` holds T of each direction, which is the length of its arrow.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> draw_light(ax, {"a->c": 0.97, "c->a": 0.0024})
    >>> ax.words
    'a to c: 97 % of the light passes, c to a: 0.24 % of the light passes'
    """
    ax.set_ylim(bottom=-2.9)
    said = []
    for y, (direction, T) in zip((-1.4, -2.5), passes.items(), strict=True):
        start, end = (_LEFT, _RIGHT) if direction == "a->c" else (_RIGHT, _LEFT)
        reach = start + (end - start) * max(0.04, min(1, T))
        ax.plot([start, end], [y, y], color="#bbbbbb", linewidth=0.6, zorder=0)
        _arrow(ax, (start, y), (reach, y), linewidth=2.2, **STYLES[direction])
        text = f"{ARROWS[direction]}: {plain_number(100 * T, 2)} % of the light passes"
        ax.text((start + end) / 2, y + 0.22, text, ha="center", color=STYLES[direction]["color"])
        said.append(spoken(text))
    ax.words = ", ".join(said)


def draw_passage(device, direction, state, *, ax):
    r"""Draw light in one direction: the drive, the levels, the two paths, and what comes out.

    ``state`` is the steady state of the device driven from this side. The output arrow grows
    with T. Its dots stand evenly where g2 < 1 and in groups where g2 > 1. The levels are those of n
    photons in one cavity, not to scale; dotted is the second one without Kerr terms.

    >>> from matplotlib.figure import Figure
    >>> from lossnr import Device, steady_state
    >>> ax = Figure().add_subplot()
    >>> draw_passage(Device(), "c->a", steady_state(Device(), "c"), ax=ax)
    >>> ax.words[:50]
    'c to a: the phases of the two paths differ by pi; '
    """
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set(xlim=(-4, 14), ylim=(-2.5, 6.7))
    for name, x, label in (("a", 2, 0.5), ("c", 8, 9.5)):
        _draw_levels(ax, x, label, name, getattr(device, f"U_{name}"))
    ax.add_patch(Circle((5, 5), 0.6, facecolor="#e6e6e6", edgecolor="black", zorder=2))
    ax.text(5, 5, "$b$", ha="center", va="center", zorder=3)
    ax.text(5.3, 6.2, r"$\kappa_b$", va="center", fontsize="small")

    side = 1 if direction == "a->c" else -1  # distances along the light, from the middle
    color, dash = STYLES[direction]["color"], STYLES[direction]["linestyle"]

    def arrow(start, end, color=color, linestyle=dash, linewidth=1.8):
        ends = [(5 + side * x, y) for x, y in (start, end)]
        _arrow(ax, *ends, color=color, linestyle=linestyle, linewidth=linewidth)

    arrow((0, 5.6), (0, 6.6), "black", ":", 1)
    arrow((-2.4, 1.3), (-0.6, 4.8), "#999999", "-")
    arrow((0.6, 4.8), (2.4, 1.3), "#999999", "-")
    arrow((-2.1, 1.2), (2.1, 1.2))
    arrow((-9, 0.6), (-4.2, 0.6))
    ax.text(5 - 6.5 * side, 0.8, r"drive $\Omega$", ha="center", fontsize="small")
    ax.plot([5 + 4.2 * side, 5 + 9 * side], [0.6, 0.6], color="#bbbbbb", linewidth=0.6, zorder=0)
    T, g2 = state.T if state.T > ROUNDING else 0, state.g2
    arrow((4.2, 0.6), (4.2 + 4.8 * max(0.12, min(1, T)), 0.6))
    even, grouped = [4.8, 5.9, 7, 8.1], [4.8, 5.3, 7.6, 8.1]
    places = even if g2 < 1 - state.error else grouped if g2 > 1 + state.error else []
    ax.plot([5 + side * x for x in places], [1.1] * len(places), "o", color=color)

    direct, through_b = path_amplitudes(device)[direction]
    said = f"{ARROWS[direction]}: "
    if through_b and direct:
        between = in_latex(abs(np.angle(direct / through_b)) / np.pi, 3)
        between = rf"${'' if between == '1' else between}\pi$"
        ax.text(5, 2.9, f"phases\ndiffer\nby {between}", ha="center", va="center", fontsize="small")
        said += f"the phases of the two paths differ by {between}; "
    found = f"$T$ = {number(T, 3)}, $g^{{(2)}}(0)$ = {number(g2, 3)}"
    ax.text(5, -1.7, f"{ARROWS[direction]}: {found}", ha="center", color=color)
    ax.words = spoken(said + found)


def _draw_levels(ax, x, label, name, U):
    """Draw the levels of one cavity; what tells the shift of the second stands at ``label``."""
    shift = 0.8 * np.sign(U)
    for n, y in enumerate((0, 1.2, 2.4 + shift)):
        ax.plot([x - 0.8, x + 0.8], [y, y], color="black", linewidth=1.5)
        ax.text(x, y + 0.08, str(n), ha="center", va="bottom", fontsize="small")
    ax.plot([x - 0.8, x + 0.8], [2.4, 2.4], color="black", linewidth=0.8, linestyle=":")
    if U:
        place = {"ha": "right" if label < x else "left", "va": "center", "fontsize": "small"}
        ax.text(label, 2.4 + shift / 2, rf"$2U_{name} = {in_latex(2 * U, 3)}\kappa$", **place)
    ax.text(x, -0.2, f"cavity ${name}$", ha="center", va="top", fontsize="small")


def draw_paths(paths, *, ax):
    """Draw the amplitudes of the two paths, head to tail, from the origin.

    ``paths`` is the Dataset of `lossnr.model.scattering.paths`. The squared distance of the end
    (ring) from the origin (cross) is T without Kerr terms.

    >>> from matplotlib.figure import Figure
    >>> from lossnr import Device
    >>> from lossnr.model.scattering import paths
    >>> ax = Figure().add_subplot()
    >>> draw_paths(paths(Device()), ax=ax)
    >>> ax.words[:35]
    'Amplitude: through b to -0.5 - 0.5i'
    """
    ax.set_aspect("equal", adjustable="datalim")
    ax.axhline(0, color="#bbbbbb", linewidth=0.5)
    ax.axvline(0, color="#bbbbbb", linewidth=0.5)
    amplitude = paths["real"] + 1j * paths["imaginary"]
    through_b = amplitude.sel(direction="a->c", path="through b").item()
    line = np.array([0, through_b])
    # Wide, so that what goes back over it is seen.
    ax.plot(line.real, line.imag, label="through b", color="#b4b4b4", linewidth=6)
    said = [f"through b to {_complex(through_b)}"]
    for direction in paths["direction"].values:
        line = np.array([through_b, amplitude.sel(direction=direction).sum().item()])
        T = abs(line[1]) ** 2
        shown = f"$T$ = {plain_number(T if T > ROUNDING else 0)}"
        label = f"direct, {ARROWS[direction]}: {shown}"
        look = {"linewidth": 1.8, "marker": "o", "markevery": [1], **STYLES[direction]}
        look |= {"markersize": 9, "markerfacecolor": "none"}  # an end at the origin shows the cross
        ax.plot(line.real, line.imag, label=label, **look)
        said.append(spoken(f"{ARROWS[direction]} then to {_complex(line[1])}, {shown}"))
    ax.words = f"Amplitude: {'; '.join(said)}"
    ax.plot(0, 0, "k+", markersize=14, zorder=3)
    ax.margins(0.15)
    ax.set(xlabel="real part of the amplitude", ylabel="imaginary part")
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)


def _complex(z):
    real, imaginary = round(z.real, 12) + 0, round(z.imag, 12)
    sign = "-" if imaginary < 0 else "+"
    return f"{plain_number(real)} {sign} {plain_number(abs(imaginary))}i"


def draw_ladder(ladder, *, ax):
    """Draw the energies of the undriven device over the photon number.

    ``ladder`` is the Dataset of `lossnr.model.fock.ladder`. The shade of a level is as wide as its
    loss. From two photons on, the distance of the drive from the nearest level is marked.

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
    for x, y, reach in zip(n, energy, half, strict=True):
        ax.fill_between([x - 0.38, x + 0.38], y - reach, y + reach, color="#c9d7ea", zorder=1)
        ax.plot([x - 0.38, x + 0.38], [y, y], color="black", linewidth=1)
    label = r"$n$ photons of the drive, $-n\Delta$"
    ax.plot(ladder["n"], ladder["drive"], "D", color=_DRIVE, label=label)
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
