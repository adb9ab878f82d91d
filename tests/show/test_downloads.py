"""The figures and the data that a page gives away."""

import csv
import io
from base64 import b64encode

import nbformat
import xarray as xr
from nbformat.v4 import new_code_cell, new_notebook, new_output

from lossnr import Device, sweep
from lossnr.show.downloads import Data, unpack

DATA = sweep(Device(), kappa_b=[0.5, 1.0], Delta=[0.4, 0.5, 0.6], photons=2)


def executed(**datasets):
    pictures = {
        "image/svg+xml": "<svg/>",
        "application/pdf": b64encode(b"%PDF").decode(),
        "image/png": b64encode(b"PNG").decode(),
    }
    figure = new_code_cell(outputs=[new_output("display_data", pictures)])
    figure.metadata["mystnb"] = {"figure": {"name": "fig9"}}
    data = new_code_cell(
        outputs=[new_output("execute_result", Data(**datasets)._repr_mimebundle_())]
    )
    return nbformat.from_dict(new_notebook(cells=[figure, data]))


def test_figures_have_three_formats_and_data_two():
    files = unpack(executed(maps=DATA), "fig9")
    assert files["figures/fig9.svg"] == b"<svg/>"
    assert files["figures/fig9.pdf"] == b"%PDF"
    assert files["figures/fig9.png"] == b"PNG"
    assert files.keys() - {f"figures/fig9.{kind}" for kind in ("svg", "pdf", "png")} == {
        "data/fig9-maps.nc",
        "data/fig9-maps.csv",
    }


def test_the_data_come_out_as_they_went_in():
    files = unpack(executed(maps=DATA), "fig9")
    netcdf = xr.load_dataset(io.BytesIO(files["data/fig9-maps.nc"]), engine="scipy")
    xr.testing.assert_equal(netcdf, DATA.astype(netcdf.dtypes))
    assert netcdf.attrs == DATA.attrs
    table = list(csv.DictReader(files["data/fig9-maps.csv"].decode().splitlines()))
    assert len(table) == 2 * 2 * 3
    for row in table:
        where = {"kappa_b": float(row["kappa_b"]), "Delta": float(row["Delta"])}
        expected = DATA.sel(direction=row["direction"], **where)
        assert float(row["g2"]) == expected["g2"].item()
        for m in (0, 1, 2):
            assert float(row[f"P_{m}"]) == expected["P"].sel(m=m).item()


def test_a_large_map_is_netcdf_only():
    large = DATA.interp(Delta=[0.4 + i / 1e5 for i in range(2000)])
    assert "data/fig9-maps.csv" not in unpack(executed(maps=large), "fig9")


def test_the_same_data_are_the_same_bytes():
    again = sweep(Device(), kappa_b=[0.5, 1.0], Delta=[0.4, 0.5, 0.6], photons=2)
    assert unpack(executed(maps=DATA), "fig9") == unpack(executed(maps=again), "fig9")


def test_a_page_without_data_gives_away_its_figures_only():
    files = unpack(executed(), "fig9")
    assert len(files) == 3
    assert all(file.startswith("figures/") for file in files)
