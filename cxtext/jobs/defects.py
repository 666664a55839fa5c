"""The night's table of defects: which product or version has an issue more often than it should, with the words for it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from cxtext.settings import Settings
from cxtext.store import Store
from cxtext.store.defects import plain_row, save_defects, texts_of, tickets_of_products
from cxtext.store.runs import Run
from cxtext.trends.defects import LEAST, MEMORY, RECENT, Defect, Issue, Report, find_defects
from cxtext.trends.terms import telling_terms, terms

MOST = 60_000  # newest tickets with a product that a night looks at: bounds its time and memory
READ = 4_000  # texts of one product's new versions, and as many of its older ones, whose words are compared
SHOWN = 200  # texts of one row from which words and quotes are chosen, and as many to compare them with
QUOTES = 10
FAMILY = ("family", "product_family", "product_line", "produktfamilie", "produktlinie", "produktgruppe")

Row = dict[str, Any]


def look_for_defects(store: Store, run: Run, _settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Compare products and versions as of the run's day; write the rows of the table."""
    if run.as_of is None:
        return {"defects": 0}
    with store.read() as connection:
        rows = list(tickets_of_products(connection, run.id, until=run.as_of, days=MEMORY, most=MOST))
        said = texts_of(connection, run.id, _to_read(rows, run.as_of))
    found = find_defects([_report(row, said) for row in rows], run.as_of)
    said.clear()
    tickets = _Tickets(rows)
    with store.write() as connection:
        told = []
        for defect in found:
            words, quotes = _evidence(defect, tickets, lambda wanted: texts_of(connection, run.id, wanted))
            row = plain_row(defect) | {"words": words, "quotes": quotes}
            del row["keys"]
            told.append(row)
        save_defects(connection, told, run.id, night=run.as_of)
    return {"defects": sum(defect.state == "signal" for defect in found)}


class _Tickets:
    """The tickets of a night by key, and the keys of each product, newest first."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = {f"{row['source']}:{row['id']}": row for row in rows}
        self.of: defaultdict[str, list[str]] = defaultdict(list)
        for key, row in self.rows.items():
            self.of[row["product"]].append(key)


def _report(row: Row, said: Mapping[int, tuple[str, str]]) -> Report:
    issues: set[Issue] = {("cause", tag[0]) for tag in row["tags"]}
    if row["topic_id"]:
        issues.add(("topic", row["topic_id"]))
    text = said.get(row["no"])
    return Report(
        key=f"{row['source']}:{row['id']}", day=row["day"], who=_who(row), product=row["product"],
        version=row["version"] or None, family=_family(row["extra"]), stratum=f"{row['language']}/{row['channel'] or ''}",
        issues=frozenset(issues), terms=terms(*text) if text else None, happy=_happy(row),
    )  # fmt: skip


def _who(row: Row) -> str:
    return str(row["customer_id"] or row["fold"] or row["no"])


def _family(extra: Mapping[str, Any]) -> str:
    folded = {name.casefold().replace(" ", "_"): value for name, value in extra.items()}
    return next((str(folded[name]) for name in FAMILY if folded.get(name)), "")


def _happy(row: Row) -> bool:
    if row["stars"] is not None:
        return bool(row["stars"] >= 4)
    if row["csat"] is not None:
        return bool(row["csat"] >= 4)
    return bool(row["sentiment_label"] == "positive" or row["intent"] == "praise")


def _to_read(rows: Sequence[Row], today: date) -> list[int]:
    """Numbers of the tickets whose words are compared: those of versions that are new, and the newest of the others."""
    first: dict[tuple[str, str], date] = {}
    sizes: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row["version"]:
            key = (row["product"], row["version"])
            first[key] = min(first.get(key, row["day"]), row["day"])
            sizes[key] += 1
    young = {key for key, day in first.items() if day > today - timedelta(2 * RECENT) and sizes[key] >= LEAST}
    chosen: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for row in rows:
        if row["version"] and any(product == row["product"] for product, _ in young):
            chosen[row["product"], (row["product"], row["version"]) in young].append(row["no"])
    return sorted(number for numbers in chosen.values() for number in numbers[:READ])


def _evidence(
    defect: Defect, tickets: _Tickets, read: Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
) -> tuple[list[str], list[str]]:
    """Return the words that tell the row's texts from others of the product, and its ten most telling tickets."""
    inside = set(defect.keys)
    rows = tickets.rows
    near = [rows[key] for key in islice((key for key in tickets.of[defect.product] if key not in inside), SHOWN)]
    own = {rows[key]["no"]: key for key in defect.keys[:SHOWN]}
    texts = read([*own, *(row["no"] for row in near)])
    mine = {key: terms(*texts[no]) for no, key in own.items()}
    words = list(defect.words)
    words += [
        word
        for word in telling_terms(list(mine.values()), [terms(*texts[row["no"]]) for row in near])
        if word not in words
    ]
    ranked = sorted(mine, key=lambda key: (-len(mine[key].intersection(words)), len(texts[rows[key]["no"]][0]), key))
    chosen: dict[str, str] = {}
    for key in ranked:  # one voice per customer and per text that many sent
        chosen.setdefault(_who(rows[key]), key)
    return words, list(chosen.values())[:QUOTES]
