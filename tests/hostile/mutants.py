"""Files of every format, and ways to damage them; every row carries a word that can be looked for afterwards."""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import zstandard

ROWS = 12
SPICE = (b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\\",
         b"{", b"}", b"[", b"]", b":", b"<", b">", b"&", b"=", b"From ", b"\x1a", b"\xc3", b"\x80", b"-1", b"9" * 40, b"1e999",
         b"\xed\xa0\x80", b"NaN", b"null", b"\\ud800")  # fmt: skip
NOTES = ("Das Paket ist nicht da.", "Zeile eins\nZeile zwei", 'sagt "nein" und; ja', "größer, weiter", "plain words")


@dataclass(frozen=True)
class Seed:
    """A sound file: its name, its bytes before compression, and the words of its rows."""

    name: str
    plain: bytes
    words: tuple[str, ...]


def words(number: int) -> tuple[str, ...]:
    """The words of one file's rows: letters alone, so that no format writes them in another way."""
    return tuple(
        "zq" + "".join("bdfgklmnpr"[int(digit)] for digit in f"{number * 100 + row:07}") for row in range(ROWS)
    )


def seeds() -> list[Seed]:
    """One file of every format in several dialects."""
    made = []
    for number, (name, write) in enumerate(sorted(WRITERS.items())):
        marks = words(number)
        rows = [
            {"id": f"{name[:3]}{row}", "text": f"{mark} {NOTES[row % len(NOTES)]}", "created_at": f"2026-05-{row + 1:02}",
             "product": "Pumpe 3", "stars": row % 5 + 1}
            for row, mark in enumerate(marks)
        ]  # fmt: skip
        made.append(Seed(name, write(rows), marks))
    return made


def packed(plain: bytes, how: str) -> bytes:
    """The bytes of the file as it lies on the disk."""
    return {"": lambda: plain, ".gz": lambda: gzip.compress(plain, mtime=0),
            ".zst": lambda: zstandard.ZstdCompressor().compress(plain)}[how]()  # fmt: skip


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The bytes after one to four accidents."""
    held = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        if not held:
            return b""
        ACCIDENTS[dice.randrange(len(ACCIDENTS))](held, dice)
    return bytes(held)


def _flip(held: bytearray, dice: random.Random) -> None:
    held[dice.randrange(len(held))] ^= 1 << dice.randrange(8)


def _replace(held: bytearray, dice: random.Random) -> None:
    held[dice.randrange(len(held))] = dice.randrange(256)


def _insert(held: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(held) + 1)
    held[at:at] = dice.choice(SPICE)


def _cut(held: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(held))
    del held[at : at + dice.randint(1, 40)]


def _end(held: bytearray, dice: random.Random) -> None:
    del held[dice.randrange(len(held)) :]


def _repeat(held: bytearray, dice: random.Random) -> None:
    at, size = dice.randrange(len(held)), dice.randint(1, 80)
    held[at:at] = held[at : at + size] * dice.choice((1, 1, 3, 50))


def _move(held: bytearray, dice: random.Random) -> None:
    at, size = dice.randrange(len(held)), dice.randint(1, 60)
    piece = held[at : at + size]
    del held[at : at + size]
    to = dice.randrange(len(held) + 1)
    held[to:to] = piece


def _zeros(held: bytearray, dice: random.Random) -> None:
    at, size = dice.randrange(len(held)), dice.randint(1, 16)
    held[at : at + size] = bytes(len(held[at : at + size]))


ACCIDENTS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _flip, _replace, _insert, _insert, _cut, _end, _repeat, _move, _zeros,
)  # fmt: skip
Row = dict[str, Any]


def _delimited(rows: Sequence[Row], delimiter: str, quoting: int = csv.QUOTE_MINIMAL, codec: str = "utf-8") -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(codec)


def _lines(rows: Sequence[Row]) -> bytes:
    nested = ({**row, "custom": {"a": [1, {"b": 2}], "c": None}} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in nested).encode()


def _document(rows: Sequence[Row]) -> bytes:
    return json.dumps({"count": len(rows), "tickets": list(rows)}, indent=1).encode()


def _array(rows: Sequence[Row]) -> bytes:
    return json.dumps(list(rows), ensure_ascii=False).encode()


def _parquet(rows: Sequence[Row], **options: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    # Without statistics: they would hold words a second time, far from the rows.
    pq.write_table(pa.Table.from_pylist(list(rows)), file, write_statistics=False, **options)
    return file.getvalue()


def _excel(rows: Sequence[Row]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([{name: name for name in rows[0]}, *rows]):
        for column, value in enumerate(row.values()):
            sheet.write(number, column, value)
    book.close()
    return file.getvalue()


def _mailbox(rows: Sequence[Row]) -> bytes:
    parts = []
    for row in rows:
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "Eva Muster <eva@example.org>", f"Frage {row['id']}"
        mail["Date"], mail["Message-ID"] = "Mon, 4 May 2026 08:00:00 +0200", f"<{row['id']}@example.org>"
        kind = {0: "html", 1: "plain"}[row["stars"] % 2]
        mail.set_content(f"<p>{row['text']}</p>" if kind == "html" else row["text"] + "\n", subtype=kind, cte="8bit")
        if row["stars"] == 3:
            mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="bild.png")
        parts.append(b"From eva@example.org Mon May  4 08:00:00 2026\n" + mail.as_bytes() + b"\n")
    return b"".join(parts)


WRITERS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "comma.csv": lambda rows: _delimited(rows, ","),
    "semicolon.csv": lambda rows: _delimited(rows, ";", codec="cp1252"),
    "quoted.csv": lambda rows: _delimited(rows, ",", csv.QUOTE_ALL),
    "excel.csv": lambda rows: _delimited(rows, ";", codec="utf-16"),
    "bar.csv": lambda rows: _delimited(rows, "|"),
    "tab.tsv": lambda rows: _delimited(rows, "\t"),
    "lines.jsonl": _lines,
    "lines.ndjson": _lines,
    "document.json": _document,
    "array.json": _array,
    "plain.parquet": lambda rows: _parquet(rows, compression="none", use_dictionary=False),
    "snappy.parquet": _parquet,
    "groups.parquet": lambda rows: _parquet(rows, row_group_size=4, compression="zstd", write_page_checksum=True),
    "book.xlsx": _excel,
    "mail.mbox": _mailbox,
}


def legible(name: str, plain: bytes, marks: Sequence[str]) -> set[str]:
    """The words that can still be read in a damaged file without knowing its format."""
    codecs = ("utf-8", "utf-16-le", "utf-16-be")
    if name.endswith(".xlsx"):
        plain = _unzipped(plain)
    return {mark for mark in marks if any(mark.encode(codec) in plain for codec in codecs)}


def _unzipped(content: bytes) -> bytes:
    """What a strict reader takes out of an archive: parts whose check sums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(archive.read(member) for member in archive.infolist())
    except Exception:  # noqa: BLE001 – a damaged archive fails in many ways, and all of them mean: not legible
        return b""
