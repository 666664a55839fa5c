"""Pages sorted by the time of change: how far a visit that is killed has come."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors.shapes import in_order, moment_of

Pages = list[list[int]]


def _reached(pages: Pages) -> list[int | None]:
    made = ([{"at": seconds} for seconds in page] for page in pages)
    told = in_order(made, lambda one: moment_of(one["at"]))
    return [None if moment is None else int(moment.timestamp()) for _, moment in told]


def test_the_newest_change_of_every_page_while_they_ascend() -> None:
    assert _reached([[1, 2], [3, 2], [], [5]]) == [2, 3, 3, 5]
    assert _reached([[5, 9], [8, 12], [13]]) == [9, None, None]
    assert _reached([[], [4]]) == [None, 4]
    assert _reached([[1], [1], [1]]) == [1, 1, 1]


@given(st.lists(st.lists(st.integers(1, 10**9), max_size=5), max_size=6))
def test_nothing_that_comes_later_is_older_than_what_was_reached(pages: Pages) -> None:
    """As long as a place is told, every row of a later page that was told one, too, is as new or newer."""
    reached = _reached(pages)
    for at, place in enumerate(reached):
        if place is not None:
            assert all(seconds <= place for page in pages[: at + 1] for seconds in page)
            later = [page for page, told in zip(pages[at + 1 :], reached[at + 1 :], strict=True) if told is not None]
            assert all(seconds >= place for page in later for seconds in page)
    assert datetime.fromtimestamp(0, tz=UTC) == moment_of("0")
