"""One word for where a topic stands."""

from datetime import date, timedelta

import pytest

from cxtext.trends.status import topic_status

START = date(2026, 1, 1)


def days(*counts: int) -> dict[date, int]:
    return {START + timedelta(number): count for number, count in enumerate(counts) if count}


EVERYTHING = days(*[20] * 120)


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ([1] * 120, "recurring"),
        ([1] * 40 + [0] * 80, "resolved"),
        ([0] * 105 + [2] * 15, "new"),
        ([1] * 106 + [4] * 14, "rising"),
        ([3] * 106 + [0] * 10 + [1] * 4, "fading"),
    ],
)
def test_the_word_follows_the_counts(counts: list[int], word: str) -> None:
    assert topic_status(days(*counts), EVERYTHING).word == word


def test_a_busy_fortnight_for_everybody_is_no_rise_of_one_topic() -> None:
    busy = days(*[20] * 106 + [80] * 14)
    assert topic_status(days(*[1] * 106 + [4] * 14), busy).word == "recurring"


def test_too_little_history_says_nothing() -> None:
    assert topic_status(days(*[5] * 10), days(*[20] * 10)).word == "steady"
    assert topic_status({}, EVERYTHING).word == "steady"


def test_the_same_quarter_of_two_years_is_a_season() -> None:
    everything = {START + timedelta(n): 10 for n in range(730)}
    winter = {day: 2 for day in everything if day.month in (1, 2, 3)}
    rest = {day: 1 for day in everything if day.month not in (1, 2, 3) and day.day % 5 == 0}
    assert topic_status(winter | rest, everything).word == "seasonal"
