"""`detect`: the trend detector alone, on a user's own daily counts."""

from pathlib import Path
from typing import Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import print_json, print_lines, print_table
from cxtext.errors import ConfigurationError

Counts = Annotated[Path, typer.Argument(metavar="COUNTS", help="CSV or Parquet: a column day, one column per series.")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Earlier days are history only.")]
Speech = Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the reasons.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(detect)


def detect(counts: Counts, first: From = None, language: Speech = "en", *, json: options.Json = False) -> None:
    """Say what is new, rising or jumping in daily counts; one line per episode, each with its reason."""
    from cxtext.trends.counts import read_counts
    from cxtext.trends.detect import as_signal
    from cxtext.trends.detect import detect as find

    if language not in ("de", "en"):
        raise ConfigurationError(f"--language {language!r}: say de or en")
    table = read_counts(counts)
    episodes = find(table.days, table.counts, table.names, from_day=options.day_from(first, "--from"))
    signals = [as_signal(episode, language) for episode in episodes]
    if json:
        print_json({"signals": signals})
    elif not signals:
        print_lines(f"Nothing new, rising or jumping in {len(table.names)} series up to {table.days[-1]}.")
    else:
        columns = {"day": "Day", "series": "Series", "kind": "Kind", "count": "Count", "expected": "Expected"}
        print_table(columns | {"evidence_strength": "Evidence", "why": "Why"}, signals)
