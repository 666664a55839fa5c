"""Facts about sums that are kept by what changed: they are those that a count of all tickets gives, whatever happened."""

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.domain import Assignment, Case
from cxtext.store import Store, cases, day_tally, results, runs, tally
from cxtext.store import tables as t
from cxtext.store.day_slices import SUMS, facts, slices_of
from cxtext.store.signal_tables import day_tally as table
from cxtext.store.tally_tables import tally as sums_table
from tests.builders import DAY, MOMENT, case, reading

ZONE = ZoneInfo("Europe/Berlin")
DAYS = 6  # so few that customers write twice a day, and changed tickets lie on days with others


def some_case(random: Random, number: int) -> Case:
    return case(
        number,
        random.choice("abcdef"),
        created_at=MOMENT + timedelta(random.randrange(DAYS)),
        customer_id=random.choice(["anna", "ben", "cora", None]),
        product=random.choice(["X1", "X2", None]),
        version=random.choice(["2.0", None]),
        csat=random.choice([None, 2.0, 4.0]),
        updated_at=MOMENT + timedelta(days=20, seconds=random.randrange(10_000_000)),
    )


def take_in(connection: Connection, run_id: int, changed: list[Case]) -> None:
    cases.keep(connection, changed, run_id=run_id, zone=ZONE)


def read(connection: Connection, run_id: int, random: Random, since: int) -> None:
    """What a night does with the tickets that came since another run, and with a few that it moves."""
    numbers = cases.pending(connection, run_id, since=since)
    found = {no: reading(random.choice([-0.6, 0.0, 0.4])) for no in numbers}
    results.save_readings(connection, found, run_id, always=True)
    everyone = cases.everything(connection, run_id)
    moved = sorted({*numbers, *random.sample(everyone, min(3, len(everyone)))})
    keys = {f"file:{no}": no for no in moved}
    given = [Assignment(key, random.choice(["T-0001", "T-0002", None]), 0.9) for key in keys]
    results.save_assignments(connection, given, keys, run_id, always=set(numbers))


def counted(connection: Connection) -> dict[tuple[object, ...], tuple[int, ...]]:
    rows = connection.execute(sa.select(table).where(table.c.to_run.is_(None))).mappings()
    return {
        (row["day"], row["topic_id"], row["dimension"], row["value"]): tuple(row[name] for name in SUMS) for row in rows
    }


def counted_anew(connection: Connection) -> dict[tuple[object, ...], tuple[int, ...]]:
    standing = facts(lambda table: table.c.to_run.is_(None)).where(t.version.c.day.is_not(None))
    return {key: one.sums() for key, one in slices_of(connection.execute(standing)).items()}


@pytest.mark.parametrize("seed", range(6))
def test_sums_of_days_are_those_of_all_tickets_whatever_changed(store: Store, seed: int) -> None:
    random, known, last = Random(seed), 0, 0
    for number in range(7):
        kind = "ingest" if number and random.random() < 0.3 else "night"
        with store.write() as connection:
            day = DAY + timedelta(number)
            run = runs.begin(connection, kind=kind, now=MOMENT, as_of=day, recipe="fast", models_hash="m")
            fresh = list(range(known + 1, known + 9))
            changed = random.sample(range(1, known + 1), min(known, random.randrange(5)))
            known += len(fresh)
            take_in(connection, run.id, [some_case(random, one) for one in [*fresh, *changed]])
            if kind == "night":
                read(connection, run.id, random, last)
                for _ in range(2):  # a night that was killed counts again
                    day_tally.update(connection, run.id)
                    tally.update(connection, run.id)
                last = run.id
            runs.publish(connection, run.id, now=MOMENT, counts={})
            if kind == "night":
                assert counted(connection) == counted_anew(connection)
                names = ("topic_id", "facet", "value", *tally.SUMS)
                standing = sa.select(*(sums_table.c[name] for name in names)).where(t.seen_at(sums_table, run.id))
                kept = sorted(map(tuple, connection.execute(standing)))
                connection.execute(sums_table.delete())
                tally.update(connection, run.id)
                assert kept == sorted(map(tuple, connection.execute(standing)))


def test_sums_that_cannot_be_right_are_counted_from_the_tickets(store: Store) -> None:
    with store.write() as connection:
        first = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        take_in(connection, first.id, [case(1), case(2)])
        read(connection, first.id, Random(0), 0)
        day_tally.update(connection, first.id)
        runs.publish(connection, first.id, now=MOMENT, counts={})
        connection.execute(table.update().values(tickets=0))
        again = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        take_in(
            connection, again.id, [case(1, "another text", updated_at=MOMENT), case(2, "this too", updated_at=MOMENT)]
        )
        read(connection, again.id, Random(1), first.id)
        day_tally.update(connection, again.id)
        assert counted(connection) == counted_anew(connection)
