"""Pages from executed notebooks: a warning is an error."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from lossnr.reruns.build import build_page, jupyter_book, workplace
from lossnr.reruns.execute import RunError


def test_a_link_that_leads_nowhere_fails_the_build():
    cells = [new_markdown_cell("# A page\n\n{doc}`nowhere`")]
    with workplace() as source, jupyter_book(source) as process:
        nbformat.write(new_notebook(cells=cells), source / "fig3.ipynb")
        with pytest.raises(RunError, match=r"unknown document: .nowhere"):
            build_page(process, source / "fig3.ipynb", "")
