"""Facts about how reports write."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import ConfigurationError
from cxtext.reports.charts import bars_svg, intervals_svg, trend_svg
from cxtext.reports.document import Bars, Intervals, Number, Point, Trend
from cxtext.reports.markdown import plain
from cxtext.reports.speech import speech, surely_changed, wilson
from cxtext.reports.words_english import WORDS as ENGLISH
from cxtext.reports.words_german import WORDS as GERMAN

DE, EN = speech("de"), speech("en")


def test_both_languages_say_the_same_things() -> None:
    assert set(GERMAN) == set(ENGLISH)
    for key, german in GERMAN.items():
        assert set(re.findall(r"{(\w+)}", german)) == set(re.findall(r"{(\w+)}", ENGLISH[key])), key


def test_numbers_are_written_as_people_write_them() -> None:
    assert (DE.number(4870), EN.number(4870)) == ("4.870", "4,870")
    assert (DE.number(-0.4, 1), EN.number(0.31, 2, sign=True)) == ("−0,4", "+0.31")
    assert EN.number(-0.0001, 1) == "0.0"
    assert (DE.day(date(2026, 5, 3)), EN.day(date(2026, 5, 3))) == ("3. Mai 2026", "3 May 2026")


def test_few_are_called_few() -> None:
    assert DE.share(3, 4).text == "zu wenig (n = 4)"
    assert DE.share(3, 4).value is None
    assert DE.change(4, 100).thin


def test_a_direction_needs_an_interval_that_excludes_no_change() -> None:
    assert not surely_changed(EN.change(55, 50))
    assert surely_changed(EN.change(200, 100))
    assert surely_changed(EN.change(50, 100))


def test_chance_is_a_frequency() -> None:
    assert [EN.chance(share) for share in (0.05, 0.7, 0.9999, 0.0)] == [
        "about 1 in 20", "about 7 in 10", "about 10 in 10", "less than 1 in 2,000",
    ]  # fmt: skip


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_in_its_interval(hits: int, of: int) -> None:
    low, high = wilson(min(hits, of), of)
    assert 0 <= low <= min(hits, of) / of + 1e-12
    assert min(hits, of) / of - 1e-12 <= high <= 1


def test_another_language_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="de or en"):
        speech("fr")


@given(st.text(max_size=60))
def test_nothing_in_markdown_is_a_link_a_tag_or_a_mention(text: str) -> None:
    told = plain(text)
    assert not re.search(r"(?<!\\)[<\[\]`*_|#~]", told.replace("\\\\", ""))
    assert not re.search(r"(^|\W)@\w", told, flags=re.ASCII)
    assert "\n" not in told


@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.booleans()), max_size=40),
    st.text(alphabet="<>&\"'aß ", max_size=20),
)
def test_charts_are_whole_svg_whatever_they_show(rows: list[tuple[float, float, bool]], name: str) -> None:
    points = tuple(
        Point(date(2026, 1, 5) + timedelta(7 * n), count, expected, expected / 2, expected * 2, whole)
        for n, (count, expected, whole) in enumerate(rows)
    )
    bars = tuple((name, Number("x", count + 0.1, (count, count + expected + 1))) for count, expected, _ in rows)
    drawn = (
        trend_svg(Trend(name, points, ((date(2026, 1, 20), name),)), EN),
        bars_svg(Bars(name, bars), EN),
        intervals_svg(Intervals(name, bars), EN),
    )
    for svg in drawn:
        if rows:
            assert ET.fromstring(svg).get("role") == "img"
        else:
            assert svg == ""
