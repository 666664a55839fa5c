"""Facts about the sentences: both languages, whole numbers, no jargon."""

from dataclasses import replace
from datetime import date

import pytest

from cxtext.trends.words import Told, why

TOLD = Told(
    kind="rising", state="open", series="Lieferung", count=24, window=3, day=date(2026, 11, 21), band=(6.0, 1.7, 13.2),
    ratio_low=2.5, chance_per_year=0.02,
)  # fmt: skip


def test_german_and_english() -> None:
    assert why(TOLD, "de") == (
        "Lieferung nimmt deutlich zu: 24 Tickets in den 3 Tagen bis 21.11.2026, erwartet waren 6,0 (1,7 bis 13). "
        "Der Zufall allein löst eine solche Meldung je Reihe etwa einmal in 50 Jahren aus."
    )
    assert why(TOLD, "en").startswith("Lieferung is rising (clearly): 24 tickets in the 3 days to 2026-11-21, 6.0 were")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["rising", "spike", "seasonal", "new"])
@pytest.mark.parametrize("state", ["open", "closed", "one-off", "recurring", "chronic"])
def test_every_kind_and_state_has_words(language: str, kind: str, state: str) -> None:
    text = why(replace(TOLD, kind=kind, state=state, window=1), language)
    assert "Lieferung" in text
    assert "24" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("chance", "part"), [(3.0, "about 3.0 such signals"), (0.1, "in 10 years"), (1e-9, "less than once")]
)
def test_the_share_of_chance_is_said(chance: float, part: str) -> None:
    assert part in why(replace(TOLD, chance_per_year=chance), "en")
