"""Sphinx extension of this book: each module here is a part of it, with a ``setup`` of its own."""

from importlib import import_module
from pkgutil import iter_modules

PARTS = [import_module(f"{__name__}.{part.name}") for part in iter_modules(__path__)]


def setup(app):
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True}
