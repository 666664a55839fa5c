import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.domain import Case
from cxtext.errors import ConfigurationError
from cxtext.sentiment import SENTIMENT
from cxtext.sentiment.lexicon import Lexicon

LEXICON = Lexicon()


def label(text: str, language: str = "de") -> str:
    return LEXICON.score_text(text, language).label


@pytest.mark.parametrize(
    "text",
    [
        "Die Lieferung ist nicht angekommen, niemand meldet sich.",
        "Der Techniker war unpünktlich und unfreundlich.",
        "Das gefällt mir überhaupt nicht.",
        "Seit drei Wochen warte ich auf eine Antwort.",
        "Schon wieder ein Totalausfall, ich bin stinksauer!",
        "Das Design ist schön, aber die Bedienung ist eine Katastrophe.",
        "Toll, schon wieder 40 Minuten Verspätung.",
        "Danke für nichts.",
        "Die Verpackung war beschädigt. Vielen Dank im Voraus für Ihre Hilfe. Mit freundlichen Grüßen",
        "👎👎",
    ],
)
def test_german_complaints_are_negative(text: str) -> None:
    assert label(text) == "negative"


@pytest.mark.parametrize(
    "text",
    [
        "Sehr freundliche Beratung, gerne wieder!",
        "Ich bin rundum zufrieden, alles hat super geklappt.",
        "Keine Probleme, läuft einwandfrei.",
        "Nicht schlecht, Hut ab!",
        "Erst hatte ich Zweifel, aber der Service ist hervorragend.",
        "Klasse 👍",
    ],
)
def test_german_praise_is_positive(text: str) -> None:
    assert label(text) == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "Meine Kundennummer lautet 4711.",
        "Liebes Team, bitte senden Sie mir die Rechnung. Vielen Dank im Voraus. Mit freundlichen Grüßen",
        "Sehr geehrte Damen und Herren, anbei mein Gutschein.",
        "Wo finde ich die Kündigungsfrist?",
        "",
    ],
)
def test_polite_or_plain_german_is_neutral(text: str) -> None:
    assert label(text) == "neutral"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The parcel never arrived and nobody answers.", "negative"),
        ("Charged twice, still no refund. Kind regards", "negative"),
        ("Thanks for nothing!", "negative"),
        ("The design is nice but the app keeps crashing.", "negative"),
        ("Great service, highly recommend!", "positive"),
        ("Not bad at all, works great", "positive"),
        ("Please send me the invoice. Thank you in advance. Best regards", "neutral"),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert label(text, "en") == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Das ist ärgerlich und schön zugleich", "Das ist aergerlich und schoen zugleich"),
        ("Scheußlich, zu groß", "Scheusslich, zu gross"),
    ],
)
def test_transliterated_umlauts_and_swiss_spelling_feel_the_same(one: str, other: str) -> None:
    assert LEXICON.score_text(one, "de").score == LEXICON.score_text(other, "de").score


def test_evidence_is_the_words_as_written_strongest_first() -> None:
    mood = LEXICON.score_text("Der Zugausfall war ärgerlich.", "de")
    assert set(mood.evidence) == {"Zugausfall", "ärgerlich"}


def test_intensity_moves_the_score() -> None:
    little, plain, very = (
        LEXICON.score_text(f"Das war {word} schlecht.", "de").score for word in ("etwas", "eben", "sehr")
    )
    assert very < plain < little < 0


def test_the_bad_half_of_a_text_is_found() -> None:
    (first, good), (second, bad) = LEXICON.score_sentences("Die Beratung war toll. Der Router ist defekt.", "de")
    assert (first, good.label) == ("Die Beratung war toll.", "positive")
    assert (second, bad.label) == ("Der Router ist defekt.", "negative")


def test_a_language_without_a_lexicon_is_an_honest_gap() -> None:
    mood = LEXICON.score_text("C'est une catastrophe", "fr")
    assert (mood.label, mood.confidence, mood.evidence) == ("neutral", 0.0, ())


def test_a_file_adds_a_language(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # fixtures
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "sentiment_fr.tsv").write_text("catastrophe~\t-0.8\tpolar\n")
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    assert Lexicon().score_text("C'est une catastrophe", "fr").label == "negative"
    assert Lexicon().score_text("Der Service war schlecht", "de").label == "negative"


@pytest.mark.parametrize("line", ["catastrophe\t-0.8", "catastrophe\tvery\tpolar", "catastrophe\t-0.8\tbad"])
def test_a_wrong_line_is_named(tmp_path, monkeypatch, line: str) -> None:  # type: ignore[no-untyped-def]  # fixtures
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "sentiment_fr.tsv").write_text(f"bon\t0.5\tpolar\n{line}\n")
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"sentiment_fr\.tsv, line 2"):
        Lexicon()


def test_thresholds_that_cross_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="below"):
        Lexicon(negative=0.5, positive=0.1)


def test_thresholds_of_one_language_leave_the_others_alone() -> None:
    strict = Lexicon(thresholds={"en": (-0.99, 0.99)})
    assert strict.score_text("This is bad", "en").label == "neutral"
    assert strict.score_text("Das ist schlecht", "de").label == "negative"


def test_cases_are_answered_in_order() -> None:
    cases = [
        Case(id="1", source="t", text="super", language="de"),
        Case(id="2", source="t", text="mies", language="de"),
    ]
    assert [mood.label for mood in LEXICON.score(cases)] == ["positive", "negative"]


@given(st.text(max_size=300))
def test_any_text_has_a_score_in_range_and_always_the_same(text: str) -> None:
    mood = LEXICON.score_text(text, "de")
    assert -1 <= mood.score <= 1
    assert 0 <= mood.confidence <= 1
    assert mood == LEXICON.score_text(text, "de")


def test_the_registry_knows_three_parts() -> None:
    assert {"lexicon", "learned", "transformer"} <= set(SENTIMENT.names())
    assert SENTIMENT.load("lexicon") is Lexicon


@pytest.mark.parametrize(("toned", "bare"), [("👍🏽", "👍"), ("👎🏿", "👎"), ("❤️‍🔥", "❤️")])
def test_a_skin_tone_changes_no_feeling(toned: str, bare: str) -> None:
    assert Lexicon().score_text(f"Na ja {toned}", "de").score == Lexicon().score_text(f"Na ja {bare}", "de").score != 0
