"""`topics`: look at them and at what is alike, and do what only people can do: rename, merge, split, pin, mute."""

from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines, print_table, shorten, spark

room = typer.Typer(
    help="The recurring issues: list, show, similar, rename, merge, split, pin, mute, history.", no_args_is_help=True
)

TopicId = Annotated[str, typer.Argument(metavar="TOPIC", help="Id of a topic, such as T-0007.")]
Whole = Annotated[str | None, typer.Argument(metavar="[TOPIC]", help="Id of a topic; without it, pairs to judge.")]
Others = Annotated[list[str], typer.Argument(metavar="TOPIC...", help="The topics that become part of it.")]
Label = Annotated[str, typer.Argument(metavar="NAME", help="The new name.")]
Parts = Annotated[int, typer.Option("--parts", min=2, max=10, help="Into how many.")]
Off = Annotated[bool, typer.Option("--off", help="Take it back.")]
All = Annotated[bool, typer.Option("--all", help="Groups of topics too.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.add_typer(room, name="topics")


@room.command(name="list")
def list_topics(
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    everything: All = False,
    json: options.Json = False,
) -> None:
    """All topics, largest first."""
    from cxtext.store import read_topics, runs

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        rows = read_topics.topics(connection, runs.at(connection, options.day_from(as_of)))
    parents = {row["parent_id"] for row in rows}
    if not everything:
        rows = [row for row in rows if row["topic_id"] not in parents]
    if json:
        print_json({"topics": rows})
        return
    for row in rows:
        row["department"] = row["departments"][0][0] if row["departments"] else None
    columns = {"topic_id": "Topic", "label": "Name", "size": "Tickets", "status": "Status", "sentiment": "Sentiment"}
    print_table(columns | {"department": "Department", "first_seen": "Since", "last_seen": "Last"}, rows)


@room.command()
def show(
    topic: TopicId,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """One topic: its figures, its days, its quotes."""
    from cxtext.store import read_tickets, read_topics, runs

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        facts = read_topics.topic(connection, run_id, topic)
        quotes = list(read_tickets.texts(connection, run_id, facts["quotes"]).values())
        days = read_topics.daily(connection, run_id, read_topics.below(connection, run_id, facts["topic_id"]))
    if json:
        print_json(facts | {"quotes": quotes, "days": [{"day": d["day"], "count": d["count"]} for d in days]})
        return
    owners = ", ".join(f"{key} {share:.0%}" for key, share in facts["departments"]) or "–"
    causes = ", ".join(f"{key} {share:.0%}" for key, share in facts["causes"]) or "–"
    mood = "–" if facts["sentiment"] is None else f"{facts['sentiment']:+.2f}"
    print_lines(
        f"{facts['topic_id']}  {facts['label']}" + ("  (name given by a person)" if facts["named_by"] else ""),
        f"{facts['size']:,} tickets from {facts['first_seen']} to {facts['last_seen']} · {facts['status']} · sentiment {mood}",
        f"keywords:    {', '.join(facts['keywords'])}",
        f"causes:      {causes}",
        f"departments: {owners}",
        f"by month:    {_months(days)}",
        *(f"  “{shorten(quote['text'], 160)}”" for quote in quotes),
    )


@room.command()
def similar(
    topic: Whole = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Pairs of topics that look like one issue, to be merged or left; with a topic: those most like it."""
    from dataclasses import asdict

    from cxtext.store import read_likeness, read_topics, runs

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        run_id = runs.at(connection, options.day_from(as_of))
        if topic is None:
            found = read_likeness.twins(connection, run_id)
        else:
            found = read_likeness.alike(connection, run_id, read_topics.topic(connection, run_id, topic)["topic_id"])
    if json:
        print_json({"similar": [asdict(one) for one in found]})
        return
    if not found:
        note("no two topics look like one issue" if topic is None else f"no topic is like {topic}")
        return
    first = {"topic_id": "Topic", "label": "Name", "size": "Tickets"} if topic is None else {}
    columns = first | {"other_id": "And", "other_label": "Name", "other_size": "Tickets", "likeness": "Likeness"}
    print_table(columns, [asdict(one) for one in found])


@room.command()
def rename(
    topic: TopicId,
    label: Label,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Give a topic a name of your own; no run ever overwrites it."""
    from cxtext.topics.acts import Rename

    _do(
        Rename(topic_id=topic, label=label, **_who(by, why)),
        config,
        db,
        json=json,
        done=f"{topic} is now called {label!r}",
    )


@room.command()
def merge(
    into: TopicId,
    others: Others,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Make several topics one, for the whole history; the old ids lead there for ever."""
    from cxtext.topics.acts import Merge

    act = Merge(from_ids=tuple(others), into_id=into, **_who(by, why))
    _do(act, config, db, json=json, done=f"{', '.join(others)} are now part of {into}")


@room.command()
def split(
    topic: TopicId,
    parts: Parts = 2,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Make one topic several; the largest part keeps id and name."""
    from cxtext.topics.acts import Split

    _do(
        Split(topic_id=topic, parts=parts, **_who(by, why)),
        config,
        db,
        json=json,
        done=f"{topic} is split into {parts}",
    )


@room.command()
def pin(
    topic: TopicId,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    off: Off = False,
    json: options.Json = False,
) -> None:
    """Fix a topic: cxtext moves no ticket out of it."""
    from cxtext.topics.acts import Pin

    done = f"{topic} is no longer pinned" if off else f"{topic} is pinned"
    _do(Pin(topic_id=topic, on=not off, **_who(by, why)), config, db, json=json, done=done)


@room.command()
def mute(
    topic: TopicId,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    off: Off = False,
    json: options.Json = False,
) -> None:
    """Mark a topic as one that needs no message."""
    from cxtext.topics.acts import Mute

    done = f"{topic} is no longer muted" if off else f"{topic} is muted"
    _do(Mute(topic_id=topic, on=not off, **_who(by, why)), config, db, json=json, done=done)


@room.command()
def history(
    topic: TopicId, config: options.Config = None, db: options.Database = None, *, json: options.Json = False
) -> None:
    """Everything that ever happened to a topic: what people did, and every ticket that moved."""
    from cxtext.store import read_topics, runs

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        run_id = runs.current(connection)
        topic_id = read_topics.topic(connection, run_id, topic)["topic_id"]
        acts = read_topics.acts(connection, run_id, topic_id)
        moves = list(read_topics.ledger(connection, run_id, topic_id))
    if json:
        print_json({"topic_id": topic_id, "acts": acts, "moves": moves})
        return
    print_lines(*(f"{act['at']:%Y-%m-%d %H:%M}  {act['by']}: {act['kind']}  {act['why']}".rstrip() for act in acts))
    for move in moves:
        where = f"{move['from_topic'] or 'no topic'} → {move['to_topic'] or 'no topic'}"
        print_lines(f"{move['at']:%Y-%m-%d %H:%M}  {move['source']}:{move['ticket_id']}  {where}  {move['reason']}")
    if not acts and not moves:
        print_lines(f"{topic_id}: nothing has changed since it was found")


def _who(by: str | None, why: str) -> dict[str, Any]:
    return {"by": options.actor(by), "at": options.now(), "why": why}


def _do(act: Any, config: Any, db: str | None, *, json: bool, done: str) -> None:
    from cxtext.jobs.acts import act_on_topics

    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        run_id = act_on_topics(store, settings, act, now=options.now)
    if json:
        print_json({"run_id": run_id, "done": done})
    else:
        note(done)


def _months(days: list[dict[str, Any]]) -> str:
    counts: dict[str, int] = {}
    for row in days:
        month = f"{row['day']:%Y-%m}"
        counts[month] = counts.get(month, 0) + row["count"]
    if not counts:
        return "–"
    first, last = min(counts), max(counts)
    year, number = int(first[:4]), int(first[5:])
    series = []
    while (name := f"{year:04d}-{number:02d}") <= last:
        series.append(counts.get(name, 0))
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
    return f"{first} {spark(series)} {last}"
