"""Write the lists of what customers say by themselves: leaving, wishing, asking."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.metrics.voices import Candidate, Leaving, Wish
from cxtext.store import tables as t
from cxtext.store.results import replace_rows
from cxtext.store.voice_tables import voice

Row = dict[str, Any]
COLUMNS = ("topic_id", "customers", "tickets", "share", "quotes", "answer_from")  # the other fields are facts
LEFT_OUT = ("label", "answer")  # the topic's name and the ticket's text say them


def save_lists(
    connection: Connection,
    leaving: Sequence[Leaving],
    wishes: Sequence[Wish],
    questions: Sequence[Candidate],
    run_id: int,
) -> int:
    """Keep the lists of this night; what has left them is closed. Returns the rows written."""
    rows = [_row("leaving", rank, one.reason, asdict(one)) for rank, one in enumerate(leaving, start=1)]
    rows += [_row("wish", rank, one.topic_id, asdict(one)) for rank, one in enumerate(wishes, start=1)]
    rows += [
        _row("question", rank, one.topic_id, asdict(one) | {"tickets": one.questions, "share": one.badly_answered})
        for rank, one in enumerate(questions, start=1)
    ]
    gone = sa.and_(t.seen_at(voice, run_id), voice.c.id.not_in([row["id"] for row in rows]))
    connection.execute(voice.delete().where(gone, voice.c.from_run == run_id))
    connection.execute(voice.update().where(gone).values(to_run=run_id))
    return replace_rows(connection, voice, "id", rows, run_id, always=set())


def _row(name: str, rank: int, key: str, told: Row) -> Row:
    kept: Row = {"topic_id": None, "share": 0.0, "answer_from": None}
    kept |= {column: _plain(told[column]) for column in COLUMNS if column in told}
    facts = {field: _plain(value) for field, value in told.items() if field not in (*COLUMNS, *LEFT_OUT)}
    return {"id": f"{name}/{key}", "list": name, "rank": rank, "facts": facts} | kept


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
