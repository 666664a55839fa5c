"""Exports as streams."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from api.deps import only_known
from cxtext.export import KINDS, Kind, harmless, jsonable, plain
from cxtext.store import Store, runs

router = APIRouter(prefix="/api/v1/exports", tags=["exports"], dependencies=[Depends(only_known)])
What = Literal["tickets", "topics", "assignments", "causes", "departments", "ledger", "quarantine"]
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@router.get(
    "/{what}.{form}",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Rows.", "content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}
    },
)
def export(request: Request, what: What, form: Literal["csv", "jsonl"]) -> StreamingResponse:
    """A whole export, row by row, as `cxtext export` writes it."""
    store: Store = request.app.state.store
    headers = {"Content-Disposition": f'attachment; filename="{what}.{form}"'}
    return StreamingResponse(_stream(store, KINDS[what], form), media_type=MEDIA[form], headers=headers)


def _stream(store: Store, kind: Kind, form: str) -> Iterator[str]:
    with store.read() as connection:
        rows = kind.rows(connection, runs.current(connection))
        yield from _csv(kind, rows) if form == "csv" else _jsonl(kind, rows)


def _jsonl(kind: Kind, rows: Iterable[dict[str, object]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(jsonable(row, kind.columns), ensure_ascii=False) + "\n"


def _csv(kind: Kind, rows: Iterable[dict[str, object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(kind.columns)
    for row in rows:
        cells = [plain(row.get(name)) for name in kind.columns]
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
