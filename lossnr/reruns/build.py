"""Pages from executed notebooks, built by jupyter-book in a temporary folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import yaml

from .execute import RunError, environment
from .notebooks import ROOT, SITE
from .signals import raised

_EXTENSIONS = str(ROOT / "book" / "_ext")
# The process of jupyter-book runs this. It imports modules and starts MathJax, so that a problem
# shows at once. Then it waits for a line, because the settings come later; none comes if we were
# killed. Python's garbage collector would take a sixth of the time, and so would the orderly end of
# the interpreter, which MathJax's engine can make wait for ever.
_START = """
import gc, os, sys, traceback
gc.disable()
sys.path.append(sys.argv.pop())
import jupyter_book.sphinx, lossnr_site.mathematics, myst_nb.sphinx_
from jupyter_book.cli.main import main
code = 0
try:
    lossnr_site.mathematics.engine()
    if sys.stdin.readline():
        main()
except SystemExit as end:
    code = end.code or 0
except BaseException:
    traceback.print_exc()
    code = 1
sys.stdout.flush()
os._exit(code)
"""


@contextmanager
def workplace():
    """Make a temporary folder for a run, and yield an empty folder for the sources in it.

    A signal to stop removes it, see `signals.raised`.

    >>> with workplace() as source:
    ...     source.is_dir()
    True
    >>> source.parent.exists()
    False
    """
    with raised(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder).resolve() / "source"
        source.mkdir()
        yield source


@contextmanager
def jupyter_book(source):
    """Start jupyter-book, which loads while notebooks are executed.

    It yields the process, for `build_page` or `build_book`, and ends it on exit.
    """
    folder = source.parent
    options = ["-W", "--keep-going", "--path-output", str(folder)]
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _START, "build", str(source), *options, _EXTENSIONS],
        cwd=folder,  # not the user's, where other modules may be
        env=os.environ | environment(folder) | {"TMPDIR": str(folder)},
        start_new_session=True,  # Ctrl-C is for us to pass on
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield process
        finally:
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with all processes that it started
            process.kill()


def check(process):
    """Raise a `RunError` if jupyter-book has ended before it was told what to build.

    >>> with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
    ...     check(process)
    """
    if process.poll() is not None:
        *_, last = process.stdout.read().strip().splitlines() or [""]
        if process.returncode < 0:
            last = (
                f"{signal.strsignal(-process.returncode)}; the engine that typesets formulas, V8, "
                "reserves a terabyte of addresses: is their number limited (ulimit -v)?"
            )
        raise RunError(f"jupyter-book does not start: {last}")


def published_site(out):
    """Return the address of the published book, its path from a folder, or "" without one.

    It is the address in the book's settings, if there is one, or else the book built here.

    >>> published_site(SITE.parent / "other") in ("", "../html")
    True
    """
    address = _yaml("_config.yml")["html"].get("baseurl", "")
    if address or not (SITE / "index.html").exists():
        return address.rstrip("/")
    return quote(Path(os.path.relpath(SITE, os.path.abspath(out))).as_posix())


def build_page(process, path, published):
    """Build a single page from an executed notebook, and return the folder with the page.

    The notebook is in the folder of `workplace`; ``published`` is from `published_site`.

    Raises
    ------
    RunError
        If jupyter-book fails or warns; the message has its output.
    """
    source, settings = path.parent, _yaml("_config.yml")
    settings["execute"]["stderr_output"] = "show"
    settings["bibtex_bibfiles"] = ["references.bib"]
    settings["sphinx"]["config"] |= {
        "html_use_index": False,
        "html_sidebars": {"**": ["sidebar/brand.html"]},  # there is nothing else to go to
    }
    contents = {"format": "jb-book", "root": path.stem}
    shutil.copyfile(ROOT / "book" / "references.bib", source / "references.bib")
    if "{cite}" in path.read_text(encoding="utf-8"):
        shutil.copyfile(ROOT / "book" / "references.md", source / "references.md")
        contents["chapters"] = [{"file": "references"}]
    return _build(process, source, "page", published, settings, contents)


def build_book(process, source):
    """Build the site from executed notebooks, and return its folder.

    The sources are a folder with the folder ``book``; errors are those of `build_page`.
    """
    return _build(process, source, "book", "", _yaml("_config.yml"), _yaml("_toc.yml"))


def _yaml(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def _build(process, source, run, published, settings, contents):
    """Build pages with jupyter-book, warnings being errors; return their folder."""
    settings["execute"]["execute_notebooks"] = "off"
    settings["sphinx"]["local_extensions"] = {"lossnr_site": _EXTENSIONS}
    settings["sphinx"]["config"] |= {"lossnr_run": run, "lossnr_published": published}
    for name, content in (("_config.yml", settings), ("_toc.yml", contents)):
        (source / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    said, _ = process.communicate("\n")
    if process.returncode:
        raise RunError(f"the pages cannot be built:\n{said}")
    return source.parent / "_build" / "html"
