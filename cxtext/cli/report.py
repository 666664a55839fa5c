"""`report`: the week, a department or a defect, for people to read, print, mail, or put into an issue tracker."""

from pathlib import Path
from typing import Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json
from cxtext.errors import ConfigurationError

Kind = Annotated[str, typer.Argument(metavar="KIND", help="weekly, department or defect.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="Where to; .html .pdf .md .csv, defect also .json")
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="NAME", help="html, pdf, md, csv, json, jira or github, whatever the file is called."
    ),
]
Topic = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="What a defect report is about.")]
Product = Annotated[str | None, typer.Option("--product", metavar="NAME", help="Or which product it is about.")]
Department = Annotated[str | None, typer.Option("--department", metavar="KEY", help="Whose digest.")]
Language = Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the report.")]
Project = Annotated[str | None, typer.Option("--project", metavar="KEY", help="Project in Jira.")]
RunNumber = Annotated[int | None, typer.Option("--run", metavar="N", help="As it was after run N.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(report)


def report(
    kind: Kind,
    output: Output,
    form: Format = None,
    topic: Topic = None,
    product: Product = None,
    department: Department = None,
    language: Language = "de",
    project: Project = None,
    as_of: options.AsOf = None,
    run: RunNumber = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a report as it is now, or as it was on an earlier night: then byte for byte the same."""
    from cxtext.reports import render
    from cxtext.store import runs

    chosen = form or output.suffix.lstrip(".").lower()
    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        day = options.day_from(as_of)
        run_id = runs.get(connection, run).id if run is not None else runs.at(connection, day)
        if run_id == 0:
            raise ConfigurationError("nothing has run yet: `cxtext run FILE` comes first")
        content, media = render(
            connection, run_id, kind, chosen, language=language, topic=topic, product=product, department=department,
            project=project,
        )  # fmt: skip
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(output)
    except OSError as error:
        raise ConfigurationError(f"cannot write {output}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    if json:
        print_json({"kind": kind, "file": str(output), "media_type": media, "bytes": len(content), "run_id": run_id})
    elif not quiet:
        note(f"{output}: {kind} report of run {run_id}")
