"""The claims of Eqs. 7-17: symbols first, numbers second."""

from math import pi

import numpy as np
from scipy.linalg import expm
from scipy.optimize import least_squares

from ..machine import later
from ..model import lindblad
from ..model.device import DIRECTIONS, SHARED, Device
from ..model.names import number, rounded_up
from ..model.samples import random_devices
from ..model.scattering import scattering_matrix, transmission
from .conditions import Condition, hold
from .ledger import Finding, claim
from .thresholds import FOUND, ROUNDING_OF_S

# Most pages have no claim on an equation, and do without SymPy.
sp = later("sympy")
s = later("lossnr.model.symbolic")
paper = later("lossnr.claims.printed")


def equal_devices(count=200):
    """Return random devices of equal detunings and J_ab = J_bc, as Eqs. 13-15 assume.

    >>> [device.J_ab == device.J_bc for device in equal_devices(2)]
    [True, True]
    """
    return [each.replace(J=each.J_ab, Delta=each.Delta_a) for each in random_devices(count)]


def _evaluator(expression):
    """Return the function of a device that an expression is, with delta = -Delta."""
    names = (s.delta, s.kappa_a, s.kappa_b, s.kappa_c, s.J, s.J_ac, s.theta)
    function = sp.lambdify(names, expression)
    return lambda d: complex(
        function(-d.Delta_a, d.kappa_a, d.kappa_b, d.kappa_c, d.J_ab, d.J_ac, d.theta)
    )


def _matrix_evaluator(matrix):
    """Return the function of a device that a matrix is, in the frame that rotates with the drive.

    There the detunings take the place of the frequencies.
    """
    names = [f"{kind}_{o}" for kind in ("omega", "kappa") for o in "abc"]
    names += ["J_ab", "J_bc", "J_ac", "theta"]
    function = sp.lambdify([getattr(s, name) for name in names], matrix)
    return lambda d: np.array(
        function(*(getattr(d, name.replace("omega", "Delta")) for name in names)), dtype=complex
    )


def _compared(what, conditions, more=""):
    """Return in words whether what is printed is what is derived, and if so, more on it."""
    if hold(conditions):
        return f"The printed {what} is the derived one{more}."
    return f"The printed {what} is not the derived one."


@claim("eq7", where="Eq. 7", page="derivation")
def eq7(device):
    """The Langevin equations of the three cavities, without their Kerr terms."""
    identical = all(s.langevin_equation(mode) == paper.printed_langevin(mode) for mode in s.MODES)
    annihilators = [o for o, _ in s.MODES.values()]
    equations = [paper.printed_langevin(mode) for mode in s.MODES]
    rates = sp.Matrix([[each.coeff(o) for o in annihilators] for each in equations])
    rates, worst = _matrix_evaluator(rates), 0.0
    for each in random_devices(20, Omega=0):
        adjoint = lindblad.liouvillian(each, "a", excitations=2).full().conj().T
        o = {mode: o.full() for mode, o in lindblad.operators(each, excitations=2).items()}
        for mode, row in zip(s.MODES, rates(each), strict=True):
            expected = sum(rate * each_o for rate, each_o in zip(row, o.values(), strict=True))
            if mode != "b":
                U = getattr(each, f"U_{mode}")
                expected = expected - 2j * U * o[mode].conj().T @ o[mode] @ o[mode]
            change = adjoint @ o[mode].ravel("F")  # QuTiP stacks columns
            worst = max(worst, abs(change - expected.ravel("F")).max())
    what = "largest difference of Eq. 7 with Kerr terms and the adjoint Liouvillian"
    conditions = [
        Condition("the printed equations are the derived ones", identical),
        Condition(what, worst, "<", ROUNDING_OF_S),
    ]
    return Finding(
        conditions,
        {what: worst},
        "QuTiP's adjoint Liouvillian of Eq. 4 on the annihilators, at 20 random devices",
        _compared(
            "form",
            conditions,
            ". The Kerr terms that it leaves out, as the text says, are "
            r"$-2i U_a a^\dagger a a$ and $-2i U_c c^\dagger c c$",
        ),
    )


@claim("eq9", where="Eqs. 8, 9", page="derivation")
def eq9(device):
    """In the vectors of Eq. 8 the three Langevin equations are one equation with the matrix M."""
    M, Gamma = paper.printed_matrix(), sp.diag(*(loss for _, loss in s.MODES.values()))
    u = sp.Matrix([o for o, _ in s.MODES.values()])
    v = sp.Matrix([s.noise(mode) for mode in s.MODES])
    right = (-sp.I * M * u + v).applyfunc(sp.expand)
    identical = list(right) == [paper.printed_langevin(mode) for mode in s.MODES]
    balanced = s.same(sp.I * (M - M.H), Gamma)
    worst, matrix = 0.0, _matrix_evaluator(M)
    for each in random_devices(20, Omega=0):
        linear = each.replace(U=0)
        evolution = expm(lindblad.liouvillian(linear, "a", excitations=1).full())
        o = [o.full() for o in lindblad.operators(linear, excitations=1).values()]
        for column, start in enumerate(o):
            # The coherence of one photon in a cavity with the vacuum, which evolves linearly.
            state = (evolution @ start.conj().T.ravel("F")).reshape(start.shape, order="F")
            means = [np.trace(each_o @ state) for each_o in o]
            worst = max(worst, abs(means - expm(-1j * matrix(each))[:, column]).max())
    what = r"largest difference of $e^{-iMt}$ and the mean amplitudes of QuTiP"
    conditions = [
        Condition("Eq. 9 written out is Eq. 7", identical),
        Condition("the inputs keep the commutators", balanced),
        Condition(what, worst, "<", ROUNDING_OF_S),
    ]
    return Finding(
        conditions,
        {what: worst},
        r"QuTiP's Liouvillian of Eq. 4 without drive, for $t = 1/\kappa$ at 20 random devices",
        "Eq. 9 is Eq. 7 in another notation, and its inputs keep the commutators."
        if hold(conditions)
        else "Eq. 9 is not Eq. 7.",
    )


@claim("eq10", where="Eq. 10", page="derivation")
def eq10(device):
    """The matrix $M$ holds the frequencies and losses on its diagonal, the couplings beside it."""
    identical = s.same(s.drift_matrix(), paper.printed_matrix())
    worst, matrix = 0.0, _matrix_evaluator(paper.printed_matrix())
    for each in random_devices(20, Omega=0):
        H = lindblad.hamiltonian(each, "a", excitations=1).full()
        for collapse in lindblad.collapse_operators(each, excitations=1):
            H = H - 0.5j * (collapse.dag() * collapse).full()
        o = [o.full() for o in lindblad.operators(each, excitations=1).values()]
        found = [[np.trace(left @ H @ right.conj().T) for right in o] for left in o]
        worst = max(worst, abs(found - matrix(each)).max())
    what = "largest difference of $M$ and the effective Hamiltonian of one photon"
    conditions = [
        Condition("the printed matrix is the derived one", identical),
        Condition(what, worst, "<", ROUNDING_OF_S),
    ]
    return Finding(
        conditions,
        {what: worst},
        "QuTiP's Hamiltonian and collapse operators at 20 random devices",
        _compared("matrix", conditions),
    )


@claim("eq12", where="Eq. 12", page="derivation")
def eq12(device):
    """The scattering matrix follows from Eq. 11 and the input-output relation."""
    as_printed = paper.is_scattering(paper.printed_scattering())
    right, wrong = (
        rf"largest element of $S^\dagger S - 1$, {which}"
        for which in (r"$\sqrt{\Gamma}$ last", "as printed")
    )
    uneven = device.replace(kappa_a=0.6, kappa_b=1.7, kappa_c=1.3)
    root = np.sqrt([0.6, 1.3, 1.7])
    S = scattering_matrix(uneven)
    misprinted = (S + np.eye(3)) * root - np.eye(3)
    derived, printed = (np.abs(each.conj().T @ each - np.eye(3)).max() for each in (S, misprinted))
    return Finding(
        [
            Condition("the printed matrix is the derived one", as_printed, otherwise="corrected"),
            Condition(right, derived, "<", ROUNDING_OF_S),
        ],
        {right: derived, wrong: printed},
        "Energy conservation of the package's numerical scattering matrix at the losses 0.6, 1.3, "
        "1.7",
        r"A misprint: the last factor $\Gamma$ should be its square root, $\sqrt{\Gamma}$. Eq. 11 "
        r"has the square root, and energy conservation requires it. In $S_{21}$ and $S_{12}$ this "
        r"factor contains only $\kappa_a$ and $\kappa_c$, which are 1 in the figures: no figure "
        "changes.",
    )


@claim("eq13", where="Eq. 13", page="derivation")
def eq13(device):
    r"""The transmission $a\to c$ in closed form, for equal frequencies and $J_{ab} = J_{bc}$."""
    return _transmission("a->c")


@claim("eq14", where="Eq. 14", page="derivation")
def eq14(device):
    r"""The transmission $c\to a$ in closed form, for equal frequencies and $J_{ab} = J_{bc}$."""
    return _transmission("c->a")


def _transmission(direction):
    """Compare the printed transmission with the derived one and with a numerical inversion."""
    printed = paper.printed_numerator(direction)
    identical = s.same(s.numerator(direction), printed)
    amplitude = _evaluator(sp.sqrt(s.kappa_a * s.kappa_c) * printed / paper.printed_denominator())
    worst = 0.0
    for each in equal_devices():
        S = scattering_matrix(each)[s.DIRECTION_INDICES[direction]]
        worst = max(worst, abs(abs(amplitude(each)) ** 2 - abs(S) ** 2))
    what = "largest difference of $T$ and the squared modulus of $S$"
    conditions = [
        Condition("the printed bracket is the derived one", identical),
        Condition(what, worst, "<", ROUNDING_OF_S),
    ]
    return Finding(
        conditions,
        {what: worst},
        r"Numerical inversion of $M - \omega$ at 200 random devices",
        _compared("form", conditions, r", with $\delta = \omega - \omega_0 = -\Delta$"),
    )


@claim("eq15", where="Eq. 15", page="derivation")
def eq15(device):
    """The common denominator $D$ of both transmissions."""
    identical = s.same(s.denominator(), paper.printed_denominator())
    bracket = _evaluator(paper.printed_numerator("a->c"))
    D = _evaluator(paper.printed_denominator())
    worst = 0.0
    for each in equal_devices():
        root = np.sqrt(each.kappa_a * each.kappa_c)
        S = scattering_matrix(each)[1, 0]
        worst = max(worst, abs(S * D(each) + 1j * root * bracket(each)))
    what = "largest difference of $S_{21} D$ and the numerator"
    conditions = [
        Condition("the printed $D$ is the derived one", identical),
        Condition(what, worst, "<", ROUNDING_OF_S),
    ]
    return Finding(
        conditions,
        {what: worst},
        r"Numerical inversion of $M - \omega$ at 200 random devices",
        _compared("$D$", conditions),
    )


@claim("eq16", where="Eq. 16", page="derivation")
def eq16(device):
    r"""The conditions of complete transmission $a\to c$ and none back, with either sign of $J$."""
    return _optimum("a->c")


@claim("eq17", where="Eq. 17", page="derivation")
def eq17(device):
    r"""The conditions of complete transmission $c\to a$ and none back, with either sign of $J$."""
    return _optimum("c->a")


def _optimum(direction):
    """Compare the printed conditions with the derived ones, with T, and with a blind search."""
    sign = 1 if direction == "a->c" else -1
    identical = paper.matches_print(direction)
    worst = 0.0
    for theta in np.linspace(0.1, 2 * pi - 0.05, 101):
        optimum = Device.optimal(theta, direction)
        for J in (optimum.J_ab, -optimum.J_ab):
            T = transmission(optimum.replace(J=J))[::sign]
            worst = max(worst, abs(T[0] - 1), T[1])
    count, distance = _search(-pi / 4, direction)
    error, found, apart = (
        "largest error of $T = 1$ and $T = 0$ over the phases",
        "solutions found by blind search",
        "largest distance of these from the printed one",
    )
    conditions = [
        Condition("the printed solution is the derived one", identical),
        Condition(error, worst, "<", ROUNDING_OF_S),
        Condition(found, count, ">", 0),
        Condition(apart, distance, "<", FOUND),
    ]
    return Finding(
        conditions,
        {error: worst, found: count, apart: distance},
        r"Least squares from 24 random starts at $\theta = -\pi/4$: "
        + (
            f"{count} solutions, all within {number(rounded_up(distance, 1))} of the printed one"
            if count
            else "no solution"
        ),
        r"These are the only solutions where $\cos\theta$ is not 0. At $\theta = \pm\pi/2$ every "
        r"$\kappa_b > 0$ will do, with $J^2 = \kappa \kappa_b / 4$, which the paper does not "
        r"mention. Where $\sin\theta = 0$ there is none."
        if hold(conditions)
        else "The printed conditions are not those that are found.",
    )


def _search(theta, direction):
    """Look for one-way transmission from random starts; return how often and how far from print.

    Complete transmission means that nothing is reflected and nothing leaves through cavity b. The
    search looks for zeros of these amplitudes, since it converges slowly at the maximum T = 1.
    """
    lit, dark = s.DIRECTION_INDICES[direction][::-1]
    optimum = Device.optimal(theta, direction)
    target = np.array([optimum.Delta_a, optimum.J_ac, abs(optimum.J_ab), 1.0])

    def mismatch(x):
        detunings = dict.fromkeys(SHARED["Delta"], x[0])
        couplings = {"J_ab": x[2], "J_bc": x[2], "J_ac": x[1]}
        S = scattering_matrix(Device(theta=theta, kappa_b=abs(x[3]), **detunings, **couplings))
        return np.array([S[lit, lit], S[2, lit], S[lit, dark]]).view(float)

    rng = np.random.default_rng(63)
    distances = []
    for start in rng.uniform([-2, -2, -2, 0.1], [2, 2, 2, 3], (24, 4)):
        found = least_squares(mismatch, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=50)
        if found.cost < 1e-20:
            x = np.array([found.x[0], found.x[1], abs(found.x[2]), abs(found.x[3])])
            distances.append(np.abs(x - target).max())
    return len(distances), max(distances, default=np.nan)


@claim("phase-matching", where="Sec. III, after Fig. 2", page="derivation")
def phase_matching(device):
    r"""One direction is dark where $J_{ac} \lvert\delta + i \kappa_b/2\rvert = J^2$ and the phase
    lag $\phi$ of cavity b, minus or plus $\theta$, is an odd multiple of $\pi$."""
    # J_ac x_b e^(+-i theta) = -J^2 is both conditions in one; it holds where this bracket vanishes.
    vanishing = all(s.same(s.numerator(each), paper.printed_numerator(each)) for each in DIRECTIONS)
    rng = np.random.default_rng(63)
    plus = minus = 0.0
    for _ in range(200):
        x_b = complex(rng.uniform(-2, 2), rng.uniform(0.1, 1.5))
        J_ac, phi = rng.uniform(0.2, 2), np.angle(x_b)
        J = np.sqrt(J_ac * abs(x_b))
        matched = Device(J_ac=J_ac, kappa_b=2 * x_b.imag).replace(J=J, Delta=-x_b.real)
        plus = max(plus, abs(scattering_matrix(matched.replace(theta=pi - phi))[1, 0]) ** 2)
        minus = max(minus, abs(scattering_matrix(matched.replace(theta=phi - pi))[0, 1]) ** 2)
    dark = {
        r"$T$ $a\to c$ where $\phi + \theta = \pi$": plus,
        r"$T$ $c\to a$ where $\phi - \theta = \pi$": minus,
    }
    return Finding(
        [
            Condition("the condition is that of a vanishing numerator", vanishing),
            *(Condition(what, T, "<", ROUNDING_OF_S) for what, T in dark.items()),
        ],
        dark,
        r"Numerical inversion of $M - \omega$ at 200 random devices that fulfil the condition",
        r"With the plus sign $a\to c$ is dark, with the minus sign $c\to a$. The condition "
        r"requires $J_{ac} > 0$; for $J_{ac} < 0$ the multiple of $\pi$ is even.",
    )
