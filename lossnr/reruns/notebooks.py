"""The book's notebooks: their paths, and the tags of their cells.

The code finds cells by tags and metadata, so that texts can change:

==================  ==============================================================================
tag of a cell       what it marks
==================  ==============================================================================
``parameters``      the parameters, as papermill reads them; their bounds are in the cell's metadata
                    ``lossnr`` (see `parameters.Parameter`)
``what-to-see``     a description of the published figure, folded away in a rerun
``claims``          the cell that judges the claims of this page
``fixed``           a figure that does not depend on the parameters of the device
``downloads``       the place of the list of files
==================  ==============================================================================

The metadata ``lossnr`` of a notebook may have ``alone``: false for a page that shows results of
other notebooks, and ``slow``: true for one that is started before the others.
"""

import os
from pathlib import Path

from ..model.checks import unknown

#: The folder with the book's settings; the notebooks are in ``book`` below it.
ROOT = Path(__file__).resolve().parents[2]
#: Where ``make book`` puts the site.
SITE = ROOT / "_build" / "html"


def names():
    """Return the names of the book's notebooks, in alphabetical order.

    >>> "fig3" in names()
    True

    Raises
    ------
    FileNotFoundError
        If the package is installed without the book.
    """
    found = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))
    if not found:
        raise FileNotFoundError(
            f"there is no book in {ROOT}: install the package from a clone of its repository, "
            "with pip install -e"
        )
    return found


def find(name, *, alone=False):
    """Return the path of a notebook, given its name ("fig3"), or its path here or in the book.

    >>> find("book/fig3.ipynb").name
    'fig3.ipynb'

    Raises
    ------
    ValueError
        If there is none, or if it must run ``alone`` and shows results of other notebooks.
    """
    for known in names():
        path = ROOT / "book" / f"{known}.ipynb"
        if name in (known, path.name, f"book/{path.name}") or os.path.abspath(name) == str(path):
            if alone and not read(known).metadata.get("lossnr", {}).get("alone", True):
                raise ValueError(
                    f"{known} shows results of other notebooks: run the whole book, lossnr book"
                )
            return path
    raise ValueError(unknown("notebook", name, names()))


def read(name):
    """Return a notebook of the book as an nbformat.NotebookNode.

    >>> read("fig3").cells[0].cell_type
    'markdown'
    """
    import nbformat

    return nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4)


def tagged(notebook, tag):
    """Return the cells of a notebook that have a tag, as a list.

    >>> (cell,) = tagged(read("fig3"), "parameters")
    >>> cell.metadata["lossnr"]["points"]["highest"]
    100000
    """
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def figures(notebook):
    """Return the cells of a notebook that show a figure, as a list.

    >>> (cell,) = figures(read("fig3"))
    >>> cell.metadata["mystnb"]["figure"]["name"]
    'fig3'
    """
    return [cell for cell in notebook.cells if "figure" in cell.metadata.get("mystnb", {})]
