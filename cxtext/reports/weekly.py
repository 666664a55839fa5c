"""The weekly quality report, and the same for one department."""

from dataclasses import replace
from datetime import date

from cxtext.errors import NotFound
from cxtext.reports import parts
from cxtext.reports.document import Document, Figure, Section, Table, Voices
from cxtext.reports.looking import Look
from cxtext.reports.speech import surely_changed
from cxtext.store import read_defects, read_fixes, read_metrics, read_signals, read_topics, read_trends
from cxtext.store.read_metrics import Metric
from cxtext.store.read_signals import Signal
from cxtext.store.read_trends import Tally

VOICES = 6


def weekly_report(look: Look) -> Document:
    """What is new, rising, most frequent and solved in the seven days up to the run.

    Somebody who may see one department only gets that one's report.

    Raises:
        NotFound: the reader may see several departments, but not all.
    """
    if len(look.departments) > 1:
        raise NotFound(f"the week is told of one department at a time: {', '.join(look.departments)}")
    return _report(look, look.departments[0] if look.departments else None)


def department_report(look: Look, department: str) -> Document:
    """The same for one department.

    Raises:
        NotFound: there is no such department.
    """
    known = [row["key"] for row in read_topics.departments(look.connection, look.run_id)]
    if department not in known:
        raise NotFound(f"no department {department!r}; known: {', '.join(known) or 'none yet'}")
    return _report(look, department)


def _report(look: Look, department: str | None) -> Document:
    say = look.say
    now, before = (_tickets(look, days, department) for days in (look.week, look.week_before))
    signals = parts.open_signals(look, department=department)
    issues, whole = _issues(look, department, look.month)
    metrics = _metrics(look, department)
    course = parts.course(look, department=department)
    name = say("weekly") if department is None else f"{say('department')}: {look.title(department)}"
    return Document(
        kind="weekly" if department is None else "department", language=say.language, name=name,
        title=_finding(look, signals, now, department), summary=_summary(look, now, before, signals, department),
        period=look.period(look.week), run_id=look.run_id, made_at=look.run.finished_at or look.run.started_at,
        figures=_figures(look, now, before, metrics),
        sections=(
            Section(say("attention"), (parts.signal_table(look, signals), *_back(look, department), course)),
            Section(say("most"), (parts.issue_bars(look, issues, whole), parts.issue_table(look, issues, whole))),
            Section(say("solved"), (_fixes(look, department), _resolved(look, department))),
            Section(say("products"), (_defects(look, department),)),
            Section(say("metrics"), (parts.metric_table(look, metrics), *_cuts(look, department))),
            Section(say("voices"), (_voices(look, signals, issues),)),
        ),
        method=parts.method(look), subject="" if department is None else look.title(department),
    )  # fmt: skip


def _tickets(look: Look, days: tuple[date, date], department: str | None) -> Tally | None:
    if department is None:
        return look.sums(days)
    found = read_trends.by_dimension(look.connection, look.run_id, "department", since=days[0], until=days[1])
    return next((tally for tally in found if tally.key == department), None)


def _issues(look: Look, department: str | None, days: tuple[date, date]) -> tuple[list[Tally], int]:
    since, until = days
    cut = {} if department is None else {"dimension": "department", "value": department}
    issues = read_trends.by_topic(look.connection, look.run_id, since=since, until=until, **cut)
    whole = _tickets(look, days, department)
    return issues, whole.tickets if whole else 0


def _metrics(look: Look, department: str | None) -> list[Metric]:
    scope, key = ("all", "all") if department is None else ("department", department)
    return list(read_metrics.metrics(look.connection, look.run_id, scope=scope, key=key, period="28d"))


def _finding(look: Look, signals: list[Signal], now: Tally | None, department: str | None) -> str:
    say = look.say
    if signals:
        first = signals[0]
        label, count = parts.name_of(look, first), say.number(first.count)
        if first.kind == "new":
            return say("finding_new", label=label, count=count)
        return say("finding_signal", label=label, count=count, expected=say.number(first.expected))
    issues, _ = _issues(look, department, look.week)
    if now is None or not issues:
        return say("finding_empty")
    top = issues[0]
    return say(
        "finding_calm", tickets=say.number(now.tickets), label=look.label(top.key), count=say.number(top.tickets)
    )


def _summary(
    look: Look, now: Tally | None, before: Tally | None, signals: list[Signal], department: str | None
) -> tuple[str, ...]:
    say = look.say
    lines = []
    if now is not None and before is not None:
        change = say.change(now.tickets, before.tickets)
        values = {"tickets": say.number(now.tickets), "before": say.number(before.tickets)}
        sure = surely_changed(change)
        lines.append(say("compared", change=change.text, **values) if sure else say("compared_same", **values))
    if not signals:
        lines.append(say("needs_nobody"))
    else:
        lines.append(say("needs_one") if len(signals) == 1 else say("needs_people", count=say.number(len(signals))))
    if department is not None and now is not None:
        everything = _tickets(look, look.week, None)
        lines.append(say("of_all", share=say.share(now.tickets, everything.tickets if everything else 0).text))
    return tuple(lines)


def _figures(look: Look, now: Tally | None, before: Tally | None, metrics: list[Metric]) -> tuple[Figure, ...]:
    say = look.say
    tickets, negative = (now.tickets, now.negative) if now else (0, 0)
    change = say.change(tickets, before.tickets if before else 0)
    note = f"{say('change')}: {change.text} {change.interval_text}".strip()
    csat = next((one for one in metrics if one.metric == "csat" and one.n), None)
    third = (
        Figure(say("satisfied"), parts.metric(look, csat), f"n = {say.number(csat.n)}")
        if csat is not None
        else _with_topic(look)
    )
    return (
        Figure(say("tickets_week"), say.count(tickets), note),
        Figure(say("negative"), say.share(negative, tickets), f"n = {say.number(tickets)}"),
        third,
    )


def _with_topic(look: Look) -> Figure:
    tickets = look.totals["tickets"]
    return Figure(
        look.say("with_topic"), look.say.share(look.totals["with_topic"], tickets), f"n = {look.say.number(tickets)}"
    )


def _fixes(look: Look, department: str | None) -> Table:
    fixes = read_fixes.fixes(look.connection, look.run_id)
    if department is not None:
        fixes = [row for row in fixes if department in (row.department, look.owner(row.topic_id))]
    return parts.fix_table(look, fixes)


def _back(look: Look, department: str | None) -> tuple[Table, ...]:
    """Fixes that did not last: they need somebody."""
    known = [row for row in read_fixes.fixes(look.connection, look.run_id) if row.state == "regressed"]
    if department is not None:
        known = [row for row in known if department in (row.department, look.owner(row.topic_id))]
    return (replace(parts.fix_table(look, known), key="relapses"),) if known else ()


def _resolved(look: Look, department: str | None) -> Table:
    """Signals of the month that say something is over, or as every year."""
    found = read_signals.signals(look.connection, look.run_id, department=department, since=look.month[0])
    quiet = [one for one in found if one.kind not in parts.LOUD and not one.quiet]
    table = parts.signal_table(look, quiet)
    return Table("resolved", table.headings, table.rows, empty="")


def _defects(look: Look, department: str | None) -> Table:
    rows = read_defects.defects(look.connection, look.run_id, state="signal")
    if department is not None:
        rows = [row for row in rows if row.kind == "topic" and look.owner(row.issue) == department]
    return parts.defect_table(look, rows)


def _cuts(look: Look, department: str | None) -> tuple[Table, ...]:
    if department is not None:
        return ()
    since, until = look.week
    tallies = read_trends.by_dimension(look.connection, look.run_id, "department", since=since, until=until)
    named = [tally for tally in tallies if tally.key]
    return (parts.value_table(look, "departments", named, "department_head", named=True),)


def _voices(look: Look, signals: list[Signal], issues: list[Tally]) -> Voices:
    keys = [key for one in signals[:3] for key in one.examples[:2]]
    keys += [key for tally in issues[:4] for key in look.topics.get(tally.key, {"quotes": []})["quotes"][:2]]
    return Voices(look.quotes(keys, VOICES), look.say("no_voices"))
