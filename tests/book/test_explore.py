"""The data of the interactive pictures: what is written is what the Dataset holds."""

import json

import numpy as np
import pytest
from lossnr_site import explore

from lossnr import Device, sweep
from lossnr.model.observables import isolation, nonreciprocal_ratio

DETUNINGS = np.linspace(-1, 1, 6)
LOSSES = [0.0, 0.5, 1.0, 1.5]


@pytest.fixture(scope="module")
def maps():
    data = sweep(Device(), kappa_b=LOSSES, Delta=DETUNINGS, photons=3)
    data["g2"][0, 2, 3] = np.nan  # dark
    return data


def pictured(**datasets):
    before, _, content = explore.script(datasets).partition(" = ")
    assert before == "window.lossnrExplore"
    return json.loads(content.removesuffix(";\n"))


def assert_holds(quantity, expected, *dims):
    directions = expected["direction"].values if "direction" in expected.dims else [None]
    assert len(quantity["values"]) == len(directions)
    for values, direction in zip(quantity["values"], directions, strict=True):
        one = expected.sel(direction=direction) if direction else expected
        wanted = one.transpose(*dims).values.ravel()
        np.testing.assert_allclose(np.array(values, float), wanted, rtol=6e-4)


def test_a_map_comes_out_as_it_went_in(maps):
    (picture,) = pictured(maps=maps)
    assert picture["map"]
    assert picture["label"] == "Map over the detuning and the loss of cavity b"
    y, x = picture["axes"]
    assert (y["symbol"], x["symbol"]) == ("<i>κ</i><sub>b</sub>/<i>κ</i>", "Δ/<i>κ</i>")
    assert (y["values"], x["values"]) == (LOSSES, DETUNINGS.round(7).tolist())
    expected = {name: maps[name] for name in ("T", "g2", "g3")}
    expected |= {f"P_{m}": maps["P"].sel(m=m) for m in (1, 2, 3)}
    expected |= {"I": isolation(maps), "R": nonreciprocal_ratio(maps)}
    for quantity, (name, values) in zip(picture["quantities"], expected.items(), strict=True):
        assert quantity["log"] == (name[0] in "gP")
        assert_holds(quantity, values, "kappa_b", "Delta")
    assert picture["quantities"][1]["values"][0][2 * 6 + 3] is None


def test_the_quantity_that_the_figure_shows_comes_first(maps):
    def first(words):
        content = explore.script({"maps": maps}, words)
        (picture,) = json.loads(content.partition(" = ")[2].removesuffix(";\n"))
        return picture["quantities"][picture["first"]]["words"]

    assert (
        first(
            "(a) T against theta/pi: high. (b) isolation I over Delta/kappa and kappa_b/kappa: low."
        )
        == "isolation"
    )
    assert (
        first("(a) T against Delta/kappa. (b) ratio R over Delta/kappa and kappa_b/kappa")
        == "ratio"
    )
    assert first("") == "transmission"


def test_numbers_have_four_digits_and_rounding_below_zero_is_zero():
    numbers = np.array([[1 / 3, 72.86543], [np.nan, -1e-17]])
    assert explore.rounded(numbers) == [0.3333, 72.87, None, 0]


def test_a_short_axis_makes_curves_whichever_comes_first():
    data = sweep(Device(), Delta=DETUNINGS, kappa_b=[0, 1], photons=2)
    (picture,) = pictured(three=data)
    assert not picture["map"]
    assert picture["label"] == "Curves over the detuning, at κ_b/κ = 0 and 1"
    assert [len(axis["values"]) for axis in picture["axes"]] == [2, 6]
    assert_holds(picture["quantities"][0], data["T"], "kappa_b", "Delta")


def test_axes_have_the_units_of_the_figures():
    data = sweep(Device(), theta=np.linspace(0, 2 * np.pi, 5), photons=2)
    (axis,) = pictured(cut=data)[0]["axes"]
    assert axis == {"symbol": "<i>θ</i>/π", "values": [0, 0.5, 1, 1.5, 2], "log": False}
    data = sweep(Device(), Omega=np.geomspace(1e-3, 0.1, 5), photons=2)
    (axis,) = pictured(drive=data)[0]["axes"]
    assert axis["symbol"] == "Ω/<i>κ</i>"
    assert axis["log"]


def test_labels_tell_datasets_apart(maps):
    point = sweep(Device(), photons=2)
    cut = sweep(Device(), Delta=DETUNINGS, photons=2)
    two = sweep(Device().without_b(), Delta=DETUNINGS, photons=2)
    found = pictured(cut=cut, again=cut, two=two, point=point, maps=maps)
    assert [picture["label"] for picture in found] == [
        "Map over the detuning and the loss of cavity b",
        "Curves over the detuning (again)",
        "Curves over the detuning (cut)",
        "Curves over the detuning, without cavity b",
    ]
    assert explore.script({"point": point}) is None


@pytest.mark.parametrize(
    ("latex", "html", "plain"),
    [
        ("T", "<i>T</i>", "T"),
        (r"\kappa_b", "<i>κ</i><sub>b</sub>", "κ_b"),
        ("J_{ab}", "<i>J</i><sub>ab</sub>", "J_ab"),
        (r"\Delta_a", "Δ<sub>a</sub>", "Δₐ"),
        ("g^{(2)}", "<i>g</i><sup>(2)</sup>", "g⁽²⁾"),
        ("P_1", "<i>P</i><sub>1</sub>", "P₁"),
        (r"\mathcal{R}", "<i>R</i>", "R"),
    ],
)
def test_symbols(latex, html, plain):
    assert explore.html(latex) == html
    assert explore.plain(html) == plain
