"""`fix`: record what was done about an issue, and see whether it worked; `defects`: what is peculiar to a product."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import evaluate, options
from cxtext.cli.output import note, print_json, print_lines, print_table
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.store.read_defects import DefectRow
    from cxtext.store.read_fixes import Estimate, FixRow

Issue = Annotated[str | None, typer.Argument(metavar="[ISSUE]", help="Id of a topic; without it all fixes are shown.")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it took effect.")]
What = Annotated[str, typer.Option("--what", metavar="TEXT", help="What was done.")]
Product = Annotated[str | None, typer.Option("--product", metavar="NAME", help="Only this product.")]
Version = Annotated[str | None, typer.Option("--version", metavar="NAME", help="Only this version.")]
Department = Annotated[str | None, typer.Option("--department", metavar="KEY", help="Only this department.")]
Undo = Annotated[str | None, typer.Option("--undo", metavar="FIX", help="Take a fix back, such as F-0001.")]
Watch = Annotated[bool, typer.Option("--watch", help="The watch list too.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(fix)
    app.command()(defects)
    evaluate.room.command(name="defects")(measure)


def fix(
    issue: Issue = None,
    on: On = None,
    what: What = "",
    product: Product = None,
    version: Version = None,
    department: Department = None,
    by: options.By = None,
    undo: Undo = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Record a fix (ISSUE --on DATE), take one back (--undo F-0001), or show all with their verdicts.

    A fix is judged after 14 and after 28 days against issues that nobody touched, and watched for 90 days.
    """
    settings = options.settings_from(config, db)
    if undo is not None:
        _undo(settings, undo, options.actor(by), json=json)
    elif issue is None:
        _show(settings, as_of, json=json)
    else:
        day = options.day_from(on, "--on")
        if day is None:
            raise ConfigurationError(f"when did it take effect? `cxtext fix {issue} --on 2026-05-03`")
        from cxtext.jobs.fixes import Done

        place = {"product": product, "version": version, "department": department}
        done = Done(topic_id=issue, day=day, what=what, by=options.actor(by), **place)
        _record(settings, done, json=json)


def defects(
    product: Product = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    watch: Watch = False,
    json: options.Json = False,
) -> None:
    """Which product or version has an issue more often than its family, or than its other versions."""
    from dataclasses import asdict

    from cxtext.store import read_defects, runs

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        rows = read_defects.defects(connection, run_id, state=None if watch else "signal", product=product)
    if json:
        print_json({"defects": [asdict(row) for row in rows]})
    elif not rows:
        print_lines("No product and no version stands out. Tickets need a product, and versions a version, for this.")
    else:
        columns = {"product": "Product", "version": "Version", "issue": "Issue", "count": "Tickets", "of": "Of"}
        more = {"expected": "Expected", "ratio": "Times [90 %]", "state": "State", "words": "Words"}
        print_table(columns | more, [_defect_line(row) for row in rows])


def measure(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="simulation, versions, fixes or all.")] = "simulation",
    reviews: Annotated[
        str | None, typer.Option("--reviews", metavar="FILE", help="App reviews with app, version, date, stars, text.")
    ] = None,
    seed: options.Seed = 700,
    *,
    small: Annotated[bool, typer.Option("--small", help="A tenth of the tables.")] = False,
    json: options.Json = False,
) -> None:
    """The table of defects beside the rules in use, a replay of real reviews by version, and verdicts on fixes."""
    from pathlib import Path

    from cxtext.evaluate.defects import REVIEWS, evaluate_defects

    place = Path(reviews) if reviews else REVIEWS
    figures = evaluate_defects(kind, seed=700 if seed is None else seed, small=small, reviews=place)  # type: ignore[arg-type]
    evaluate.tell(figures, json=json)


def _record(settings: Any, done: Any, *, json: bool) -> None:
    from cxtext.jobs.fixes import record_fix
    from cxtext.store import read_fixes

    with options.store_of(settings) as store:
        name, run_id = record_fix(store, settings, done, now=options.now)
        with store.read() as connection:
            row = read_fixes.one_fix(connection, run_id, name)
    if json:
        print_json({"run_id": run_id, **_plain(row)})
    else:
        note(
            f"{name}: {done.topic_id} was fixed on {done.day}; {_verdict(row)}. To take it back: cxtext fix --undo {name}"
        )


def _undo(settings: Any, name: str, by: str, *, json: bool) -> None:
    from cxtext.jobs.fixes import undo_fix

    with options.store_of(settings) as store:
        run_id = undo_fix(store, settings, name, by=by, now=options.now)
    if json:
        print_json({"run_id": run_id, "undone": name})
    else:
        note(f"{name} is taken back")


def _show(settings: Any, as_of: str | None, *, json: bool) -> None:
    from cxtext.store import read_fixes, runs

    with options.store_of(settings) as store, store.read() as connection:
        rows = read_fixes.fixes(connection, runs.at(connection, options.day_from(as_of)))
    if json:
        print_json({"fixes": [_plain(row) for row in rows]})
    elif not rows:
        print_lines('No fixes yet. To record one: cxtext fix T-0007 --on 2026-05-03 --what "New firmware"')
    else:
        columns = {"id": "Fix", "topic": "Topic", "day": "On", "what": "What", "state": "Verdict"}
        more = {"change": "Change % [95 %]", "tickets": "Tickets saved", "hours": "Hours saved"}
        print_table(columns | more, [_fix_line(row) for row in rows])


def _plain(row: "FixRow") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(row)


def _verdict(row: "FixRow") -> str:
    if row.state in ("recorded", "too early"):
        return "the first verdict comes 14 days after it"
    return f"{row.state}, {_interval(row.change, 0)} % tickets"


def _fix_line(row: "FixRow") -> dict[str, Any]:
    topic = f"{row.topic_id} {row.label or ''}".strip()
    figures = {
        "change": _interval(row.change, 0),
        "tickets": _interval(row.tickets, 0),
        "hours": _interval(row.hours, 0),
    }
    return {"id": row.id, "topic": topic, "day": row.day, "what": row.what, "state": row.state, **figures}


def _defect_line(row: "DefectRow") -> dict[str, Any]:
    return {
        "product": row.product, "version": row.version, "issue": row.label or row.issue, "count": row.count,
        "of": row.total, "expected": row.expected, "ratio": f"{row.ratio:.1f} [{row.low:.1f}–{row.high:.1f}]",
        "state": row.state, "words": row.words[:5],
    }  # fmt: skip


def _interval(value: "Estimate | None", digits: int) -> str | None:
    if value is None:
        return None
    return f"{value.value:+.{digits}f} [{value.lower:+.{digits}f} {value.upper:+.{digits}f}]"
