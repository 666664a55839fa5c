"""Small pictures, marks in texts, intervals, control limits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dashboard.charts import by_week, sparkline
from api.dashboard.figures import interval
from api.dashboard.marks import marked, places


@given(st.integers(5, 10_000), st.floats(0, 1))
def test_an_interval_holds_its_share(count: int, share: float) -> None:
    bounds = interval(share, count)
    assert bounds is not None
    assert 0 <= bounds[0] <= share + 1e-9
    assert share - 1e-9 <= bounds[1] <= 1


def test_the_interval_is_wilsons() -> None:
    """8 of 10 by the published formula: 0.490 to 0.943."""
    bounds = interval(0.8, 10)
    assert bounds == pytest.approx((0.4902, 0.9433), abs=5e-5)
    assert interval(0.5, 4) is None
    assert interval(None, 100) is None


def test_weeks_begin_on_monday_and_miss_none() -> None:
    days = [(date(2026, 5, 3), 1), (date(2026, 5, 4), 2), (date(2026, 5, 24), 3)]
    weeks = by_week(days, date(2026, 5, 3), date(2026, 5, 24))
    assert weeks == [(date(2026, 4, 27), 1), (date(2026, 5, 4), 2), (date(2026, 5, 11), 0), (date(2026, 5, 18), 3)]
    assert sparkline([], "<nothing>").count("&lt;nothing&gt;") == 1


def test_words_are_marked_and_everything_else_is_text() -> None:
    text = "Die <b>Tür</b> klemmt, die TÜR!"
    assert marked(text, places(text, ["tür", "?", ""])) == (
        "Die &lt;b&gt;<mark>Tür</mark>&lt;/b&gt; klemmt, die <mark>TÜR</mark>!"
    )


@given(st.text(max_size=300), st.lists(st.text(max_size=5), max_size=6))
def test_marks_change_no_letter(text: str, words: list[str]) -> None:
    from html import unescape

    plain = marked(text, places(text, words), most=None).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert unescape(plain).replace("\r", "") == text.replace("\r", "")


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    text = "x " * 2000 + "Paketbox" + " y" * 2000
    cut = marked(text, places(text, ["paketbox"]))
    assert "<mark>Paketbox</mark>" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) < 700
