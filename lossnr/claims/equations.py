"""The claims of Eqs. 12-17: symbols first, numbers second."""

from math import pi

import numpy as np
import sympy as sp
from scipy.optimize import least_squares

from ..model import symbolic as s
from ..model.device import Device
from ..model.scattering import scattering_matrix, transmission
from .ledger import Finding, claim
from .printed import (
    is_scattering,
    matches_print,
    printed_denominator,
    printed_numerator,
    printed_scattering,
)

#: Rounding in a few hundred operations on numbers of order one.
ROUNDING = 1e-10
#: How near a solution found by least squares comes: T = 1 is a maximum, so half the digits.
FOUND = 1e-5


def random_devices(count=200):
    """Return devices of equal detunings and J_ab = J_bc, as Eqs. 13-15 assume, otherwise random."""
    rng = np.random.default_rng(20240322)
    for _ in range(count):
        J, J_ac = rng.uniform(-2, 2, 2)
        yield Device(
            kappa_a=rng.uniform(0.2, 3),
            kappa_b=rng.uniform(0, 3),
            kappa_c=rng.uniform(0.2, 3),
            J_ac=J_ac,
            theta=rng.uniform(-pi, pi),
        ).replace(J=J, Delta=rng.uniform(-3, 3))


def evaluate(expression, device):
    """Return the value of an expression in the paper's symbols at a device, delta = -Delta."""
    values = {
        s.delta: -device.Delta_a,
        s.kappa_a: device.kappa_a,
        s.kappa_b: device.kappa_b,
        s.kappa_c: device.kappa_c,
        s.J: device.J_ab,
        s.J_ac: device.J_ac,
        s.theta: device.theta,
    }
    return complex(sp.lambdify(list(values), expression)(*values.values()))


@claim(
    "eq12",
    where="Eq. 12",
    page="derivation",
    statement="The scattering matrix follows from Eqs. 9-11 and the input-output relation.",
    criterion="The printed matrix is identical, in all symbols, to the one derived from Eq. 11 and "
    "the input-output relation; with all three losses counted as ports it conserves energy, "
    "S^dag S = 1, up to rounding (1e-10) at losses that differ.",
)
def eq12(device):
    as_printed = is_scattering(printed_scattering())
    uneven = device.replace(kappa_a=0.6, kappa_b=1.7, kappa_c=1.3)
    root = np.sqrt([0.6, 1.3, 1.7])
    S = scattering_matrix(uneven)
    misprinted = (S + np.eye(3)) * root - np.eye(3)
    lost = {
        "largest element of S^dag S - 1, sqrt(Gamma) last": np.abs(
            S.conj().T @ S - np.eye(3)
        ).max(),
        "largest element of S^dag S - 1, as printed": np.abs(
            misprinted.conj().T @ misprinted - np.eye(3)
        ).max(),
    }
    conserved = lost["largest element of S^dag S - 1, sqrt(Gamma) last"] < ROUNDING
    return Finding(
        "reproduced" if as_printed else "corrected" if conserved else "not-reproduced",
        lost,
        "energy conservation of the package's numerical scattering matrix at losses 0.6, 1.3, 1.7",
        "A misprint: the last factor Gamma should be its square root, sqrt(Gamma). Eq. 11 has it "
        "so, and energy conservation requires it. In S_21 and S_12 that factor holds kappa_a and "
        "kappa_c only, which are 1 in the figures: no figure changes.",
    )


def transmission_claim(id, number, direction):
    @claim(
        id,
        where=f"Eq. {number}",
        page="derivation",
        statement=f"The transmission {direction} in closed form, for equal frequencies and "
        "J_ab = J_bc.",
        criterion="The printed bracket is identical, in all symbols, to the element of the "
        "adjugate of M - omega; and with the printed D it gives |S|^2 of the numerical "
        "scattering matrix up to rounding (1e-10) at 200 random devices.",
    )
    def measure(device):
        printed = printed_numerator(direction)
        identical = s.same(s.numerator(direction), printed)
        ratio = sp.sqrt(s.kappa_a * s.kappa_c) * printed / printed_denominator()
        worst = max(
            abs(
                abs(evaluate(ratio, each)) ** 2
                - abs(scattering_matrix(each)[s.DIRECTION_INDICES[direction]]) ** 2
            )
            for each in random_devices()
        )
        holds = identical and worst < ROUNDING
        return Finding(
            "reproduced" if holds else "not-reproduced",
            {"largest difference of T and the squared modulus of S": worst},
            "numerical inversion of M - omega at 200 random devices",
            "The printed form is the derived one, with delta = omega - omega_0 = -Delta."
            if holds
            else "The printed form is not the derived one.",
        )

    return measure


transmission_claim("eq13", 13, "a->c")
transmission_claim("eq14", 14, "c->a")


@claim(
    "eq15",
    where="Eq. 15",
    page="derivation",
    statement="The common denominator D of both transmissions.",
    criterion="The printed D is identical, in all symbols, to the determinant of M - omega; and "
    "equals it numerically up to rounding (1e-10) at 200 random devices.",
)
def eq15(device):
    identical = s.same(s.denominator(), printed_denominator())
    worst = 0.0
    for each in random_devices():
        root = np.sqrt(each.kappa_a * each.kappa_c)
        S = scattering_matrix(each)[1, 0]
        bracket = evaluate(printed_numerator("a->c"), each)
        worst = max(worst, abs(S * evaluate(printed_denominator(), each) + 1j * root * bracket))
    holds = identical and worst < ROUNDING
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {"largest difference of S_21 D and the numerator": worst},
        "numerical inversion of M - omega at 200 random devices",
        "The printed D is the derived determinant."
        if holds
        else "The printed D is not the derived determinant.",
    )


def optimum_claim(id, number, direction):
    @claim(
        id,
        where=f"Eq. {number}",
        page="derivation",
        statement=f"The conditions under which all light passes {direction} and none passes back, "
        "with either sign of J.",
        criterion="Solving T = 1 one way and T = 0 the other for delta, J_ac, J and kappa_b, with "
        "kappa_a = kappa_c = kappa, gives the printed conditions, for both signs of J; at 101 "
        "phases both transmissions have these values up to rounding (1e-10); and a blind search "
        "finds these solutions only, to 1e-5 (T = 1 is a maximum, so half the digits).",
    )
    def measure(device):
        sign = 1 if direction == "a->c" else -1
        identical = matches_print(direction)
        worst = 0.0
        for theta in np.linspace(0.1, 2 * pi - 0.05, 101):
            if abs(np.sin(theta)) > 0.02:
                optimum = Device.optimal(theta, direction)
                for J in (optimum.J_ab, -optimum.J_ab):
                    T = transmission(optimum.replace(J=J))[::sign]
                    worst = max(worst, abs(T[0] - 1), T[1])
        count, distance = search(-pi / 4, direction)
        holds = identical and worst < ROUNDING and count > 0 and distance < FOUND
        return Finding(
            "reproduced" if holds else "not-reproduced",
            {
                "largest error of T = 1 and T = 0 over the phases": worst,
                "solutions found by blind search": count,
                "largest distance of these from the printed one": distance,
            },
            f"least squares from 24 random starts at theta = -pi/4: {count} solutions, all within "
            f"{distance:.0e} of the printed one"
            if count
            else "least squares from 24 random starts: no solution",
            "Solved for, not put in: these are the only solutions where cos(theta) is not 0. At "
            "theta = +-pi/2 every kappa_b > 0 will do, with J^2 = kappa kappa_b / 4, which the "
            "paper does not mention. Where sin(theta) = 0 there is none."
            if holds
            else "The printed conditions are not those that are found.",
        )

    return measure


def search(theta, direction):
    """Look for one-way transmission from random starts; return how often and how far from print."""
    sign = 1 if direction == "a->c" else -1
    optimum = Device.optimal(theta, direction)
    target = np.array([optimum.Delta_a, optimum.J_ac, abs(optimum.J_ab), 1.0])

    def mismatch(x):
        device = Device(theta=theta, J_ac=x[1], kappa_b=abs(x[3])).replace(J=x[2], Delta=x[0])
        S = scattering_matrix(device)
        lit, dark = (S[1, 0], S[0, 1])[::sign]
        return [1 - abs(lit), dark.real, dark.imag]

    rng = np.random.default_rng(63)
    distances = []
    for start in rng.uniform([-2, -2, -2, 0.1], [2, 2, 2, 3], (24, 4)):
        found = least_squares(mismatch, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=2000)
        if found.cost < 1e-20:
            x = np.array([found.x[0], found.x[1], abs(found.x[2]), abs(found.x[3])])
            distances.append(np.abs(x - target).max())
    return len(distances), max(distances, default=np.nan)


optimum_claim("eq16", 16, "a->c")
optimum_claim("eq17", 17, "c->a")


@claim(
    "phase-matching",
    where="Sec. III, after Fig. 2",
    page="derivation",
    statement="One direction is dark where J_ac |delta + i kappa_b/2| = J^2 and the phase lag phi "
    "of cavity b, minus or plus theta, is an odd multiple of pi.",
    criterion="The condition is equivalent to a vanishing numerator of Eq. 13 or 14: it follows "
    "from the solution of that equation in symbols, and at 200 random devices that fulfil it the "
    "transmission vanishes up to rounding (1e-10).",
)
def phase_matching(device):
    equivalent = True
    for direction, sign in (("a->c", 1), ("c->a", -1)):
        dark = s.dark_direction(direction)
        x_b = dark[s.delta] + sp.I * s.kappa_b / 2
        # J_ac x_b e^(+- i theta) = - J^2 is both conditions in one.
        left = s.J_ac * x_b * sp.exp(sign * sp.I * s.theta)
        equivalent &= s.same(left, -dark[s.J**2])
    rng = np.random.default_rng(63)
    plus = minus = 0.0
    for _ in range(200):
        x_b = complex(rng.uniform(-2, 2), rng.uniform(0.1, 1.5))
        J_ac, phi = rng.uniform(0.2, 2), np.angle(x_b)
        J = np.sqrt(J_ac * abs(x_b))
        matched = Device(J_ac=J_ac, kappa_b=2 * x_b.imag).replace(J=J, Delta=-x_b.real)
        plus = max(plus, abs(scattering_matrix(matched.replace(theta=pi - phi))[1, 0]) ** 2)
        minus = max(minus, abs(scattering_matrix(matched.replace(theta=phi - pi))[0, 1]) ** 2)
    holds = equivalent and max(plus, minus) < ROUNDING
    return Finding(
        "reproduced" if holds else "not-reproduced",
        {"T a->c where phi + theta = pi": plus, "T c->a where phi - theta = pi": minus},
        "numerical inversion of M - omega at 200 random devices that fulfil the condition",
        "With the plus sign a->c is dark, with the minus sign c->a. It asks for J_ac > 0; for "
        "J_ac < 0 the multiple of pi is even.",
    )
