"""A file for the tiles of a long sweep: complete or absent, whenever the program is killed.

It is an SQLite database, for the sake of its transactions: the question that the sweep asks in one
table, each tile that has been found in another, as an .npz archive.
"""

import json
import os
import sqlite3
from io import BytesIO
from reprlib import repr as short

import numpy as np

__all__ = ["Store"]


class Store:
    """The tiles of one sweep, by their number: like a dict of dicts of arrays, kept in a file.

    Parameters
    ----------
    path : str or path
        A file that this class made for the same question, or none yet.
    question : dict
        All that the tiles depend on; JSON.

    Raises
    ------
    TypeError, ValueError
        If ``path`` is no path, or what is there is something else, the tiles of another question or
        in use by another program; the message says which. Nothing is changed then.
    OSError
        If the file cannot be opened or written.
    """

    def __init__(self, path, question):
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"file = {short(path)}: allowed is a path")
        self.path = os.fspath(path)
        if not self.path:
            raise ValueError(f"file = {path!r}: allowed is the path of a file")
        if os.path.isdir(self.path):
            raise ValueError(f"file = {self.path!r}: it is a folder")
        if not os.path.isdir(os.path.dirname(os.path.abspath(self.path))):
            raise FileNotFoundError(f"file = {self.path!r}: its folder does not exist")
        # Each statement is a transaction; the first one locks the file until it is closed.
        self._database = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("BEGIN EXCLUSIVE")
            self._open(question)
            self._database.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self.close()
            reason = {
                "SQLITE_NOTADB": "it is not the file of a sweep",
                "SQLITE_BUSY": "another sweep is using it",
            }.get(error.sqlite_errorname)
            if reason is None:
                raise OSError(f"file = {self.path!r}: {error}") from error
            raise ValueError(f"file = {self.path!r}: {reason}") from None
        except ValueError:
            self.close()
            raise

    def _open(self, question):
        """Make the tables in a new file; look at the question in an old one."""
        tables = {name for (name,) in self._database.execute("SELECT name FROM sqlite_master")}
        if not tables:
            self._database.execute("CREATE TABLE question (json TEXT)")
            self._database.execute("CREATE TABLE tile (number INTEGER PRIMARY KEY, npz BLOB)")
            self._database.execute("INSERT INTO question VALUES (?)", (json.dumps(question),))
            return
        if tables != {"question", "tile"}:
            raise ValueError(f"file = {self.path!r}: it is not the file of a sweep")
        ((old,),) = self._database.execute("SELECT json FROM question")
        old = json.loads(old)
        for name, value in json.loads(json.dumps(question)).items():
            if old.get(name) != value:
                raise ValueError(
                    f"file = {self.path!r}: it is of another sweep: {name} = "
                    f"{short(old.get(name))} there, {short(value)} here"
                )

    def close(self):
        """Let go of the file."""
        self._database.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __contains__(self, number):
        query = "SELECT 1 FROM tile WHERE number = ?"
        return self._database.execute(query, (number,)).fetchone() is not None

    def __getitem__(self, number):
        query = "SELECT npz FROM tile WHERE number = ?"
        row = self._database.execute(query, (number,)).fetchone()
        if row is None:
            raise KeyError(number)
        with np.load(BytesIO(row[0])) as arrays:
            return dict(arrays)

    def __setitem__(self, number, arrays):
        archive = BytesIO()
        np.savez(archive, **arrays)
        try:
            self._database.execute("REPLACE INTO tile VALUES (?, ?)", (number, archive.getvalue()))
        except sqlite3.DatabaseError as error:
            raise OSError(f"file = {self.path!r}: {error}") from error

    def __len__(self):
        return self._database.execute("SELECT count(*) FROM tile").fetchone()[0]
