"""The gallery: a page for each rerun that book/reruns.yml lists."""

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .copies import changed_copy, see, what_changed
from .notebooks import ROOT, figures, find, read, tagged
from .parameters import checked, parameters, values


@dataclass(frozen=True)
class _Rerun:
    """An entry of reruns.yml; ``text`` describes its page in Markdown."""

    name: str
    title: str
    notebook: str
    parameters: dict
    text: str


def listed(path=None):
    """Return the reruns of the gallery: name, title, notebook, parameters and text of each.

    >>> [rerun.parameters for rerun in listed() if rerun.name == "no-kerr"]
    [{'U': 0.0, 'points': 61}]

    Raises
    ------
    ValueError
        If an entry is not allowed. The message names the entry and its error.
    """
    import yaml

    path = ROOT / "book" / "reruns.yml" if path is None else Path(path)
    file = path.name
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list):
        raise ValueError(f"{file}: allowed is a list of entries")
    found = {}
    for i, entry in enumerate(entries, start=1):
        try:
            rerun = _checked(entry)
            if rerun.name.lower() in map(str.lower, found):  # they become names of files
                raise ValueError(f"the name {rerun.name!r} is there already")
        except (TypeError, ValueError) as error:
            raise ValueError(f"{file}, entry {i}: {error}") from None
        found[rerun.name] = rerun
    return list(found.values())


def _checked(entry):
    """Return an entry of the file as a rerun; a ValueError says what is not allowed."""
    expected = {f.name: f.type for f in fields(_Rerun)}
    if not isinstance(entry, dict) or entry.keys() != expected.keys():
        raise ValueError(f"it must have {', '.join(sorted(expected))}")
    for name, kind in expected.items():
        if not isinstance(entry[name], kind) or not entry[name]:
            what = "one value at least, by its name" if kind is dict else "a text"
            raise ValueError(f"{name} = {entry[name]!r}: allowed is {what}")
    rerun = _Rerun(**entry)
    if not rerun.name.replace("-", "").isalnum():
        raise ValueError(f"name = {rerun.name!r}: allowed are letters, digits and -")
    if len(rerun.title.splitlines()) > 1 or not rerun.title.strip():
        raise ValueError(f"title = {rerun.title!r}: allowed is one line")
    pairs = [(str(name), str(value)) for name, value in rerun.parameters.items()]
    notebook = find(rerun.notebook, alone=True).stem
    return replace(rerun, notebook=notebook, parameters=values(pairs, parameters(notebook)))


def within(base):
    """Return the reruns of the gallery with their values in a book with other parameters.

    ``base`` holds the values of the whole book; those of a rerun take precedence.

    >>> [rerun.parameters for rerun in within({"Omega": 0.05}) if rerun.name == "no-kerr"]
    [{'Omega': 0.05, 'U': 0.0, 'points': 61}]

    Raises
    ------
    ValueError
        As `listed` does, and if the values of a page are not allowed together.
    """
    found = []
    for rerun in listed():
        known = parameters(rerun.notebook)
        given = {name: value for name, value in base.items() if name in known} | rerun.parameters
        try:
            given = checked(given, known)
        except ValueError as error:
            raise ValueError(f"the page {rerun.name!r} of reruns.yml: {error}") from None
        changed = {name: value for name, value in given.items() if value != known[name].default}
        found.append(replace(rerun, parameters=changed))
    return found


def write(folder, base, published=""):
    """Write a notebook for each rerun into a folder, and remove all others there.

    ``base`` is as in `within`, ``published`` as in `copies.see`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Path(folder), {})
    ...     Path(folder, "no-kerr.ipynb").exists()
    True
    """
    import nbformat

    reruns = within(base)
    folder.mkdir(exist_ok=True)
    for earlier in folder.glob("*.ipynb"):
        earlier.unlink()
    for rerun in reruns:
        where = see(published, f"book/gallery/{rerun.name}") if base else ""
        where = f"{where} The page it was made of: {{doc}}`/book/{rerun.notebook}`.".strip()
        box = what_changed("page", parameters(rerun.notebook), rerun.parameters, where)
        box, title = f"{rerun.text}\n\n{box}", f"# {rerun.title}"
        notebook = changed_copy(rerun.notebook, rerun.parameters, box, title)
        for cell in figures(notebook):
            figure = cell.metadata["mystnb"]["figure"]
            figure["name"] = f"{rerun.name}-{figure['name']}"
        # Labels of equations must be unique in the book, and links lead to its pages.
        for cell in notebook.cells:
            cell.source = re.sub(r'(?<=[("])eq-(?=\d)', f"{rerun.name}-eq-", cell.source)
            cell.source = re.sub(r"(\{doc\}`(?:[^`<]*<)?)(?=\w)", r"\1/book/", cell.source)
        nbformat.write(notebook, folder / f"{rerun.name}.ipynb")


def contents():
    """Return the list of the gallery as Markdown, in the order of the table of contents.

    >>> print(contents())  # doctest: +ELLIPSIS
    - {doc}`gallery/no-kerr`: With $U = 0$ ... *{glue:any}`gallery/no-kerr.ipynb::kept`*
    ...
    """
    lines = []
    for rerun in sorted(listed(), key=lambda rerun: rerun.name):
        line = f"- {{doc}}`gallery/{rerun.name}`: {rerun.text}"
        if tagged(read(rerun.notebook), "claims"):
            line += f" *{{glue:any}}`gallery/{rerun.name}.ipynb::kept`*"
        lines.append(line)
    return "\n".join(lines)
