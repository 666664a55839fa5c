"""Facts about events that lie across topics or in none: what comes at once and is alike is told, once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from cxtext.trends.alike import MOST_CENTRES, Field, Mention, Sky, alike_lines, carried_alike, tickets_of, told_beside
from cxtext.trends.detect import Rules
from cxtext.trends.lines import Names, Row

START = date(2026, 1, 5)
LENGTH = 200
NAMES = Names(labels={}, departments={}, muted=frozenset(), language="de")
DRAIN, OTHER = 0, 1  # the two axes of the space; every other text points elsewhere


class Town:
    """Four reports a day, each about something else, and what a test adds to them."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.points: list[int] = []  # the axis of each; from 2 on nobody else's
        self.topics: dict[str, str] = {}
        for day in range(LENGTH):
            for _ in range(4):
                self.report(day, 2 + len(self.points) % 150)

    def report(self, day: int, axis: int, who: str | None = None, topic: str | None = None) -> None:
        key = f"file:{len(self.mentions):04d}"
        self.mentions.append(Mention(key, START + timedelta(day), who or key))
        self.points.append(axis)
        if topic:
            self.topics[key] = topic

    def field(self, until: int, first: int) -> Field:
        last, begin = START + timedelta(until), START + timedelta(first - 13)
        known = [number for number, one in enumerate(self.mentions) if one.day <= last]
        by_key = {one.key: one for one in self.mentions}
        return Field(
            keys=[(self.mentions[number].key,) for number in known],
            rows=np.eye(152, dtype=np.float32)[[self.points[number] for number in known]], near=0.9,
            recent=[self.mentions[number] for number in known if self.mentions[number].day >= begin],
            dated=lambda keys: [by_key[key] for key in keys],
            above=lambda key: [self.topics[key]] if key in self.topics else [],
            name=lambda keys: f"words of {len(keys)}",
        )  # fmt: skip

    def sky(self, until: int, first: int, told: Sequence[Row] = ()) -> Sky:
        total = np.zeros(until + 1)
        for one in self.mentions:
            if (place := (one.day - START).days) <= until:
                total[place] += 1
        return Sky(
            first=START + timedelta(first), days=[START + timedelta(offset) for offset in range(until + 1)], total=total,
            rules=Rules(), told=told, names=NAMES,
        )  # fmt: skip

    def night(self, until: int, told: Sequence[Row] = (), lines: Sequence[Row] = ()) -> list[Row]:
        return alike_lines(self.field(until, until), self.sky(until, until, told), lines)

    def live(self, first: int, last: int) -> list[tuple[int, Row]]:
        """Every night, as the nights go by; returns the lines with the night they were told."""
        told: dict[str, Row] = {}
        found: list[tuple[int, Row]] = []
        for night in range(first, last + 1):
            field, sky = self.field(night, night), self.sky(night, night, list(told.values()))
            told |= {row["id"]: row for row in carried_alike(field, sky)}
            for row in alike_lines(field, sky, ()):
                told[row["id"]] = row
                found.append((night, row))
        self.told = told
        return found


@pytest.fixture
def town() -> Town:
    made = Town()
    for day in range(10, 150, 35):
        made.report(day, DRAIN)
    return made


def storm(town: Town, first: int, daily: Sequence[int] = (2, 3, 2), **more: Any) -> None:
    for offset, count in enumerate(daily):
        for _ in range(count):
            town.report(first + offset, DRAIN, **more)


def test_what_comes_at_once_is_told_with_its_tickets_and_its_words(town: Town) -> None:
    storm(town, 170)
    (row,) = town.night(171)
    assert (row["topic_id"], row["dimension"], row["value"]) == ("", "alike", "words of 5")
    assert row["count"] == 5
    assert row["expected"] < 1
    assert row["why_de"].startswith("Ein Anliegen um „words of 5“")
    assert row["why_en"].startswith("An issue around “words of 5”")
    assert len(row["examples"]) == 5
    assert tickets_of(town.field(171, 171), town.sky(171, 171).days, row) == row["examples"]


def test_a_quiet_town_has_no_lines(town: Town) -> None:
    assert town.live(100, LENGTH - 1) == []


def test_one_customer_who_writes_often_is_no_event(town: Town) -> None:
    storm(town, 170, who="anna")
    assert town.live(170, 175) == []


def test_an_event_that_a_line_about_a_topic_holds_is_not_told_twice(town: Town) -> None:
    storm(town, 170, topic="T-0001")
    line = {"topic_id": "T-0001", "kind": "rising", "quiet": "", "until": None}
    assert town.night(171, lines=[line]) == []
    for other in ({"topic_id": "T-0002"}, {"kind": "resolved"}, {"quiet": "history"}, {"until": START}):
        assert town.night(171, lines=[line | other])


def test_a_storm_is_told_once_and_the_next_one_again(town: Town) -> None:
    storm(town, 150)
    storm(town, 180)
    found = town.live(150, LENGTH - 1)
    assert [night for night, _ in found] == [152, 181]
    assert [row["course"] for _, row in found] == ["open", "recurring"]
    assert "Nicht zum ersten Mal" in found[1][1]["why_de"]
    first = town.told[found[0][1]["id"]]
    assert first["until"] is not None
    assert first["state"] == "closed"


def test_everybody_writing_more_is_no_event_of_its_own(town: Town) -> None:
    for day in range(170, 175):
        for axis in range(2, 150):
            town.report(day, axis)
    assert town.live(170, 176) == []


def test_a_line_whose_tickets_were_erased_ends(town: Town) -> None:
    storm(town, 170)
    (row,) = town.night(171)
    sky = town.sky(172, 172, [row | {"examples": []}])
    assert carried_alike(town.field(172, 172), sky)[0]["state"] == "closed"
    assert carried_alike(None, sky)[0]["state"] == "closed"


def test_what_nobody_ever_reported_before_is_told(town: Town) -> None:
    for offset in (0, 0, 1, 1, 2):
        town.report(170 + offset, OTHER)
    ((night, row),) = town.live(170, 175)
    assert night == 172
    assert row["count"] == 5


def test_only_so_many_texts_are_looked_at() -> None:
    busy = Town()
    for number in range(MOST_CENTRES + 10):
        busy.report(LENGTH - 1, 2 + number % 150)
    assert isinstance(busy.night(LENGTH - 1), list)


def test_a_topic_is_no_second_line_about_an_event_that_was_told(town: Town) -> None:
    storm(town, 170, topic="T-0001")
    ((_, row),) = town.live(170, 173)
    late = {
        "id": "S-late", "topic_id": "T-0001", "onset": START + timedelta(170), "day": START + timedelta(173),
    }  # fmt: skip
    sky = town.sky(173, 173)
    assert told_beside(town.field(173, 173), sky, [late], [row]) == {"S-late"}
    assert told_beside(town.field(173, 173), sky, [late | {"topic_id": "T-0002"}], [row]) == frozenset()
    assert told_beside(town.field(173, 173), sky, [late], [row | {"until": START}]) == frozenset()
    assert told_beside(town.field(173, 173), sky, [late], [row | {"day": START + timedelta(173)}]) == frozenset()
