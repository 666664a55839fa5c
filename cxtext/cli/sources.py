"""`init` and `sources`: where tickets come from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import in_language, note, print_json, print_lines, print_table
from cxtext.errors import ConfigurationError, CxtextError

if TYPE_CHECKING:
    from cxtext.jobs.visits import Tried
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
    from cxtext.jobs.first_hour import new_configuration, write_configuration

    new_configuration(folder)  # says so before anybody has answered questions
    if kind is None and not json and sys.stdin.isatty() and sys.stdout.isatty():
        _ask(folder)
        return
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
    try:
        shown = _try(name, options.settings_from(path), silent=json)
    except CxtextError:
        if not json:
            note(f"{path} is written. Mend it there, then: cxtext sources test {name}{_with(folder)}")
        raise
    if json:
        print_json({"file": str(path), **shown})
    else:
        print_lines(f"{path} is written. Now read your tickets: cxtext run{_with(folder)}")


def _ask(folder: Path) -> None:
    from cxtext.cli.first_source import ask
    from cxtext.jobs.first_hour import write_configuration

    found = ask(options.settings_from())
    if found is None:
        path = write_configuration(folder)
        print_lines(f"{path} is written. Now read your tickets: cxtext run tickets.csv")
        return
    name, table, tried = found
    path = write_configuration(folder, source=(name, table))
    if tried is None:
        print_lines(f"{path} is written. Mend it there, then: cxtext sources test {name}{_with(folder)}")
        raise typer.Exit(1)
    _show(name, tried)
    print_lines(f"{path} is written. Now read your tickets: cxtext run{_with(folder)}")


def _with(folder: Path) -> str:
    return "" if folder == Path() else f" --config {folder / 'cxtext.toml'}"


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
        {
            "kind": kind,
            "what": service.title if json else in_language(service.title),
            "options": ", ".join(sorted(service.options)),
        }
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
        _show(name, tried)
    return {"source": name, "said": tried.said, "rows": list(tried.rows), "estimate": tried.estimate}


def _show(name: str, tried: "Tried") -> None:
    print_lines(f"{name}: {in_language(tried.said)}.")
    columns = {"id": "id", "created": "created", "text": "text (personal data hidden)", "other": "other fields"}
    print_table(columns, tried.rows)
    print_lines(tried.estimate)
