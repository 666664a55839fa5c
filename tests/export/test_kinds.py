"""The columns are the contract's, and every export adds up."""

from collections import Counter

import pytest

from cxtext.export import KINDS
from cxtext.store import Store, runs

CONTRACT = {
    "tickets": "id source created_at language channel product text topic_id topic_label parent_topic_id topic_confidence "
    "sentiment sentiment_label sentiment_confidence cause department department_confidence evidence intent urgency "
    "repeats run_id",
    "topics": "topic_id parent_id label keywords size first_seen last_seen status sentiment csat_impact departments quotes",
    "metrics": "scope key period metric value lower upper n",
    "ledger": "at run_id ticket_id from_topic to_topic reason actor",
}


@pytest.mark.parametrize("what", CONTRACT)
def test_the_columns_of_the_contract_are_there_and_in_order(what: str) -> None:
    wanted = CONTRACT[what].split()
    assert [name for name in KINDS[what].columns if name in wanted] == wanted


@pytest.mark.parametrize("what", KINDS)
def test_every_row_has_every_column(demo_store: Store, what: str) -> None:
    with demo_store.read() as connection:
        for row in KINDS[what].rows(connection, runs.current(connection)):
            assert set(KINDS[what].columns) <= set(row)


def test_exports_add_up(demo_store: Store) -> None:
    with demo_store.read() as connection:
        run_id = runs.current(connection)
        tickets = list(KINDS["tickets"].rows(connection, run_id))
        topics = list(KINDS["topics"].rows(connection, run_id))
        causes = list(KINDS["causes"].rows(connection, run_id))
        departments = list(KINDS["departments"].rows(connection, run_id))
    assert len({(row["source"], row["id"]) for row in tickets}) == len(tickets) == 2000
    parents = {topic["parent_id"] for topic in topics}
    sizes = Counter(row["topic_id"] for row in tickets)
    assert {t["topic_id"]: t["size"] for t in topics if t["topic_id"] not in parents} == {
        t["topic_id"]: sizes[t["topic_id"]] for t in topics if t["topic_id"] not in parents
    }
    assert {row["cause"]: row["size"] for row in causes} == Counter(row["cause"] for row in tickets if row["cause"])
    assert {row["department"]: row["size"] for row in departments} == Counter(
        row["department"] for row in tickets if row["department"]
    )


def test_empty_means_unknown(demo_store: Store) -> None:
    with demo_store.read() as connection:
        for row in KINDS["tickets"].rows(connection, runs.current(connection)):
            assert row["topic_id"] not in ("-1", "", "none")
            assert row["cause"] not in ("", "none", "unknown")
            assert (row["topic_id"] is None) == (row["topic_label"] is None)
