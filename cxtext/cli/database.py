"""`db upgrade`, `db check`, `db copy`: the database itself."""

from typing import Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines

database = typer.Typer(
    name="db", help="The database: bring its schema up to date, check it, copy it to a server.", no_args_is_help=True
)
From = Annotated[str, typer.Argument(metavar="FROM", help="URL of the database to copy, such as sqlite:///cxtext.db.")]
To = Annotated[str, typer.Argument(metavar="TO", help="URL of a new one, such as postgresql://user@host/cxtext.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    database.command()(upgrade)
    database.command()(check)
    database.command()(copy)
    app.add_typer(database)


def upgrade(
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring the schema up to date: all steps or, if one fails, none. Every other command does so by itself."""
    from cxtext.store.connect import connect
    from cxtext.store.schema import HEAD, open_store, schema_version

    settings = options.settings_from(config, db)
    before = connect(settings.db, create=False)
    old = schema_version(before)
    before.close()
    store = open_store(settings.db, create=False)
    store.close()
    if json:
        print_json({"db": store.url, "from": old, "to": HEAD})
    elif not quiet:
        note(f"{store.url}: schema {HEAD}" + ("" if old == HEAD else f" (was {old or 'empty'})"))


def check(config: options.Config = None, db: options.Database = None, *, json: options.Json = False) -> None:
    """Check the database: its schema, its pages, and that every row belongs to a ticket and a run."""
    from cxtext.store.check import check_store

    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        found = check_store(store)
        if json:
            print_json({"db": store.url, "ok": not found, "problems": found})
        else:
            print_lines(*(found or [f"{store.url}: nothing is wrong"]))
    if found:
        raise typer.Exit(1)


def copy(source: From, target: To, *, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Copy a whole store into a new database, such as from SQLite to PostgreSQL; every row is compared afterwards."""
    from cxtext.store.transfer import copy_store

    copied = copy_store(source, target)
    total = sum(copied.rows.values())
    if json:
        print_json({"rows": dict(copied.rows), "total": total, "sha256": copied.digest})
    elif not quiet:
        note(f"{total:,} rows in {len(copied.rows)} tables are there, each as it was (sha256 {copied.digest[:16]}…)")
        if source.startswith("sqlite") and not target.startswith("sqlite"):
            note(
                "The key of the pseudonyms stays beside the file: CXTEXT_SECRET=key:$(cat cxtext.db.key) takes it along"
            )
