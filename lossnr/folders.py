"""Result folders: whole or not there."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from .notebooks import ROOT

__all__ = ["check_free", "put"]

#: A folder with this file is ours, and may be replaced.
MARK = "provenance.json"
#: What is not whole yet, by the process that makes it.
_PREFIX = ".lossnr-"


def check_free(folder):
    """Raise an error where `put` could not put a folder, or would replace something else.

    Raises
    ------
    ValueError, OSError
    """
    if not str(folder) or "\0" in str(folder):
        raise ValueError(f"{str(folder)!r} is no name of a folder")
    place = Path(os.path.realpath(folder))
    if os.path.lexists(place) and not place.is_dir():
        raise FileExistsError(f"{str(folder)!r} is no folder")
    if Path.cwd().is_relative_to(place) or os.path.ismount(place):
        raise FileExistsError(f"{str(folder)!r} is in use: choose a folder within it")
    if any(place.is_relative_to(ROOT / each) for each in ("book", "lossnr", "_build")):
        raise FileExistsError(f"{str(folder)!r} is where the book itself is: choose another folder")
    if place.is_dir() and any(place.iterdir()) and not _is_ours(place):
        raise FileExistsError(
            f"the folder {str(folder)!r} holds something else than an earlier result: choose "
            "another one, or empty it"
        )
    parent = place.parent
    if not parent.is_dir():
        raise NotADirectoryError(f"the folder {str(parent)!r} does not exist")
    try:
        _beside(place).rmdir()
    except OSError as error:
        raise PermissionError(
            f"the folder {str(parent)!r} cannot be written to: {error.strerror}"
        ) from None


def _is_ours(folder):
    """Say whether a folder has an earlier result, and nothing besides."""
    try:
        record = json.loads((folder / MARK).read_text())
        known = set(record["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return {str(path.relative_to(folder)) for path in folder.rglob("*")} <= known


def put(source, folder):
    """Copy a folder to its place, in place of an earlier result there.

    It is copied beside that place and renamed: the old result stands until the new one is whole.
    """
    check_free(folder)
    place = Path(os.path.realpath(folder))
    beside = _beside(place)
    try:
        new, old = beside / "new", beside / "old"
        shutil.copytree(source, new)
        if place.exists():
            place.rename(old)
        try:
            new.rename(place)
        except BaseException:
            if old.exists():
                old.rename(place)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _beside(place):
    """Return a new folder beside a place, and remove those of processes that were killed."""
    for old in place.parent.glob(f"{_PREFIX}*"):
        process = old.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not _runs(int(process)):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place.parent))


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
