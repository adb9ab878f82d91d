"""Sphinx extension of this book: mathematics without a network, figures numbered by the paper."""

from importlib.resources import files

MATHJAX = files("mathjax") / "static" / "mathjax" / "es5" / "tex-svg.js"


def configure(app, config):
    # MathJax is part of the site, so that it reads from disk too. Its file has no fonts beside it.
    config.html_static_path.append(str(MATHJAX))
    config.mathjax_path = MATHJAX.name
    # The captions carry the paper's numbers; jupyter-book would count the figures of this book.
    config.numfig = False


def setup(app):
    app.connect("config-inited", configure, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
