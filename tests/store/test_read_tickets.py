"""A page of tickets is cut out of the whole list, whichever way it is found."""

from datetime import date

import pytest

from cxtext.store import Store, read_tickets, runs
from cxtext.store.read_tickets import Filter

FILTERS = (
    Filter(), Filter(department="logistics"), Filter(department="none such"), Filter(topic="T-0001"),
    Filter(language="en", channel="email"), Filter(since=date(2026, 10, 1), until=date(2026, 10, 9)), Filter(q="rechnung"),
)  # fmt: skip


@pytest.mark.parametrize("stretch", [7, 2_500])
def test_pages_put_together_are_the_list(demo_store: Store, monkeypatch: pytest.MonkeyPatch, stretch: int) -> None:
    monkeypatch.setattr(read_tickets, "STRETCH", stretch)
    with demo_store.read() as connection:
        shown = runs.current(connection)
        for chosen in FILTERS:
            whole = [(row["source"], row["id"]) for row in read_tickets.tickets(connection, shown, chosen)]
            after, told, limit = None, [], 60 if stretch > 60 else 5
            while page := list(read_tickets.tickets(connection, shown, chosen, after=after, limit=limit)):
                told += [(row["source"], row["id"]) for row in page]
                after = told[-1]
                if len(told) >= 40 * limit:
                    break
            assert told == whole[: len(told)], chosen
            assert len(told) == min(len(whole), 40 * limit)
            assert whole or chosen.department == "none such"
