"""The defect report of a topic or a product."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cxtext.errors import ConfigurationError
from cxtext.reports import parts
from cxtext.reports.defect_product import report_of_product
from cxtext.reports.document import (
    Bars,
    Document,
    Figure,
    Text,
)
from cxtext.reports.eight_d import Findings, in_eight_steps
from cxtext.reports.evidence import by_value, ranked, telling, times_others, voices
from cxtext.reports.looking import Look
from cxtext.store import read_defects, read_fixes, read_signals, read_topics
from cxtext.store.read_defects import DefectRow
from cxtext.store.read_signals import Signal
from cxtext.store.read_trends import Tally


def defect_report(look: Look, *, topic: str | None = None, product: str | None = None) -> Document:
    """The report for one topic, or for one product.

    Raises:
        ConfigurationError: neither or both are named.
        NotFound: there is no such topic, or no ticket of such a product.
    """
    if (topic is None) == (product is None):
        raise ConfigurationError(
            "a defect report is about one topic or one product: say --topic T-0007 or --product NAME"
        )
    if topic is not None:
        return _of_topic(look, str(read_topics.topic(look.connection, look.run_id, topic)["topic_id"]))
    assert product is not None
    return report_of_product(look, product)


def _of_topic(look: Look, topic: str) -> Document:
    say, row = look.say, look.topics[topic]
    signals = sorted(
        read_signals.signals(look.connection, look.run_id, topic=topic, since=look.month[0]),
        key=lambda one: (-one.evidence_strength, one.signal_id),
    )
    defects = read_defects.defects(look.connection, look.run_id, topic=topic)
    fixes = read_fixes.fixes(look.connection, look.run_id, topic=topic)
    month = look.sums(look.month, topic)
    products = by_value(look, "product", topic)
    marks = [(fix.day, fix.id) for fix in fixes]
    keys = [
        *(key for one in signals for key in one.examples),
        *(key for one in defects for key in one.quotes),
        *row["quotes"],
    ]
    problem = (
        _story(look, row), parts.course(look, topic, marks=marks), *ranked(look, signals, defects),
        parts.value_table(look, "products", products, "product"),
        parts.value_table(look, "versions", by_value(look, "version", topic), "version"),
        parts.value_table(look, "channels", by_value(look, "channel", topic), "channel"),
    )  # fmt: skip
    words = ", ".join([*row["keywords"], *(word for one in defects for word in one.words)][:12])
    causes = (Text(say("d4_text")), _causes(look, topic), *telling(look, words), voices(look, keys))
    found = Findings(
        title=_topic_title(look, row, month, products), subject=f"{topic} {row['label']}", labels=("cxtext", topic), owner=look.owner(topic), topic=topic,
        figures=_topic_figures(look, row, month, signals, defects), fixes=fixes, problem=problem, causes=causes,
    )  # fmt: skip
    return in_eight_steps(look, found)


def _topic_title(look: Look, row: dict[str, Any], month: Tally | None, products: Sequence[Tally]) -> str:
    """The finding: how many tickets, and of which product most of them are."""
    tickets = month.tickets if month else 0
    values = {"label": row["label"], "count": look.say.number(tickets)}
    if products and products[0].key and 2 * products[0].tickets > tickets:
        return look.say("finding_topic", where=look.say("where_most", value=products[0].key), **values)
    return look.say("finding_topic_all", **values)


def _story(look: Look, row: dict[str, Any]) -> Text:
    """Since when, how many, how many of them negative."""
    say, size = look.say, int(row["size"])
    negative = say.share(round((row["negative_share"] or 0) * size), size)
    first, last = _day(look, row["first_seen"]), _day(look, row["last_seen"])
    return Text(say("d2_text", count=say.number(size), first=first, last=last, negative=negative.text))


def _topic_figures(
    look: Look, row: dict[str, Any], month: Tally | None, signals: Sequence[Signal], defects: Sequence[DefectRow]
) -> tuple[Figure, ...]:
    say = look.say
    tickets, negative = (month.tickets, month.negative) if month else (0, 0)
    figures = [
        Figure(say("tickets_month"), say.count(tickets), look.period(look.month)),
        Figure(say("negative"), say.share(negative, tickets), f"n = {say.number(tickets)}"),
    ]
    loud = [one for one in signals if one.kind in ("rising", "spike")]  # against nothing before, a ratio says nothing
    if loud:
        one = loud[0]
        ratio = say.times(one.ratio, one.ratio_low, one.ratio_high, n=one.count, level=80)
        figures.append(Figure(say("times_expected"), ratio, f"n = {say.number(one.count)}, {say.percent(80)}"))
    elif defects:
        figures.append(times_others(look, defects[0]))
    else:
        share = say.share(int(row["size"]), look.totals["tickets"])
        figures.append(Figure(say("share"), share, f"n = {say.number(look.totals['tickets'])}"))
    return tuple(figures)


def _causes(look: Look, topic: str) -> Bars | Text:
    row = look.topics[topic]
    if not row["causes"]:
        return Text(look.say("no_causes"))
    size = int(row["size"])
    told = tuple((look.title(key), look.say.share(round(share * size), size)) for key, share in row["causes"])
    return Bars(look.say("causes"), told)


def _day(look: Look, day: object) -> str:
    return look.say.day(day) if isinstance(day, date) else look.say("unknown")
