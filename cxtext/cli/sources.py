"""`init` and `sources`: where tickets come from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import in_language, note, print_json, print_lines, print_table
from cxtext.errors import ConfigurationError, CxtextError

if TYPE_CHECKING:
    from cxtext.settings import Settings

Folder = Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write it.")]
Kind = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="KIND", help="An online source to read, like zendesk; see `cxtext sources kinds`."
    ),
]
Name = Annotated[str, typer.Option("--name", help="What to call this source.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="An option of the source; repeatable. Secrets as env:NAME."),
]
SHOWN = 10  # rows


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(init)
    room = typer.Typer(
        help="Online sources: what is configured, what exists, whether they answer.", no_args_is_help=True
    )
    room.command("list")(list_sources)
    room.command("kinds")(list_kinds)
    room.command("test")(try_one)
    app.add_typer(room, name="sources")


def init(
    folder: Folder = Path(), kind: Kind = None, name: Name = "desk", given: Set = None, *, json: options.Json = False
) -> None:
    """Write a commented cxtext.toml that works as it stands; with a source, test it and show its first rows."""
    from cxtext.connectors.services import service_of
    from cxtext.jobs.first_hour import write_configuration

    asking = kind is None and not json and sys.stdin.isatty() and sys.stdout.isatty()
    if asking:
        kind, name, given = _ask()
    if kind is None:
        path = write_configuration(folder)
        if json:
            print_json({"file": str(path)})
        else:
            print_lines(f"{path} is written. Now read your tickets: cxtext run tickets.csv")
        return
    table = {"kind": kind, **options.mapping_from(given, "--set")}
    service_of(name, table)  # says what is wrong before anything is written
    path = write_configuration(folder, source=(name, table))
    shown = _try(name, options.settings_from(path), silent=json)
    if json:
        print_json({"file": str(path), **shown})
    else:
        where = "" if folder == Path() else f" --config {path}"
        print_lines(f"{path} is written. Now read your tickets: cxtext run{where}")


def list_sources(config: options.Config = None, db: options.Database = None, *, json: options.Json = False) -> None:
    """The configured sources and how far each has been read."""
    from cxtext.store import runs, sources

    settings = options.settings_from(config, db)
    rows: list[dict[str, str]] = []
    with options.store_of(settings, create=True) as store, store.read() as connection:
        for name, table in settings.sources.items():
            cursor = sources.cursor_of(connection, name, runs.current(connection))
            count = len(sources.known_ids(connection, name, runs.current(connection)))
            read = str(cursor.get("changed") or cursor.get("newest") or ("yes" if cursor else "not yet"))
            rows.append({"name": name, "kind": table.get("kind", "?"), "tickets": f"{count}", "read until": read})
    if json:
        print_json({"sources": rows})
    elif rows:
        print_table({key: key for key in rows[0]}, rows)
    else:
        print_lines("No online source is configured. To add one: cxtext init --source zendesk --set url=https://…")


def list_kinds(*, json: options.Json = False) -> None:
    """What can be read online, and the options of each."""
    from cxtext.connectors.services import SERVICES

    rows = [
        {"kind": kind, "what": service.title, "options": ", ".join(sorted(service.options))}
        for kind, service in sorted(SERVICES.items())
    ]
    if json:
        print_json({"kinds": rows})
    else:
        print_table({"kind": "kind", "what": "what", "options": "options"}, rows)


def try_one(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A source of the configuration.")],
    config: options.Config = None,
    *,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Test the connection and show the first rows as they would be read; nothing is kept."""
    settings = options.settings_from(config)
    if name not in settings.sources:
        raise ConfigurationError(
            f"no source {name!r} in the configuration; there: {', '.join(settings.sources) or 'none'}"
        )
    shown = _try(name, settings, silent=json or quiet)
    if json:
        print_json(shown)


def _try(name: str, settings: "Settings", *, silent: bool) -> dict[str, object]:
    from cxtext.jobs.visits import try_source

    tried = try_source(name, settings, now=options.now, rows=SHOWN)
    if not silent:
        print_lines(f"{name}: {in_language(tried.said)}.")
        print_table(
            {"id": "id", "created": "created", "text": "text (personal data hidden)", "other": "other fields"},
            tried.rows,
        )
        print_lines(tried.estimate)
    return {"source": name, "said": tried.said, "rows": list(tried.rows), "estimate": tried.estimate}


def _ask() -> tuple[str | None, str, list[str]]:
    """The questions of somebody who sits before it; an empty answer to the first one means files."""
    from cxtext.connectors.services import SERVICES

    note(f"Where do your tickets come from? Files, or one of: {', '.join(sorted(SERVICES))}")
    kind = typer.prompt(in_language("Source (empty: files)"), default="", show_default=False).strip()
    if not kind:
        return None, "desk", []
    if kind not in SERVICES:
        raise CxtextError(f"no kind of source {kind!r}; known: {', '.join(sorted(SERVICES))}")
    name = typer.prompt(in_language("What shall it be called"), default="desk")
    told = {
        option: typer.prompt(in_language(f"{option} (secrets as env:NAME)"), default="", show_default=False).strip()
        for option in SERVICES[kind].asked
    }
    return kind, name, [f"{option}={value}" for option, value in told.items() if value]
