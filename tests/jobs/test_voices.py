"""The lists of a night: why customers leave, what they wish for, what they keep asking."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cxtext.intent.cues import Cues
from cxtext.jobs.voices import listen
from cxtext.metrics.voices import unanswered, why_they_leave, wishes
from cxtext.settings import Settings
from cxtext.store import read_voices, runs
from cxtext.store import tables as t
from cxtext.store.scope import within
from cxtext.store.voice_tables import voice

pytestmark = pytest.mark.databases
NIGHT = date(2026, 11, 1)


def clock() -> datetime:
    return datetime(2026, 11, 1, 3, tzinfo=UTC)


def listed(store):
    with store.read() as connection:
        run_id = runs.current(connection)
        return {name: read_voices.listed(connection, run_id, name) for name in read_voices.LISTS}


def test_a_night_keeps_what_the_commands_print_for_its_day(demo_store):
    kept = listed(demo_store)
    with demo_store.read() as connection:
        run_id = runs.current(connection)

        def said(*intents, churned=False):
            since = NIGHT - timedelta(read_voices.DAYS - 1)
            return list(read_voices.voices(connection, run_id, intents, churned=churned, since=since, until=NIGHT))

        cues = Cues()
        leaving = why_they_leave(
            said("cancellation", churned=True),
            lambda one: cues.find_details(one.text, one.language).cancellation_reason,
        )
        wished, asked = wishes(said("wish")), unanswered(said("question"), read_voices.DAYS)
    assert [(one.key, one.customers, one.share, one.causes, one.quotes) for one in kept["leaving"]] == [
        (one.reason, one.customers, one.share, one.causes, one.quotes) for one in leaving
    ]
    assert [(one.topic_id, one.label, one.customers, one.products, one.first) for one in kept["wish"]] == [
        (one.topic_id, one.label, one.customers, one.products, one.first) for one in wished
    ]
    assert [(one.topic_id, one.tickets, one.share, one.judged, one.hours, one.effort) for one in kept["question"]] == [
        (one.topic_id, one.questions, one.badly_answered, one.judged, one.hours, one.effort) for one in asked
    ]
    assert all(kept.values())


def test_the_same_night_again_changes_nothing_and_what_is_gone_stays_readable(demo_store):
    before = listed(demo_store)
    with demo_store.read() as connection:
        first = runs.last_done(connection, "night")
    assert first is not None
    assert listen(demo_store, first, Settings(), clock) == {"voices": 0}
    with demo_store.write() as connection:
        connection.execute(t.reading.update().where(t.reading.c.intent == "wish").values(intent="other"))
        later = runs.begin(connection, kind="night", now=clock(), as_of=NIGHT + timedelta(1))
        runs.publish(connection, later.id, now=clock(), counts={})
    listen(demo_store, replace(later, as_of=NIGHT + timedelta(1)), Settings(), clock)
    assert listed(demo_store)["wish"] == []
    with demo_store.read() as connection:
        assert read_voices.listed(connection, first.id, "wish") == before["wish"]


def test_a_merged_topic_is_called_by_what_it_became_part_of(demo_store):
    one, other = listed(demo_store)["question"][:2]
    with demo_store.write() as connection:
        connection.execute(t.topic.update().where(t.topic.c.id == one.topic_id).values(merged_into=other.topic_id))
    again = listed(demo_store)["question"][0]
    assert (again.topic_id, again.label, again.key) == (other.topic_id, other.label, one.topic_id)


def test_answers_of_agents_are_read_from_their_tickets(demo_store):
    key = listed(demo_store)["question"][0].quotes[0]
    source, _, name = key.partition(":")
    number = sa.select(t.ticket.c.no).where(t.ticket.c.source == source, t.ticket.c.id == name).scalar_subquery()
    with demo_store.write() as connection:
        connection.execute(t.version.update().where(t.version.c.no == number).values(extra={"answer": "So geht es."}))
        first = runs.last_done(connection, "night")
    assert first is not None
    listen(demo_store, first, Settings(), clock)
    row = listed(demo_store)["question"][0]
    assert row.answer_from == key
    with demo_store.read() as connection:
        assert read_voices.answers(connection, first.id, [key, "file:nobody"]) == {key: "So geht es."}


def test_departments_see_topics_that_are_theirs_without_keys_of_tickets(demo_store):
    with demo_store.read() as connection:
        run_id = runs.current(connection)
        whole = {one.key for one in read_voices.listed(connection, run_id, "question")}
        within(connection, run_id, frozenset({"logistics"}))
        own = read_voices.listed(connection, run_id, "question")
        assert read_voices.listed(connection, run_id, "leaving") == []
    assert 0 < len(own) < len(whole)
    assert all(one.quotes == () and one.answer_from is None for one in own)


def test_a_night_without_a_date_lists_nothing(demo_store):
    with demo_store.read() as connection:
        first = runs.last_done(connection, "night")
        kept = connection.scalar(sa.select(sa.func.count()).select_from(voice))
    assert first is not None
    assert listen(demo_store, replace(first, as_of=None), Settings(), clock) == {}
    with demo_store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(voice)) == kept
