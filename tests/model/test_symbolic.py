"""The derivation: the Hamiltonian's commutators, and what is solved for, against numbers."""

from math import pi

import pytest
import sympy as sp
from sympy.physics.quantum import Dagger

from lossnr import Device
from lossnr.model import symbolic
from lossnr.model.scattering import scattering_matrix, transmission


def at(expression, device):
    """The value of an expression in the general symbols at a device, for omega = 0."""
    values = {symbolic.omega: 0, symbolic.theta: device.theta}
    for o in "abc":
        values[getattr(symbolic, f"omega_{o}")] = getattr(device, f"Delta_{o}")
        values[getattr(symbolic, f"kappa_{o}")] = getattr(device, f"kappa_{o}")
    for name in ("J_ab", "J_bc", "J_ac"):
        values[getattr(symbolic, name)] = getattr(device, name)
    return complex(expression.subs(values))


def test_the_langevin_equation_has_the_kerr_term_of_the_hamiltonian():
    equation = symbolic.langevin_equation("c", kerr=True)
    c, U_c = symbolic.c, symbolic.U_c
    assert equation.coeff(U_c) == -2 * sp.I * Dagger(c) * c**2
    assert symbolic.langevin_equation("b", kerr=True) == symbolic.langevin_equation("b")


def test_the_derived_scattering_matrix_is_the_numerical_one():
    device = Device(Delta_a=0.7, Delta_b=-0.4, kappa_a=0.6, kappa_c=1.3, J_ab=0.5, J_ac=-0.6)
    numbers = scattering_matrix(device)
    for i in range(3):
        for k in range(3):
            assert at(symbolic.scattering()[i, k], device) == pytest.approx(
                numbers[i, k], abs=1e-12
            )


@pytest.mark.parametrize(("direction", "sign"), [("a->c", 1), ("c->a", -1)])
def test_one_direction_is_dark_and_the_other_has_the_derived_transmission(direction, sign):
    values = {symbolic.theta: 1.1, symbolic.J_ac: -0.8 * sign, symbolic.kappa_b: 0.7}
    dark = symbolic.dark_direction("c->a" if sign == 1 else "a->c")
    delta, square = (float(value.subs(values)) for value in dark.values())
    device = Device(theta=1.1, J_ac=-0.8 * sign, kappa_b=0.7).replace(J=square**0.5, Delta=-delta)
    N, D = (
        complex(e.subs(values | {symbolic.kappa: 1})) for e in symbolic.lit_direction(direction)
    )
    assert transmission(device)[::sign] == pytest.approx((abs(N / D) ** 2, 0), abs=1e-12)


@pytest.mark.parametrize("direction", ["a->c", "c->a"])
@pytest.mark.parametrize("theta", [-pi / 4, 1.1, 2.5])
def test_the_solution_is_the_optimum_of_the_device(direction, theta):
    found = symbolic.completeness(direction)
    optimum = Device.optimal(theta, direction)
    values = {symbolic.theta: theta, symbolic.kappa: 1}
    assert float(found["delta"].subs(values)) == pytest.approx(-optimum.Delta_a)
    assert float(found["J_ac"].subs(values)) == pytest.approx(optimum.J_ac)
    assert float(found["J**2"].subs(values)) == pytest.approx(optimum.J_ab**2)


@pytest.mark.parametrize("kappa_b", [0.3, 2.0])
def test_at_a_right_angle_any_loss_will_do(kappa_b):
    # The exception that the derivation finds: cos(theta) = 0, J^2 = kappa kappa_b / 4.
    device = Device(theta=pi / 2, J_ac=-0.5, kappa_b=kappa_b).replace(J=kappa_b**0.5 / 2, Delta=0)
    S = scattering_matrix(device)
    assert abs(S[1, 0]) == pytest.approx(1)
    assert abs(S[0, 1]) == pytest.approx(0, abs=1e-12)


def test_same_is_true_for_identities_only():
    theta = symbolic.theta
    assert symbolic.same(sp.exp(sp.I * theta) + sp.exp(-sp.I * theta), 2 * sp.cos(theta))
    assert symbolic.same(sp.tan(theta) * sp.sin(2 * theta), 2 * sp.sin(theta) ** 2)
    assert symbolic.same([symbolic.kappa_a], [sp.sqrt(symbolic.kappa_a) ** 2])
    assert not symbolic.same([1, theta], [1, -theta])
    assert not symbolic.same(sp.sin(theta), sp.cos(theta))
    assert not symbolic.same(symbolic.kappa_a, sp.sqrt(symbolic.kappa_a))
