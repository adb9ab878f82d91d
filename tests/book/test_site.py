"""The built site in a real browser, as readers have it: from disk, wide and narrow, light and dark.

It is the site of ``make book``; without one, or without Chromium, these tests are skipped.
"""

import csv
import io
import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import numpy as np
import pytest
import xarray as xr
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from lossnr.claims import CLAIMS
from lossnr.reruns.provenance import provenance

SITE = (Path(__file__).parents[2] / "_build" / "html").resolve()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)

#: Not the pages of source code, nor the one that leads to the introduction.
PAGES = sorted(
    str(page.relative_to(SITE))
    for page in SITE.rglob("*.html")
    if "_modules" not in page.parts and page != SITE / "index.html"
)
FIGURES = [page for page in PAGES if re.search(r"/fig\d", page)]
#: Each page is seen in both schemes and widths.
LOOKS = [("light", 1280), ("dark", 360), ("dark", 1280), ("light", 360)]


@pytest.fixture(scope="module", autouse=True)
def current_site():
    record = SITE / "provenance.json"
    if not record.exists():
        pytest.skip("there is no site to look at: make book")
    if json.loads(record.read_text())["sources"] != provenance(None, {})["sources"]:
        pytest.skip("the site was built from other sources: make book")


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("there is no Chromium: the pages are not looked at")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser):
    """Open a page, and note what it complains of and what it asks others for."""
    contexts = []

    def visit(page, scheme="light", width=1280, query=""):
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        contexts.append(context)
        opened = context.new_page()
        opened.wrong = []
        opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
        opened.on("console", lambda message: opened.wrong.append(message.text))
        opened.on("request", lambda request: _note(request.url, opened.wrong))
        opened.goto((SITE / page).as_uri() + query)
        return opened

    yield visit
    for context in contexts:
        context.close()


def _note(url, wrong):
    if not url.startswith(("file:", "data:", "blob:")):
        wrong.append(f"a request to {url}")


def slow_but_for(pages):
    """All pages of the site, most of which are left to the slow tests."""
    return [pytest.param(page, marks=[] if page in pages else pytest.mark.slow) for page in PAGES]


#: Pages with all kinds of content.
TYPICAL = [f"book/{name}.html" for name in ("intro", "fig3", "verdicts", "rerun")]
OTHERS = ["search.html", "404.html", "book/theory.html", "book/api-model.html", "book/gallery.html"]


@pytest.mark.parametrize("page", slow_but_for([*FIGURES, *TYPICAL, *OTHERS]))
def test_a_page_is_quiet_and_fits(page, visit):
    opened = visit(page, *LOOKS[0])
    for scheme, width in LOOKS:
        opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        opened.set_viewport_size({"width": width, "height": 800})
        opened.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        wider = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{wider} px wider than {width} px"
        for formula in opened.locator(".math svg").all()[:3]:
            assert formula.bounding_box() is None or formula.bounding_box()["width"] > 0
    assert opened.wrong == []


@pytest.mark.parametrize("page", slow_but_for(TYPICAL))
@pytest.mark.parametrize("look", LOOKS[:2], ids=lambda look: look[0])
def test_a_page_is_accessible(page, look, visit):
    options = {"preload": False, "resultTypes": ["violations"]}
    options["rules"] = {"target-size": {"enabled": True}}  # at least 24 px
    found = Axe().run(visit(page, *look), options=options).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


class Links(HTMLParser):
    """The links of a page, and the places in it that links may lead to."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src", "srcset"):
                self.links.append(value)
            if name == "id":
                self.ids.append(value)


@pytest.fixture(scope="module")
def html():
    return {str(page.relative_to(SITE)): page.read_text() for page in SITE.rglob("*.html")}


@pytest.fixture(scope="module")
def parsed(html):
    return {page: Links(text) for page, text in html.items()}


def test_every_link_leads_somewhere(parsed):
    broken = []
    for page, found in parsed.items():
        for link in found.links:
            if re.match(r"https?:|mailto:|data:", link):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (SITE / page).parent / path.partition("?")[0] if path else SITE / page
            name = str(target.resolve().relative_to(SITE))
            if not target.exists() or (anchor and anchor not in parsed[name].ids):
                broken.append(f"{page}: {link}")
    assert broken == []


def test_nothing_has_the_same_name_twice(parsed):
    for page, found in parsed.items():
        assert len(set(found.ids)) == len(found.ids), page


def test_all_mathematics_is_typeset(html):
    for page, text in html.items():
        if page.startswith("_modules"):
            continue
        prose = re.sub(r"<(pre|code|script|math|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        prose = re.sub(r"<[^>]*>", "", prose)
        assert not re.search(r"\\\(|\\\[|\$\$|\\(?:frac|kappa|Omega)", prose), page
        glyphs = set(re.findall(r'<path id="(MJX-[^"]*)"', text))
        assert set(re.findall(r'href="#(MJX-[^"]*)"', text)) == glyphs, page


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
    seen = set()
    for scheme, width in LOOKS:
        opened = visit("book/fig4.html", scheme, width)
        picture = opened.locator("figure img:visible")
        picture.scroll_into_view_if_needed()
        seen.add(picture.evaluate("image => image.decode().then(() => image.currentSrc)"))
    assert len(seen) == 4


@pytest.mark.parametrize("width", [1280, 360])
def test_the_ledger_is_chosen_from_and_sorted(visit, width):
    opened = visit("book/verdicts.html", width=width)
    rows = opened.locator("table.ledger tbody tr:visible")
    every = rows.count()
    assert every == len(CLAIMS)
    opened.get_by_role("checkbox", name="reproduced").first.uncheck()
    assert 0 < rows.count() < every
    assert f"{rows.count()} of {every} claims" in opened.get_by_role("status").inner_text()
    opened.get_by_role("searchbox", name="Show claims").fill("misprint")
    assert 0 < rows.count() < 5
    opened.get_by_role("searchbox", name="Show claims").fill("J_ac")
    assert 0 < rows.count() < every
    opened.get_by_role("searchbox", name="Show claims").fill("")
    opened.get_by_role("button", name="verdict").click()
    words = [row.locator("td").first.inner_text()[2:] for row in rows.all()]
    assert words == sorted(words)
    assert opened.wrong == []


def test_the_score_leads_to_the_claims_with_a_verdict(visit):
    opened = visit("book/intro.html")
    opened.get_by_role("link", name="corrected", exact=False).first.click()
    opened.wait_for_selector(".ledger-controls")
    rows = opened.locator("table.ledger tbody tr:visible")
    assert rows.count() == opened.locator("table.ledger .verdict.corrected").count() > 0


@pytest.mark.parametrize(
    ("query", "places"),
    {
        "two-photon": ["book/fig3.html", "book/verdicts.html#claim-nonreciprocal-2pb"],
        "Eq. 12": ["book/derivation.html#equation-eq-12"],
        "robust": ["book/verdicts.html#claim-robust"],
        "κ_b": ["book/verdicts.html#claim-populations", "book/fig4.html"],
        "steady_state": ["book/api.html#lossnr.steady_state"],
        "KERR Nonlin": ["book/gallery/no-kerr.html"],
    }.items(),
)
def test_the_search_leads_to_places_with_a_line_of_context(query, places, visit):
    opened = visit("book/intro.html")
    opened.get_by_role("searchbox").or_(opened.get_by_label("Search", exact=True)).fill(query)
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#search-results li")
    links = opened.locator("#search-results li > a")
    found = [link.get_attribute("href") for link in links.all()]
    assert set(places) <= set(found[:12])
    assert found[0] == places[0] or len(places) > 1 or query.startswith("KERR")
    assert opened.locator("#search-results li p mark").count() > 0
    assert opened.wrong == []


def test_the_search_reads_symbols_as_their_names(visit):
    count = [
        visit("search.html", query=f"?q={q}").locator("li > a").count() for q in ("κ_b", "kappa_b")
    ]
    assert count[0] == count[1] > 0


def test_the_search_says_that_it_found_nothing(visit):
    opened = visit("search.html", query="?q=xyzzy<b>")
    assert opened.get_by_role("status").inner_text() == 'No places with "xyzzy<b>"'


def test_pages_say_what_they_are(html):
    for page, text in html.items():
        title = re.search(r"<title>(.*?)</title>", text)[1]
        assert len(title) > 10, page
        if page == "index.html":
            continue
        (description,) = re.findall(r'<meta name="description" content="(.*?)">', text)
        assert 30 < len(unescape(description)) <= 160, page
        assert not re.search(r"[\\$]", description), page
        (preview,) = re.findall(r'<meta property="og:image" content="(.*?)">', text)
        assert (SITE / page).parent.joinpath(preview).read_bytes().startswith(b"\x89PNG")
        assert '<meta name="citation_title" content="' in text


def structured(html, page):
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', html[page])[1]
    return {each["@type"]: each for each in json.loads(text)["@graph"]}


def test_engines_find_paper_code_data_and_reviews(html):
    intro, figure = structured(html, "book/intro.html"), structured(html, "book/fig2.html")
    assert intro["ScholarlyArticle"]["identifier"] == "arXiv:2403.14476"
    assert intro["SoftwareSourceCode"]["name"] == "lossnr"
    for file in figure["Dataset"]["distribution"]:
        assert (SITE / "book" / file["contentUrl"]).exists()
    review = structured(html, "book/verdicts.html")["ClaimReview"]
    assert html["book/verdicts.html"].count('"@type": "ClaimReview"') == len(CLAIMS)
    assert review["url"].removeprefix("#") in Links(html["book/verdicts.html"]).ids


def test_hosts_find_what_they_expect(html):
    assert (SITE / ".nojekyll").exists()
    assert "leads to no page" in html["404.html"]
    assert not (SITE / "_modules" / "pathlib.html").exists()


def test_html_is_well_formed_where_packages_err(html):
    for page, text in html.items():
        assert not re.search(r"<summary[^>]*>\s*<p\b", text), page
        for source in re.findall(r"<pre>(.*?)</pre>", text, flags=re.DOTALL):
            assert "<div" not in source, page


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


def test_a_place_in_the_ledger_leads_to_what_was_found_there(visit):
    opened = visit("book/verdicts.html")
    opened.get_by_role("link", name="Fig. 2(c)", exact=True).click()
    assert opened.url.endswith("fig2.html#found-isolation-max")
    opened.get_by_role("link", name="isolation-max in the ledger").click()
    assert opened.url.endswith("verdicts.html#claim-isolation-max")


def test_the_live_figure_is_read_from_the_keyboard(visit):
    opened = visit("book/fig2.html", width=360)
    button = opened.get_by_role("button", name="Move the parameters of this figure")
    button.click()
    complete = "lossnr.page.heat?.done.every((each) => each)"
    opened.wait_for_function(complete)
    opened.locator(".live-plot:visible").focus()
    said = opened.locator("[data-live=reading]")
    opened.keyboard.press("ArrowRight")
    first = said.inner_text()
    assert re.search(r"I 0\.\d+", first)
    opened.keyboard.press("ArrowRight")
    assert said.inner_text() != first
    opened.get_by_role("combobox", name="Quantity").select_option(label="transmission T")
    opened.wait_for_function(complete)
    opened.locator(".live-plot:visible").focus()
    opened.keyboard.press("ArrowRight")
    assert re.search(r"T 0\.\d+, 0\.\d+", said.inner_text())
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.keyboard.press("Escape")
    assert not opened.locator("[data-live=panel]").is_visible()
    assert button.evaluate("button => button === document.activeElement")
    assert opened.wrong == []


#: The live curves of Figs. 2 to 5: page and dataset.
CURVES = [(2, "two"), (2, "three"), (2, "cut"), (3, "curves"), (4, "curves"), (5, "cut")]
#: Each drawn line: its place in page.lines, direction, values, and where they are, in pixels.
DRAWN = """name => {
    const page = lossnr.page;
    page.lines = null;
    page.shown.value = name;
    page.update(false);
    return new Promise((done) => { const wait = () => {
        if (!page.lines) return setTimeout(wait, 20);
        const { curves } = page, { from, to, log } = curves.y, { height } = curves.box;
        const lines = curves.lines.filter((line) => !line.faint);
        const values = lines.map((line) => Array.from(line.values));
        done({ x: Array.from(page.values), values, from, to, log: !!log, height });
    }; wait(); });
}"""


@pytest.mark.parametrize(("figure", "dataset"), CURVES)
def test_at_the_published_parameters_a_live_curve_is_the_published_one(figure, dataset, visit):
    opened = visit(f"book/fig{figure}.html", query=f"#data={dataset}")
    opened.wait_for_function("lossnr.page.published")
    data = xr.load_dataset(SITE / f"book/data/fig{figure}-{dataset}.nc", engine="scipy")
    data = data.assign({f"P_{m}": data["P"].sel(m=m) for m in (1, 2, 3) if m in data["m"]})
    (axis,) = {dim for dim in data.dims if data.sizes[dim] > 2} - {"m"}
    others = [dim for dim in data.dims if dim not in (axis, "direction", "m")]
    for name in {"T", "g2", "g3", "P_1", "P_2", "P_3"} & set(data):
        drawn = opened.evaluate(DRAWN, name)
        place = np.log10 if drawn["log"] else np.asarray
        low, high = place(drawn["from"]), place(drawn["to"])
        published = data[name].interp({axis: drawn["x"]}, method="cubic")
        published = published.transpose(*others, "direction", axis).values.reshape(
            -1, len(drawn["x"])
        )
        off = (place(drawn["values"]) - place(published)) / (high - low) * drawn["height"]
        assert np.max(abs(off)) < 1, (name, np.max(abs(off)))  # lines are two pixels wide


def test_the_device_answers_to_its_sliders_and_the_address_follows(visit):
    opened = visit("book/live.html", width=360)
    numbers = opened.locator("[data-live=numbers]")
    before = numbers.inner_text()
    opened.get_by_role("slider", name="phase of the coupling").press("ArrowRight")
    assert numbers.inner_text() != before
    opened.wait_for_url("**#theta=-0.245pi")
    opened.get_by_role("button", name="Phase reversed").click()
    opened.wait_for_url("**#theta=0.25pi")
    assert ": from c to a" in opened.locator("[data-live=one-way-T]").inner_text()
    opened.get_by_role("button", name="Copy as lossnr rerun").click()
    assert opened.locator("textarea").input_value() == "lossnr rerun fig2 -p theta 0.25*pi"
    opened.get_by_role("button", name="Copy as Python").click()
    assert "Device().replace(theta=0.25 * np.pi)" in opened.locator("textarea").input_value()
    field = opened.get_by_role("textbox", name="loss of cavity b")
    field.fill("-1")
    field.press("Enter")
    assert opened.get_by_role("alert").inner_text().startswith("kappa_b = -1: allowed is a finite")
    phase = opened.get_by_role("textbox", name="phase of the coupling")
    phase.fill("-0.25pi")  # beside theta / pi it does not stand for pi twice
    phase.press("Enter")
    assert phase.input_value() == "-0.25"
    opened.wait_for_function("document.querySelector('[data-live=spoken]').textContent")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.wrong == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_verdict_turns_in_sight_while_the_loss_is_moved(width, visit):
    opened = visit("book/live.html", width=width)
    slider = opened.get_by_role("slider", name="loss of cavity b")
    verdict = opened.locator("[data-live=nonreciprocal-2pb]")
    assert "does not hold" in verdict.inner_text()
    slider.focus()
    slider.evaluate("slider => { slider.value = 1.17; }")
    slider.press("ArrowRight")
    assert ": from c to a" in verdict.inner_text()
    if width > 1000:
        opened.evaluate("scrollTo(0, 400)")
    curves = opened.locator(".live-curves").bounding_box()
    top = curves["y"] + curves["height"] if width < 1000 else 0
    for each, above in ((slider, 0), (verdict, top)):
        box = each.bounding_box()
        assert above <= box["y"] <= opened.viewport_size["height"] - box["height"]


def test_an_address_holds_a_device_and_a_bad_one_is_refused_in_words(visit):
    opened = visit("book/live.html", query="#kappa_b=1.25&axis=kappa_b&show=g3")
    verdict = opened.locator("[data-live=nonreciprocal-2pb]")
    assert "holds" in verdict.inner_text()
    assert "does not" not in verdict.inner_text()
    assert opened.get_by_role("combobox", name="Curves against").input_value() == "kappa_b"
    for bad, words in {
        "#kappa_b=-1": "kappa_b = -1: allowed is a finite real number >= 0",
        "#kapa=1": "unknown parameter 'kapa': known are",
        "#theta=much": "theta = much: allowed is a number",
        "#J=1&theta=1&theta=2": "theta is given twice",
        "#toString=1": "unknown parameter 'toString': known are",
        "#kappa_b=1.25&J": "J = nothing: allowed is a number",
    }.items():
        opened.goto("about:blank")
        opened.goto((SITE / "book/live.html").as_uri() + bad)
        assert words in opened.get_by_role("alert").inner_text()
        assert "0.9723" in opened.locator("[data-live=numbers]").inner_text()
    assert opened.wrong == []


def test_where_the_series_does_not_settle_nothing_is_drawn(visit):
    opened = visit("book/live.html", query="#Omega=5")
    opened.wait_for_selector("[data-live=gaps]:visible")
    assert "not known here" in opened.locator("[data-live=numbers]").inner_text()
    for line in opened.locator("path.line:not(.faint)[d^=M]").all():
        assert line.evaluate("path => path.closest('.live-plot') === null")


def test_the_search_works_from_disk(visit):
    opened = visit("search.html", query="?q=blockade")
    opened.wait_for_selector("#search-results li a")
    assert opened.locator("#search-results li a").count() > 3
    assert opened.wrong == []


def test_the_menu_of_a_phone_opens_from_the_keyboard(visit):
    opened = visit("book/fig2.html", width=360)
    links = opened.locator(".sidebar-drawer a:visible")
    assert links.count() == 0
    opened.get_by_role("button", name="Toggle site navigation sidebar").press("Enter")
    assert links.count() > 10


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
