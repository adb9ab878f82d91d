"""The main result in plain QuTiP: the cell of the page on the model, in an empty session."""

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from lossnr import Device, steady_state

PAGE = Path(__file__).parents[2] / "book" / "model.ipynb"


def the_cell():
    cells = json.loads(PAGE.read_text())["cells"]
    (source,) = (
        each["source"] for each in cells if "plain-qutip" in each["metadata"].get("tags", [])
    )
    return "".join(source)


def found(source):
    """Run the cell with nothing defined; return T and g2 by loss of b and direction."""
    session = {}
    with redirect_stdout(StringIO()):
        exec(source, session)
    return session["found"]


def largest_error(Omega):
    source = the_cell()
    assert source.count("Omega = 1, 1, 0.5, 5, 0.1 ") == 1
    values = found(source.replace("Omega = 1, 1, 0.5, 5, 0.1 ", f"Omega = 1, 1, 0.5, 5, {Omega} "))
    errors = []
    for (kappa_b, direction), (T, g2) in values.items():
        state = steady_state(Device(kappa_b=kappa_b, Omega=Omega), drive=direction[0])
        errors += [abs(T / state.T - 1), abs(g2 / state.g2 - 1)]
    return max(errors)


def test_it_has_twenty_lines_and_needs_qutip_only():
    source = the_cell()
    assert len([line for line in source.splitlines() if line]) <= 20
    assert "lossnr" not in source


def test_it_shows_one_way_light_and_blockade_with_loss_only():
    values = found(the_cell())
    (T, g2), (T_back, g2_back) = values[1, "a->c"], values[1, "c->a"]
    assert T > 0.95
    assert T_back < 0.01
    assert g2 < 0.1
    assert g2_back > 10
    (T, g2), (T_back, g2_back) = values[0, "a->c"], values[0, "c->a"]
    assert pytest.approx(T, rel=1e-3) == T_back
    assert pytest.approx(g2, rel=0.05) == g2_back


@pytest.mark.parametrize("Omega", [0.01, 0.1])
def test_three_digits_are_right_at_weak_drive(Omega):
    assert largest_error(Omega) < 5e-4


@pytest.mark.parametrize("Omega", [0.001, 0.2])
def test_at_weaker_and_stronger_drive_they_are_not(Omega):
    assert largest_error(Omega) > 1e-3
