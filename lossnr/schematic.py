"""Pictures of the device: its cavities, its light, the two paths of Fig. 1, its energies."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from .fock import levels
from .plots import ARROWS, STYLES
from .scattering import path_amplitudes
from .words import spoken

__all__ = ["draw_device", "draw_ladder", "draw_light", "draw_paths"]

_PLACES = {"a": (0.0, 0.0), "c": (4.0, 0.0), "b": (2.0, 2.6)}
_RADIUS = 0.62
#: The colour of what the drive brings, in the ladder.
_DRIVE = "#1a7f37"


def draw_device(ax):
    """Draw the three cavities, their couplings, the drive and the losses.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    """
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set(xlim=(-2.9, 6.9), ylim=(-1.2, 4.4))
    for name, place in _PLACES.items():
        face = "#e6e6e6" if name == "b" else "#fde8c8"
        ax.add_patch(Circle(place, _RADIUS, facecolor=face, edgecolor="black", zorder=2))
        kind = "linear" if name == "b" else "Kerr"
        ax.text(*place, f"${name}$\n{kind}", ha="center", va="center", zorder=3)
    couplings = [
        ("a", "c", r"$J_{ac}\,e^{i\theta}$", (2.0, 0.3)),
        ("a", "b", r"$J_{ab}$", (0.55, 1.5)),
        ("c", "b", r"$J_{bc}$", (3.45, 1.5)),
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

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From `draw_device`.
    passes : dict of str to float
        T of each direction, "a->c" and "c->a": the length of its arrow.
    """
    ax.set_ylim(bottom=-3.4)
    said = []
    left, right = (_PLACES[name][0] + 2.1 * towards for name, towards in (("a", -1), ("c", 1)))
    for y, (direction, T) in zip((-1.5, -2.7), passes.items(), strict=True):
        start, end = (left, right) if direction == "a->c" else (right, left)
        reach = start + (end - start) * max(0.04, min(1, T))
        ax.plot([left, right], [y, y], color="#bbbbbb", linewidth=0.6, zorder=0)
        ax.annotate(
            "",
            (reach, y),
            (start, y),
            arrowprops={"arrowstyle": "-|>", "linewidth": 2.2, **STYLES[direction]},
        )
        text = f"{ARROWS[direction]}: {100 * T:.2g} % of the light passes"
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


def draw_paths(device, *, ax):
    """Draw the amplitudes of the direct path and of the path through b, head to tail.

    The squared distance of the end (dot) from the origin is T without Kerr terms.

    Parameters
    ----------
    device : Device
    ax : matplotlib.axes.Axes
        Its plane is that of the complex amplitude.
    """
    ax.set_aspect("equal")
    ax.axhline(0, color="#bbbbbb", linewidth=0.5)
    ax.axvline(0, color="#bbbbbb", linewidth=0.5)
    amplitudes = path_amplitudes(device)
    _, through_b = amplitudes["a->c"]
    _line(ax, 0j, through_b, label="through b", color="black")
    points, said = [through_b], [f"through b to {_complex(through_b)}"]
    for direction, (direct, _) in amplitudes.items():
        end = through_b + direct
        T = abs(end) ** 2
        shown = f"{T:.3g}" if T > 1e-12 else "0"
        label = rf"direct, {ARROWS[direction]}: $T$ = {shown}"
        _line(ax, through_b, end, label=label, marker="o", markevery=[1], **STYLES[direction])
        points.append(end)
        said.append(spoken(f"{ARROWS[direction]} then to {_complex(end)}, $T$ = {shown}"))
    ax.words = f"Amplitude: {'; '.join(said)}"
    ax.plot(0, 0, "k+", markersize=12)
    reach = 1.25 * max(0.1, *(max(abs(z.real), abs(z.imag)) for z in points))
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    ax.set(xlabel="real part of the amplitude", ylabel="imaginary part")
    ax.legend()


def _complex(z):
    real, imaginary = round(z.real, 12) + 0, round(z.imag, 12)
    return f"{real:.3g} {'-' if imaginary < 0 else '+'} {abs(imaginary):.3g}i"


def _line(ax, start, end, **style):
    ax.plot([start.real, end.real], [start.imag, end.imag], linewidth=1.8, **style)


def draw_ladder(device, *, ax, photons=3):
    r"""Draw the energies of the undriven device over the photon number, and what the drive asks.

    Levels are the real parts of the eigenvalues of the effective Hamiltonian, relative to n
    omega_0; their shade is as wide as their loss. The drive's n photons bring
    :math:`n \omega_p = n \omega_0 - n \Delta`. From two photons on, the distance to the level
    nearest to U_a n (n - 1), that of n photons in cavity a alone, is marked: the blockade lives on
    it.

    Parameters
    ----------
    device : Device
        Its detunings are those of the drive that is marked, Delta_a for all of them.
    ax : matplotlib.axes.Axes
    photons : int
        Largest photon number shown.
    """
    drive = device.Delta_a
    resting = device.replace(
        Delta_a=0, Delta_b=device.Delta_b - drive, Delta_c=device.Delta_c - drive
    )
    for n in range(1, photons + 1):
        for value in levels(resting, n):
            width = -2 * value.imag
            span = [n - 0.38, n + 0.38]
            ax.fill_between(span, value.real - width / 2, value.real + width / 2, color="#c9d7ea")
        for value in levels(resting, n):
            ax.plot([n - 0.38, n + 0.38], [value.real] * 2, color="black", linewidth=1)
    n = np.arange(1, photons + 1)
    ax.plot(n, -n * drive, "D", color=_DRIVE, label=r"$n$ photons of the drive, $-n\Delta$")
    said = []
    for k in n[1:]:
        # The distance from the level nearest to that of k photons in a, at U_a k (k - 1).
        energies = levels(resting, k).real
        level = energies[np.argmin(np.abs(energies - device.U_a * k * (k - 1)))]
        ends = {"xy": (k + 0.2, level), "xytext": (k + 0.2, -k * drive)}
        ax.annotate("", **ends, arrowprops={"arrowstyle": "<->", "color": _DRIVE})
        middle = (level - k * drive) / 2
        text = rf"${level + k * drive:.3g}\,\kappa$"
        ax.text(k + 0.23, middle, text, color=_DRIVE, va="center")
        said.append(f"{k} photons of the drive miss their level by {spoken(text)}")
    ax.words = ", ".join(said)
    ax.set(xlabel="photons in the cavities, $n$", ylabel=r"energy $-\,n\omega_0$, in $\kappa$")
    ax.set_xticks(n)
    ax.legend(loc="upper left")
