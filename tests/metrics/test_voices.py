"""Lists of reasons, wishes and questions, counted in customers."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cxtext.metrics.voices import Voice, unanswered, why_they_leave, wishes


def said_by(
    key: str,
    customer: str,
    topic_id: str | None = "T-0001",
    topic_label: str | None = "Thema",
    reason: str = "",
    **told,
) -> Voice:
    told.setdefault("day", date(2026, 3, 1))
    return Voice(key=key, customer=customer, topic_id=topic_id, topic_label=topic_label, text=reason, **told)


def test_a_customer_who_writes_five_times_leaves_once():
    five = [said_by(f"k{n}", "anna", reason="price") for n in range(5)]
    rows = why_they_leave([*five, said_by("x", "ben", reason="service"), said_by("y", "cem")], lambda voice: voice.text)
    assert [(row.reason, row.customers, row.tickets) for row in rows] == [
        ("price", 1, 5),
        ("service", 1, 1),
        ("", 1, 1),
    ]
    assert rows[0].share == 1 / 3


def test_who_names_a_reason_later_is_counted_under_it_alone():
    rows = why_they_leave([said_by("a", "anna"), said_by("b", "anna", reason="price")], lambda voice: voice.text)
    assert [(row.reason, row.customers, row.tickets) for row in rows] == [("price", 1, 2)]


def test_wishes_are_ranked_by_customers_and_need_a_topic():
    said = [said_by("a", "anna", "T-1", "App im Dunkeln", product="App"), said_by("b", "ben", "T-1", "App im Dunkeln", product="App"),
            said_by("c", "cem", "T-2", "Mehr Farben"), said_by("d", "cem", "T-2", "Mehr Farben"), said_by("e", "dora", None, None)]  # fmt: skip
    rows = wishes(said)
    assert [(row.label, row.customers, row.tickets) for row in rows] == [("App im Dunkeln", 2, 2)]
    assert rows[0].products == (("App", 2),)


def _asked(topic: str, count: int, **told) -> list[Voice]:
    return [said_by(f"{topic}-{n}", f"c{n}", topic, topic, **told) for n in range(count)]


def test_questions_are_ranked_by_the_hours_that_bad_answers_cost():
    well = _asked("T-1", 20, hours=1.0, csat=5.0)
    badly = _asked("T-2", 5, hours=30.0, csat=2.0)
    rare = _asked("T-3", 2, hours=99.0, csat=1.0)
    rows = unanswered([*well, *badly, *rare], days=7)
    assert [row.topic_id for row in rows] == ["T-2", "T-1"]
    assert (rows[0].effort, rows[1].effort) == (150.0, 0.0)
    assert rows[1].badly_answered == 0.0


def test_the_best_answer_is_the_best_rated_then_the_quickest():
    said = [said_by("a", "1", answer="langsam", csat=5.0, hours=9.0), said_by("b", "2", answer="gut", csat=5.0, hours=2.0),
            said_by("c", "3", answer="schlecht", csat=1.0, hours=0.1)]  # fmt: skip
    (row,) = unanswered(said, days=7)
    assert (row.answer, row.answer_from) == ("gut", "b")


def test_without_any_rating_nobody_says_that_the_answers_are_good():
    (row,) = unanswered(_asked("T-1", 4), days=28)
    assert (row.badly_answered, row.effort, row.answer) == (1.0, 24.0, None)


VOICES = st.lists(
    st.builds(
        said_by,
        st.uuids().map(str),
        st.sampled_from("abcdef"),
        st.sampled_from(["T-1", "T-2", None]),
        reason=st.sampled_from(["", "price", "service"]),
        day=st.dates(date(2026, 1, 1), date(2026, 1, 1) + timedelta(80)),
    ),
    max_size=30,
)


@given(VOICES)
def test_no_customer_is_counted_twice_and_none_is_lost(voices):
    rows = why_they_leave(voices, lambda voice: voice.text)
    assert sum(row.customers for row in rows) >= len({voice.customer for voice in voices})
    said = {voice.customer for voice in voices if voice.text}
    nothing = sum(row.customers for row in rows if row.reason == "")
    assert nothing == len({voice.customer for voice in voices} - said)
