"""A file for the tiles of a long sweep: complete or absent, whenever the program is killed.

It is an SQLite database, for the sake of its transactions: the question that the sweep asks in one
table, each tile that has been found in another, as an .npz archive.
"""

import json
import os
import sqlite3
from contextlib import contextmanager
from io import BytesIO
from reprlib import repr as short
from zipfile import BadZipFile

import numpy as np

__all__ = ["Store"]

#: What SQLite says of a file that is none of ours, or no longer what we wrote.
_STRANGE = {"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR"}


class Store:
    """The tiles of one sweep, by their number: like a dict of dicts of arrays, kept in a file.

    Parameters
    ----------
    path : str or path
        A file that this class made for the same question, or none yet.
    question : dict
        All that the tiles depend on; JSON. The order of its parts counts, at every level.

    Raises
    ------
    TypeError, ValueError
        If ``path`` is no path, or what is there is something else, damaged, the tiles of another
        question or in use by another program; the message says which. Nothing is changed then.
    OSError
        If the file cannot be opened or written.
    """

    def __init__(self, path, question):
        self.path = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
        if not isinstance(self.path, str):
            raise TypeError(f"file = {short(path)}: allowed is a path")
        if not self.path or "\0" in self.path:
            raise ValueError(f"file = {self.path!r}: allowed is the path of a file")
        place = os.path.abspath(self.path)
        if os.path.isdir(place):
            raise ValueError(f"file = {self.path!r}: it is a folder")
        if os.path.exists(place) and not os.path.isfile(place):
            raise self._strange()
        if not os.path.isdir(os.path.dirname(place)):
            raise FileNotFoundError(f"file = {self.path!r}: its folder does not exist")
        with self._errors_named():
            self._database = sqlite3.connect(place, timeout=0, isolation_level=None)
        try:
            # Each statement is a transaction; the first one locks the file until it is closed.
            with self._errors_named():
                self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._database.execute("BEGIN EXCLUSIVE")
                self._open({name: json.dumps(value) for name, value in question.items()})
                self._database.execute("COMMIT")
        except Exception:
            self.close()
            raise

    def _open(self, question):
        """Make the tables in a new file; look at the question in an old one."""
        tables = {name for (name,) in self._database.execute("SELECT name FROM sqlite_master")}
        if not tables:
            self._database.execute("CREATE TABLE question (name TEXT, json TEXT)")
            self._database.execute("CREATE TABLE tile (number INTEGER PRIMARY KEY, npz BLOB)")
            insert = "INSERT INTO question VALUES (?, ?)"
            self._database.executemany(insert, question.items())
            return
        if tables != {"question", "tile"}:
            raise self._strange()
        old = dict(self._database.execute("SELECT name, json FROM question"))
        for name, value in question.items():
            if old.get(name) != value:
                raise ValueError(
                    f"file = {self.path!r}: it is of another sweep: {name} = "
                    f"{short(old.get(name))} there, {short(value)} here"
                )

    def _strange(self):
        return ValueError(f"file = {self.path!r}: it is not the file of a sweep, or it is damaged")

    @contextmanager
    def _errors_named(self):
        """Turn the errors of SQLite into ours, which name the file."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", None)
            if name in _STRANGE:
                raise self._strange() from error
            if name == "SQLITE_BUSY":
                reason = f"file = {self.path!r}: another sweep is using it"
                raise ValueError(reason) from None
            raise OSError(f"file = {self.path!r}: {error}") from error

    def close(self):
        """Let go of the file."""
        self._database.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __contains__(self, number):
        return self._one("SELECT length(npz) FROM tile WHERE number = ?", number) is not None

    def __getitem__(self, number):
        archive = self._one("SELECT npz FROM tile WHERE number = ?", number)
        if archive is None:
            raise KeyError(number)
        try:
            with np.load(BytesIO(archive)) as arrays:
                return dict(arrays)
        except (BadZipFile, EOFError, TypeError, ValueError) as error:
            raise self._strange() from error

    def __setitem__(self, number, arrays):
        archive = BytesIO()
        np.savez(archive, **arrays)
        with self._errors_named():
            self._database.execute("REPLACE INTO tile VALUES (?, ?)", (number, archive.getvalue()))

    def __len__(self):
        return self._one("SELECT count(*) FROM tile")

    def _one(self, query, *arguments):
        """Return the first value that a query finds, None if there is none."""
        with self._errors_named():
            row = self._database.execute(query, arguments).fetchone()
        return row and row[0]
