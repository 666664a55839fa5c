from pathlib import Path

import pytest

from cxtext.connectors.encoding import Encoding, find_encoding, open_text
from cxtext.connectors.open_bytes import Content
from cxtext.errors import SourceError


def found(folder: Path, data: bytes) -> tuple[Encoding, str]:
    file = folder / "t.txt"
    file.write_bytes(data)
    content = Content(file, file.name)
    encoding = find_encoding(content)
    with open_text(content, encoding) as stream:
        return encoding, stream.read().lstrip("\ufeff")


GERMAN = "id;text\n1;Für größere Bänke: die Tür schließt nicht. Übrigens, Öl läuft aus\n"


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16 without BOM"),
        ("utf-16-be", "UTF-16 without BOM"), ("utf-32", "UTF-32"), ("cp1252", "Windows-1252"), ("cp850", "DOS (CP850)"),
        ("mac_roman", "Mac Roman"),
    ],
)  # fmt: skip
def test_german_text_is_known_in_every_encoding(tmp_path: Path, codec: str, words: str) -> None:
    encoding, text = found(tmp_path, GERMAN.encode(codec))
    assert (encoding.words, text) == (words, GERMAN)


def test_a_character_across_the_border_of_two_blocks_is_no_mistake(tmp_path: Path) -> None:
    for shift in range(4):
        text = "x" * ((1 << 20) - 2 + shift) + "ü€🤬" * 3
        assert found(tmp_path, text.encode())[1] == text


def test_a_stray_windows_byte_in_utf8_is_read_as_windows(tmp_path: Path) -> None:
    encoding, text = found(tmp_path, "Grüße, schöne Tür ".encode() + b"\x80 5")
    assert (encoding.words, text) == ("UTF-8 with some Windows-1252 bytes", "Grüße, schöne Tür € 5")


def test_typographic_quotes_after_sharp_s_stay_whole(tmp_path: Path) -> None:
    text = "Das „macht Spaß“, schöne Grüße, für alle Bäume"
    assert found(tmp_path, text.encode("cp1252"))[1] == text


def test_carriage_returns_end_lines_only_where_nothing_else_does(tmp_path: Path) -> None:
    assert found(tmp_path, b"a\rb\r")[0].newline == ""
    assert found(tmp_path, b"a\rb\n")[0].newline == "\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf16_that_lost_a_byte_is_refused_and_not_read_as_other_letters(tmp_path: Path, codec: str, mark: str) -> None:
    sound = (mark + GERMAN * 3).encode(codec)
    assert found(tmp_path, sound)[1] == GERMAN * 3
    for damaged in (sound[:60] + sound[61:], sound[:60] + b"x" + sound[60:]):
        with pytest.raises(SourceError, match=r"a byte is missing or too many before byte [67]\d,"):
            found(tmp_path, damaged)
    others = "一一一一一一一一 Tür 一 ā Ā 䄀䈀 schließt"  # letters whose bytes look like halves of two others
    assert found(tmp_path, (mark + GERMAN + others).encode(codec))[1] == GERMAN + others
