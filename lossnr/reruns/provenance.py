"""The record of what a result was made from: parameters, sources, versions; no clock, no place."""

import hashlib
import json

from ..machine import versions
from .notebooks import ROOT, names
from .parameters import parameters

__all__ = ["MARK", "provenance", "record"]

#: The name of the record's file.
MARK = "provenance.json"
#: The kinds of files that a result may depend on.
SOURCES = (".py", ".json", ".ipynb", ".md", ".yml", ".bib", ".css", ".js", ".html", ".svg")


def provenance(notebook, given):
    """Return what a result was made from.

    >>> provenance("fig3", {"Omega": 0.05})["parameters"]["Omega"]
    0.05

    Parameters
    ----------
    notebook : str or None
        None for the whole book.
    given : dict
        The parameters that are not the default.

    Returns
    -------
    dict
        The notebook, all its parameters and their defaults (for the whole book, those of each
        notebook), the sha256 of all sources of the book and the package, and versions.
    """
    defaults = {
        name: {each.name: each.default for each in parameters(name).values()}
        for name in ([notebook] if notebook else names())
    }
    taken = {
        name: known | {each: given[each] for each in given if each in known}
        for name, known in defaults.items()
    }
    sources = hashlib.sha256()
    folders = ("lossnr", "book")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if _is_source(file)]
    for file in sorted([*files, *ROOT.glob("*.yml")]):
        sources.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        sources.update(hashlib.sha256(file.read_bytes()).digest())
    return {
        "notebook": notebook,
        "parameters": taken[notebook] if notebook else taken,
        "defaults": defaults[notebook] if notebook else defaults,
        "sources": sources.hexdigest(),
        "versions": versions(),
    }


def _is_source(file):
    made = file.parent.name == "gallery" or file.parent.name.startswith(".")
    return file.suffix in SOURCES and not made


def record(folder, notebook, given):
    """Write the provenance of a result into its folder, with the list of all files there.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     record(pathlib.Path(folder), "fig3", {"U": 3.0})
    ...     json.loads(pathlib.Path(folder, MARK).read_text())["parameters"]["U"]
    3.0

    Parameters
    ----------
    folder : Path
    notebook, given
        As for `provenance`.
    """
    files = {str(path.relative_to(folder)) for path in folder.rglob("*")} | {MARK}
    content = provenance(notebook, given) | {"files": sorted(files)}
    (folder / MARK).write_text(json.dumps(content, indent=2) + "\n")
