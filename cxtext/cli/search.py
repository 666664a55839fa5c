"""`search`: tickets by their words, or by what they mean."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_table, shorten
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.settings import Settings
    from cxtext.store import Store
    from cxtext.store.read_tickets import Filter, Row

Said = Annotated[
    str, typer.Argument(metavar="TEXT", help='Words, all of which must occur ("liefer*": what begins so).')
]
Similar = Annotated[bool, typer.Option("--similar", help="Cases like this text, in whatever words.")]
Number = Annotated[int, typer.Option("--limit", min=1, max=1000, metavar="N", help="At most N tickets.")]
Department = Annotated[str | None, typer.Option("--department", metavar="KEY", help="Only this department's.")]
Topic = Annotated[str | None, typer.Option("--topic", metavar="ID", help="Only of this topic and its subtopics.")]
Product = Annotated[str | None, typer.Option("--product", metavar="NAME", help="Only about this product.")]
LanguageCode = Annotated[str | None, typer.Option("--language", metavar="CODE", help="Only in this language.")]
Channel = Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Only from this channel.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to this day.")]
TOLD = (
    "source", "id", "created_at", "language", "channel", "product", "text", "topic_id", "topic_label", "department",
    "cause", "sentiment_label", "marks", "score",
)  # fmt: skip
COLUMNS = {"score": "score", "day": "day", "key": "ticket", "department": "department", "text": "text"}


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(search)


def search(
    text: Said,
    limit: Number = 20,
    department: Department = None,
    topic: Topic = None,
    product: Product = None,
    language: LanguageCode = None,
    channel: Channel = None,
    since: Since = None,
    until: Until = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    recipe: options.RecipeName = None,
    *,
    similar: Similar = False,
    json: options.Json = False,
) -> None:
    """Find tickets: every word in any spelling, ending or compound, newest first; or, with --similar, by meaning."""
    from cxtext.store import runs
    from cxtext.store.read_tickets import Filter

    if not text.strip():
        raise ConfigurationError("search: there is no text")
    settings = options.settings_from(config, db, recipe)
    chosen = Filter(
        since=options.day_from(since, "--since"), until=options.day_from(until, "--until"), language=language,
        product=product, department=department, topic=topic, channel=channel,
    )  # fmt: skip
    with options.store_of(settings) as store:
        with store.read() as connection:
            run_id = runs.at(connection, options.day_from(as_of))
        work = _alike if similar else _worded
        found = work(store, settings, text, chosen, run_id, limit)
    if json:
        print_json({"run_id": run_id, "hits": [_told(row) for row in found]})
        return
    columns = COLUMNS if similar else {name: title for name, title in COLUMNS.items() if name != "score"}
    print_table(columns, [_shown(row) for row in found])
    if not found:
        note("nothing is found" if similar else "nothing is found; --similar looks for other words of the same meaning")


def _worded(store: "Store", _settings: "Settings", text: str, chosen: "Filter", run_id: int, limit: int) -> list["Row"]:
    from cxtext.store.search import search_tickets

    with store.read() as connection:
        hits = search_tickets(connection, run_id, text, chosen, limit=limit)
    return [hit.ticket | {"marks": [list(mark) for mark in hit.marks]} for hit in hits]


def _alike(store: "Store", settings: "Settings", text: str, chosen: "Filter", run_id: int, limit: int) -> list["Row"]:
    from cxtext.jobs.similar import similar_tickets
    from cxtext.store.read_tickets import by_number

    near = similar_tickets(store, settings, text, chosen, run_id=run_id, limit=limit)
    with store.read() as connection:
        rows = by_number(connection, run_id, [one.no for one in near])
    return [rows[one.no] | {"score": one.score} for one in near]


def _told(row: "Row") -> dict[str, Any]:
    return {name: row[name] for name in TOLD if name in row}


def _shown(row: "Row") -> dict[str, Any]:
    day = row["day"] if isinstance(row["day"], date) else None
    return row | {"key": f"{row['source']}:{row['id']}", "text": shorten(row["text"], 80), "day": day}
