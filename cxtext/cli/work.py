"""`run` and `ingest`: the job itself."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines
from cxtext.cli.watching import watching
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.jobs.nightly import Outcome

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Files (.csv .tsv .jsonl .json .parquet .xlsx .mbox, also .gz .zst), sources of the configuration, or -.",
    ),
]
MaybeSources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE...]",
        help="Files, or sources named in the configuration; none: all sources of the configuration. - is JSONL on stdin.",
    ),
]
Surveys = Annotated[
    list[str] | None,
    typer.Option(
        "--surveys", metavar="[SOURCE=]FILE",
        help="Answers to surveys (CSAT, NPS, CES, comments), joined to their tickets by the ticket's id; repeatable.",
    ),
]  # fmt: skip
Strict = Annotated[bool, typer.Option("--strict", help="Fail, and keep nothing, if any row is no ticket.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(run)
    app.command()(ingest)
    app.command()(replay)


def run(
    sources: MaybeSources = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    recipe: options.RecipeName = None,
    mapping: options.Mapping = None,
    surveys: Surveys = None,
    limit: options.Limit = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    engine: options.EngineName = None,
    scheduler: options.Scheduler = None,
    log: options.Log = None,
    metrics_file: options.MetricsFile = None,
    *,
    strict: Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Do a night: read tickets, find topics, moods, causes and departments, publish the result.

    The same night twice changes nothing. Killed, it goes on where it stopped.
    """
    settings = options.settings_from(config, db, recipe, seed, workers, engine, scheduler, log, metrics_file)
    asked: dict[str, Any] = {
        "sources": sources or tuple(settings.sources),
        "mapping": options.mapping_from(mapping),
        "as_of": options.day_from(as_of),
        "surveys": surveys or (),
    }
    _do(settings, asked | {"limit": limit, "strict": strict}, json=json, quiet=quiet)


def ingest(
    sources: Sources,
    config: options.Config = None,
    db: options.Database = None,
    mapping: options.Mapping = None,
    surveys: Surveys = None,
    limit: options.Limit = None,
    workers: options.Workers = None,
    engine: options.EngineName = None,
    scheduler: options.Scheduler = None,
    log: options.Log = None,
    metrics_file: options.MetricsFile = None,
    *,
    strict: Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read tickets into the store, cleaned and redacted, without analysing them yet."""
    settings = options.settings_from(
        config, db, workers=workers, engine=engine, scheduler=scheduler, log=log, metrics_file=metrics_file
    )
    asked: dict[str, Any] = {"sources": sources, "mapping": options.mapping_from(mapping), "only_ingest": True}
    asked |= {"limit": limit, "strict": strict, "surveys": surveys or ()}
    _do(settings, asked, json=json, quiet=quiet)


def replay(
    sources: Sources,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First night (default: the first ticket's day).")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last night (default: the last ticket's day).")
    ] = None,
    every: Annotated[
        str, typer.Option("--every", metavar="day|week", help="A night a day, or a night a week.")
    ] = "day",
    config: options.Config = None,
    db: options.Database = None,
    recipe: options.RecipeName = None,
    mapping: options.Mapping = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    engine: options.EngineName = None,
    scheduler: options.Scheduler = None,
    log: options.Log = None,
    metrics_file: options.MetricsFile = None,
    *,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Backfill: the same job night after night in the order of the dates, as if it had run then."""
    from cxtext.jobs.replay import STEPS, Backfill
    from cxtext.jobs.replay import replay as do_all

    if every not in STEPS:
        raise ConfigurationError(f"--every {every!r}: say day or week")
    asked = Backfill(
        sources=sources, mapping=options.mapping_from(mapping), first=options.day_from(first, "--from"),
        last=options.day_from(last, "--to"), every=every,  # type: ignore[arg-type]  # checked above
    )  # fmt: skip
    settings = options.settings_from(config, db, recipe, seed, workers, engine, scheduler, log, metrics_file)
    silent = json or quiet or settings.log == "json"
    tell = (lambda _line: None) if silent else note
    with watching(settings, quiet=silent) as bar, options.store_of(settings, create=True) as store:
        outcomes = do_all(store, settings, asked, now=options.now, progress=bar, tell=tell)
        if not silent:
            from cxtext.cli.overview import print_overview

            print_overview(store)
    quarantined = sum(outcome.quarantined for outcome in outcomes)
    if json:
        told = [{"run_id": outcome.run_id, **outcome.counts} for outcome in outcomes]
        print_json({"nights": told, "quarantined": quarantined})
    elif not silent:
        print_lines(
            f"{plural(len(outcomes), 'night')}, {plural(sum(o.counts.get('new', 0) for o in outcomes), 'ticket')}."
        )
    if quarantined:
        raise typer.Exit(3)


def _do(settings: Any, asked: dict[str, Any], *, json: bool, quiet: bool) -> None:
    from cxtext.jobs.nightly import Order, run_night

    silent = json or quiet or settings.log == "json"
    tell = (lambda _line: None) if silent else note
    with watching(settings, quiet=silent) as bar, options.store_of(settings, create=True) as store:
        outcome = run_night(store, settings, Order(**asked), now=options.now, progress=bar, tell=tell)
        if not silent and not asked.get("only_ingest"):
            from cxtext.cli.overview import print_overview

            print_overview(store)
    if json:
        print_json(
            {"run_id": outcome.run_id, "resumed": outcome.resumed, **outcome.counts, "notes": list(outcome.lines)}
        )
    elif not silent:
        print_lines("", *summary(outcome))
    if outcome.quarantined:
        raise typer.Exit(3)


def summary(outcome: "Outcome") -> list[str]:
    """What a run did, in two or three sentences."""
    counts = outcome.counts
    lines = []
    if "read" in counts:
        lines.append(
            f"Run {outcome.run_id}: {plural(counts['read'], 'row')} read, {plural(counts['new'], 'new ticket')}, "
            f"{counts['changed']:,} changed, {counts['unchanged']:,} known."
        )
    if undated := counts.get("undated"):
        lines.append(f"Without a date: {plural(undated, 'ticket')}, analysed, but no part of any trend.")
    if outcome.quarantined:
        lines.append(
            f"In quarantine, each with its reason: {plural(outcome.quarantined, 'row')}. "
            "To look at them: cxtext export quarantine -o quarantine.csv"
        )
    if unread := counts.get("unread"):
        lines.append(
            f"Without sentiment, cause and intent: {plural(unread, 'ticket')}. Reading them ended the workers."
        )
    return lines or list(outcome.lines)


def plural(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
