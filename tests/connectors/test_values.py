import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors import values


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,56", 1234.56), ("1,234.56", 1234.56), ("12,5", 12.5), ("12.5", 12.5), ("1.234.567", 1234567), ("-3", -3),
        ("1 234,50 €", 1234.5), ("€ 12,50", 12.5), ("CHF 1'200.50", 1200.5), ("85 %", 85), ("1e3", 1000), (7, 7), (".5", 0.5),
    ],
)  # fmt: skip
def test_numbers_in_german_and_english(written: object, meant: object) -> None:
    assert values.number(written) == meant


@pytest.mark.parametrize("written", ["viel", "", "1,2,3.4,5", "--1", "nan", "inf", float("inf"), "1e999", "12a", True])
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="number"):
        values.number(written)


def test_a_lone_thousand_follows_its_column() -> None:
    german = values.decimal_mark(["1.234", "12,50"], german=False)
    english = values.decimal_mark(["1.234", "12.50"], german=True)
    assert (values.number("1.234", decimal=german), values.number("1.234", decimal=english)) == (1234, 1.234)


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 2)))
def test_german_and_english_spelling_mean_the_same(number: float) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert values.number(english) == values.number(german) == number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("4", 4),
        ("4,5", 4.5),
        ("4/5", 4),
        ("4 von 5", 4),
        ("4 out of 5 stars", 4),
        ("3 Sterne", 3),
        ("★★★★☆", 4),
        ("5.0/5", 5),
        (2, 2),
    ],
)
def test_ratings(written: object, meant: object) -> None:
    assert values.score(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("ja", True), ("Nein", False), ("TRUE", True), ("0", False), (1, True), (False, False)]
)
def test_yes_and_no(written: object, meant: object) -> None:
    assert values.yes(written) is meant


def test_maybe_is_refused() -> None:
    with pytest.raises(ValueError, match="yes or no"):
        values.yes("vielleicht")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("E-Mail", "email"),
        ("Telefon", "phone"),
        ("Web Form", "form"),
        ("Twitter", "social"),
        ("WhatsApp", "chat"),
        ("Fax", "fax"),
        ("SMS", "sms"),
    ],
)
def test_channels_in_both_languages(written: object, meant: object) -> None:
    assert values.channel(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a, b;c", ("a", "b", "c")),
        (["a", "b", "a"], ("a", "b")),
        ("vip_kunde  eilt", ("vip_kunde", "eilt")),
        ("['x', 'y']", ("x", "y")),
        ("", ()),
    ],
)
def test_tags(written: object, meant: object) -> None:
    assert values.tags(written) == meant


@pytest.mark.parametrize("cell", [None, "", "  ", "n/a", "NULL", "nan", float("nan"), " - ", " " * 20])
def test_cells_that_say_nothing(cell: object) -> None:
    assert values.is_absent(cell)


@pytest.mark.parametrize("cell", ["0", 0, False, "k", "🤬", "Nanni"])
def test_cells_that_say_something(cell: object) -> None:
    assert not values.is_absent(cell)


def test_text_of_any_cell_can_be_stored() -> None:
    assert values.plain("a\0b\ud800") == "ab�"
    assert values.plain(12.0) == "12"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.lists(st.text())))
def test_any_cell_becomes_text_that_can_be_encoded(cell: object) -> None:
    values.plain(cell).encode()
