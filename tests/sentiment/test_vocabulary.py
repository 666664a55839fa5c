"""Every word finds its entry: as it stands, with endings, as a stem, inside a compound, drawn out, negated by un-."""

import csv
from pathlib import Path

import pytest

from cxtext.resources import model_files
from cxtext.sentiment.vocabulary import Vocabulary, languages

GERMAN = Vocabulary("de")


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("Zugausfälle", -1),
        ("unzuverlässigen", -1),
        ("toooooll", 1),
        ("ABZOCKE", -1),
        ("hervorragendes", 1),
        ("aergerlich", -1),
        ("familienfreundliche", 1),
        ("👎", -1),
    ],
)
def test_a_word_has_the_sign_it_should(word: str, sign: int) -> None:
    entry = GERMAN.look(word).entry
    assert entry is not None
    assert entry.score * sign > 0


@pytest.mark.parametrize("word", ["lautet", "Kundennummer", "Gutschein", "Supermarkt", "Zeitraum", "gefahren", "Tisch"])
def test_a_word_that_only_looks_like_feeling_has_none(word: str) -> None:
    entry = GERMAN.look(word).entry
    assert entry is None or entry.score == 0


def test_a_gap_never_hides_a_negation() -> None:
    known = [GERMAN.look(word) for word in ["kann", "ich", "nicht", "empfehlen"]]
    found = GERMAN.match(known, 0)
    assert found is None or found[0].entry.score < 0


def test_german_and_english_have_a_lexicon() -> None:
    assert {"de", "en"} <= languages()


@pytest.mark.parametrize("path", list(model_files("lexicons/sentiment_*.tsv")), ids=lambda path: path.name)
def test_lexicon_files_hold_no_form_twice(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        forms = [row[0] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 3]
    assert len(forms) == len(set(forms))


def test_the_german_lexicon_is_rich() -> None:
    entries = sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in model_files("lexicons/sentiment_de*.tsv")
    )
    assert entries > 3000
