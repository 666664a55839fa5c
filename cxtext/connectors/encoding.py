"""Finds out how a text file is encoded, so that no umlaut ever arrives as two wrong letters."""

import codecs
import io
import re
from dataclasses import dataclass, replace
from typing import TextIO

from cxtext.connectors.open_bytes import Content
from cxtext.errors import SourceError

REPAIR = "cxtext-cp1252"
_LETTERS = re.compile("[a-zA-Z][äöüßéÄÖÜ]|[äöüÄÖÜ][a-z]")
_OUT_OF_STEP = {  # six plain letters in a row, each half of one and half of its neighbour; U+0A00, which is no letter
    "utf-16-le": re.compile(rb"(?:\x00[\t\n\r\x20-\x7e]){6,}|\x00\n"),
    "utf-16-be": re.compile(rb"(?:[\t\n\r\x20-\x7e]\x00){6,}|\n\x00"),
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


@dataclass(frozen=True)
class Encoding:
    """A codec, what to do with bytes it does not know, and its name in words."""

    codec: str
    errors: str
    words: str
    newline: str = "\n"  # "" where only carriage returns end lines; elsewhere they may stand inside a line


def find_encoding(content: Content) -> Encoding:
    """The encoding of a whole file; reads it once, because one late byte can prove a guess wrong."""
    with content.open() as stream:
        head = stream.read(1 << 16)
    found = _find(content, head)
    return found if b"\n" in head or b"\r" not in head else replace(found, newline="")


def _find(content: Content, head: bytes) -> Encoding:
    for mark, codec, words in _MARKS:
        if head.startswith(mark):
            if codec == "utf-16":
                _must_keep_step(content, "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be")
            return Encoding(codec, "replace", words)
    for codec, letters in (("utf-16-le", head[0:8:2]), ("utf-16-be", head[1:8:2])):
        zeros = head[1:8:2] if codec == "utf-16-le" else head[0:8:2]
        if len(head) >= 8 and not any(zeros) and all(letters):
            _must_keep_step(content, codec)
            return Encoding(codec, "replace", "UTF-16 without BOM")
    return _eight_bit(content)


def _must_keep_step(content: Content, codec: str) -> None:
    """Refuse UTF-16 in which a byte is missing or too many: from there on every letter would be another one."""
    before = 0
    with content.open() as stream:
        while block := stream.read(1 << 20):
            for found in _OUT_OF_STEP[codec].finditer(block):
                line = len(set(found[0])) == 2 and b"\n" not in found[0]  # 一一一一一一 is one, and sound
                if (before + found.start()) % 2 == 0 and not line:
                    raise SourceError(
                        f"{content.name} is UTF-16 and damaged: a byte is missing or too many before byte "
                        f"{before + found.start():,}, and what follows cannot be read. Export it again, best as UTF-8"
                    )
            before += len(block)


def open_text(content: Content, encoding: Encoding) -> TextIO:
    """The decoded file; line ends stay as they are."""
    return io.TextIOWrapper(content.open(), encoding.codec, encoding.errors, newline=encoding.newline)


def _eight_bit(content: Content) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")(REPAIR)
    wrong, foreign, odd = 0, 0, bytearray()
    with content.open() as stream:
        while block := stream.read(1 << 20):
            text = decoder.decode(block)
            if text.isascii():
                continue
            foreign += len(text) - len(text.encode("ascii", "ignore"))
            wrong += _wrong_bytes(block)
            if len(odd) < 1 << 18:
                odd += block[: 1 << 18]
    if not wrong:
        return Encoding("utf-8", REPAIR, "UTF-8")
    if foreign - wrong > wrong:  # mostly UTF-8 with a few stray bytes, as where two exports were joined
        return Encoding("utf-8", REPAIR, "UTF-8 with some Windows-1252 bytes")
    sample = bytes(odd)
    codec = max(
        ("cp1252", "cp850", "mac_roman"), key=lambda name: len(_LETTERS.findall(sample.decode(name, "replace")))
    )
    return Encoding(codec, "replace", {"cp1252": "Windows-1252", "cp850": "DOS (CP850)"}.get(codec, "Mac Roman"))


def _wrong_bytes(block: bytes) -> int:
    # A sequence cut at the border of a block counts as wrong here; at most one per megabyte.
    inner = block.lstrip(bytes(range(0x80, 0xC0)))
    for cut in range(1, 4):
        if len(inner) >= cut and inner[-cut] >= 0xC0:
            inner = inner[:-cut]
            break
    return len(inner) - len(inner.decode("utf-8", "ignore").encode())


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(REPAIR, _as_cp1252)
