"""What was built, for tests: the site, its pages as files and in a real browser.

It is the site of ``make book``; without one, or without Chromium, what needs it is skipped.
"""

import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from lossnr.reruns.provenance import provenance

SITE = (Path(__file__).parents[1] / "_build" / "html").resolve()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

#: Not the pages of source code, nor the one that leads to the introduction.
PAGES = sorted(
    str(page.relative_to(SITE))
    for page in SITE.rglob("*.html")
    if "_modules" not in page.parts and page != SITE / "index.html"
)
FIGURES = [page for page in PAGES if re.search(r"/fig\d", page)]
#: Each page is seen in both schemes and widths.
LOOKS = [("light", 1280), ("dark", 360), ("dark", 1280), ("light", 360)]


@pytest.fixture(scope="session")
def current_site():
    record = SITE / "provenance.json"
    if not record.exists():
        pytest.skip("there is no site to look at: make book")
    if json.loads(record.read_text())["sources"] != provenance(None, {})["sources"]:
        pytest.skip("the site was built from other sources: make book")


@pytest.fixture(scope="module")
def browser():
    """Chromium: one for the tests of a module, since papermill does not run while it is open."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("there is no Chromium: the pages are not looked at")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def tab(browser, current_site):
    """One tab for the tests of a module: a new one takes a second longer to show a page."""
    opened = browser.new_page()
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on("console", lambda message: opened.wrong.append(message.text))
    opened.on("request", lambda request: _note(request.url, opened.wrong))
    yield opened
    opened.close()


@pytest.fixture
def visit(tab):
    """Open a page anew, and note what it complains of and what it asks others for."""

    def visit(page, scheme="light", width=1280, query=""):
        tab.goto("about:blank")  # another fragment of the same address would not load it again
        tab.wrong.clear()
        tab.emulate_media(media="null", color_scheme=scheme, reduced_motion="reduce")
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto((SITE / page).as_uri() + query)
        return tab

    yield visit
    if tab.url.startswith("file:"):
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")


def _note(url, wrong):
    if not url.startswith(("file:", "data:", "blob:")):
        wrong.append(f"a request to {url}")


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


#: The pages are read, parsed and shown by one worker.
of_one_reader = pytest.mark.xdist_group("files of the site")


@pytest.fixture(scope="session")
def html(current_site):
    return {str(page.relative_to(SITE)): page.read_text() for page in SITE.rglob("*.html")}


@pytest.fixture(scope="session")
def parsed(html):
    return {page: Links(text) for page, text in html.items()}


def contents(folder):
    """Return the hash of each file in a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
