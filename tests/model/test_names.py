"""How quantities and numbers are written, and the plain text that is derived from mathematics."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossnr import Device
from lossnr.model.device import SHARED
from lossnr.model.names import QUANTITIES, equation, number, plain, rounded_down, rounded_up, symbol


def test_every_parameter_is_in_the_table_with_its_unit():
    for name in [*SHARED, *(f.name for f in fields(Device))]:
        assert QUANTITIES[name].unit == ("rad" if name == "theta" else "kappa")


@pytest.mark.parametrize("name", [n for n in QUANTITIES if n not in ("P", "excitations")])
def test_the_plain_text_of_a_symbol_is_its_name(name):
    assert plain(symbol(name)) == name


def test_small_and_large_numbers_are_powers_of_ten_not_times_e():
    assert equation("Omega", 1e-5) == r"$\Omega = 10^{-5}$"
    assert equation("theta", 1e5) == r"$\theta = 3.183 \times 10^{4}\pi$"
    assert number(0.97231) == "0.9723"
    assert number(1.5e-9, 2) == r"$1.5 \times 10^{-9}$"


@given(st.floats(1e-12, 1e12), st.integers(1, 6))
def test_a_rounded_limit_is_within_the_limit_and_close_to_it(value, digits):
    rounded = rounded_down(value, digits)
    assert rounded == -rounded_down(-value, digits)
    assert rounded <= value < rounded * (1 + 1.001 * 10.0 ** (1 - digits))
    assert rounded_down(rounded, digits) == rounded_up(rounded, digits) == rounded
    above = rounded_up(value, digits)
    assert above == -rounded_up(-value, digits)
    assert value <= above <= value * (1 + 1.001 * 10.0 ** (1 - digits))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$\kappa_b = 0$ and $\kappa\kappa_b$", "kappa_b = 0 and kappa kappa_b"),
        (r"$g^{(2)}(0)$ of $P_m$", "g2(0) of P_m"),
        (r"$J_{ac}\,\Omega^{-4}$", "J_ac Omega^-4"),
        (r"$10^{4.5}$, $10^{-10}$, $4.7 \times 10^{3}$", "10^4.5, 1e-10, 4.7e3"),
        (r"$\sqrt{\Gamma}$, $S^\dagger S - 1$", "sqrt(Gamma), S^dag S - 1"),
        (r"$-n\Delta$, $\sin\theta$, $3\pi/4$", "-n Delta, sin theta, 3 pi/4"),
        (r"$\delta = \omega - \omega_0 = \pm 1$", "delta = omega - omega_0 = +-1"),
        ("−0.5 of\na line, 5 %", "-0.5 of a line, 5 %"),
    ],
)
def test_plain_text_is_spelled_as_the_interface_spells_it(text, expected):
    assert plain(text) == expected
