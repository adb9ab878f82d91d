"""The whole book with other parameters."""

import re
from dataclasses import replace

import pytest
from built import contents
from click.testing import CliRunner

from lossnr import cli
from lossnr.reruns import gallery, notebooks

#: The book with the phase reversed and coarse figures.
COARSE = {"points": 21, "losses": 21, "devices": 1}
BOOK = ["book", "-p", "theta", "pi/4", *(x for k, v in COARSE.items() for x in ("-p", k, str(v)))]

of_a_book = pytest.mark.xdist_group("book")  # it is built by one worker


def book(out):
    """Build the book with the phase reversed, its gallery as coarse as its other figures."""
    coarse = [
        replace(each, parameters=each.parameters | {"points": COARSE["points"]})
        for each in gallery.listed()
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "listed", lambda: coarse)
        done = CliRunner().invoke(cli.main, [*BOOK, "-o", str(out)])
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture(scope="module")
def reversed_book(tmp_path_factory):
    return book(tmp_path_factory.mktemp("books") / "reversed")


@of_a_book
@pytest.mark.slow
def test_the_whole_book_with_the_phase_reversed(reversed_book):
    pages = reversed_book / "book"
    for page in pages.glob("*.html"):
        assert "What was changed" in page.read_text(), page.name
    verdicts = (pages / "verdicts.html").read_text()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", verdicts))
    assert "one-way-T ✓ reproduced ✗ not reproduced" in words
    assert "The directions are exchanged" in verdicts
    assert (pages / "gallery" / "no-kerr.html").exists()
    for name in notebooks.names():
        assert (pages / f"{name}.html").exists()


@of_a_book
@pytest.mark.slow
def test_two_books_of_the_same_parameters_are_the_same_bytes(reversed_book, tmp_path):
    assert contents(book(tmp_path / "again")) == contents(reversed_book)
