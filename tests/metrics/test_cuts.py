"""Cuts: topics hold their subtopics, periods their days, and what no change touched is not measured again."""

from datetime import date

import numpy as np
import pytest

from cxtext.evaluate.metric_worlds import WORLDS, blank, draw_tickets
from cxtext.metrics.columns import Columns
from cxtext.metrics.cuts import Cut, all_cuts, ancestors, scope_entries

MONDAY = date(2026, 9, 28)


def tickets(days: list[date], topics: list[int]) -> Columns:
    size = len(days)
    return blank(
        size,
        keys={"topic": ("T-2", "T-1")},
        codes={"topic": np.array(topics, dtype=np.int64)},
        day=np.array([day.toordinal() for day in days]),
        csat=np.array([5.0, 1.0] * (size // 2)),
    )


def by_place(cuts: list[Cut]) -> dict[tuple[str, str, str], Cut]:
    return {(cut.scope, cut.key, cut.period.label): cut for cut in cuts}


def test_weeks_months_the_last_28_days_and_the_whole() -> None:
    days = [date(2026, 9, 30)] * 6 + [date(2026, 10, 4)] * 4 + [date(2026, 10, 5)] * 6
    found = by_place(list(all_cuts(tickets(days, [0] * 16), {})))
    counts = {place[2]: cut.figures["tickets"][3] for place, cut in found.items() if place[0] == "all"}
    assert counts == {"2026-W40": 10, "2026-W41": 6, "2026-09": 6, "2026-10": 10, "28d": 16, "all": 16}
    assert found["all", "all", "2026-W40"].period.first == MONDAY
    assert found["all", "all", "28d"].period.first == date(2026, 9, 8)
    assert found["all", "all", "2026-10"].figures["csat"][0] == 50.0


def test_a_topic_holds_its_subtopics_and_nobody_is_counted_twice() -> None:
    columns = tickets([MONDAY] * 16, [0] * 6 + [1] * 10)
    parents = {"T-1": "T-9", "T-2": "T-9", "T-9": None}
    found = by_place(list(all_cuts(columns, parents)))
    sizes = {place[1]: cut.figures["tickets"][3] for place, cut in found.items() if place[2] == "all"}
    assert sizes == {"all": 16, "T-1": 10, "T-2": 6, "T-9": 16}
    assert scope_entries(columns, parents, "topic")[0] == ("T-9", "T-1", "T-2")  # the largest first


def test_tickets_without_topic_or_date_stand_in_the_whole_alone() -> None:
    columns = blank(6, keys={"topic": ("T-1",)}, codes={"topic": np.full(6, -1)}, day=np.zeros(6, dtype=np.int64))
    assert [(cut.scope, cut.period.label) for cut in all_cuts(columns, {})] == [("all", "all")]


def test_what_ended_before_a_change_is_left_alone() -> None:
    days = [MONDAY] * 6 + [date(2026, 10, 12)] * 6
    columns = tickets(days, [0] * 12)
    labels = {cut.period.label for cut in all_cuts(columns, {}, since=date(2026, 10, 14))}
    assert labels == {"2026-W42", "2026-10", "28d", "all"}  # no 28 days lie before the last 28


def test_touched_periods_say_the_same_as_everything_measured_anew() -> None:
    random = np.random.default_rng(5)
    size = 600
    given = draw_tickets(WORLDS["mixed"], size, random)
    fields = {name: getattr(given, name) for name in Columns.__dataclass_fields__}
    fields |= {
        "keys": {"topic": ("A", "B", "C")},
        "codes": {"topic": random.integers(-1, 3, size)},
        "day": MONDAY.toordinal() + random.integers(0, 90, size),
        "customer": random.integers(0, 200, size),
    }
    columns = Columns(**fields)
    everything = by_place(list(all_cuts(columns, {})))
    touched = by_place(list(all_cuts(columns, {}, since=date(2026, 11, 20))))
    assert touched
    assert all(everything[place] == cut for place, cut in touched.items())
    assert "retention" in everything["all", "all", "28d"].figures


def test_the_order_of_tickets_changes_no_digit() -> None:
    """Sums of floats depend on their order; means of four-digit scores over few tickets often end in an exact half."""
    random = np.random.default_rng(8)
    size = 2000
    days = MONDAY.toordinal() + random.integers(0, 80, size)
    scores = np.round(random.uniform(-1, 1, size), 4)
    order = random.permutation(size)
    first = all_cuts(blank(size, day=days, sentiment=scores), {})
    second = all_cuts(blank(size, day=days[order], sentiment=scores[order]), {})
    assert list(first) == list(second)


def test_nothing_comes_from_nothing() -> None:
    assert list(all_cuts(blank(0), {})) == []


@pytest.mark.parametrize("parents", [{"A": "B", "B": "A"}, {"A": "A"}])
def test_a_circle_of_topics_ends(parents: dict[str, str | None]) -> None:
    assert ancestors(["A"], parents)["A"] in (("A", "B"), ("A",))
