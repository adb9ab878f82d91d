"""The whole book with other parameters: what its pages say, and that it can be built again."""

import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import pytest
from built import contents
from click.testing import CliRunner

from lossnr import cli
from lossnr.reruns import build, gallery, notebooks, rerun
from lossnr.reruns.execute import execute
from lossnr.reruns.provenance import MARK

#: The phase is reversed, drive and nonlinearity are weaker, and the figures are coarse.
CHANGED = {"theta": "pi/4", "Omega": "0.04", "U": "3"}
COARSE = {"points": 3, "losses": 5, "devices": 1, "delays": 51, "duration": 200, "runs": 10}
COARSE |= {"starts": 2, "rtol": 1e-2}
#: How many figures a notebook shows, if not one.
FIGURES = {"derivation": 0, "noise": 2, "numerics": 3, "theory": 3, "time": 3}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]  # it is built by one worker


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Build the book, with a quick gallery; keep the sources of its pages too."""
    folder = tmp_path_factory.mktemp("books")
    points = {"points": COARSE["points"]}
    # Each page of the gallery is there. The claims on Fig. 4 are judged for its own page already.
    quick = [
        replace(each, parameters=each.parameters | points)
        if each.name in ("no-kerr", "twice-the-loss")
        else replace(each, notebook="fig4", parameters=points)
        for each in gallery.listed()
    ]

    def keep_and_build(process, source):
        shutil.copytree(source, folder / "sources")
        return build.build_book(process, source)

    pairs = (x for name, value in (CHANGED | COARSE).items() for x in ("-p", name, str(value)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "listed", lambda: quick)
        patch.setattr(rerun, "build_book", keep_and_build)
        done = CliRunner().invoke(cli.main, ["book", *pairs, "-o", str(folder / "site")])
    assert done.exit_code == 0, done.output
    return SimpleNamespace(site=folder / "site", sources=folder / "sources")


def test_its_pages_say_what_was_changed_and_its_verdicts_turn(book):
    pages = book.site / "book"
    for page in pages.glob("*.html"):
        assert "What was changed" in page.read_text(), page.name
    verdicts = (pages / "verdicts.html").read_text()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", verdicts))
    assert "one-way-T ✓ reproduced ✗ not reproduced" in words
    assert "The directions are exchanged" in verdicts
    assert (pages / "gallery" / "no-kerr.html").exists()
    for name in notebooks.names():
        assert (pages / f"{name}.html").exists()


@pytest.mark.parametrize(
    "name", ["derivation", "noise", "numerics", "theory", "time", *(f"fig{k}" for k in range(1, 6))]
)
def test_a_notebook_shows_its_figures_and_the_parameters_of_the_book(name, book):
    cells = nbformat.read(book.sources / "book" / f"{name}.ipynb", as_version=4).cells
    outputs = [o for cell in cells if cell.cell_type == "code" for o in cell.outputs]
    assert all(o.get("name") != "stderr" for o in outputs)
    figures = [o for o in outputs if "image/svg+xml" in o.get("data", {})]
    assert len(figures) == FIGURES.get(name, 1)
    text = "\n".join(str(o["data"].get("text/markdown", "")) for o in outputs if "data" in o)
    if name not in ("derivation", "theory"):  # they have no sentence of parameters
        assert r"\Omega = 0.04" in text
        assert "U_a = U_c = 3" in text
        assert name == "fig5" or r"\theta = 0.25\pi" in text  # Fig. 5 sweeps theta


def test_notebooks_with_random_numbers_executed_again_are_the_same_bytes(book, tmp_path):
    paths = [tmp_path / f"{name}.ipynb" for name in ("numerics", "time")]
    for path in paths:
        shutil.copy(book.sources / "book" / path.name, path)
    before = contents(tmp_path)
    execute(paths)
    assert contents(tmp_path) == before


def test_pages_built_again_are_the_same_bytes(book):
    with build.workplace() as source, build.jupyter_book(source) as process:
        shutil.copytree(book.sources, source, dirs_exist_ok=True)
        again = contents(build.build_book(process, source))
    before = contents(book.site)
    del before[MARK]  # the record is added to the pages
    assert again == before
