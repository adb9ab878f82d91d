"""A file for the tiles of a long sweep: each is complete or absent, whenever the program is killed.

The file is an SQLite database, because of its transactions. One table holds the parameters of
the sweep (the question), the other one the tiles computed so far: .npz archives with checksums.
"""

import hashlib
import json
import os
import sqlite3
from contextlib import contextmanager
from io import BytesIO
from reprlib import repr as short

import numpy as np

# SQLite's errors for a file of another kind and for a damaged file.
_STRANGE = {"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CORRUPT_VTAB", "SQLITE_ERROR"}


class Store:
    """The tiles of one sweep, by their number: a dict of dicts of arrays that is kept in a file.

    ``path`` names a new file, or a file made for the same ``question``. The question is a dict,
    writable as JSON, with everything that the tiles depend on. The order of its entries matters.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with Store(f"{folder}/sweep.sqlite", {"Omega": 0.1}) as store:
    ...         store[0] = {"T": np.array([0.5, 1.0])}
    ...     with Store(f"{folder}/sweep.sqlite", {"Omega": 0.1}) as store:
    ...         print(len(store), 0 in store, store[0]["T"])
    1 True [0.5 1. ]

    Raises
    ------
    TypeError, ValueError, OSError
        If ``path`` is not a path; or if the file is of another kind, damaged, of another question,
        in use by another program or cannot be opened. The message says which.
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
                self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._database.execute("BEGIN EXCLUSIVE")
                self._open({name: json.dumps(value) for name, value in question.items()})
                self._database.execute("COMMIT")
            except BaseException:
                self._database.close()
                raise

    def _open(self, question):
        """Make the tables in a new file; compare the question of an old one."""
        tables = {name for (name,) in self._database.execute("SELECT name FROM sqlite_master")}
        if not tables:
            self._database.execute("CREATE TABLE question (name TEXT, json TEXT)")
            columns = "number INTEGER PRIMARY KEY, npz BLOB, sha256 BLOB"
            self._database.execute(f"CREATE TABLE tile ({columns})")
            insert = "INSERT INTO question VALUES (?, ?)"
            self._database.executemany(insert, question.items())
        elif tables != {"question", "tile"}:
            raise self._strange()
        old = dict(self._database.execute("SELECT name, json FROM question"))
        for name, value in question.items():
            if old.get(name) != value:
                values = f"{name} = {short(old.get(name))} there, {short(value)} here"
                raise ValueError(f"file = {self.path!r}: it is of another sweep: {values}")

    def _strange(self):
        return ValueError(f"file = {self.path!r}: it is not the file of a sweep, or it is damaged")

    @contextmanager
    def _errors_named(self):
        """Turn errors of SQLite into errors that name the file."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            name = getattr(error, "sqlite_errorname", None)
            if name in _STRANGE or "decode" in str(error):  # a damaged name or text
                raise self._strange() from error
            if name == "SQLITE_BUSY":
                raise ValueError(f"file = {self.path!r}: another sweep is using it") from None
            raise OSError(f"file = {self.path!r}: {error}") from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._database.close()

    def __contains__(self, number):
        return self._row("SELECT number FROM tile WHERE number = ?", number) is not None

    def __getitem__(self, number):
        row = self._row("SELECT npz, sha256 FROM tile WHERE number = ?", number)
        if row is None:
            raise KeyError(number)
        archive, checksum = row
        if not isinstance(archive, bytes) or checksum != _checksum(number, archive):
            raise self._strange()
        with np.load(BytesIO(archive)) as arrays:
            return dict(arrays)

    def __setitem__(self, number, arrays):
        file = BytesIO()
        np.savez(file, **arrays)
        archive = file.getvalue()
        with self._errors_named():
            row = number, archive, _checksum(number, archive)
            self._database.execute("REPLACE INTO tile VALUES (?, ?, ?)", row)

    def __len__(self):
        return self._row("SELECT count(*) FROM tile")[0]

    def _row(self, query, *arguments):
        """Return the first row that a query finds, or None."""
        with self._errors_named():
            return self._database.execute(query, arguments).fetchone()


def _checksum(number, archive):
    """Return the checksum of a tile, which depends on the number of the tile too."""
    return hashlib.sha256(b"%d\0" % number + archive).digest()
