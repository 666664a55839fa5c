"""`churn`, `wishes`, `knowledge`: why customers leave, what they wish for, what they keep asking."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import print_json, print_lines, print_table

Days = Annotated[
    int, typer.Option("--days", min=1, max=3650, help="How many days to look back from the newest ticket.")
]
Top = Annotated[int, typer.Option("--limit", min=1, help="The most rows.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(churn)
    app.command()(wishes)
    app.command()(knowledge)


def churn(
    days: Days = 90, limit: Top = 20, as_of: options.AsOf = None, config: options.Config = None, db: options.Database = None,
    *, json: options.Json = False,
) -> None:  # fmt: skip
    """Why customers leave: the reasons they give, and what caused them."""
    from cxtext.intent.cues import Cues
    from cxtext.metrics.voices import why_they_leave

    cues = Cues()

    def listed(voices: Sequence[Any], _days: int) -> list[Any]:
        return why_they_leave(voices, lambda voice: cues.find_details(voice.text, voice.language).cancellation_reason)

    rows = _rows(listed, ("cancellation",), days, as_of, config, db, churned=True)[:limit]
    columns = {
        "reason": "reason",
        "customers": "customers",
        "share": "share",
        "causes": "causes",
        "last": "last",
        "quotes": "tickets",
    }
    _show("churn", rows, columns, "Nobody said in this time that they are leaving.", json=json)


def wishes(
    days: Days = 90, limit: Top = 20, as_of: options.AsOf = None, config: options.Config = None, db: options.Database = None,
    *, json: options.Json = False,
) -> None:  # fmt: skip
    """What customers wish for, how often, and of which product."""
    from cxtext.metrics.voices import wishes as all_wishes

    rows = _rows(lambda voices, _days: all_wishes(voices), ("wish",), days, as_of, config, db)[:limit]
    columns = {
        "label": "wish",
        "customers": "customers",
        "products": "products",
        "first": "first",
        "last": "last",
        "quotes": "tickets",
    }
    _show("wishes", rows, columns, "No wish came more than once in this time.", json=json)


def knowledge(
    days: Days = 90, limit: Top = 20, as_of: options.AsOf = None, config: options.Config = None, db: options.Database = None,
    *, json: options.Json = False,
) -> None:  # fmt: skip
    """Questions that keep coming without a good answer: the articles worth writing first, with the best answer so far."""
    from cxtext.metrics.voices import unanswered

    rows = _rows(unanswered, ("question",), days, as_of, config, db)[:limit]
    columns = {"label": "question", "customers": "customers", "hours": "median hours", "badly_answered": "badly answered",
               "effort": "hours a week", "answer_from": "best answer"}  # fmt: skip
    _show("knowledge", rows, columns, "No question kept coming in this time.", json=json)


def _rows(
    listed: Callable[[Sequence[Any], int], list[Any]],
    intents: Sequence[str],
    days: int,
    as_of: str | None,
    config: Any,
    db: str | None,
    *,
    churned: bool = False,
) -> list[dict[str, Any]]:
    from cxtext.store import runs
    from cxtext.store.read_voices import last_day, voices

    settings = options.settings_from(config, db)
    with options.store_of(settings) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        until = last_day(connection, run_id)
        since = until - timedelta(days - 1) if until else None
        found = list(voices(connection, run_id, intents, churned=churned, since=since, until=until))
    return [asdict(row) for row in listed(found, days)]


def _show(name: str, rows: list[dict[str, Any]], columns: dict[str, str], nothing: str, *, json: bool) -> None:
    if json:
        print_json({name: rows})
        return
    if not rows:
        print_lines(nothing)
        return
    print_table(columns, [{key: _plain(key, row[key]) for key in columns} for row in rows])


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, tuple | list):
        return ", ".join(f"{part[0]} {part[1]}" if isinstance(part, tuple | list) else str(part) for part in value)
    if key in ("share", "badly_answered"):
        return f"{value:.0%}"
    return "not said" if value == "" else "" if value is None else value
