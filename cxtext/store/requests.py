"""Answers already given, so that a request sent twice is carried out once."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered: the fingerprint of its body and the answer."""

    digest: str
    answer: dict[str, Any]


def remember(connection: Connection, key: str, digest: str, answer: dict[str, Any]) -> None:
    """Keep an answer under the caller's key; the first one stays."""
    if recall(connection, key) is None:
        connection.execute(t.request.insert().values(key=key, digest=digest, answer=answer))


def recall(connection: Connection, key: str) -> Answered | None:
    """The first answer to a key."""
    row = connection.execute(sa.select(t.request).where(t.request.c.key == key)).one_or_none()
    return None if row is None else Answered(row.digest, row.answer)
