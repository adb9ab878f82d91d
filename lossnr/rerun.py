"""One notebook, or the whole book, run again with other parameters.

papermill injects and runs, jupyter-book makes the pages. All is made in a temporary folder and put
in its place when it is whole.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .folders import check_free, put
from .notebooks import ROOT, changed, find, names, parameters, values, what_changed
from .versions import versions

__all__ = ["RunError", "everything", "hold_blas", "provenance", "rerun", "rerun_book", "see"]

#: The kinds of files that a result may depend on.
SOURCES = (".py", ".json", ".ipynb", ".md", ".bib")


class RunError(RuntimeError):
    """A cell or a page failed; the message says where."""


def rerun(name, pairs, out, *, quick=False):
    """Run a notebook with other parameters, and write what comes of it.

    Parameters
    ----------
    name : str
        Of the notebook, such as "fig3".
    pairs : iterable of (str, str)
        Names of parameters and their values, as expressions of numbers.
    out : str or path
        The folder for the executed notebook, its page, its figures, its data and a record of what
        was run (provenance.json).
    quick : bool
        Whether to take the quick values of the parameters that are not given.

    Raises
    ------
    TypeError, ValueError, OSError
        Before anything runs: for an unknown notebook or parameter, a value that is not allowed, or
        a folder that holds something else.
    RunError
        If a cell fails, or the page. Nothing is written then.
    """
    import nbformat

    path = find(name)
    name, known = path.stem, parameters(name)
    given = values(pairs, known)
    if quick:
        given = {k: each.quick for k, each in known.items() if each.quick is not None} | given
    given = {k: value for k, value in given.items() if value != known[k].default}
    check_free(out)
    published = _published_site(out)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        box = what_changed("page", known, given, see(published, f"book/{name}"))
        notebook = changed(nbformat.read(path, as_version=4), known, given, box)
        _execute(notebook, path.name, source / path.name)
        html = _page(path, source, _config(given, published))
        shutil.copy(source / path.name, html)
        put(html, out)


def rerun_book(pairs, out):
    """Build the whole book with other parameters, or as published if there are none.

    Parameters
    ----------
    pairs : iterable of (str, str)
        As for `rerun`; every notebook that has the parameter gets the value.
    out : str or path
        The folder for the site.

    Raises
    ------
    TypeError, ValueError, OSError, RunError
        As `rerun` does.
    """
    given = values(pairs, everything())
    for name in names():
        known = parameters(name)
        for each in given.keys() & known.keys():
            known[each].checked(given[each])
    check_free(out)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        shutil.copy(ROOT / "reruns.yml", source)
        ignored = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(ROOT / "book", source / "book", ignore=ignored)
        toc = _yaml(ROOT / "_toc.yml")
        put(_build(source, _config(given, _published_site(out)), toc), out)


def everything():
    """Return the parameters of all notebooks by their names, as the first of them describes it."""
    known = {}
    for name in names():
        known = parameters(name) | known
    return known


def provenance(notebook, given):
    """Return what a result was made from, to be compared: no clock, no place.

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
    return file.suffix in SOURCES and file.parent.name != "gallery"


def hold_blas():
    """Hold BLAS to one thread in the kernels that this process starts, if nobody said otherwise.

    The matrices are small, and threads that wait for each other on a busy machine are slow.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def see(published, page):
    """Return a sentence that leads to a page of the published book, if it is anywhere."""
    return f'See <a href="{published}/{page}.html">the published page</a>.' if published else ""


def _published_site(out):
    """Return where the published book is, seen from a folder: an address, a path, or nothing.

    It is the address in the book's settings, if there is one, or else the book built here.
    """
    address = _yaml(ROOT / "_config.yml")["html"].get("baseurl", "")
    built = ROOT / "_build" / "html"
    if address or not (built / "index.html").exists():
        return address.rstrip("/")
    return Path(os.path.relpath(built, os.path.abspath(out))).as_posix()


def _execute(notebook, name, out):
    """Run a notebook of the book, and write it without times and places."""
    import nbformat
    import papermill
    from nbclient.exceptions import DeadKernelError

    nbformat.write(notebook, out)
    hold_blas()
    try:
        papermill.execute_notebook(
            str(out), str(out), progress_bar={"desc": Path(name).stem}, cwd=str(out.parent)
        )
    except papermill.PapermillExecutionError as error:
        begins = next(line for line in error.source.splitlines() if line.strip())
        raise RunError(
            f"a cell of book/{name} failed, the one that begins with {begins!r}:\n"
            f"{error.ename}: {error.evalue}"
        ) from None
    except DeadKernelError:
        raise RunError(f"the kernel of book/{name} died; too little memory?") from None
    notebook = nbformat.read(out, as_version=4)
    for holder in (notebook, *notebook.cells):
        holder.metadata.pop("papermill", None)
        holder.metadata.pop("execution", None)
    nbformat.write(notebook, out)


def _page(path, source, config):
    """Make a page of a notebook that was run already; return its folder."""
    config["execute"] |= {"execute_notebooks": "off", "stderr_output": "show"}
    config["bibtex_bibfiles"] = ["references.bib"]
    config["sphinx"]["config"]["lossnr_alone"] = True
    toc = {"format": "jb-book", "root": path.stem}
    shutil.copy(ROOT / "book" / "references.bib", source)
    if "{cite}" in path.read_text():
        shutil.copy(ROOT / "book" / "references.md", source)
        toc["chapters"] = [{"file": "references"}]
    return _build(source, config, toc, quiet=True)


def _config(given, published):
    """Return the book's settings, changed for a run."""
    config = _yaml(ROOT / "_config.yml")
    config["sphinx"]["local_extensions"] = {"lossnr_site": str(ROOT / "book" / "_ext")}
    config["sphinx"]["config"] |= {"lossnr_parameters": given, "lossnr_published": published}
    return config


def _yaml(path):
    import yaml

    return yaml.safe_load(path.read_text())


def _build(source, config, toc, quiet=False):
    """Build pages with jupyter-book, warnings being errors; return their folder."""
    import yaml

    for name, content in (("_config.yml", config), ("_toc.yml", toc)):
        (source / name).write_text(yaml.safe_dump(content))
    start = "from jupyter_book.cli.main import main; main()"
    options = ["-W", "--keep-going", "--path-output", str(source.parent)]
    built = subprocess.run(
        [sys.executable, "-P", "-c", start, "build", str(source), *options],
        cwd=source.parent,  # not the user's folder, where other modules may be
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if built.returncode:
        raise RunError("the pages cannot be built:\n" + (built.stdout or "see above"))
    return source.parent / "_build" / "html"
