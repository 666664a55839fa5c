"""Exports as streams."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path as File
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from pydantic import AfterValidator
from sqlalchemy import Connection
from starlette.background import BackgroundTask

from api.accounts.principal import Who
from api.deps import AsOf, only_known
from api.errors import Forbidden
from api.interface import described
from cxtext.export import KINDS, Kind, harmless, jsonable, plain, write_file
from cxtext.store import Store, runs
from cxtext.store.accounts import Principal
from cxtext.store.scope import within

router = APIRouter(prefix="/api/v1/exports", tags=["exports"], dependencies=[Depends(only_known)])
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PERSONAL = ("quarantine",)  # raw rows of no known department


def _known(what: str) -> str:
    if what not in KINDS:
        raise ValueError(f"known: {', '.join(KINDS)}")
    return what


What = Annotated[str, Path(examples=["topics"], json_schema_extra={"enum": list(KINDS)}), AfterValidator(_known)]
Form = Annotated[Literal["csv", "jsonl", "parquet", "xlsx"], Path(examples=["csv"])]
CONTENT = {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}


@router.get(
    "/{what}.{form}",
    response_class=StreamingResponse,
    responses={**described(403, 404), 200: {"description": "Rows.", "content": CONTENT}},
)
def export(request: Request, who: Who, what: What, form: Form, as_of: AsOf = None) -> Response:
    """A whole export, row by row, as `cxtext export` writes it; those of some departments get their own rows."""
    if what in PERSONAL and (who.departments or not who.may("analyst")):
        raise Forbidden(
            "rows in quarantine belong to no department yet: this needs the role analyst for all departments"
        )
    store: Store = request.app.state.store
    with store.read() as connection:
        run_id = runs.at(connection, as_of)
    headers = {"Content-Disposition": f'attachment; filename="{what}.{form}"'}
    if request.scope.get("head_only"):
        return Response(headers=headers, media_type=MEDIA[form])
    if form in ("parquet", "xlsx"):
        return _file(_confined(store, who, run_id), KINDS[what], form, run_id, headers)
    rows = _stream(_confined(store, who, run_id), KINDS[what], form, run_id)
    return StreamingResponse(rows, media_type=MEDIA[form], headers=headers)


@contextmanager
def _confined(store: Store, who: Principal, run_id: int) -> Iterator[Connection]:
    with store.read() as connection:
        yield within(connection, run_id, who.departments)


def _stream(opened: AbstractContextManager[Connection], kind: Kind, form: str, run_id: int) -> Iterator[str]:
    with opened as connection:
        rows = kind.rows(connection, run_id)
        yield from _csv(kind, rows) if form == "csv" else _jsonl(kind, rows)


def _file(
    opened: AbstractContextManager[Connection], kind: Kind, form: str, run_id: int, headers: dict[str, str]
) -> FileResponse:
    """Formats that end with their table of contents are written to disk first."""
    folder = tempfile.TemporaryDirectory(prefix="cxtext-export-")
    path = File(folder.name) / f"export.{form}"
    try:
        with opened as connection:
            write_file(path, kind.columns, kind.rows(connection, run_id))
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(path, media_type=MEDIA[form], headers=headers, background=BackgroundTask(folder.cleanup))


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
