"""What is mended in other packages, each with the reason and the version in which it was seen."""

import re

#: Wrong accessibility attributes in the HTML of other packages.
MISTAKES = (
    ' aria-label="Toggle hidden content"',  # myst-nb 1.4.0, over the words that are seen
    ' role="doc-biblioentry"',  # docutils 0.21.2, for an element that may not have it
    ' role="list"',  # docutils 0.21.2, with children that are no items
    ' role="heading"',  # Sphinx 7.4.7, of a group of links, without a level
)


def mend(app, pagename, templatename, context, doctree):
    """Remove the wrong attributes."""
    for part in ("body", "furo_navigation_tree"):
        for mistake in MISTAKES:
            context[part] = context.get(part, "").replace(mistake, "")
    # myst-nb 1.4.0: a summary may not hold a paragraph.
    title = r'<p class="(\w+ admonition-title)">(.*?)</p>'
    body = re.sub(title, r'<span class="\1">\2</span>', context["body"])
    # Sphinx 7.4.7: nor may a paragraph hold a list, as "Returns" with several values has it.
    body = re.sub(r'<p>(<ul class="simple">.*?</ul>)\s*</p>', r"\1", body, flags=re.DOTALL)
    if pagename.startswith("_modules/"):  # Sphinx 7.4.7: nor preformatted source a block.
        start, pre, source = body.partition("<pre>")
        source, end, rest = source.rpartition("</pre>")
        source = source.replace("<div ", "<span ").replace("</div>", "</span>")
        body = start + pre + source + end + rest
    context["body"] = body


def mend_links_of_sources(app, pagename, templatename, context, doctree):
    """Lead from a module's source to its reference.

    Sphinx 7.4.7 takes the name under which it met the first object of a module for all of them:
    that of a public name, lossnr.Device, gives lossnr.check_device.
    """
    if pagename.startswith("_modules/lossnr/"):
        module = pagename.removeprefix("_modules/").replace("/", ".")
        wrong = rf"(/api-\w+\.html#)(?!{module}\.)lossnr\.(claims\.)?"
        context["body"] = re.sub(wrong, rf"\1{module}.", context["body"])


def leave_out_foreign_sources(app, modname):
    """Show the source of the package only.

    Sphinx 7.4.7 shows that of pathlib too, where a module has a path as a constant.
    """
    return None if modname.startswith("lossnr") else ("", {})


def setup(app):
    # jupyter-book 1.0.4 sets this option of an extension that the book does not load.
    app.add_config_value("comments_config", {}, "")
    app.connect("html-page-context", mend, priority=900)  # after the theme's
    app.connect("html-page-context", mend_links_of_sources)
    app.connect("viewcode-find-source", leave_out_foreign_sources)
