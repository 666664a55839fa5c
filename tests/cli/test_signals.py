"""The table of signals: what a line rests on stands in it, in plain words of both languages."""

from typing import Any

import pytest

from cxtext.cli import output
from cxtext.cli.signals import _chance, _show
from cxtext.export.kinds import KINDS
from tests.builders import a_signal


@pytest.fixture
def speaks(monkeypatch: pytest.MonkeyPatch) -> Any:
    def chosen(language: str) -> None:
        monkeypatch.setattr(output, "_language", lambda: language)

    return chosen


@pytest.mark.parametrize(
    ("share", "kind", "english", "german"),
    [
        (0.0, "rising", "less than 1 in 2,000", "weniger als 1 von 2.000"),
        (0.0008, "rising", "about 1 in 1,250", "etwa 1 von 1.250"),
        (0.05, "new", "about 1 in 20", "etwa 1 von 20"),
        (0.62, "spike", "about 6 in 10", "etwa 6 von 10"),
        (1.0, "spike", "about 10 in 10", "etwa 10 von 10"),
    ],
)
def test_the_share_of_chance_is_told_as_a_frequency(
    share: float, kind: str, english: str, german: str, speaks: Any
) -> None:
    one = a_signal(chance_share=share, kind=kind)
    speaks("en")
    assert _chance(one) == english
    speaks("de")
    assert _chance(one) == german


def test_a_line_shows_volume_and_chance_and_units_only_where_they_are_known(
    speaks: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    speaks("en")
    _show([a_signal()], "en")
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-21  rising  T-0007 Paket · open",
        "    41 counted, 12.3 expected · 17.2 per 1,000 tickets · chance? about 1 in 50",
        "    More.",
    ]
    speaks("de")
    _show([a_signal(per_thousand_units=0.5, quiet="budget", topic_id=None, label=None)], "de")
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-21  rising  – · open (budget)",
        "    41 gezählt, 12.3 erwartet · 17.2 je 1.000 Tickets · 0.5 je 1.000 ausgeliefert · Zufall? etwa 1 von 50",
        "    Mehr.",
    ]
    speaks("en")
    _show([a_signal(kind="resolved", count=1)], "en")
    assert "chance" not in capsys.readouterr().out


def test_exported_signals_carry_them_too() -> None:
    names = list(KINDS["signals"].columns)
    assert names[:9] == [
        "signal_id",
        "kind",
        "topic_id",
        "day",
        "count",
        "expected",
        "evidence_strength",
        "why",
        "state",
    ]
    assert names[9:] == ["chance_share", "per_thousand", "per_thousand_units"]
