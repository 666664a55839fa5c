from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors.dates import Reader, day_first

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.integers(40_000_000, 7_200_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-03 14:22",
        "2026-05-03T14:22:00",
        "2026-05-03T14:22:00+02:00",
        "2026-05-03T14:22:00.000+0200",
        "2026-05-03T12:22:00Z",
        "2026-05-03 12:22:00 UTC",
        "2026-05-03 14:22:00 +0200",
        "2026/05/03 14:22",
        "03.05.2026 14:22",
        "03.05.2026, 14:22 Uhr",
        "3.5.26 14:22:00",
        "3.5.2026 um 14.22 Uhr",
        "Sonntag, 3. Mai 2026 14:22",
        "So, 03.05.2026 14:22",
        "3. Mai 2026, 14:22 Uhr",
        "3 May 2026 2:22 PM",
        "May 3, 2026 2:22 PM",
        "May 3, 2026 at 2:22 p.m.",
        "Sun, 3 May 2026 14:22:00 +0200",
        "Sun, 3 May 2026 12:22:00 GMT",
        "03/May/26 2:22 PM",
        "03-May-2026 14:22",
        "03.05.2026 14:22 MESZ",
        "1777810920",
        "1777810920000",
        1777810920,
        1777810920000,
        1777810920.0,
        datetime(2026, 5, 3, 14, 22, tzinfo=BERLIN),
        datetime.fromisoformat("2026-05-03T14:22"),
    ],
)
def test_the_same_moment_in_many_hands(written: object) -> None:
    assert Reader(BERLIN).read(written) == datetime(2026, 5, 3, 12, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-03",
        "20260503",
        20260503,
        "03.05.2026",
        "3.5.26",
        "3. Mai 2026",
        "May 3rd, 2026",
        "3 May 2026",
        date(2026, 5, 3),
        46145,
    ],
)
def test_a_day_begins_at_midnight_of_its_zone(written: object) -> None:
    assert Reader(BERLIN).read(written) == datetime(2026, 5, 2, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "gestern", "tomorrow", "31.02.2026", "2026-13-01", "00.00.0000", "12:30", "2026", "5", "-1", "Mai 2026", "1.2.3.4",
        "03.05.2026 25:00", "3. Foo 2026", "0001-01-01", "9999-12-31T23:59:59Z", "03.05.2026 14", "3.5.2026 14:22 XYZT", True, 1e30,
        float("inf"), "9" * 5_000, "²⁰²⁶", "٠٣.٠٥.٢٠٢٦ xx",
    ],
)  # fmt: skip
def test_what_is_no_possible_date_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"date|day|time"):
        Reader(BERLIN).read(written)


@given(
    MOMENTS,
    st.sampled_from(
        ["%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p"]
    ),
)
def test_what_is_written_is_read_back(moment: datetime, form: str) -> None:
    assert Reader(ZoneInfo("UTC")).read(moment.strftime(form)) == moment


@given(MOMENTS)
def test_american_dates_are_read_back_month_first(moment: datetime) -> None:
    assert Reader(ZoneInfo("UTC"), day_first=False).read(moment.strftime("%m/%d/%Y")).date() == moment.date()


@given(
    st.one_of(
        st.text(max_size=60), st.floats(), st.integers(), st.from_regex(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}( \d+:\d+)?")
    )
)
def test_anything_is_a_date_or_a_value_error(anything: object) -> None:
    try:
        found = Reader(BERLIN).read(anything)
    except ValueError:
        return
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("values", "german", "first"),
    [
        (["5/3/2026", "5/13/2026"], True, False),
        (["5/3/2026", "13/5/2026"], False, True),
        (["5/3/2026"], False, False),
        (["5/3/2026"], True, True),
        (["5.3.2026"], False, True),
        (["2026-05-03"], False, True),
        (["3. Mai 2026", "5/3/2026"], False, True),
        ([], False, True),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_column(values: list[str], *, german: bool, first: bool) -> None:
    assert day_first(values, german=german)[0] is first


def test_an_assumed_order_says_so() -> None:
    assert day_first(["5/3/2026"], german=False)[1] == "month first, assumed: no date above the 12th"


def test_the_whole_column_is_asked_before_anything_is_assumed() -> None:
    assert day_first(["5/3/2026"] * 5_000 + ["25/3/2026"], german=False) == (True, "day first")


def test_a_date_against_the_order_of_its_column_is_not_turned_round() -> None:
    with pytest.raises(ValueError, match="month/day/year"):
        Reader(BERLIN, day_first=False).read("25/3/2026")
