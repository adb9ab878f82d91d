"""What a page offers for download: figures as SVG, PDF, PNG, data as netCDF, tables as CSV.

All of it travels in the executed notebook, as outputs of its cells: figures in the three formats
(`plots.use_style`), datasets in the output of `Data`. `unpack` makes files of them.
"""

import io
from base64 import b64decode, b64encode
from math import prod

import xarray as xr

#: The type of the output that carries datasets: netCDF files in base64, by their names.
MIME = "application/vnd.lossnr.data+json"

#: Numbers of a quantity in a table, at most. Larger data, those of maps, are netCDF only.
LONGEST_TABLE = 20_000

_FIGURES = {
    "image/svg+xml": ("svg", str.encode),
    "application/pdf": ("pdf", b64decode),
    "image/png": ("png", b64decode),
}


class Data:
    """Datasets that a page offers for download: the last value of a notebook's cell.

    The datasets are from `sweep`, by the names that their files get.

    >>> from lossnr import Device, sweep
    >>> Data(point=sweep(Device(), photons=2)).datasets["point"].sizes["m"]
    3
    """

    def __init__(self, **datasets):
        self.datasets = datasets

    def _repr_mimebundle_(self, include=None, exclude=None):
        words, files = [], {}
        for name, data in self.datasets.items():
            words.append(f"{name}: {dict(data.sizes)}")
            files[name] = b64encode(bytes(data.to_netcdf(engine="scipy"))).decode()
        return {"text/plain": "\n".join(words), MIME: files}


def given_away(notebook):
    """Return the datasets in the outputs of an executed notebook.

    >>> from nbformat.v4 import new_notebook
    >>> given_away(new_notebook())
    {}
    """
    return {
        name: xr.load_dataset(io.BytesIO(b64decode(content)), engine="scipy")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for name, content in output.get("data", {}).get(MIME, {}).items()
    }


def unpack(notebook, page):
    """Return the files of an executed notebook.

    They are bytes by their paths: figures/NAME.svg, .pdf and .png, where NAME is the name that
    the cell gives its figure, data/PAGE-NAME.nc, and data/PAGE-NAME.csv of data that are no map.

    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> from lossnr import Device, sweep
    >>> shown = Data(point=sweep(Device(), photons=2))._repr_mimebundle_()
    >>> cell = new_code_cell(outputs=[new_output("display_data", shown)])
    >>> list(unpack(new_notebook(cells=[cell]), "fig9"))
    ['data/fig9-point.nc', 'data/fig9-point.csv']
    """
    files = {}
    for cell in notebook.cells:
        name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
        for output in cell.get("outputs", []):
            bundle = output.get("data", {})
            for mime, (ending, decode) in _FIGURES.items():
                if name and mime in bundle:
                    files[f"figures/{name}.{ending}"] = decode(bundle[mime])
            for dataset, content in bundle.get(MIME, {}).items():
                netcdf = b64decode(content)
                files[f"data/{page}-{dataset}.nc"] = netcdf
                data = xr.load_dataset(io.BytesIO(netcdf), engine="scipy")
                if prod(data.sizes.values()) <= LONGEST_TABLE:
                    files[f"data/{page}-{dataset}.csv"] = _csv(data)
    return files


def _csv(data):
    """Return a dataset as CSV: a line for each point, a column for each P_m."""
    columns = {}
    for name, values in data.data_vars.items():
        if "m" in values.dims:
            columns |= {f"{name}_{m}": values.sel(m=m, drop=True) for m in values["m"].values}
        else:
            columns[name] = values
    table = xr.Dataset(columns).to_dataframe()
    return table.to_csv(lineterminator="\n").encode()
