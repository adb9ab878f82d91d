"""The sidebar's table of contents: made once for all pages of source code in one folder.

These are most of the pages, none of them is in the table, and their links to it are the same. The
table takes a fifth of the build's time if it is made for each of them.
"""


def share(app, pagename, templatename, context, doctree):
    folder, _, _ = pagename.rpartition("/")
    if not folder.startswith("_modules") or "toctree" not in context:
        return
    make, made = context["toctree"], app.env.temp_data.setdefault("lossnr_tables", {})

    def toctree(**options):
        key = folder, *sorted(options.items())
        if key not in made:
            made[key] = make(**options)
        return made[key]

    context["toctree"] = toctree


def setup(app):
    app.connect("html-page-context", share, priority=400)  # before the theme makes the table
