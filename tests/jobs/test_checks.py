"""The weekly check: a stable sample, kept answers, and what they say."""

from datetime import UTC, datetime

import pytest

from cxtext.errors import ConfigurationError
from cxtext.jobs.checks import record_check
from cxtext.settings import Settings
from cxtext.store import Store, runs
from cxtext.store.read_checks import Asked, checked_weeks, last_week, monday, precision, sample_of_week
from cxtext.store.read_metrics import checks

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def asked(store: Store, week: str | None = None) -> list[Asked]:
    with store.read() as connection:
        return sample_of_week(connection, runs.current(connection), week=week, seed=3)


def say(store: Store, one: Asked, *, verdict: bool, right_value: str | None = None) -> int:
    return record_check(store, Settings(), one, verdict=verdict, right_value=right_value, by="Ida", now=lambda: NOW)


def test_half_are_topics_half_causes_of_the_last_whole_week(demo_store: Store) -> None:
    sample = asked(demo_store)
    assert len(sample) == 30
    assert [one.field for one in sample] == ["topic"] * 15 + ["cause"] * 15
    assert {one.week for one in sample} == {"2026-W43"}  # the data end on a Saturday: its week is not over
    assert sample == asked(demo_store)
    assert sample != asked(demo_store, "2026-W40")


def test_answers_are_kept_asked_once_and_the_last_word_counts(demo_store: Store) -> None:
    sample = asked(demo_store)
    for one in sample[:14]:
        say(demo_store, one, verdict=True)
    first = say(demo_store, sample[14], verdict=False, right_value="T-0001")
    assert asked(demo_store) == sample[15:]
    last = say(demo_store, sample[14], verdict=True)
    with demo_store.read() as connection:
        assert len(checks(connection, last)) == 16
        assert len(checks(connection, first)) == 15
        assert checked_weeks(connection, last) == {"2026-W43": 16}
        before, after = precision(connection, first, "topic")[0], precision(connection, last, "topic")[0]
    shown = sum(one.shown is not None for one in sample[:15])
    assert (before.key, before.n, after.n) == ("all", shown, shown)
    assert before.precision is not None
    assert after.precision == 100.0 >= before.precision
    assert after.lower is not None
    assert 60 < after.lower < 100


def test_a_check_moves_no_result(demo_store: Store) -> None:
    from cxtext.export import KINDS

    with demo_store.read() as connection:
        before = list(KINDS["topics"].rows(connection, runs.current(connection)))
    say(demo_store, asked(demo_store)[0], verdict=False)
    with demo_store.read() as connection:
        assert list(KINDS["topics"].rows(connection, runs.current(connection))) == before


def test_nothing_to_check_in_an_empty_store(store: Store) -> None:
    with store.read() as connection:
        assert last_week(connection, 0) is None
        assert sample_of_week(connection, 0) == []
        assert precision(connection, 0) == []


@pytest.mark.parametrize("week", ["2026-44", "W44", "2026-W60", "next"])
def test_a_week_that_is_none_is_explained(week: str) -> None:
    with pytest.raises(ConfigurationError, match="write it like 2026-W44"):
        monday(week)
