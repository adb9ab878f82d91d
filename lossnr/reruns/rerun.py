"""One notebook, or the whole book, run again with other parameters.

papermill injects and runs, jupyter-book makes the pages. All is made in a temporary folder and put
in its place when it is whole.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from ..machine import versions
from . import gallery
from .copies import changed, what_changed
from .notebooks import ROOT, defaults, find, names, parameters, values
from .results import check_free, put

__all__ = ["RunError", "environment", "everything", "provenance", "rerun", "rerun_book"]

#: The kinds of files that a result may depend on.
SOURCES = (".py", ".json", ".ipynb", ".md", ".bib", ".css", ".js", ".html", ".svg")


class RunError(RuntimeError):
    """A cell or a page failed; the message says where."""


def rerun(name, pairs, out, *, quick=False):
    """Run a notebook with other parameters, and write what comes of it.

    Parameters
    ----------
    name : str
        Of the notebook, such as "fig3".
    pairs : iterable of (str, str or float), or dict
        Names of parameters and their values, as numbers or expressions of numbers.
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

    path = find(name, alone=True)
    name, known = path.stem, parameters(name)
    given = values(pairs, known)
    coarse = {k: each.quick for k, each in known.items() if quick and each.quick is not None}
    coarse = {k: value for k, value in coarse.items() if k not in given}
    given |= coarse
    given = {k: value for k, value in given.items() if value != known[k].default}
    check_free(out)
    with _workplace() as source:
        where = f"The published page: {{doc}}`/book/{name}`."
        box = what_changed("page", known, given, where, coarse)
        notebook = changed(nbformat.read(path, as_version=4), known, given, box)
        _execute(notebook, source / path.name)
        html = _page(path, source, _config(given, _published_site(out)))
        shutil.copy(source / path.name, html)
        put(html, out)


def rerun_book(pairs, out):
    """Build the whole book with other parameters, or as published if there are none.

    Parameters
    ----------
    pairs : iterable or dict
        As for `rerun`; every notebook that has the parameter gets the value.
    out : str or path
        The folder for the site.

    Raises
    ------
    TypeError, ValueError, OSError, RunError
        As `rerun` does.
    """
    pairs = list(pairs.items() if isinstance(pairs, dict) else pairs)
    given = values(pairs, everything())
    for name in names():
        known = parameters(name)
        values([pair for pair in pairs if pair[0] in known], known)
    given = {name: value for name, value in given.items() if defaults(name) != {value}}
    gallery.within(given)
    check_free(out)
    with _workplace() as source:
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
    made = file.parent.name == "gallery" or file.parent.name.startswith(".")
    return file.suffix in SOURCES and not made


def environment(folder):
    """Return what kernels have to find in their environment, to run the same for everyone.

    BLAS is held to one thread, if nobody said otherwise: the matrices are small, and threads that
    wait for each other on a busy machine are slow. IPython takes no settings of the user.
    """
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "1")
    return {"OPENBLAS_NUM_THREADS": threads, "IPYTHONDIR": str(folder)}


@contextmanager
def _workplace():
    """Make a temporary folder for a run, with a folder for the source and a kernel of this Python.

    A signal to stop ends the run in order, as Ctrl-C does.
    """
    from ipykernel.kernelspec import write_kernel_spec

    before = {}
    if threading.current_thread() is threading.main_thread():
        for stop in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(stop) != signal.SIG_IGN:  # as nohup has it
                before[stop] = signal.signal(stop, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            folder = Path(folder).resolve()
            source = folder / "source"
            source.mkdir()
            write_kernel_spec(folder / "kernels" / "python3")
            yield source
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


def _published_site(out):
    """Return where the published book is, seen from a folder: an address, a path, or nothing.

    It is the address in the book's settings, if there is one, or else the book built here.
    """
    address = _yaml(ROOT / "_config.yml")["html"].get("baseurl", "")
    built = ROOT / "_build" / "html"
    if address or not (built / "index.html").exists():
        return address.rstrip("/")
    return quote(Path(os.path.relpath(built, os.path.abspath(out))).as_posix())


def _execute(notebook, path):
    """Run a notebook of the book, and write it without times and places."""
    import nbformat

    nbformat.write(notebook, path)
    wrong = _run(
        path.parent.parent, ["-m", "lossnr.reruns.execute", str(path)], stdout=subprocess.PIPE
    )
    if wrong is not None:
        raise RunError(wrong.strip() or f"book/{path.name} could not be run")


def _page(path, source, config):
    """Make a page of a notebook that was run already; return its folder."""
    config["execute"] |= {"execute_notebooks": "off", "stderr_output": "show"}
    config["bibtex_bibfiles"] = ["references.bib"]
    config["sphinx"]["config"] |= {
        "lossnr_alone": True,
        "html_use_index": False,
        "html_sidebars": {"**": ["sidebar/brand.html"]},  # there is nothing else to go to
    }
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
    quietly = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
    wrong = _run(source.parent, ["-c", start, "build", str(source), *options], **quietly)
    if wrong is not None:
        raise RunError("the pages cannot be built:\n" + (wrong or "see above"))
    return source.parent / "_build" / "html"


def _run(folder, arguments, **streams):
    """Run this Python in a folder, which is not the user's, where other modules may be.

    Its temporary files and its kernels are those of the folder, too.

    Returns
    -------
    str or None
        None if all went well, else what it said.
    """
    own = {"JUPYTER_PATH": str(folder), "TMPDIR": str(folder), "PYTHONWARNINGS": ""}
    process = subprocess.Popen(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=os.environ | environment(folder) | own,
        start_new_session=True,  # Ctrl-C is for us to pass on
        text=True,
        **streams,
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return (said or "") if process.returncode else None
