"""The result on one screen: the problems that keep coming back, largest first."""

from typing import TYPE_CHECKING, Any

from cxtext.cli.output import print_lines, shorten

LEADING = 0.2  # a cause of fewer of its tickets does not speak for a topic

if TYPE_CHECKING:
    from cxtext.store import Store


def print_overview(store: "Store", *, count: int = 10, quotes: int = 3) -> None:
    """Top issues with size, sentiment, cause, department and quotes."""
    facts = overview(store, count=count, quotes=quotes)
    totals = facts["totals"]
    if not facts["topics"]:
        print_lines("No recurring issue yet: too few tickets, or none that resemble each other.")
        return
    with_topic = totals["with_topic"] / max(totals["tickets"], 1)
    print_lines(
        f"{totals['tickets']:,} tickets from {totals['first_day'] or '?'} to {totals['last_day'] or '?'}, "
        f"{facts['issues']} recurring issues, {with_topic:.0%} of the tickets belong to one.",
        "",
    )
    for number, topic in enumerate(facts["topics"], start=1):
        mood = "–" if topic["sentiment"] is None else f"{topic['sentiment']:+.2f}"
        cause = f"{topic['cause']} ({topic['cause_share']:.0%})" if topic["cause"] else "no single one"
        department = (
            f"{topic['department']} ({topic['department_share']:.0%})" if topic["department"] else "no single one"
        )
        print_lines(
            f"{number:>2}. {topic['label']}  [{topic['topic_id']}]",
            f"    {topic['size']:,} tickets · {topic['status']} · sentiment {mood} ({topic['negative_share'] or 0:.0%} negative)",
            f"    cause: {cause} · department: {department}",
            *(f"    “{shorten(text)}”" for text in topic["quotes"]),
            "",
        )


def overview(store: "Store", *, count: int = 10, quotes: int = 3) -> dict[str, Any]:
    """The same as values."""
    from cxtext.store import read_tickets, read_topics, runs

    with store.read() as connection:
        run_id = runs.current(connection)
        topics = read_topics.topics(connection, run_id)
        parents = {topic["parent_id"] for topic in topics}
        issues = [topic for topic in topics if topic["topic_id"] not in parents and topic["size"]]
        causes = {row["key"]: row["titles"] for row in read_topics.causes(connection, run_id)}
        departments = {row["key"]: row["titles"] for row in read_topics.departments(connection, run_id)}
        shown = []
        for topic in issues[:count]:
            cause, cause_share = _first(topic["causes"], causes)
            department, department_share = _first(topic["departments"], departments)
            texts = read_tickets.texts(connection, run_id, topic["quotes"][:quotes])
            shown.append(
                {name: topic[name] for name in ("topic_id", "label", "size", "status", "sentiment", "negative_share")}
                | {"cause": cause, "cause_share": cause_share, "department": department}
                | {"department_share": department_share, "quotes": [row["text"] for row in texts.values()]}
            )
        return {
            "run_id": run_id,
            "totals": read_tickets.totals(connection, run_id),
            "issues": len(issues),
            "topics": shown,
        }


def _first(
    shares: list[list[Any]], titles: dict[str, dict[str, str]], language: str = "en"
) -> tuple[str | None, float]:
    if not shares or shares[0][1] < LEADING:
        return None, 0.0
    key, share = shares[0]
    return titles.get(key, {}).get(language, key), share
