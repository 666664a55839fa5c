import pytest

from cxtext.sentiment.scan import pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Geht's noch?!", ["Geht's", "noch", "?!"]),
        ("WLAN-Router :-( seit 1. Mai", ["WLAN-Router", ":-(", "seit", "1.", "Mai"]),
        ("don\\u2019t", ["don’t"]),
        ("siehe https://example.org/a?b=1 …", ["siehe", "https://example.org/a?b=1", "…"]),
        ("👍🏽 <3", ["👍🏽", "<3"]),
    ],
)
def test_pieces_keep_what_carries_feeling(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_skin_tones_joined_emojis_and_flags_are_one_piece() -> None:
    assert pieces("gut👍🏽👍🏽 👩‍💻 ❤️‍🔥 🇩🇪🇦🇹") == ["gut", "👍🏽", "👍🏽", "👩‍💻", "❤️‍🔥", "🇩🇪", "🇦🇹"]
