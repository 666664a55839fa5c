"""`export`: results as files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json
from cxtext.errors import ConfigurationError

What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT", help="tickets, topics, assignments, causes, departments, metrics, ledger or quarantine."
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to; .csv .jsonl .parquet .xlsx")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="csv, jsonl, parquet or xlsx, whatever the file is called."),
]
RunNumber = Annotated[int | None, typer.Option("--run", metavar="N", help="As it was after run N.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(export)


def export(
    what: What,
    output: Output,
    form: Format = None,
    as_of: options.AsOf = None,
    run: RunNumber = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write results to a file, as they are now or as they were on an earlier night."""
    from cxtext.export import KINDS, write_file
    from cxtext.store import runs

    if what not in KINDS:
        raise ConfigurationError(f"no export called {what!r}; known: {', '.join(KINDS)}")
    settings = options.settings_from(config, db)
    kind = KINDS[what]
    count = 0

    with options.store_of(settings) as store, store.read() as connection:
        day = options.day_from(as_of)
        run_id = runs.get(connection, run).id if run is not None else runs.at(connection, day)

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal count
            for row in kind.rows(connection, run_id):
                count += 1
                yield row

        write_file(output, kind.columns, counted(), form=form)
    if json:
        print_json({"what": what, "file": str(output), "rows": count, "run_id": run_id})
    elif not quiet:
        note(f"{output}: {count:,} rows ({kind.title})")
