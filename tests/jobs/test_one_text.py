"""All that one text says."""

import json

import pytest

from cxtext.assemble import Parts, load_parts
from cxtext.jobs.one_text import analyze_text
from cxtext.settings import Settings


@pytest.fixture(scope="module")
def parts() -> Parts:
    return load_parts(Settings(), key=b"test")


def test_a_complaint_about_one_thing_and_praise_for_another(parts: Parts) -> None:
    told = analyze_text(
        "Mein Paket ist seit drei Wochen nicht angekommen, das ist eine Frechheit! Die App gefällt mir sehr gut. "
        "Wenn bis Freitag nichts kommt, kündige ich. Mein Name ist Eva Kern.",
        parts,
    )
    assert told["language"] == "de"
    assert "Kern" not in json.dumps(told)
    assert told["sentiment"]["label"] == "negative"
    assert [one["label"] for one in told["sentences"]][:2] == ["negative", "positive"]
    assert told["department"]["value"] == "logistics"
    assert len(told["department"]["suggestions"]) <= 3
    late = next(one for one in told["causes"] if one["cause"] == "logistics/late-delivery")
    assert (late["dimension"], late["touchpoint"]) == ("reliability", "delivery")
    assert late["evidence"]
    assert told["intent"] == "cancellation"
    assert told["urgency"] > 0
    assert told["touchpoint"] == "delivery"


def test_english_is_answered_in_english(parts: Parts) -> None:
    told = analyze_text("I was charged twice for the same order, please refund me.", parts)
    assert told["language"] == "en"
    assert told["causes"][0]["title"].isascii()
    assert told["cause"]["value"] == "billing/wrong-invoice"


def test_a_text_that_says_nothing_gets_honest_gaps(parts: Parts) -> None:
    told = analyze_text("Guten Tag", parts)
    assert told["cause"]["value"] is None
    assert told["department"]["value"] is None
    assert told["cancellation_reason"] is None
