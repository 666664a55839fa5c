"""`check`: the weekly sample in which a person says whether what is shown is right, and what follows from it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import print_json, print_lines, print_table, shorten

if TYPE_CHECKING:
    from cxtext.store.read_checks import Asked

Week = Annotated[
    str | None, typer.Option("--week", metavar="WEEK", help="Such as 2026-W44 (default: the last whole one).")
]
Most = Annotated[int, typer.Option("--count", min=1, max=30, help="How many checks at most.")]
Result = Annotated[bool, typer.Option("--result", help="Ask nothing; say how far topics and causes can be trusted.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(check)


def check(
    week: Week = None,
    count: Most = 30,
    by: options.By = None,
    config: options.Config = None,
    db: options.Database = None,
    seed: options.Seed = None,
    *,
    result: Result = False,
    json: options.Json = False,
) -> None:
    """Check a week's sample of topics and causes: at most 30 answers say how far they all can be trusted.

    On a terminal: Enter says right, n wrong, a key such as logistics/late-delivery or T-0007 says what is right
    instead, s skips, q ends. With --json the sample is listed only.
    """
    from cxtext.store import runs
    from cxtext.store.read_checks import sample_of_week

    settings = options.settings_from(config, db, None, seed)
    if result:
        _tell(settings, json=json)
        return
    with options.store_of(settings) as store, store.read() as connection:
        run_id = runs.current(connection)
        asked = sample_of_week(connection, run_id, week=week, seed=settings.seed, count=count)
        names = _names(connection, run_id)
    if json:
        print_json({"asked": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in asked]})
        return
    done = _ask_all(settings, asked, names, options.actor(by))
    print_lines(f"{done} of {len(asked)} checked.")
    if done:
        _tell(settings, json=False)


def _ask_all(settings: Any, asked: "list[Asked]", names: dict[str, str], by: str) -> int:
    from cxtext.jobs.checks import record_check

    done = 0
    for number, one in enumerate(asked, start=1):
        shown = "nothing" if one.shown is None else f"{one.shown}  {names.get(one.shown, '')}".strip()
        offered = f"      or: {', '.join(one.suggestions)}" if one.suggestions else ""
        print_lines(
            "", f"{number}/{len(asked)}  {one.key}", f"“{shorten(one.text, 400)}”", f"{one.field}: {shown}{offered}"
        )
        answer = _answer(names)
        if answer == "q":
            break
        if answer == "s":
            continue
        said = {"verdict": answer in ("", one.shown), "right_value": answer if answer in names else None}
        with options.store_of(settings) as store:
            record_check(store, settings, one, by=by, now=options.now, **said)  # type: ignore[arg-type]
        done += 1
    return done


def _answer(names: dict[str, str]) -> str:
    while True:
        typed = str(typer.prompt("Enter right, n wrong, key, s skip, q quit", default="", show_default=False)).strip()
        if typed in ("", "n", "s", "q") or typed in names:
            return typed
        print_lines("No such answer.")


def _names(connection: Any, run_id: int) -> dict[str, str]:
    """What topics and causes are called, by key."""
    from cxtext.store import read_topics

    topics = {row["topic_id"]: row["label"] for row in read_topics.topics(connection, run_id)}
    return topics | {row["key"]: row["titles"].get("de", "") for row in read_topics.causes(connection, run_id)}


def _tell(settings: Any, *, json: bool) -> None:
    from cxtext.store import runs
    from cxtext.store.read_checks import precision

    with options.store_of(settings) as store, store.read() as connection:
        run_id = runs.current(connection)
        rows = [
            {name: getattr(one, name) for name in one.__dataclass_fields__} for one in precision(connection, run_id)
        ]
    if json:
        print_json({"precision": rows})
        return
    if not rows:
        print_lines("Nothing has been checked yet: cxtext check")
        return
    columns = {"field": "What", "key": "Key", "precision": "Right %", "lower": "from", "upper": "to"}
    shares = {"share": "Share %", "share_lower": "from", "share_upper": "to", "n": "Checks"}
    print_table(columns | shares, [row for row in rows if row["n"]])
