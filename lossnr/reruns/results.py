"""Result folders: whole or not there."""

import fcntl
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .notebooks import ROOT

__all__ = ["check_free", "put"]

#: A folder with this file is ours, and may be replaced.
MARK = "provenance.json"
#: The folder of what is not whole yet, and the file in it that is locked while its process lives.
_PREFIX, _LOCK = ".lossnr-", "lock"


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
        with _beside(place):
            pass
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

    It is copied beside that place and renamed: the old result stands until the new one is whole,
    and what a kill between the two leaves is put back by the next call.
    """
    check_free(folder)
    place = Path(os.path.realpath(folder))
    with _beside(place) as beside:
        new, old = beside / "new", beside / "old" / place.name
        try:
            shutil.copytree(source, new)
        except shutil.Error as error:
            raise OSError(f"{str(folder)!r} cannot be written: {error.args[0][0][2]}") from None
        if place.exists():
            old.parent.mkdir()
            place.rename(old)
        try:
            new.rename(place)
        except BaseException:
            if old.exists():
                old.rename(place)
            raise


@contextmanager
def _beside(place):
    """Make a folder beside a place, and clear those of processes that were killed."""
    for left in place.parent.glob(f"{_PREFIX}*"):
        _clear(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place.parent))
    try:
        with (folder / "unlocked").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / "unlocked").rename(folder / _LOCK)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear(left):
    """Remove a folder that a killed process left, after the earlier result in it is put back."""
    try:
        with (left / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for earlier in left.glob("old/*"):
                if not (left.parent / earlier.name).exists():
                    earlier.rename(left.parent / earlier.name)
            shutil.rmtree(left, ignore_errors=True)
    except OSError:
        pass  # it is not ours, or its process lives
