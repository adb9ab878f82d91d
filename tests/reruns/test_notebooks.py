"""The book's notebooks, found by name."""

import os

from lossnr.reruns import notebooks


def test_a_notebook_is_found_by_its_name_and_its_path():
    here = os.path.relpath(notebooks.ROOT / "book" / "fig3.ipynb")
    names = ("fig3", "fig3.ipynb", "book/fig3.ipynb", here, os.path.abspath(here))
    paths = {notebooks.find(name) for name in names}
    assert [path.name for path in paths] == ["fig3.ipynb"]
