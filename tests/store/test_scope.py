"""What a reader of some departments gets from every table and every read function."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.errors import StoreError
from cxtext.store import Store, open_store, read_tally, read_tickets, read_topics, runs
from cxtext.store import tables as t
from cxtext.store.scope import RULES, within
from cxtext.store.tally_tables import tally

MINE = frozenset({"billing"})


@pytest.fixture(scope="module")
def shown(night_before: Path):
    store = open_store(f"sqlite:///{night_before / 'cxtext.db'}")
    yield store
    store.close()


def test_every_table_has_a_rule() -> None:
    assert set(t.metadata.tables) <= set(RULES)


def test_every_table_can_be_read_and_shows_nothing_of_others(shown: Store) -> None:
    with shown.read() as connection:
        run_id = runs.current(connection)
        others = set(
            connection.scalars(
                sa.select(t.reading.c.no).where(
                    t.seen_at(t.reading, run_id), t.reading.c.department.is_distinct_from("billing")
                )
            )
        )
        within(connection, run_id, MINE)
        for table in t.metadata.sorted_tables:
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            if "no" in table.c:
                assert not {row["no"] for row in rows} & others, table.name
        assert (connection.scalar(sa.select(sa.func.count()).select_from(t.version)) or 0) > 100


def test_aliases_joins_subqueries_and_exists_are_confined_too(shown: Store) -> None:
    with shown.read() as connection:
        run_id = runs.current(connection)
        own = connection.scalar(
            sa.select(sa.func.count()).select_from(t.reading).where(t.reading.c.department == "billing")
        )
        within(connection, run_id, MINE)
        one, two = t.version.alias("one"), t.version.alias("two")
        asked = [
            sa.select(sa.func.count()).select_from(one),
            sa.select(sa.func.count()).select_from(one.join(two, one.c.no == two.c.no)),
            sa.select(sa.func.count()).select_from(sa.select(t.version.c.no).subquery()),
            sa.select(sa.func.count()).select_from(t.ticket).where(sa.exists().where(one.c.no == t.ticket.c.no)),
            sa.select(sa.func.count()).select_from(sa.union_all(sa.select(one.c.no)).subquery()),
            sa.select(sa.func.count()).select_from(sa.select(t.version.c.no).cte()),
        ]
        assert [connection.scalar(query) for query in asked] == [own] * len(asked)


@pytest.mark.parametrize(
    "statement",
    [sa.text("select text from version"), t.version.delete(), t.version.update().values(text="")],
)
def test_anything_but_a_select_is_refused(shown: Store, statement: object) -> None:
    with shown.read() as connection:
        within(connection, runs.current(connection), MINE)
        with pytest.raises(StoreError, match="only reads"):
            connection.execute(statement)  # type: ignore[call-overload]


def test_a_table_without_a_rule_cannot_be_read(shown: Store) -> None:
    odd = sa.Table("odd", t.metadata, sa.Column("id", sa.Integer))
    try:
        with shown.read() as connection:
            within(connection, runs.current(connection), MINE)
            with pytest.raises(StoreError, match="no rule"):
                connection.execute(sa.select(odd))
    finally:
        t.metadata.remove(odd)


def test_topics_have_the_size_of_their_visible_tickets(shown: Store) -> None:
    with shown.read() as connection:
        run_id = runs.current(connection)
        within(connection, run_id, MINE)
        topics = read_topics.topics(connection, run_id)
        assert topics
        for topic in topics:
            below = read_topics.below(connection, run_id, topic["topic_id"])
            count = read_tickets.count_tickets(
                connection, run_id, read_tickets.Filter(topic=topic["topic_id"]), most=10_000
            )
            assert topic["size"] == count > 0, below
            assert [key for key, _ in topic["departments"]] == ["billing"]
            assert topic["causes"] == []


def test_sums_counted_anew_are_those_that_are_kept(shown: Store) -> None:
    """All departments together, and tickets of none, are everything: live and kept sums agree to the last digit."""
    with shown.read() as connection:
        run_id = runs.current(connection)
        every = frozenset(row.key for row in read_tally.by_value(connection, run_id, "department"))
        query = sa.select(
            *(tally.c[name] for name in ("facet", "value", "count", "negative", "mood", "priced", "cents"))
        )
        query = query.add_columns(tally.c.topic_id, tally.c.closed, tally.c.minutes).where(t.seen_at(tally, run_id))
        inner = query.where(tally.c.facet == "department", tally.c.value != "")
        kept = sorted(map(tuple, connection.execute(inner)))
        within(connection, run_id, every - {""})
        assert sorted(map(tuple, connection.execute(inner))) == kept
        facets = connection.execute(sa.select(tally.c.facet, sa.func.sum(tally.c.count)).group_by(tally.c.facet)).all()
        assert len({count for _, count in facets}) == 1
        assert len(facets) == 8


def test_pages_are_full_and_end(shown: Store) -> None:
    with shown.read() as connection:
        run_id = runs.current(connection)
        within(connection, run_id, frozenset({"billing", "it"}))
        after, seen = None, []
        while True:
            page = list(read_tickets.tickets(connection, run_id, after=after, limit=40))
            seen += [(row["source"], row["id"]) for row in page]
            if len(page) < 40:
                break
            after = seen[-1]
        assert len(seen) == len(set(seen)) == read_tickets.totals(connection, run_id)["tickets"]


def test_an_empty_set_of_departments_confines_nothing(shown: Store) -> None:
    with shown.read() as connection:
        run_id = runs.current(connection)
        assert read_tickets.totals(within(connection, run_id, frozenset()), run_id)["tickets"] == 2000
        assert read_tickets.totals(within(connection, run_id, frozenset({"nowhere"})), run_id)["tickets"] == 0
