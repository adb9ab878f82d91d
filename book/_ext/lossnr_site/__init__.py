"""Sphinx extension of this book."""

from . import (
    code_links,
    downloads,
    explore,
    figures,
    look,
    mathematics,
    pages,
    patches,
    reference,
    runs,
    search,
)

PARTS = (
    patches,
    code_links,
    runs,
    downloads,
    explore,
    figures,
    look,
    mathematics,
    pages,
    reference,
    search,
)


def setup(app):
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True}
