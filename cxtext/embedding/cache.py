"""Vectors by the hash of their text, in a file beside the database: a text is encoded once, however many nights see it."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ModelError

Vector = NDArray[np.float16]
FEW = 500  # keys in one question


class VectorCache:
    """Half-precision vectors of one model in one SQLite file. Texts are not in it, only their SHA-256.

    Several models may share a file: the model's name is part of the key. What cannot be read is encoded anew.
    """

    def __init__(self, path: str | Path, model: str) -> None:
        self.path, self.model = Path(path), model

    def get(self, texts: Iterable[str]) -> dict[str, Vector]:
        """The vectors that are known, by text."""
        if not self.path.is_file():
            return {}
        keys = {self._key(text): text for text in texts}
        found: dict[str, Vector] = {}
        wanted = list(keys)
        with closing(self._open()) as connection:
            for start in range(0, len(wanted), FEW):
                part = wanted[start : start + FEW]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"select key, row from vector where key in ({marks})", part)  # noqa: S608 – only marks
                found |= {keys[key]: np.frombuffer(row, dtype=np.float16) for key, row in rows}
        return found

    def put(self, vectors: Mapping[str, Vector]) -> None:
        """Remember vectors by text; what is known stays."""
        rows = [(self._key(text), np.asarray(row, dtype=np.float16).tobytes()) for text, row in sorted(vectors.items())]
        with closing(self._open()) as connection, connection:
            connection.executemany("insert or ignore into vector values (?, ?)", rows)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.model}\0{text}".encode()).digest()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=15)
            connection.execute(
                "create table if not exists vector (key blob primary key, row blob not null) without rowid"
            )
        except sqlite3.DatabaseError as error:
            raise ModelError(f"vector cache {self.path}: {error}; delete the file, it is made again") from error
        return connection
