"""A fix is recorded, judged night by night, and can be taken back; old nights keep what they said."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, NotFound
from cxtext.jobs.fixes import Done, judge_fixes, record_fix, undo_fix
from cxtext.jobs.undo import undo
from cxtext.settings import Settings
from cxtext.store import Store, open_store, read_fixes, read_topics, runs
from cxtext.store import tables as t

FIRST, FIX, LAST = date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 20)
NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
TOPICS = ("T-0001", "T-0002", "T-0003", "T-0004", "T-0005", "T-0006")
FACTS = {
    "text": "x",
    "language": "de",
    "content_hash": "h",
    "auto_reply": False,
    "removed": [],
    "tags": [],
    "extra": {},
}
READ = {
    "sentiment": 0.0, "sentiment_label": "negative", "sentiment_confidence": 0.5, "sentiment_evidence": [],
    "cause_confidence": 0.0, "department_confidence": 0.0, "evidence": [], "tags": [], "suggestions": {},
    "intent": "complaint", "urgency": 0.0, "urgency_evidence": [],
}  # fmt: skip
TOPIC = {
    "keywords": [], "languages": [], "quotes": [], "pinned": False, "muted": False, "size": 1, "status": "steady",
    "departments": [], "causes": [],
}  # fmt: skip


def rate(topic: str, day: date) -> float:
    if topic != "T-0001":
        return 4.0
    return 12.0 if date(2026, 4, 1) <= day < FIX else 4.0


def fill(store: Store) -> None:
    """Seven months of six topics; the first one trebles in April and is fixed on 1 May."""
    draw = np.random.default_rng(7)
    tickets: list[dict[str, object]] = []
    versions, readings, assignments = list(tickets), list(tickets), list(tickets)
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(offset)
        for topic in TOPICS:
            for _ in range(draw.poisson(rate(topic, day))):
                no, at = len(tickets) + 1, datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
                seen = {"no": no, "from_run": 1, "to_run": None}
                tickets.append({"no": no, "source": "file", "id": str(no)})
                answer = {"csat": 2.0 if topic == "T-0001" else 4.0, "customer_id": f"c{no}", "fold": f"f{no}"}
                times = {"day": day, "created_at": at, "resolved_at": at + timedelta(hours=10)}
                versions.append(seen | FACTS | answer | times)
                readings.append(seen | READ)
                assignments.append(seen | {"topic_id": topic, "confidence": 1.0})
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOON, as_of=LAST)
        topics = [
            {"id": topic, "from_run": run.id, "to_run": None, "label": f"Problem {topic}", **TOPIC} for topic in TOPICS
        ]
        rows = (
            (t.ticket, tickets),
            (t.version, versions),
            (t.reading, readings),
            (t.assignment, assignments),
            (t.topic, topics),
        )
        for table, content in rows:
            connection.execute(table.insert(), content)
        runs.publish(connection, run.id, now=NOON, counts={})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fixes") / "cxtext.db"
    store = open_store(f"sqlite:///{path}")
    fill(store)
    store.close()
    return path


@pytest.fixture
def company(filled: Path, tmp_path: Path) -> Iterator[Store]:
    import shutil

    shutil.copy(filled, tmp_path / "company.db")
    store = open_store(f"sqlite:///{tmp_path / 'company.db'}")
    yield store
    store.close()


def record(store: Store, day: date = FIX, now: datetime = NOON, topic: str = "T-0001") -> read_fixes.FixRow:
    done = Done(topic_id=topic, day=day, what="New firmware", by="Ada")
    name, run_id = record_fix(store, Settings.load(db=store.url), done, now=lambda: now)
    with store.read() as connection:
        return read_fixes.one_fix(connection, run_id, name)


def test_a_fix_that_worked_is_told_with_what_it_saved(company: Store) -> None:
    row = record(company)
    assert (row.id, row.state, row.label, row.what) == ("F-0001", "resolved", "Problem T-0001", "New firmware")
    assert row.judged_day == FIX + timedelta(28)
    assert row.onset is not None
    assert abs((row.onset - date(2026, 4, 1)).days) <= 2
    assert row.change is not None
    assert row.change.lower < -66.7 < row.change.upper
    assert row.controls == TOPICS[1:]
    assert row.tickets is not None
    assert row.hours is not None
    assert row.tickets.lower < 8 * row.days_after < row.tickets.upper
    assert row.hours.value == pytest.approx(10 * row.tickets.value, rel=0.01)
    assert row.csat is not None
    assert 0 < row.csat.lower < row.csat.value


@pytest.mark.databases
def test_every_database_gives_the_same_verdict(store: Store, company: Store) -> None:
    fill(store)
    assert record(store) == record(company)


def test_what_was_no_fix_is_called_so(company: Store) -> None:
    row = record(company, topic="T-0003")
    assert (row.state, row.tickets, row.hours, row.csat) == ("not resolved", None, None, None)  # nothing to its credit


def test_a_young_fix_has_no_verdict_yet(company: Store) -> None:
    row = record(company, day=date(2026, 7, 15))
    assert (row.state, row.judged_day) == ("too early", None)


def test_a_fix_of_tomorrow_and_of_no_topic_is_refused_and_leaves_nothing(company: Store) -> None:
    with pytest.raises(ConfigurationError, match="long ago"):
        record(company, day=date(2, 4, 21))
    with pytest.raises(ConfigurationError, match="still to come"):
        record(company, day=date(2026, 8, 1))
    with pytest.raises(NotFound, match="T-9999"):
        record(company, topic="T-9999")
    with company.read() as connection:
        assert read_fixes.fixes(connection, runs.current(connection)) == []


def test_taken_back_it_is_gone_and_old_runs_still_show_it(company: Store) -> None:
    row = record(company)
    with company.read() as connection:
        before = runs.current(connection)
    run_id = undo_fix(company, Settings.load(db=company.url), row.id, by="Ada", now=lambda: NOON)
    with company.read() as connection:
        assert read_fixes.fixes(connection, run_id) == []
        assert [known.state for known in read_fixes.fixes(connection, before)] == ["resolved"]
        assert [act["kind"] for act in read_topics.acts(connection, run_id, "T-0001")] == ["fix", "unfix"]
    assert record(company).id == "F-0002"


def test_undoing_the_act_takes_the_fix_back_too(company: Store) -> None:
    record(company)
    with company.read() as connection:
        act = runs.current(connection)
    run_id = undo(company, Settings.load(db=company.url), act, by="Ada", now=lambda: NOON)
    with company.read() as connection:
        assert read_fixes.fixes(connection, run_id) == []
        assert len(read_fixes.fixes(connection, act)) == 1


def test_a_rise_after_a_fix_that_worked_is_a_relapse(company: Store) -> None:
    record(company)
    with company.write() as connection:
        run = runs.begin(connection, kind="night", now=NOON, as_of=LAST)
        moved = sa.and_(t.assignment.c.topic_id == "T-0002", t.assignment.c.no.in_(
            sa.select(t.version.c.no).where(t.version.c.day >= date(2026, 6, 20))
        ))  # fmt: skip
        connection.execute(t.assignment.update().where(moved).values(topic_id="T-0001"))
    counts = judge_fixes(company, run, Settings.load(db=company.url), lambda: NOON)
    with company.read() as connection:
        [row] = read_fixes.fixes(connection, run.id)
    assert counts == {"fixes": 1, "relapses": 1}
    assert row.state == "regressed"
    assert row.relapsed_on is not None
    assert date(2026, 6, 20) < row.relapsed_on < date(2026, 7, 8)


def test_judging_again_writes_nothing_new(company: Store) -> None:
    row = record(company)
    with company.write() as connection:
        run = runs.begin(connection, kind="night", now=NOON, as_of=LAST)
    judge_fixes(company, run, Settings.load(db=company.url), lambda: NOON)
    with company.read() as connection:
        assert read_fixes.one_fix(connection, run.id, row.id) == row
