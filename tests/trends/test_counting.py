"""Facts about counting: people, not tickets; every node of the tree; late ones known by their lag."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import ConfigurationError
from cxtext.trends.counting import Occurrence, count_nodes, per_thousand
from cxtext.trends.delay import expected_to_grow, reporting_curve

DAY = date(2026, 1, 5)


def one(who: str | None, offset: int = 0, **facets: str) -> Occurrence:
    return Occurrence(day=DAY + timedelta(offset), who=who, topic=("delivery", "late"), facets=facets)


def test_a_customer_counts_once_a_day_and_node() -> None:
    table = count_nodes([one("anna"), one("anna"), one("ben"), one("anna", 1)], DAY, DAY + timedelta(2))
    assert table.names == ["delivery", "delivery/late"]
    assert table.counts[:, 1].tolist() == [2, 1, 0]
    assert table.parents == {"delivery/late": "delivery"}


def test_somebody_unknown_is_always_somebody_else() -> None:
    assert count_nodes([one(None), one(None)], DAY, DAY).counts[0, 0] == 2


def test_facets_split_the_topic() -> None:
    table = count_nodes([one("anna", product="router"), one("ben", product="phone")], DAY, DAY)
    assert dict(zip(table.names, table.counts[0], strict=True)) == {
        "delivery": 2, "delivery/late": 2, "delivery/late × product=phone": 1, "delivery/late × product=router": 1,
    }  # fmt: skip
    assert table.parents["delivery/late × product=phone"] == "delivery/late"


def test_other_days_are_left_out() -> None:
    assert count_nodes([one("anna", 5)], DAY, DAY).names == []


@given(tickets=st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 4)), max_size=30))
def test_order_does_not_matter_and_no_child_exceeds_its_parent(tickets: list[tuple[str | None, int]]) -> None:
    occurrences = [one(who, offset, channel="mail") for who, offset in tickets]
    there = count_nodes(occurrences, DAY, DAY + timedelta(4))
    back = count_nodes(reversed(occurrences), DAY, DAY + timedelta(4))
    np.testing.assert_array_equal(there.counts, back.counts)
    for child, parent in there.parents.items():
        assert (there.counts[:, there.names.index(child)] <= there.counts[:, there.names.index(parent)]).all()


def test_volumes_beside_counts() -> None:
    np.testing.assert_array_equal(per_thousand(np.array([[2.0], [1.0]]), np.array([100.0, 0.0])), [[20.0], [np.nan]])


def test_the_curve_is_learned_from_days_that_are_complete() -> None:
    today = DAY + timedelta(100)
    occurred = [DAY + timedelta(70)] * 800 + [today] * 100
    received = [DAY + timedelta(70)] * 400 + [DAY + timedelta(72)] * 400 + [today] * 100
    curve = reporting_curve(occurred, received, today)
    assert curve[0] == pytest.approx((400 + 50) / 850, abs=1e-5)
    assert curve[2] == curve[13] == 1.0
    assert expected_to_grow(9, curve[0]) == pytest.approx(17.0, abs=0.01)


def test_a_channel_without_tickets_takes_the_curve_of_all() -> None:
    pooled = (0.5, *[1.0] * 13)
    assert reporting_curve([], [], DAY, pooled) == pooled


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(ConfigurationError, match="before it occurred"):
        reporting_curve([DAY], [DAY - timedelta(1)], DAY)
    with pytest.raises(ConfigurationError, match="1 days of occurrence"):
        reporting_curve([DAY], [], DAY)
