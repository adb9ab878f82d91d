"""Every page of the built site: quiet, accessible, linked, typeset, and described to machines."""

import json
import re
from html import unescape
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from built import LOOKS, PAGES, SITE, Links, of_one_reader

from lossnr.claims import CLAIMS

pytestmark = of_one_reader

#: Pages with all kinds of content; the others are left to the slow tests.
TYPICAL = [f"book/{name}.html" for name in ("intro", "fig3", "verdicts")]
TYPICAL += ["search.html", "404.html"]
#: Rules of axe that depend on colours and sizes. The others are checked in the first look only.
OF_A_LOOK = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
#: MathJax writes all formulas alike, and most elements of a page are inside of them. Axe looks into
#: the first few; of the others it gets the size and the words. Of a long table, whose rows are
#: alike, it gets a dozen.
SHORTEN = """
    for (const formula of [...document.querySelectorAll("mjx-container")].slice(3))
        for (const part of formula.querySelectorAll("svg, math"))
            part.replaceChildren(part.textContent);
    for (const { rows } of document.querySelectorAll("table")) {
        const every = Math.ceil(rows.length / 12);
        [...rows].filter((_, i) => i % every).forEach((row) => row.remove());
    }
"""
#: Pages of a kind of which another is looked at closely, in the same colours and sizes.
ALIKE = re.compile(r"book/(api-(?!sweeps)|gallery/(?!no-kerr))|index\.html")


@pytest.mark.parametrize(
    "page", [pytest.param(p, marks=[pytest.mark.slow] * (p not in TYPICAL)) for p in PAGES]
)
def test_a_page_is_quiet_and_accessible_and_fits(page, visit):
    opened = visit(page)
    for scheme, width in LOOKS:
        show(opened, scheme, width)
        wider = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{wider} px wider than {width} px"
        for formula in opened.locator(".math svg").all()[:3]:
            assert formula.bounding_box() is None or formula.bounding_box()["width"] > 0
    assert opened.wrong == []
    opened.evaluate(SHORTEN)
    show(opened, *LOOKS[0])
    closely = not ALIKE.search(page)
    assert violations(opened, rules={rule: {"enabled": closely} for rule in OF_A_LOOK}) == []
    if closely:
        show(opened, *LOOKS[1])
        assert violations(opened, runOnly=list(OF_A_LOOK)) == []


def show(opened, scheme, width):
    """Show a page that is open in a look."""
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened.set_viewport_size({"width": width, "height": 800})
    opened.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def violations(opened, **options):
    """Return the rules of axe that a page breaks, each with the first element that does."""
    options |= {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(opened, options=options).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_every_link_leads_somewhere(parsed):
    broken, ids = [], {page: set(found.ids) for page, found in parsed.items()}
    for page, found in parsed.items():
        for link in set(found.links):
            if re.match(r"https?:|mailto:|data:", link):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (SITE / page).parent / path.partition("?")[0] if path else SITE / page
            name = str(target.resolve().relative_to(SITE))
            if not target.exists() or (anchor and anchor not in ids[name]):
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
