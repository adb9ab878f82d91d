"""The notebooks' parameters, and the values that they allow."""

import os

import pytest

from lossnr import Device
from lossnr.reruns import notebooks


@pytest.mark.parametrize("name", notebooks.names())
def test_every_parameter_allows_its_default_and_its_quick_value(name):
    known = notebooks.parameters(name)
    defaults = {parameter.name: parameter.default for parameter in known.values()}
    for parameter in known.values():
        assert parameter.unit in ("kappa", "rad", "number")
        assert parameter.checked(parameter.default, defaults) == parameter.default
        if parameter.quick is not None:
            assert parameter.checked(parameter.quick, defaults) < parameter.default


@pytest.mark.parametrize("name", [name for name in notebooks.names() if name.startswith("fig")])
def test_a_figure_has_the_parameters_of_the_device_with_its_defaults(name):
    known = notebooks.parameters(name)
    assert known["theta"].allowed == "any real number"
    assert known["Omega"].allowed == "at least 0"
    for each in known.values():
        if each.name in Device().parameters():
            assert each.default == getattr(Device(), each.name)


def test_a_notebook_is_found_by_its_name_and_its_path():
    here = os.path.relpath(notebooks.ROOT / "book" / "fig3.ipynb")
    names = ("fig3", "fig3.ipynb", "book/fig3.ipynb", here, os.path.abspath(here))
    paths = {notebooks.find(name) for name in names}
    assert [path.name for path in paths] == ["fig3.ipynb"]


def test_values_are_numbers_of_the_parameters_type():
    known = notebooks.parameters("fig3")
    found = notebooks.values([("theta", "pi"), ("points", "2*10")], known)
    assert found == {"theta": pytest.approx(3.141592653589793), "points": 20}
    assert isinstance(found["points"], int)
    assert notebooks.values({"theta": 1, "points": "20"}, known) == {"theta": 1.0, "points": 20}


def test_a_bound_may_be_another_parameter():
    known = notebooks.parameters("fig2")
    with pytest.raises(ValueError, match="Delta_max = 2: allowed is above Delta_min, which is 3"):
        notebooks.values([("Delta_min", "3")], known)
    found = notebooks.values([("Delta_min", "3"), ("Delta_max", "4")], known)
    assert found == {"Delta_min": 3, "Delta_max": 4}


def test_the_listing_says_in_one_row_what_several_notebooks_share():
    head, *rows = notebooks.listing()
    assert head == ("name", "default", "unit", "allowed", "meaning", "in")
    (Omega,) = [row for row in rows if row[0] == "Omega"]
    assert Omega[1:4] == ("0.1", "kappa", "at least 0")
    assert "fig1, fig2, fig3, fig4, fig5" in Omega[5]
    assert len([row for row in rows if row[0] == "kappa_b"]) > 1
