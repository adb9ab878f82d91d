"""What a page tells machines that read it: a description, a preview, citations, structured data."""

import json
import re
from base64 import b64decode
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urljoin

import yaml
from docutils import nodes

from lossnr.model.names import plain
from lossnr.reruns.notebooks import ROOT
from lossnr.show.downloads import given_away

from .figures import by_name, executed
from .runs import stands_alone
from .search import words

PREVIEW = "_static/preview.png"
ABOUT = "A reproducible companion to the paper 'Loss-induced quantum nonreciprocity'"
#: Ratings of the verdicts for ClaimReview, from 1 (does not hold) to 5 (holds as printed).
RATINGS = {"reproduced": 5, "corrected": 4, "qualified": 3, "not-reproduced": 1}


def describe(app, pagename, templatename, context, doctree):
    """Give a page its description, its preview, and what reference managers and engines read."""
    title = re.sub("<[^>]*>", "", context.get("title") or app.config.html_title)
    description = (summary(doctree) if doctree else "") or f"{title}. {ABOUT}."
    tags = [("name", "description", description), ("property", "og:type", "article")]
    tags += [("property", "og:title", title), ("property", "og:description", description)]
    if not stands_alone(app.config):
        base = address(app)
        picture = urljoin(base, PREVIEW) if base else context["pathto"](PREVIEW, resource=True)
        tags.append(("property", "og:image", picture))
        tags += [("name", name, content) for name, content in citation(title)]
    html = "".join(f'<meta {kind}="{name}" content="{escape(text)}">' for kind, name, text in tags)
    data = [*structured(app, pagename, title, description)]
    if data:
        graph = {"@context": "https://schema.org", "@graph": data}
        text = json.dumps(graph, ensure_ascii=False).replace("</", r"<\/")
        html += f'<script type="application/ld+json">{text}</script>'
    context["metatags"] = context.get("metatags", "") + html


def address(app):
    """Return the site's address with a slash at its end, or "" if it has none."""
    base = app.config.html_baseurl
    return f"{base.rstrip('/')}/" if base else ""


def summary(doctree):
    """Return the first sentences of a page's text, or what of them has at most 160 characters."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(words(paragraph).removeprefix("The claim.").split())
            cut = max(text.rfind(end, 0, 160) for end in (". ", ": ")) + 1
            short = text[:cut] if cut > 60 else f"{text[:157].rpartition(' ')[0]} ..."
            return text if len(text) <= 160 else short
    return ""


@cache
def _citation_file():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def citation(title):
    """Yield the tags that reference managers read: the page, its authors, the paper it is about."""
    cff = _citation_file()
    yield "citation_title", title
    for author in cff["authors"]:
        yield "citation_author", author["name"]
    yield "citation_technical_report_institution", cff["authors"][0]["name"]
    yield "citation_reference", cff["references"][0]["identifiers"][0]["value"]


def structured(app, pagename, title, description):
    """Yield what a page is about, in the words of schema.org."""
    cff, notebook = _citation_file(), executed(app, pagename)
    paper, license = cff["references"][0], f"https://spdx.org/licenses/{cff['license']}"
    maker = {"@type": "Organization", "name": cff["authors"][0]["name"]}
    article = {
        "@type": "ScholarlyArticle",
        "name": paper["title"],
        "url": paper["url"],
        "identifier": paper["identifiers"][0]["value"],
        "datePublished": str(paper["year"]),
        "author": [
            {"@type": "Person", "name": f"{author['given-names']} {author['family-names']}"}
            for author in paper["authors"]
        ],
    }
    if pagename == "book/intro":
        yield article
        yield {
            "@type": "SoftwareSourceCode",
            "name": "lossnr",
            "description": cff["title"],
            "version": cff["version"],
            "license": license,
            "programmingLanguage": "Python",
            "author": maker,
            "about": article["url"],
        }
    data = given_away(notebook) if notebook else {}
    if data:
        stem = Path(pagename).name
        file = {"@type": "DataDownload", "encodingFormat": "application/netcdf"}
        yield {
            "@type": "Dataset",
            "name": title,
            "description": description,
            "creator": maker,
            "license": license,
            "isBasedOn": article["url"],
            "distribution": [file | {"contentUrl": f"data/{stem}-{name}.nc"} for name in data],
        }
    if "verdicts" in data:
        from lossnr.claims import CLAIMS

        for id, row in data["verdicts"].to_dataframe().iterrows():
            rating = {"@type": "Rating", "alternateName": row["verdict"]}
            if row["verdict"] in RATINGS:
                rating["ratingValue"] = RATINGS[row["verdict"]]
            yield {
                "@type": "ClaimReview",
                "url": f"#claim-{id}",
                "claimReviewed": plain(CLAIMS[id].statement),
                "itemReviewed": {"@type": "Claim", "appearance": {"@id": article["url"]}},
                "author": maker,
                "reviewRating": rating | {"bestRating": 5, "worstRating": 1},
            }


def extra(app):
    """Yield the page for addresses that lead nowhere."""
    if not stands_alone(app.config):
        context = {"title": "Page not found", "html_baseurl": address(app)}
        yield "404", context, "404.html"


def finish(app, exception):
    """Write what the site has besides its pages: entrance, preview and map.

    Hosts that run Jekyll would drop the folders that begin with an underscore: .nojekyll.
    """
    if exception is not None or stands_alone(app.config):
        return
    out, base = Path(app.outdir), address(app)
    start, name = f"{app.config.root_doc}.html", escape(app.config.html_title)
    (out / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<link rel="canonical" href="{urljoin(base, start)}">'
        f'<meta http-equiv="refresh" content="0; url={start}"></head>'
        f'<body><p><a href="{start}">{name}</a></p></body></html>\n',
        "utf-8",
    )
    (out / ".nojekyll").touch()
    if notebook := executed(app, app.config.root_doc):
        (picture,) = by_name(notebook).values()
        (out / PREVIEW).write_bytes(b64decode(picture["image/png"]))
    if base:
        pages = sorted(app.env.found_docs)
        urls = "".join(f"<url><loc>{escape(f'{base}{page}.html')}</loc></url>" for page in pages)
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns='
        head += '"http://www.sitemaps.org/schemas/sitemap/0.9">'
        (out / "sitemap.xml").write_text(f"{head}{urls}</urlset>\n", "utf-8")


def setup(app):
    app.connect("html-page-context", describe, priority=900)  # after the theme's
    app.connect("html-collect-pages", extra)
    app.connect("build-finished", finish)
