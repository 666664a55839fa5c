"""Facts about the one word for a node."""

from datetime import date, timedelta
from typing import get_args

import pytest

from cxtext.trends.decline import Course
from cxtext.trends.episodes import Episode, Kind, State
from cxtext.trends.fixes import FixCheck, Verdict
from cxtext.trends.states import STATUS_OF, NodeState, Status, node_state, topic_status

TODAY = date(2026, 11, 21)


def episode(ago: int, kind: Kind = "rising", *, until: int | None = None, state: State = "open") -> Episode:
    day = TODAY - timedelta(ago)
    return Episode(
        series="login", day=day, onset=day, kind=kind, state=state, count=9, expected=2.0, lower=0.0, upper=5.0,
        evidence_strength=4.0, chance_per_year=0.04, ratio=4.5, ratio_low=3.0, ratio_high=6.0, window=7,
        until=None if until is None else TODAY - timedelta(until), why_de="", why_en="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("episodes", "word"),
    [
        ([], "quiet"),
        ([episode(10, "new")], "new"),
        ([episode(60, "new")], "quiet"),
        ([episode(3, "spike")], "spike"),
        ([episode(3)], "rising"),
        ([episode(40, until=30)], "one-off"),
        ([episode(100, until=90), episode(40, until=30)], "recurring"),
        ([episode(300, until=290), episode(40, until=30)], "one-off"),
        ([episode(70, state="chronic")], "chronic"),
        ([episode(10, "seasonal")], "seasonal"),
        ([episode(-5)], "quiet"),
    ],
)
def test_the_word_follows_the_episodes(episodes: list[Episode], word: str) -> None:
    assert node_state(episodes, TODAY) == word


@pytest.mark.parametrize(
    ("verdict", "later", "word"),
    [
        ("resolved", [], "resolved"),
        ("improved", [], "improved"),
        ("resolved", [episode(5)], "regressed"),
        ("not resolved", [episode(5)], "rising"),
        ("too early", [], "quiet"),
    ],
)
def test_a_fix_is_believed_until_the_relapse(verdict: Verdict, later: list[Episode], word: str) -> None:
    check = FixCheck(verdict, 1.0, 0.8, 1.2, 3.0)
    assert node_state(later, TODAY, fix=check, fixed_on=TODAY - timedelta(28)) == word


@pytest.mark.parametrize(
    ("episodes", "course", "word"),
    [
        ([], "level", "steady"),
        ([], "fading", "fading"),
        ([], "resolved", "resolved"),
        ([episode(3)], "fading", "rising"),
        ([episode(10, "new")], "level", "new"),
        ([episode(3, "spike")], "level", "steady"),
        ([episode(100, until=90), episode(40, until=30)], "level", "recurring"),
        ([episode(100, until=90), episode(40, until=30)], "resolved", "resolved"),
        ([episode(70, state="chronic")], "level", "recurring"),
        ([episode(10, "seasonal")], "level", "seasonal"),
    ],
)
def test_a_topic_has_one_status(episodes: list[Episode], course: Course, word: str) -> None:
    assert topic_status(episodes, TODAY, course) == word


def test_what_is_resolved_stays_so_until_something_happens() -> None:
    assert topic_status([], TODAY, "level", before="resolved") == "resolved"
    assert topic_status([], TODAY, "level", before="rising") == "steady"
    assert topic_status([episode(2)], TODAY, "level", before="resolved") == "rising"


def test_every_word_of_the_detector_has_a_status() -> None:
    assert set(STATUS_OF) == set(get_args(NodeState))
    assert set(STATUS_OF.values()) <= set(get_args(Status))
