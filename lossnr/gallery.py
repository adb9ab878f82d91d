"""The gallery: reruns of the book's notebooks that are listed in reruns.yml, a page each."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

from .notebooks import ROOT, changed, find, parameters, values, what_changed

__all__ = ["Rerun", "contents", "listed", "write"]


@dataclass(frozen=True)
class Rerun:
    """A line of reruns.yml.

    Attributes
    ----------
    name : str
        Of the page: letters, digits and hyphens.
    title : str
    notebook : str
        What is run.
    parameters : dict
        Values by the parameters' names; in the file, expressions of numbers too.
    text : str
        What it shows, as Markdown; what it leads to is computed.
    """

    name: str
    title: str
    notebook: str
    parameters: dict
    text: str


def listed(path=ROOT / "reruns.yml"):
    """Return the reruns of the gallery.

    Raises
    ------
    ValueError
        If an entry is not as `Rerun` has it, or names an unknown notebook or parameter or a value
        that is not allowed; the message names the entry.
    """
    import yaml

    entries = yaml.safe_load(Path(path).read_text()) or []
    expected = {f.name for f in fields(Rerun)}
    found = {}
    for i, entry in enumerate(entries, start=1):
        where = f"{Path(path).name}, entry {i}"
        if not isinstance(entry, dict) or entry.keys() != expected:
            raise ValueError(f"{where}: it has to have {', '.join(sorted(expected))}")
        rerun = Rerun(**entry)
        if not isinstance(rerun.name, str) or not rerun.name.replace("-", "").isalnum():
            raise ValueError(f"{where}: name = {rerun.name!r}: allowed are letters, digits and -")
        if rerun.name in found:
            raise ValueError(f"{where}: the name {rerun.name!r} is there already")
        try:
            pairs = [(name, str(value)) for name, value in rerun.parameters.items()]
            given = values(pairs, parameters(rerun.notebook))
        except (TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"{where}: {error}") from None
        found[rerun.name] = replace(rerun, parameters=given)
    return list(found.values())


def write(folder, base):
    """Write a notebook for each rerun into a folder, and remove all others there.

    Parameters
    ----------
    folder : Path
    base : dict
        Parameters of the whole book that are not the default; those of a rerun go before them.
    """
    import nbformat

    folder.mkdir(exist_ok=True)
    written = set()
    for rerun in listed():
        known = parameters(rerun.notebook)
        given = {name: value for name, value in base.items() if name in known} | rerun.parameters
        notebook = nbformat.read(find(rerun.notebook), as_version=4)
        notebook.cells[0].source = f"# {rerun.title}"
        box = what_changed("page", known, given, f"See {{doc}}`../{rerun.notebook}`.")
        notebook = changed(notebook, known, given, f"{rerun.text}\n\n{box}")
        for cell in notebook.cells:
            if "mystnb" in cell.metadata:  # the names of figures are those of the whole book
                figure = cell.metadata["mystnb"]["figure"]
                figure["name"] = f"{rerun.name}-{figure['name']}"
        path = folder / f"{rerun.name}.ipynb"
        nbformat.write(notebook, path)
        written.add(path)
    for other in set(folder.glob("*.ipynb")) - written:
        other.unlink()


def contents():
    """Return the list of the gallery as Markdown, in the order of the table of contents."""
    reruns = sorted(listed(), key=lambda rerun: rerun.name)
    return "\n".join(f"- {{doc}}`gallery/{rerun.name}`: {rerun.text}" for rerun in reruns)
