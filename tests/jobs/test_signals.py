"""Facts about the stage that tells signals: what is counted, what is told once, and that no change of topics fakes a trend."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cxtext.domain import Assignment
from cxtext.jobs.signals import find_signals
from cxtext.settings import Settings, Trends
from cxtext.store import Store, cases, read_signals, read_topics, read_trends, results, runs, signals
from tests.builders import case, reading, topic

ZONE = ZoneInfo("Europe/Berlin")
START = date(2026, 1, 5)  # a Monday
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
FIGURES = {
    "first_seen": None, "last_seen": None, "status": "steady", "sentiment": None, "negative_share": None,
    "departments": (), "causes": (), "size": 1,
}  # fmt: skip
Plan = dict[str, list[int]]  # topic: tickets per day
LENGTH = 120


class Company:
    """A store in which every ticket's topic is what the test says."""

    def __init__(self, store: Store, **trends: object) -> None:
        self.store = store
        self.settings = Settings(db=store.url, trends=Trends(**trends))  # type: ignore[arg-type]
        self.number = 0
        self.muted: set[str] = set()
        self.labels: dict[str, str] = {}
        self.merged: dict[str, str] = {}
        self.known: set[str] = set()

    def night(
        self, day: date, tickets: Iterable[tuple[date, str | None]] = (), moved: dict[int, str] | None = None,
        kind: str = "night",
    ) -> int:  # fmt: skip
        """One published run with these tickets (day, topic); returns its number."""
        with self.store.write() as connection:
            run = runs.begin(connection, kind=kind, now=NOW, as_of=day, exactly=True, recipe="fast", models_hash="m")
            fresh, given = [], []
            for when, topic_id in tickets:
                self.number += 1
                moment = datetime(when.year, when.month, when.day, 10, tzinfo=UTC)
                one = case(self.number, f"Brief Nummer {self.number} zu diesem Thema", created_at=moment)
                fresh.append(one)
                given.append(Assignment(one.key, topic_id, 0.9))
                self.known |= {topic_id} if topic_id else set()
            cases.keep(connection, fresh, run_id=run.id, zone=ZONE)
            keys = {no: one.key for no, one in cases.load(connection, sorted(moved or {}), run.id)}
            given += [Assignment(keys[no], to, 0.9) for no, to in (moved or {}).items()]
            self.known |= set((moved or {}).values())
            numbers = cases.number_of(connection, [one.key for one in given])
            new = {numbers[one.key]: reading() for one in fresh}
            results.save_readings(connection, new, run.id, always=True)
            results.save_assignments(connection, given, numbers, run.id, always=set())
            status = {row["topic_id"]: row["status"] for row in read_topics.topics(connection, run.id)}
            topics = [
                topic(int(name[2:]), label=self.labels.get(name, name), muted=name in self.muted,
                      merged_into=self.merged.get(name))
                for name in sorted(self.known)
            ]  # fmt: skip
            figures = [{"topic_id": one.id} | FIGURES | {"status": status.get(one.id, "steady")} for one in topics]
            results.save_topics(connection, topics, figures, run.id)
        counts = find_signals(self.store, run, self.settings, lambda: NOW)
        with self.store.write() as connection:
            runs.publish(connection, run.id, now=NOW, counts=counts)
        return run.id

    def load(self, plan: Plan, until: int) -> int:
        """The first night: everything up to a day at once."""
        rows = [(START + timedelta(d), name) for d in range(until) for name, row in plan.items() for _ in range(row[d])]
        return self.night(START + timedelta(until - 1), rows)

    def live(self, plan: Plan, first: int, last: int) -> int:
        """Night after night; returns the number of the last run."""
        run = 0
        for d in range(first, last):
            rows = [(START + timedelta(d), name) for name, row in plan.items() for _ in range(row[d])]
            run = self.night(START + timedelta(d), rows)
        return run

    def signals(self, run_id: int | None = None) -> list[read_signals.Signal]:
        """As seen at a run, by default now."""
        with self.store.read() as connection:
            return read_signals.signals(connection, run_id or runs.current(connection))

    def status(self) -> dict[str, str]:
        """Where topics stand now."""
        with self.store.read() as connection:
            return {row["topic_id"]: row["status"] for row in read_topics.topics(connection, runs.current(connection))}


@pytest.fixture
def company(store: Store) -> Company:
    return Company(store)


def quiet(rate: float = 3.0, seed: int = 1, length: int = LENGTH) -> list[int]:
    draw = np.random.default_rng(seed)
    return [int(count) for count in draw.poisson(rate, length)]


def plan_with_a_rise(extra: int = 8, start: int = 100) -> Plan:
    rising = [count + (extra if day >= start else 0) for day, count in enumerate(quiet(seed=2))]
    return {"T-0001": quiet(), "T-0002": rising, "T-0003": quiet(seed=3)}


def test_a_rise_is_told_once_with_its_reason_and_examples(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    assert company.signals() == []
    company.live(plan, 98, 112)
    (told,) = company.signals()
    assert (told.kind, told.topic_id, told.state, told.quiet) == ("rising", "T-0002", "open", "")
    assert START + timedelta(100) <= told.day <= START + timedelta(104)
    assert told.count > told.upper > told.expected > told.lower >= 0
    assert told.ratio_low < told.ratio < told.ratio_high
    assert 0 <= told.chance_share < 0.5
    assert "„T-0002“ nimmt" in told.why_de
    assert "“T-0002” is rising" in told.why_en
    assert len(told.examples) == 5
    assert company.status()["T-0002"] == "rising"
    assert company.status()["T-0001"] == "steady"


def test_an_old_night_shows_what_it_showed(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    early = company.live(plan, 98, 106)
    before = company.signals(early)
    company.labels["T-0002"] = "Ein neuer Name"
    company.live(plan, 106, 112)
    assert company.signals(early) != company.signals()
    assert company.signals(early)[0].why_de == before[0].why_de
    assert company.signals(early)[0].until == before[0].until


def test_a_rename_keeps_the_line_and_changes_its_words(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    company.live(plan, 98, 110)
    before = company.signals()
    company.labels["T-0002"] = "Paket kommt nicht"
    company.night(START + timedelta(109), kind="act")
    (after,) = company.signals()
    assert (after.signal_id, after.day) == (before[0].signal_id, before[0].day)
    assert "„Paket kommt nicht“" in after.why_de


def test_a_new_topic_with_new_tickets_is_new(company: Company) -> None:
    plan = {"T-0001": quiet(), "T-0002": [2 if day >= 100 else 0 for day in range(LENGTH)]}
    company.load(plan, 98)
    company.live(plan, 98, 106)
    (told,) = company.signals()
    assert (told.kind, told.topic_id) == ("new", "T-0002")
    assert company.status()["T-0002"] == "new"


def test_a_topic_that_is_found_late_but_is_old_is_not_new(company: Company) -> None:
    """Tonight's discovery gathers tickets of four months; none of that is a trend."""
    plan: dict[str | None, list[int]] = {"T-0001": quiet(), "T-0003": quiet(seed=3), None: quiet(rate=1.0, seed=5)}
    rows = [(START + timedelta(d), name) for d in range(110) for name, row in plan.items() for _ in range(row[d])]
    company.night(START + timedelta(109), rows)
    with company.store.read() as connection:
        idle = cases.waiting(connection, runs.current(connection), limit=1000)
    company.night(START + timedelta(110), [(START + timedelta(110), "T-0001")], moved=dict.fromkeys(idle, "T-0010"))
    assert [one for one in company.signals() if one.topic_id == "T-0010"] == []
    assert company.status()["T-0010"] == "steady"


def test_a_topic_that_is_found_while_it_rises_is_told_that_night(company: Company) -> None:
    plan: dict[str | None, list[int]] = {"T-0001": quiet(), None: [2 if day >= 100 else 0 for day in range(LENGTH)]}
    rows = [(START + timedelta(d), name) for d in range(108) for name, row in plan.items() for _ in range(row[d])]
    company.night(START + timedelta(107), rows)
    assert company.signals() == []
    with company.store.read() as connection:
        idle = cases.waiting(connection, runs.current(connection), limit=1000)
    company.night(START + timedelta(108), [(START + timedelta(108), "T-0001")], moved=dict.fromkeys(idle, "T-0010"))
    (told,) = company.signals()
    assert (told.kind, told.topic_id, told.day, told.quiet) == ("new", "T-0010", START + timedelta(108), "")


def test_a_merge_makes_no_trend(company: Company) -> None:
    plan = {"T-0001": quiet(), "T-0002": quiet(seed=2), "T-0003": quiet(seed=3)}
    company.load(plan, 100)
    with company.store.read() as connection:
        moving = cases.in_topics(connection, runs.current(connection), ["T-0002"])
    company.merged["T-0002"] = "T-0001"
    company.night(START + timedelta(99), moved=dict.fromkeys(moving, "T-0001"), kind="act")
    both = {"T-0001": [a + b for a, b in zip(plan["T-0001"], plan["T-0002"], strict=True)], "T-0003": plan["T-0003"]}
    company.live(both, 100, 115)
    assert company.signals() == []


def test_a_split_takes_a_rise_along_and_tells_it_no_second_time(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    company.live(plan, 98, 108)
    (before,) = company.signals()
    with company.store.read() as connection:
        moving = cases.in_topics(connection, runs.current(connection), ["T-0002"])
        rows = {no: one.facts.created_at for no, one in cases.load(connection, moving, runs.current(connection))}
    risen = [no for no in moving if rows[no] is not None and rows[no].date() >= START + timedelta(100)]  # type: ignore[union-attr]
    company.night(START + timedelta(107), moved=dict.fromkeys(risen[::3] + risen[1::3], "T-0020"), kind="act")
    told = {one.topic_id: one for one in company.signals()}
    assert before.topic_id == "T-0002"
    assert told["T-0020"].quiet == "history"
    with company.store.read() as connection:
        morning = read_signals.morning(connection, runs.current(connection))
    assert [one for one in morning.signals if one.topic_id == "T-0020"] == []


def test_a_muted_topic_is_silent(company: Company) -> None:
    plan = plan_with_a_rise()
    company.muted.add("T-0002")
    company.load(plan, 98)
    company.live(plan, 98, 108)
    (told,) = company.signals()
    assert (told.state, told.quiet) == ("muted", "topic")


def test_a_budget_is_kept_by_the_weakest(store: Store) -> None:
    company = Company(store, alarms_per_week=1.0)
    plan = {
        f"T-{n:04d}": [c + (6 + 4 * n if day >= 100 else 0) for day, c in enumerate(quiet(seed=n))] for n in (1, 2, 3)
    }
    plan |= {f"T-{n:04d}": quiet(rate=9, seed=n) for n in range(4, 9)}
    company.load(plan, 98)
    company.live(plan, 98, 106)
    told = company.signals()
    assert sum(not one.quiet for one in told) == 1
    assert {one.quiet for one in told} == {"", "budget"}


def test_the_same_night_twice_changes_nothing(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    company.live(plan, 98, 108)
    before = company.signals()
    company.night(START + timedelta(107))
    assert company.signals() == before


def test_a_killed_stage_is_repeated_and_writes_the_same(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    run_id = company.live(plan, 98, 108)
    before = company.signals()
    with company.store.read() as connection:
        run = runs.get(connection, run_id)
        band = read_trends.trend(connection, run_id, "T-0002", since=START, until=START + timedelta(107))
    find_signals(company.store, run, company.settings, lambda: NOW)
    assert company.signals() == before
    with company.store.read() as connection:
        assert read_trends.trend(connection, run_id, "T-0002", since=START, until=START + timedelta(107)) == band


def test_a_topic_that_ends_is_resolved(company: Company) -> None:
    plan = {"T-0001": quiet(), "T-0002": [c if day < 70 else 0 for day, c in enumerate(quiet(seed=2))]}
    company.load(plan, 90)
    company.live(plan, 90, 100)
    told = company.signals()
    assert [(one.kind, one.topic_id) for one in told if one.kind == "resolved"] == [("resolved", "T-0002")]
    assert company.status()["T-0002"] == "resolved"


def test_lines_of_the_morning_are_those_of_tonight(company: Company) -> None:
    plan = plan_with_a_rise()
    company.load(plan, 98)
    mornings: list[tuple[str, ...]] = []
    for day in range(98, 108):
        run_id = company.live(plan, day, day + 1)
        with company.store.read() as connection:
            mornings.append(tuple(one.signal_id for one in read_signals.morning(connection, run_id).signals))
    (told,) = company.signals()
    assert mornings.count((told.signal_id,)) == 1
    assert mornings.count(()) == 9


def test_counts_are_customers_and_sums_are_exact(company: Company) -> None:
    plan = {"T-0001": [2] * LENGTH, "T-0002": [1] * LENGTH}
    run_id = company.load(plan, 40)
    with company.store.read() as connection:
        total = read_trends.total(connection, run_id)
        assert total is not None
        assert (total.tickets, total.customers, total.negative, total.sentiment) == (120, 120, 120, -0.6)
        pareto = read_trends.by_topic(connection, run_id)
        assert [(one.key, one.tickets) for one in pareto] == [("T-0001", 80), ("T-0002", 40)]
        owners = read_trends.by_dimension(
            connection, run_id, "department", topic_id="T-0001", since=START + timedelta(30)
        )
        assert [(one.key, one.tickets) for one in owners] == [("logistics", 20)]


def test_a_night_that_runs_before_the_day_begins_expects_little_of_it(company: Company) -> None:
    """As with cron at ten past two: most of a day's tickets come with the next night. No morning is an alarm."""
    counts = quiet(rate=6.0)
    company.load({"T-0001": counts}, 60)
    for day in range(60, 100):
        early = START + timedelta(day)
        rows: list[tuple[date, str | None]] = [(early - timedelta(1), "T-0001")] * (
            counts[day - 1] - 1 if day > 60 else 0
        )
        company.night(early, [*rows, *[(early, "T-0001")] * (counts[day] > 0 and day % 3 > 0)])
    assert [one for one in company.signals() if one.kind in ("rising", "spike")] == []
    with company.store.read() as connection:
        run_id = runs.current(connection)
        learned = signals.lags(connection, run_id, START + timedelta(61), START + timedelta(85))
    assert learned[1] > 5 * learned[0] > 0
    assert sum(learned[2:]) == 0
