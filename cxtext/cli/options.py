"""Flags that many commands share, and how they become settings, a store and a clock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxtext.errors import ConfigurationError
from cxtext.resources import OVERRIDE

if TYPE_CHECKING:
    from cxtext.settings import Settings
    from cxtext.store import Store

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Configuration (default: cxtext.toml).")]
Database = Annotated[str | None, typer.Option("--db", metavar="URL", help="Database (default: sqlite:///cxtext.db).")]
RecipeName = Annotated[str | None, typer.Option("--recipe", metavar="NAME", help="How to think (default: fast).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Mapping = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Read at most N rows of each source.")]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Seed of every step that draws lots (default: 0).")
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=64, metavar="N",
        help="Processes that read tickets (default: one, up to four cores for much work); 420 MB each.",
    ),
]  # fmt: skip
EngineName = Annotated[
    str | None, typer.Option("--engine", metavar="local|dask", help="Who the processes belong to (default: local).")
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler that is there, like tcp://host:8786."),
]
Log = Annotated[
    str | None,
    typer.Option("--log", metavar="text|json", help="Words on stderr, or one JSON object a line (default: text)."),
]
MetricsFile = Annotated[
    Path | None,
    typer.Option("--metrics-file", metavar="FILE.prom", help="What Prometheus' node_exporter shall know of the run."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it was on the evening of that day.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it (default: your login name).")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; kept in the history.")]


def settings_from(
    config: Path | None = None,
    db: str | None = None,
    recipe: str | None = None,
    seed: int | None = None,
    workers: int | None = None,
    engine: str | None = None,
    scheduler: str | None = None,
    log: str | None = None,
    metrics_file: Path | None = None,
) -> "Settings":
    """Settings from file and environment; flags win."""
    from cxtext.settings import Settings

    settings = Settings.load(
        config, db=db, recipe=recipe, seed=seed, workers=workers, engine=engine, scheduler=scheduler, log=log,
        metrics_file=metrics_file,
    )  # fmt: skip
    if settings.models is not None:
        os.environ.setdefault(OVERRIDE, str(settings.models))
    return settings


@contextmanager
def store_of(settings: "Settings", *, create: bool = False) -> Iterator["Store"]:
    """The open store; it must exist unless `create`."""
    from cxtext.store import open_store

    store = open_store(settings.db, create=create)
    try:
        yield store
    finally:
        store.close()


def mapping_from(pairs: list[str] | None, flag: str = "--map") -> dict[str, str]:
    """`["text=Beschreibung"]` as a mapping of fields to columns.

    Raises:
        ConfigurationError: a pair has no equals sign.
    """
    mapping = {}
    for pair in pairs or []:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip():
            raise ConfigurationError(f"{flag} {pair!r}: write it like {flag} text=Beschreibung")
        mapping[field.strip()] = column.strip()
    return mapping


def day_from(text: str | None, flag: str = "--as-of") -> date | None:
    """A day in ISO form.

    Raises:
        ConfigurationError: it is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"{flag} {text!r}: write a day like 2026-05-03") from error


def actor(by: str | None) -> str:
    """Who sits at the keyboard."""
    return by or os.environ.get("LOGNAME") or os.environ.get("USER") or "unknown"


def now() -> datetime:
    """The clock; the only place where the command line looks at it."""
    return datetime.now(UTC)
