"""The defect report of a product."""

from collections.abc import Sequence

from cxtext.errors import NotFound
from cxtext.reports import parts
from cxtext.reports.document import Block, Document, Figure, Text
from cxtext.reports.eight_d import Findings, in_eight_steps
from cxtext.reports.evidence import by_value, ranked, telling, times_others, voices
from cxtext.reports.looking import Look
from cxtext.store import read_defects, read_fixes, read_trends
from cxtext.store.read_defects import DefectRow
from cxtext.store.read_trends import Tally


def report_of_product(look: Look, product: str) -> Document:
    """What stands out of one product and its versions.

    Raises:
        NotFound: no dated ticket names it.
    """
    ever = read_trends.by_dimension(look.connection, look.run_id, "product")
    tickets = sum(one.tickets for one in ever if one.key == product)
    if not tickets:
        raise NotFound(f"no dated ticket of a product {product!r}")
    month = next((one for one in by_value(look, "product", None) if one.key == product), None)
    whole = month.tickets if month else 0
    defects = read_defects.defects(look.connection, look.run_id, product=product)
    loud = [row for row in defects if row.state == "signal"]
    issues = read_trends.by_topic(
        look.connection, look.run_id, since=look.month[0], until=look.month[1], dimension="product", value=product
    )
    topics = [row.issue for row in loud if row.kind == "topic"] or [tally.key for tally in issues[:3]]
    fixes = [
        fix for fix in read_fixes.fixes(look.connection, look.run_id)
        if fix.product == product or (fix.product is None and fix.topic_id in topics)
    ]  # fmt: skip
    keys = [key for row in defects for key in row.quotes]
    keys += [key for name in topics for key in look.topics.get(name, {"quotes": []})["quotes"]]
    words = ", ".join(dict.fromkeys(word for row in loud for word in row.words[:6]))
    problem: tuple[Block, ...] = (
        parts.course(look, product=product, marks=[(fix.day, fix.id) for fix in fixes]), *ranked(look, [], defects),
        parts.defect_table(look, defects), parts.issue_bars(look, issues, whole),
    )  # fmt: skip
    table = parts.issue_table(look, issues, whole)
    causes: tuple[Block, ...] = (Text(look.say("d4_text")), table, *telling(look, words), voices(look, keys))
    found = Findings(
        title=_title(look, product, loud), subject=product, labels=("cxtext", product),
        owner=look.owner(topics[0]) if topics else None, topic=topics[0] if topics else None,
        figures=_figures(look, month, loud, tickets), fixes=fixes, problem=problem, causes=causes,
    )  # fmt: skip
    return in_eight_steps(look, found)


def _title(look: Look, product: str, loud: Sequence[DefectRow]) -> str:
    say = look.say
    if not loud:
        return say("finding_nothing", product=product)
    first = loud[0]
    values = {"product": product, "issue": parts.issue_of(look, first), "times": say.number(first.ratio, 1)}
    return (
        say("finding_version", version=first.version, **values) if first.version else say("finding_product", **values)
    )


def _figures(look: Look, month: Tally | None, loud: Sequence[DefectRow], ever: int) -> tuple[Figure, ...]:
    say = look.say
    tickets, negative = (month.tickets, month.negative) if month else (0, 0)
    figures = (
        Figure(say("tickets_month"), say.count(tickets), look.period(look.month)),
        Figure(say("negative"), say.share(negative, tickets), f"n = {say.number(tickets)}"),
    )
    whole = look.totals["tickets"]
    third = Figure(say("share"), say.share(ever, whole), f"n = {say.number(whole)}")
    return (*figures, times_others(look, loud[0]) if loud else third)
