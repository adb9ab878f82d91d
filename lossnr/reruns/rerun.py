"""One notebook, or the whole book, run again with other parameters.

The notebooks are changed in a temporary folder, executed and built into pages. The result is moved
to its place when it is complete.
"""

import shutil
import stat

from . import gallery
from .build import build_book, build_page, check, jupyter_book, published_site, workplace
from .copies import change_pages, changed_copy, what_changed
from .execute import execute
from .notebooks import ROOT, find, names
from .parameters import defaults, everything, parameters, values
from .provenance import record
from .results import check_free, put


def rerun(name, pairs, out, *, quick=False):
    """Run a notebook with other parameters, and write the page, the data and the figures.

    >>> rerun("fig3", {"kappa_b_max": 0}, "out")
    Traceback (most recent call last):
    ...
    ValueError: kappa_b_max = 0: allowed is at least 1e-6

    Parameters
    ----------
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
        Before anything runs: for an unknown name, a value or a folder that is not allowed.
    RunError
        If a cell or the page fails. Nothing is written then.
    """
    import nbformat

    name = find(name, alone=True).stem
    known = parameters(name)
    given = values(pairs, known)
    quickest = {k: each.quick for k, each in known.items() if quick and each.quick is not None}
    coarse = quickest.keys() - given.keys()
    given = {k: v for k, v in (given | quickest | given).items() if v != known[k].default}
    check_free(out)
    with workplace() as source, jupyter_book(source) as process:
        path = source / f"{name}.ipynb"
        where = f"The published page: {{doc}}`/book/{name}`."
        box = what_changed("page", known, given, where, coarse)
        nbformat.write(changed_copy(name, given, box), path)
        execute([path], lambda: check(process))
        html = build_page(process, path, published_site(out))
        shutil.copy(path, html)
        record(html, name, given)
        put(html, out)


def rerun_book(pairs, out):
    """Build the whole book with other parameters, or as published; errors are those of `rerun`.

    Every notebook that has a parameter gets its value.

    >>> rerun_book({"thet": 1}, "out")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: unknown parameter 'thet': did you mean 'theta'? known are ...
    """
    pairs = list(pairs.items() if isinstance(pairs, dict) else pairs)
    given = values(pairs, everything())
    for name in names():
        known = parameters(name)
        values([pair for pair in pairs if pair[0] in known], known)
    given = {name: value for name, value in given.items() if defaults(name) != {value}}
    gallery.within(given)
    check_free(out, published=not given)
    with workplace() as source, jupyter_book(source) as process:
        book, published = source / "book", published_site(out)
        shutil.copytree(ROOT / "book", book, ignore=shutil.ignore_patterns(".*", "_ext", "gallery"))
        for path in (book, *book.rglob("*")):
            path.chmod(path.stat().st_mode | stat.S_IWUSR)  # the clone may be read-only
        if given:
            change_pages(book, given, published)
        gallery.write(book / "gallery", given, published)
        execute(sorted(book.rglob("*.ipynb")), lambda: check(process))
        html = build_book(process, source)
        record(html, None, given)
        put(html, out, published=not given)
