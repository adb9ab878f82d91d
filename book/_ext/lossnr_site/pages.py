"""What a page tells machines that read it: a description, a preview picture, a map of the site."""

import re
from html import escape
from pathlib import Path

from docutils import nodes

#: The introduction's figure.
PREVIEW = "book/figures/summary.png"


def describe(app, pagename, templatename, context, doctree):
    """Give a page its description and its preview."""
    base = app.config.html_baseurl
    picture = f"{base.rstrip('/')}/{PREVIEW}" if base else context["pathto"](PREVIEW, resource=True)
    tags = {"og:type": "article", "og:title": context.get("title", ""), "og:image": picture}
    description = summary(doctree) if doctree else ""
    html = ""
    if description:
        html += f'<meta name="description" content="{escape(description)}">'
        tags["og:description"] = description
    for name, content in tags.items():
        html += f'<meta property="{name}" content="{escape(re.sub("<[^>]*>", "", content))}">'
    context["metatags"] = context.get("metatags", "") + html


def summary(doctree):
    """Return the first sentences of a page's text, or what of them has at most 160 characters."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = re.sub(r"\s+", " ", paragraph.astext()).strip()
            cut = max(text.rfind(". ", 0, 160), text.rfind(": ", 0, 160)) + 1
            return (
                text if len(text) <= 160 else text[:cut] or f"{text[:157].rpartition(' ')[0]} ..."
            )
    return ""


def map_site(app, exception):
    """Write the list of pages for search engines, if the site has an address."""
    base = app.config.html_baseurl.rstrip("/")
    if exception is None and base:
        pages = sorted(app.env.found_docs)
        urls = "".join(f"<url><loc>{escape(f'{base}/{page}.html')}</loc></url>" for page in pages)
        start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns='
        start += '"http://www.sitemaps.org/schemas/sitemap/0.9">'
        Path(app.outdir, "sitemap.xml").write_text(f"{start}{urls}</urlset>\n")


def setup(app):
    app.connect("html-page-context", describe, priority=900)  # after the theme's
    app.connect("build-finished", map_site)
