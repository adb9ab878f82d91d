"""Replace a result folder by renaming; the old one stays until the new one is complete."""

import json
import os
import shutil
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from .notebooks import ROOT, SITE
from .provenance import MARK

# Files that systems and editors leave in folders.
_LITTER = (".DS_Store", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini", "*~", "._*", ".*.sw?")


def check_free(folder, *, published=False):
    """Raise an error if `put` cannot write there, or would replace other files.

    Only the book as published may be put at `SITE`.

    >>> check_free(ROOT / "book")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    FileExistsError: '...book' is where the book itself is: choose another folder

    Raises
    ------
    ValueError, OSError
        The message says what is wrong with the folder.
    """
    if not str(folder) or "\0" in str(folder):
        raise ValueError(f"{str(folder)!r} is not the name of a folder")
    place = Path(os.path.realpath(folder))
    if os.path.lexists(place) and not place.is_dir():
        raise FileExistsError(f"{str(folder)!r} is not a folder")
    if Path.cwd().is_relative_to(place) or os.path.ismount(place):
        raise FileExistsError(f"{str(folder)!r} is in use: choose a folder within it")
    if not (published and place == SITE):
        if any(place.is_relative_to(ROOT / each) for each in ("book", "lossnr", "_build")):
            reason = "is where the book itself is: choose another folder"
            raise FileExistsError(f"{str(folder)!r} {reason}")
        if place.is_dir() and _contents(place) and not _is_ours(place):
            raise FileExistsError(
                f"the folder {str(folder)!r} holds files that are not an earlier result: "
                "choose another one, or empty it"
            )
    parent = place.parent
    if not parent.is_dir():
        raise NotADirectoryError(f"the folder {str(parent)!r} does not exist")
    try:
        _beside(place).cleanup()
    except OSError as error:
        raise PermissionError(
            f"the folder {str(parent)!r} cannot be written to: {error.strerror}"
        ) from None


def _is_ours(folder):
    """Return whether a folder has an earlier result and nothing else."""
    try:
        known = set(json.loads((folder / MARK).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return {str(path) for path in _contents(folder)} <= known


def _contents(folder):
    """Return what is in a folder, as relative paths, without what systems and editors leave."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return [
        p for p in paths if not any(fnmatch(name, each) for name in p.parts for each in _LITTER)
    ]


def put(source, folder, *, published=False):
    """Copy a folder to its place, and replace an earlier result there.

    The copy is made beside that place and then renamed. Of two runs at once, one complete result
    remains.

    >>> with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as folder:
    ...     put(made, Path(folder, "fig3"))

    Raises
    ------
    ValueError, OSError
        As `check_free` does, and where the copy fails; the earlier result is then there.
    """
    check_free(folder, published=published)
    place = Path(os.path.realpath(folder))
    with _beside(place) as beside:
        new, old = Path(beside, "new"), Path(beside, "old")
        try:
            shutil.copytree(source, new, copy_function=shutil.copyfile)  # not read-only
        except shutil.Error as error:
            raise OSError(f"{str(folder)!r} cannot be written: {error.args[0][0][2]}") from None
        try:
            if place.exists():
                place.rename(old)
            new.rename(place)
        except BaseException:
            if old.exists() and not place.exists():
                old.rename(place)
            raise


def _beside(place):
    return tempfile.TemporaryDirectory(
        prefix=".lossnr-", dir=place.parent, ignore_cleanup_errors=True
    )
