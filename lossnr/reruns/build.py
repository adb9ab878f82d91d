"""Pages of executed notebooks, made by jupyter-book in a temporary folder."""

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

from .execute import RunError
from .notebooks import ROOT, SITE

__all__ = ["build_book", "build_page", "jupyter_book", "published_site", "workplace"]

EXTENSIONS = str(ROOT / "book" / "_ext")
#: What jupyter-book's process runs: it imports, then waits for a line, as settings come later.
START = """
import sys
sys.path.append(sys.argv.pop())
import jupyter_book.sphinx, lossnr_site, myst_nb.sphinx_
from jupyter_book.cli.main import main
sys.stdin.readline() or sys.exit()
main()
"""


@contextmanager
def workplace():
    """Make a temporary folder for a run, with an empty folder for the sources in it.

    A signal to stop then raises KeyboardInterrupt, as Ctrl-C does, and the folder is removed.

    >>> with workplace() as source:
    ...     source.is_dir()
    True
    >>> source.parent.exists()
    False

    Yields
    ------
    Path
        The folder for the sources.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            stop = getattr(signal, name, None)
            # A signal may be ignored, as by nohup, or handled already, as in the command line.
            if stop and signal.getsignal(stop) == signal.SIG_DFL:
                before[stop] = signal.signal(stop, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            source = Path(folder).resolve() / "source"
            source.mkdir()
            yield source
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


@contextmanager
def jupyter_book(source):
    """Start jupyter-book, which makes itself ready while notebooks are executed.

    Parameters
    ----------
    source : Path
        From `workplace`.

    Yields
    ------
    subprocess.Popen
        For `build_page` or `build_book`. It is ended if it runs still.
    """
    folder = source.parent
    options = ["-W", "--keep-going", "--path-output", str(folder)]
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, "build", str(source), *options, EXTENSIONS],
        cwd=folder,  # not the user's, where other modules may be
        env=os.environ | {"TMPDIR": str(folder), "PYTHONWARNINGS": ""},
        start_new_session=True,  # Ctrl-C is for us to pass on
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def published_site(out):
    """Return where the published book is, seen from a folder: an address, a path, or "".

    It is the address in the book's settings, if there is one, or else the book built here.

    >>> published_site(SITE.parent / "other") in ("", "../html")
    True

    Parameters
    ----------
    out : str or path
    """
    address = _settings()["html"].get("baseurl", "")
    if address or not (SITE / "index.html").exists():
        return address.rstrip("/")
    return quote(Path(os.path.relpath(SITE, os.path.abspath(out))).as_posix())


def build_page(process, path, published):
    """Make a page of an executed notebook, which stands alone.

    Parameters
    ----------
    process : subprocess.Popen
        From `jupyter_book`.
    path : Path
        In a folder of its own.
    published : str
        From `published_site`.

    Returns
    -------
    Path
        The folder with the page.

    Raises
    ------
    RunError
        If jupyter-book fails or warns; the message has its output.
    """
    source, settings = path.parent, _settings()
    settings["execute"]["stderr_output"] = "show"
    settings["bibtex_bibfiles"] = ["references.bib"]
    settings["sphinx"]["config"] |= {
        "html_use_index": False,
        "html_sidebars": {"**": ["sidebar/brand.html"]},  # there is nothing else to go to
    }
    contents = {"format": "jb-book", "root": path.stem}
    shutil.copy(ROOT / "book" / "references.bib", source)
    if "{cite}" in path.read_text():
        shutil.copy(ROOT / "book" / "references.md", source)
        contents["chapters"] = [{"file": "references"}]
    return _build(process, source, "page", published, settings, contents)


def build_book(process, source):
    """Make the site of a book whose notebooks are executed.

    Parameters
    ----------
    process : subprocess.Popen
        From `jupyter_book`.
    source : Path
        The folder with the folder ``book``.

    Returns
    -------
    Path
        The folder with the site.

    Raises
    ------
    RunError
        If jupyter-book fails or warns; the message has its output.
    """
    return _build(process, source, "book", "", _settings(), _yaml(ROOT / "_toc.yml"))


def _settings():
    return _yaml(ROOT / "_config.yml")


def _yaml(path):
    import yaml

    return yaml.safe_load(path.read_text())


def _build(process, source, run, published, settings, contents):
    """Build pages with jupyter-book, warnings being errors; return their folder."""
    import yaml

    settings["execute"]["execute_notebooks"] = "off"
    settings["sphinx"]["local_extensions"] = {"lossnr_site": EXTENSIONS}
    settings["sphinx"]["config"] |= {"lossnr_run": run, "lossnr_published": published}
    for name, content in (("_config.yml", settings), ("_toc.yml", contents)):
        (source / name).write_text(yaml.safe_dump(content))
    said, _ = process.communicate("\n")
    if process.returncode:
        raise RunError(f"the pages cannot be built:\n{said}")
    return source.parent / "_build" / "html"
