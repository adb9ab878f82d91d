"""The notebooks' parameters, and the values that they allow."""

import pytest

from lossnr import Device
from lossnr.reruns.notebooks import names, read, tagged
from lossnr.reruns.parameters import listing, parameters, values


@pytest.mark.parametrize("name", names())
def test_every_parameter_allows_its_default_and_its_quick_value(name):
    known = parameters(name)
    defaults = {parameter.name: parameter.default for parameter in known.values()}
    for parameter in known.values():
        assert parameter.unit in ("kappa", "1/kappa", "rad", "number")
        assert parameter.checked(parameter.default, defaults) == parameter.default
        if parameter.quick is not None:
            assert parameter.checked(parameter.quick, defaults) < parameter.default


@pytest.mark.parametrize("name", names())
def test_bounds_are_those_of_parameters_that_are_there(name):
    for cell in tagged(read(name), "parameters"):
        assert cell.metadata.get("lossnr", {}).keys() <= parameters(name).keys()


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("fig")])
def test_a_figure_has_the_parameters_of_the_device_with_its_defaults(name):
    known = parameters(name)
    assert known["theta"].allowed == "any real number"
    assert known["Omega"].allowed == "at least 0"
    for each in known.values():
        if each.name in Device().parameters():
            assert each.default == getattr(Device(), each.name)


def test_values_are_numbers_of_the_parameters_type():
    known = parameters("fig3")
    found = values([("theta", "pi"), ("points", "2*10")], known)
    assert found == {"theta": pytest.approx(3.141592653589793), "points": 20}
    assert isinstance(found["points"], int)
    assert values({"theta": 1, "points": "20"}, known) == {"theta": 1.0, "points": 20}


def test_a_bound_may_be_another_parameter():
    known = parameters("fig2")
    with pytest.raises(ValueError, match="Delta_max = 2: allowed is above Delta_min, which is 3"):
        values([("Delta_min", "3")], known)
    found = values([("Delta_min", "3"), ("Delta_max", "4")], known)
    assert found == {"Delta_min": 3, "Delta_max": 4}


def test_the_listing_says_in_one_row_what_several_notebooks_share():
    head, *rows = listing()
    assert head == ("name", "default", "unit", "allowed", "meaning", "in")
    (Omega,) = [row for row in rows if row[0] == "Omega" and "fig1" in row[5]]
    assert Omega[1:4] == ("0.1", "kappa", "at least 0")
    assert "fig1, fig2, fig3, fig4, fig5" in Omega[5]
    assert len([row for row in rows if row[0] == "kappa_b"]) > 1
