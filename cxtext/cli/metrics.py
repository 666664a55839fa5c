"""`metrics` and `drivers`: how well customers are served, and which issues stand in the way."""

from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.evaluate import room, tell
from cxtext.cli.output import print_json, print_lines, print_table
from cxtext.errors import ConfigurationError

Scope = Annotated[
    str,
    typer.Option(
        "--scope", metavar="SCOPE", help="all, topic, cause, department, product, channel, language or version."
    ),
]
Key = Annotated[
    str | None, typer.Option("--key", metavar="KEY", help="One topic, cause, department … (default: all of them).")
]
When = Annotated[
    str,
    typer.Option(
        "--period", metavar="PERIOD", help="28d, 28d-before, all, week, month, or one such as 2026-W44 or 2026-10."
    ),
]
Name = Annotated[str | None, typer.Option("--metric", metavar="NAME", help="One metric, such as csat (default: all).")]
Outcome = Annotated[
    str,
    typer.Option("--outcome", metavar="NAME", help="csat, nps, ces, reopened, churned, hours, sentiment or cost."),
]
Count = Annotated[int, typer.Option("--count", min=1, help="How many issues.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(metrics)
    app.command()(drivers)
    room.command(name="metrics")(coverage)


def metrics(
    scope: Scope = "all",
    key: Key = None,
    period: When = "28d",
    metric: Name = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Satisfaction, times, shares and costs with 95 % intervals; values under five tickets are hidden."""
    from cxtext.metrics.definitions import METRICS, SCOPES
    from cxtext.store import runs
    from cxtext.store.read_metrics import metrics as read

    if scope not in SCOPES:
        raise ConfigurationError(f"--scope {scope!r}: there is {', '.join(SCOPES)}")
    if metric is not None and metric not in METRICS:
        raise ConfigurationError(f"--metric {metric!r}: there is {', '.join(METRICS)}")
    settings = options.settings_from(config, db)
    with options.store_of(settings) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        found = read(connection, run_id, scope=scope, key=key, period=period, metric=metric)
        rows = [_row(one, ("scope", "key", "period", "metric", "value", "lower", "upper", "n")) for one in found]
    if json:
        print_json({"metrics": rows})
    elif not rows:
        print_lines("Nothing is measured there: `cxtext run` measures, `--scope` and `--period` choose.")
    else:
        shown = [row | {"metric": METRICS[row["metric"]].titles["en"]} for row in rows]
        columns = {"key": "Key", "period": "Period", "metric": "Metric", "value": "Value"}
        print_table(columns | {"lower": "from", "upper": "to", "n": "n"}, shown)


def drivers(
    outcome: Outcome = "csat",
    count: Count = 10,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Which issues pull an outcome down and by how much, channel, product and month being equal; the surest harm first."""
    from cxtext.metrics.drivers import OUTCOMES
    from cxtext.store import read_topics, runs
    from cxtext.store.read_metrics import Driver
    from cxtext.store.read_metrics import drivers as read

    if outcome not in OUTCOMES:
        raise ConfigurationError(f"--outcome {outcome!r}: there is {', '.join(OUTCOMES)}")
    settings = options.settings_from(config, db)
    with options.store_of(settings) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        labels = {row["topic_id"]: row["label"] for row in read_topics.topics(connection, run_id)}
        found = [one for one in read(connection, run_id, outcome, leaves=True) if one.topic_id in labels][:count]
        rows = [_row(one, tuple(Driver.__dataclass_fields__)) | {"label": labels[one.topic_id]} for one in found]
    if json:
        print_json({"drivers": rows})
    elif not rows:
        print_lines(f"Too few tickets say anything about {outcome}: it takes 50, and five of an issue.")
    else:
        print_lines(
            f"{outcome} is {rows[0]['overall']:.2f}."
            if outcome != "cost"
            else f"All issues cost {rows[0]['overall']:.2f} a week."
        )
        columns = {
            "rank": "Rank",
            "topic_id": "Topic",
            "label": "Issue",
            "effect": "Effect",
            "lower": "from",
            "upper": "to",
        }
        # Groups of issues have ranks of their own between these; few tickets are marked, as on the pages.
        listed = [
            row | {"rank": place, "n": f"{row['n']}{' (!)' if row['thin'] else ''}"}
            for place, row in enumerate(rows, 1)
        ]
        print_table(columns | {"without": "Without it", "n": "n"}, listed)
        if any(row["thin"] for row in rows):
            print_lines("(!) too few tickets to rely on")


def coverage(
    seed: options.Seed = 0,
    *,
    small: Annotated[bool, typer.Option("--small", help="Fewer worlds: ten seconds.")] = False,
    json: options.Json = False,
) -> None:
    """How often the 95 % intervals of metrics, drivers, checks and arrows hold the truth, in made-up worlds."""
    from cxtext.evaluate.metrics import evaluate_metrics

    tell(evaluate_metrics(small=small, seed=seed or 0), json=json)


def _row(one: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}
