"""The record of a result: its parameters, sources and versions, without times and paths."""

import hashlib
import json

from ..machine import versions
from .notebooks import ROOT, names
from .parameters import parameters

#: The name of the record's file.
MARK = "provenance.json"
#: The kinds of files that a result may depend on.
_KINDS = (".py", ".json", ".toml", ".ipynb", ".md", ".yml", ".bib", ".css", ".js", ".html", ".svg")


def provenance(notebook, given):
    """Return the record of a result; ``given`` holds the parameters that are not the defaults.

    It has the notebook (None is the whole book), all its parameters and their defaults (of the
    whole book, those of each notebook), versions, and the sha256 of the sources.

    >>> provenance("fig3", {"Omega": 0.05})["parameters"]["Omega"]
    0.05
    """
    defaults, taken = {}, {}
    for name in [notebook] if notebook else names():
        defaults[name] = {each.name: each.default for each in parameters(name).values()}
        taken[name] = {key: given.get(key, value) for key, value in defaults[name].items()}
    if notebook:
        defaults, taken = defaults[notebook], taken[notebook]
    sources = hashlib.sha256()
    files = filter(_is_source, [*(ROOT / "lossnr").rglob("*"), *(ROOT / "book").rglob("*")])
    for file in sorted([*files, *ROOT.glob("*.yml")]):
        sources.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        sources.update(hashlib.sha256(file.read_bytes()).digest())
    return {
        "notebook": notebook,
        "parameters": taken,
        "defaults": defaults,
        "sources": sources.hexdigest(),
        "versions": versions(),
    }


def _is_source(file):
    made = file.parent.name == "gallery" or file.parent.name.startswith(".")
    return file.suffix in _KINDS and not made


def record(folder, notebook, given):
    """Write the `provenance` of a result into its folder, with the list of all files there.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     record(pathlib.Path(folder), "fig3", {"U": 3.0})
    """
    files = {str(path.relative_to(folder)) for path in folder.rglob("*")} | {MARK}
    content = provenance(notebook, given) | {"files": sorted(files)}
    (folder / MARK).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
