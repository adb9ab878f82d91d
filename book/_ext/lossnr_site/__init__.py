"""Sphinx extension of this book."""

import os
from pathlib import Path

from sphinx import builders

from lossnr.machine import cores
from lossnr.reruns.ports import own_ports
from lossnr.reruns.rerun import environment

from . import code_links, downloads, explore, figures, look, mathematics, pages, reference, runs


def read_in_parallel(app, config):
    """Compute pages side by side, each when a core is free: some take a minute."""
    app.parallel = cores()
    builders.make_chunks = lambda docnames, processes: [[name] for name in docnames]
    # It numbers the table of contents once all is read, and does not say that this is safe.
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True


def the_short_last(app, env, docnames):
    """Read the pages of the package, which come first and are short, when others are done."""
    docnames.reverse()


def write_in_turn(app, env):
    app.parallel = 1


def setup(app):
    own_ports()
    os.environ.update(environment(Path(app.outdir).parent / "ipython"))
    # jupyter-book sets it for an extension that this book does without.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", read_in_parallel)
    app.connect("env-before-read-docs", the_short_last)
    app.connect("env-updated", write_in_turn)
    for module in (code_links, runs, downloads, explore, figures, look, mathematics, pages):
        module.setup(app)
    reference.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
