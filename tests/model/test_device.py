"""The device: what it accepts, what it refuses and how, and the optimum of Eqs. 16, 17."""

from dataclasses import FrozenInstanceError
from math import inf, nan, pi, sqrt

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from lossnr import Device, steady_state
from lossnr.model import scattering
from lossnr.model.checks import check_whole_number


def test_defaults_are_the_working_point_of_fig_2():
    optimal = Device.optimal(-pi / 4)
    for name, value in Device().parameters().items():
        assert getattr(optimal, name) == pytest.approx(value, rel=1e-15)
    assert Device().J_ac == sqrt(1 / 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kappa_a", 0),
        ("kappa_c", -1.0),
        ("kappa_b", -1e-9),
        ("Omega", -0.1),
        *((name, value) for name in Device().parameters() for value in (nan, inf, -inf)),
    ],
)
def test_a_value_out_of_range_is_named_with_its_range(name, value):
    with pytest.raises(ValueError, match=rf"^{name} = .*{value!r}.*: allowed is a finite real num"):
        Device(**{name: value})


@pytest.mark.parametrize("value", ["1", None, 1j, True, [1.0], np.ones(2)])
@pytest.mark.parametrize("name", ["Delta_a", "kappa_b", "theta"])
def test_a_value_that_is_no_real_number_is_refused(name, value):
    with pytest.raises(TypeError, match=rf"^{name} = .*: allowed is a finite real number"):
        Device(**{name: value})


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("kapa_b", "kappa_b"), ("delta_a", "Delta_a"), ("omega", "Omega"), ("Jac", "J_ac")],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(wrong, right):
    with pytest.raises(TypeError, match=f"unknown parameter '{wrong}': did you mean '{right}"):
        Device(**{wrong: 1.0})
    with pytest.raises(TypeError, match=f"unknown parameter '{wrong}': did you mean '{right}"):
        Device().replace(**{wrong: 1.0})


def test_a_name_like_no_other_gets_the_list_of_all():
    with pytest.raises(TypeError, match="unknown parameter 'x': known are Delta_a, Delta_b, "):
        Device(x=1.0)


def test_a_shared_symbol_is_for_replace():
    with pytest.raises(TypeError, match=r"'U' stands for U_a and U_c: .*replace\(U=\.\.\.\)"):
        Device(U=3)


@pytest.mark.parametrize("value", [1.1e5, -1e300, 10**400])
def test_a_value_that_double_precision_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match=r"^J_ac = .*, at most 100000 in size"):
        Device(J_ac=value)


def test_numpy_and_integer_values_become_floats():
    device = Device(kappa_a=2, Omega=np.float32(0.5), Delta_a=np.int64(3))
    assert [type(value) for value in device.parameters().values()] == [float] * 13
    assert (device.kappa_a, device.Omega, device.Delta_a) == (2.0, 0.5, 3.0)


@pytest.mark.parametrize("of", [np.array, xr.DataArray, np.float32, np.int64])
def test_scalars_without_dimension_are_numbers(of):
    assert Device(U_a=of(3)).replace(U_c=of(2)) == Device(U_a=3, U_c=2)
    assert Device.optimal(of(1)) == Device.optimal(1)
    assert check_whole_number("photons", of(3) if of is not np.float32 else 3, 2, 8) == 3
    state = steady_state(Device(), np.str_("a"), rtol=of(1e-3) if of != np.int64 else 1e-3)
    assert type(state.T) is float


@pytest.mark.parametrize(
    "value", [np.array(True), np.array("1"), np.timedelta64(1, "s"), np.array(1j)]
)
def test_other_scalars_of_numpy_are_no_numbers(value):
    with pytest.raises(TypeError, match=r"U_a = .*: allowed is a finite real number"):
        Device(U_a=value)
    with pytest.raises(TypeError, match=r"photons = .*: allowed is a whole number"):
        check_whole_number("photons", value, 0, 8)


def test_replace_knows_the_shared_symbols():
    device = Device().replace(Delta=0.3, kappa=2, U=1, J=0.4, J_ac=0.6)
    assert (device.Delta_a, device.Delta_b, device.Delta_c) == (0.3, 0.3, 0.3)
    assert (device.kappa_a, device.kappa_b, device.kappa_c) == (2, 1, 2)
    assert (device.U_a, device.U_c) == (1, 1)
    assert (device.J_ab, device.J_bc, device.J_ac) == (0.4, 0.4, 0.6)
    assert Device().Delta_a == 0.5  # unchanged


def test_replace_refuses_a_value_given_twice():
    with pytest.raises(TypeError, match="Delta_b is given twice: by Delta and by Delta_b"):
        Device().replace(Delta=0.3, Delta_b=0.4)


def test_a_device_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Device().Omega = 1.0


def test_equal_parameters_make_equal_devices():
    assert Device(Omega=0.2) == Device().replace(Omega=0.2)
    assert hash(Device(Omega=0.2)) == hash(Device().replace(Omega=0.2))


phases = st.floats(-pi, pi).filter(lambda theta: abs(np.sin(theta)) > 0.05)


@given(phases)
def test_the_optimum_passes_all_light_one_way(theta):
    forward, backward = scattering.transmission(Device.optimal(theta))
    assert forward == pytest.approx(1, abs=1e-9)
    assert backward == pytest.approx(0, abs=1e-9)
    forward, backward = scattering.transmission(Device.optimal(theta, "c->a"))
    assert forward == pytest.approx(0, abs=1e-9)
    assert backward == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("theta", [0, pi, -pi, 2 * pi, 1e-5])
def test_there_is_no_optimum_at_multiples_of_pi(theta):
    with pytest.raises(ValueError, match=r"theta = .*sin\(theta\) != 0"):
        Device.optimal(theta)


def test_the_direction_of_the_optimum_is_checked():
    with pytest.raises(ValueError, match="direction = 'a->b': allowed are a->c, c->a"):
        Device.optimal(1.0, "a->b")
    with pytest.raises(ValueError, match="direction = \\['a'\\]"):
        Device.optimal(1.0, ["a"])
    with pytest.raises(TypeError, match="theta = 'x'"):
        Device.optimal("x")


def test_without_b_nothing_couples_to_b():
    device = Device().without_b()
    assert not device.has_b
    assert device.replace(J=Device().J_ab) == Device()
