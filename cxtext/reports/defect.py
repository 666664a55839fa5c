"""The defect report in the order of 8D: what the tickets can say is filled in, what people must decide is a form."""

from collections.abc import Sequence
from datetime import date

from cxtext.errors import ConfigurationError, NotFound
from cxtext.reports import parts
from cxtext.reports.document import (
    Bars,
    Block,
    Cell,
    Document,
    Figure,
    Intervals,
    Number,
    Table,
    Text,
    Voices,
)
from cxtext.reports.eight_d import Findings, in_eight_steps
from cxtext.reports.looking import Look
from cxtext.store import read_defects, read_fixes, read_signals, read_topics
from cxtext.store.read_defects import DefectRow
from cxtext.store.read_signals import Signal, Tally

VOICES = 10


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
    return _of_product(look, product)


def _of_topic(look: Look, topic: str) -> Document:
    say, row = look.say, look.topics[topic]
    signals = sorted(
        read_signals.signals(look.connection, look.run_id, topic=topic, since=look.month[0]),
        key=lambda one: (-one.evidence_strength, one.signal_id),
    )
    defects = read_defects.defects(look.connection, look.run_id, topic=topic)
    fixes = read_fixes.fixes(look.connection, look.run_id, topic=topic)
    month = look.sums(look.month, topic)
    products = _by(look, "product", topic)
    first = str(row["label"])
    count = say.number(month.tickets if month else 0)
    where = (
        products[0]
        if products and products[0].key and 2 * products[0].tickets > (month.tickets if month else 0)
        else None
    )
    title = (
        say("finding_topic", label=first, count=count, where=say("where_most", value=where.key))
        if where
        else say("finding_topic_all", label=first, count=count)
    )
    marks = [(fix.day, fix.id) for fix in fixes]
    keys = [
        *(key for one in signals for key in one.examples),
        *(key for one in defects for key in one.quotes),
        *row["quotes"],
    ]
    text = say(
        "d2_text", count=say.number(row["size"]), first=_day(look, row["first_seen"]), last=_day(look, row["last_seen"]),
        negative=say.share(round((row["negative_share"] or 0) * row["size"]), row["size"]).text,
    )  # fmt: skip
    problem = (
        Text(text), parts.course(look, topic, marks=marks), *_ranked(look, signals, defects),
        parts.value_table(look, "products", products, "product"),
        parts.value_table(look, "versions", _by(look, "version", topic), "version"),
        parts.value_table(look, "channels", _by(look, "channel", topic), "channel"),
    )  # fmt: skip
    words = ", ".join([*row["keywords"], *(word for one in defects for word in one.words)][:12])
    causes = (Text(say("d4_text")), _causes(look, topic), Text(say("telling", words=words)), _voices(look, keys))
    found = Findings(
        title=title, subject=f"{topic} {first}", labels=("cxtext", topic), owner=look.owner(topic), topic=topic,
        figures=_topic_figures(look, row, month, signals, defects), fixes=fixes, problem=problem, causes=causes,
    )  # fmt: skip
    return in_eight_steps(look, found)


def _of_product(look: Look, product: str) -> Document:
    say = look.say
    since, until = look.month
    month = next((one for one in _by(look, "product", None) if one.key == product), None)
    ever = read_signals.by_dimension(look.connection, look.run_id, "product")
    if not any(one.key == product for one in ever):
        raise NotFound(f"no dated ticket of a product {product!r}")
    defects = read_defects.defects(look.connection, look.run_id, product=product)
    loud = [row for row in defects if row.state == "signal"]
    issues = read_signals.by_topic(
        look.connection, look.run_id, since=since, until=until, dimension="product", value=product
    )
    title = say("finding_nothing", product=product)
    if loud:
        first = loud[0]
        values = {"product": product, "issue": parts.issue_of(look, first), "times": say.number(first.ratio, 1)}
        title = (
            say("finding_version", version=first.version, **values)
            if first.version
            else say("finding_product", **values)
        )
    topics = [row.issue for row in loud if row.kind == "topic"] or [tally.key for tally in issues[:3]]
    fixes = [
        fix for fix in read_fixes.fixes(look.connection, look.run_id)
        if fix.product == product or (fix.product is None and fix.topic_id in topics)
    ]  # fmt: skip
    keys = [key for row in defects for key in row.quotes]
    keys += [key for name in topics for key in look.topics.get(name, {"quotes": []})["quotes"]]
    whole = month.tickets if month else 0
    problem = (
        parts.course(look, product=product, marks=[(fix.day, fix.id) for fix in fixes]), *_ranked(look, [], defects),
        parts.defect_table(look, defects), parts.issue_bars(look, issues, whole),
    )  # fmt: skip
    words = ", ".join(dict.fromkeys(word for row in loud for word in row.words[:6]))
    owner = look.owner(topics[0]) if topics else None
    told = _telling(look, words)
    causes: tuple[Block, ...] = (
        Text(say("d4_text")),
        parts.issue_table(look, issues, whole),
        *told,
        _voices(look, keys),
    )
    figures = _product_figures(look, month, loud, sum(one.tickets for one in ever if one.key == product))
    found = Findings(
        title=title, subject=product, labels=("cxtext", product), owner=owner, topic=topics[0] if topics else None,
        figures=figures, fixes=fixes, problem=problem, causes=causes,
    )  # fmt: skip
    return in_eight_steps(look, found)


def _by(look: Look, dimension: str, topic: str | None) -> list[Tally]:
    return read_signals.by_dimension(
        look.connection, look.run_id, dimension, topic_id=topic, since=look.month[0], until=look.month[1]
    )


def _topic_figures(
    look: Look, row: dict[str, object], month: Tally | None, signals: Sequence[Signal], defects: Sequence[DefectRow]
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
        figures.append(_times(look, defects[0]))
    else:
        share = say.share(int(str(row["size"])), look.totals["tickets"])
        figures.append(Figure(say("share"), share, f"n = {say.number(look.totals['tickets'])}"))
    return tuple(figures)


def _product_figures(look: Look, month: Tally | None, loud: Sequence[DefectRow], ever: int) -> tuple[Figure, ...]:
    say = look.say
    tickets, negative = (month.tickets, month.negative) if month else (0, 0)
    figures = (
        Figure(say("tickets_month"), say.count(tickets), look.period(look.month)),
        Figure(say("negative"), say.share(negative, tickets), f"n = {say.number(tickets)}"),
    )
    whole = look.totals["tickets"]
    third = Figure(say("share"), say.share(ever, whole), f"n = {say.number(whole)}")
    return (*figures, _times(look, loud[0]) if loud else third)


def _times(look: Look, row: DefectRow) -> Figure:
    say = look.say
    note = f"{say.number(row.count)} {say('of')} {say.number(row.total)}, {say.percent(90)}"
    return Figure(say("times_others"), say.times(row.ratio, row.low, row.high, n=row.count), note)


def _ranked(look: Look, signals: Sequence[Signal], defects: Sequence[DefectRow]) -> tuple[Table | Intervals, ...]:
    """All that speaks for a defect, the surest first, each with the comparison that it rests on."""
    say = look.say
    lines: list[tuple[float, str, str, Number, str]] = []
    for one in (one for one in signals if one.kind in parts.LOUD):
        values = {
            name: say.number(value, 1)
            for name, value in (("expected", one.expected), ("lower", one.lower), ("upper", one.upper))
        }
        basis = say("against_forecast", window=one.window, **values)
        short, kind = parts.name_of(look, one), say(f"kind_{one.kind}")
        name = f"{short}: {say('signal_of', kind=kind, day=say.day(one.day))}"
        ratio = say.times(one.ratio, one.ratio_low, one.ratio_high, n=one.count, level=80)
        lines.append((one.ratio_low, name, f"{short}: {kind}", ratio, basis))
    for row in defects:
        name = (
            f"{say('defect_of', product=row.product, version=row.version or '').strip()}: {parts.issue_of(look, row)}"
        )
        lines.append(
            (row.low, name, name, say.times(row.ratio, row.low, row.high, n=row.count), parts.compared_with(look, row))
        )
    lines.sort(key=lambda line: (-line[0], line[1]))
    if not lines:
        return ()
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, ratio, basis) for _, name, _, ratio, basis in lines[: parts.TOLD])
    table = Table("ranked", (say("signal"), say("strength"), say("basis")), rows)
    return Intervals(say("ranked_chart"), tuple((short, ratio) for _, _, short, ratio, _ in lines[: parts.BARS])), table


def _causes(look: Look, topic: str) -> Bars | Text:
    row = look.topics[topic]
    if not row["causes"]:
        return Text(look.say("no_causes"))
    size = int(row["size"])
    told = tuple((look.title(key), look.say.share(round(share * size), size)) for key, share in row["causes"])
    return Bars(look.say("causes"), told)


def _telling(look: Look, words: str) -> tuple[Text, ...]:
    return (Text(look.say("telling", words=words)),) if words else ()


def _voices(look: Look, keys: list[str]) -> Voices:
    return Voices(look.quotes(keys, VOICES), look.say("no_voices"))


def _day(look: Look, day: object) -> str:
    return look.say.day(day) if isinstance(day, date) else look.say("unknown")
