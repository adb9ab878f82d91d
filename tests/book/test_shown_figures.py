"""Figures on the pages of the built site: to see, to download, to read and to print."""

import csv
import io
import re
from pathlib import Path

import nbformat
import pytest
import xarray as xr
from built import FIGURES, LOOKS, SITE, of_one_reader

from lossnr.claims import CLAIMS

pytestmark = of_one_reader


@pytest.mark.parametrize("page", FIGURES)
def test_downloads_can_be_read(page, parsed):
    found = {}
    for link in parsed[page].links:
        if re.match(r"figures/|data/", link) or link == f"{Path(page).stem}.ipynb":
            found.setdefault(Path(link).suffix, set()).add((SITE / page).parent / link)
    for path in found.pop(".nc", []):
        dims = xr.load_dataset(path, engine="scipy").dims
        assert "direction" in dims or path.name == "fig1-levels.nc"
    for path in found.pop(".csv", []):
        rows = list(csv.reader(io.StringIO(path.read_text())))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 2
    for kind, start in ((".svg", b"<?xml"), (".pdf", b"%PDF"), (".png", b"\x89PNG")):
        (path,) = found.pop(kind)
        assert path.read_bytes().startswith(start)
    ((notebook,),) = found.values()
    nbformat.validate(nbformat.read(notebook, as_version=4))


@pytest.mark.parametrize("page", [*FIGURES, "book/intro.html", "book/numerics.html"])
def test_the_alternative_text_of_a_figure_gives_what_was_computed(page, html):
    found = re.findall(r'<img [^>]*alt="([^"]*)" src="(?:figures|pictures)/', html[page])
    assert found
    for text in found:
        assert re.match(r"[A-Z][^$\\]*\d\.\d+[^$\\]*\.$", text)


def test_a_figure_is_there_for_each_scheme_and_width(visit):
    opened, seen = visit("book/fig4.html"), set()
    for scheme, width in LOOKS:
        opened.emulate_media(color_scheme=scheme)
        opened.set_viewport_size({"width": width, "height": 800})
        picture = opened.locator("figure img:visible")
        picture.scroll_into_view_if_needed()
        seen.add(picture.evaluate("image => image.decode().then(() => image.currentSrc)"))
    assert len(seen) == 4


@pytest.mark.parametrize("page", FIGURES)
def test_a_figure_comes_before_all_code(page, html):
    figure = html[page].index("<figure")
    assert figure < html[page].index('class="cell_input')
    assert figure < html[page].index("Show the parameters")
    assert html[page].index("Show the code of the figure") < html[page].index("What to see.")


@pytest.mark.parametrize("page", FIGURES)
def test_the_first_figure_is_loaded_at_once(page, html):
    image = re.search(r"<figure.*?(<img [^>]*>)", html[page], flags=re.DOTALL)[1]
    assert 'loading="lazy"' not in image
    assert 'fetchpriority="high"' in image


def test_a_printed_figure_fits_its_page_and_names_its_versions(visit):
    opened = visit("book/fig2.html", width=700)
    opened.emulate_media(media="print")
    figure = opened.locator("figure:visible").first
    figure.scroll_into_view_if_needed()
    opened.wait_for_function("document.querySelector('figure img').complete")
    assert figure.bounding_box()["height"] < 1000
    assert opened.get_by_text("Computed with python").is_visible()
    assert not opened.get_by_role("link", name="netCDF").first.is_visible()


def test_on_paper_a_page_has_what_is_folded_away_and_nothing_to_click(visit):
    opened = visit("book/fig4.html", scheme="dark")
    opened.emulate_media(media="print")
    criteria = opened.get_by_text("Criterion", exact=True)
    assert criteria.count() == sum(claim.page == "fig4" for claim in CLAIMS.values())
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    for each in criteria.all():
        assert each.is_visible()
    for gone in (".skip-to-content", ".sidebar-drawer", ".live", "ul.downloads", "details.hide"):
        for each in opened.locator(gone).all():
            assert not each.is_visible(), gone
    assert (
        opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator("details[open]").count() == 0
