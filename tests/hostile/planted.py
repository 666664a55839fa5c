"""Made-up personal data: planted in tickets, and looked for in all that is kept of them."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cxtext.evaluate.pii import _KIND_OF, STRUCTURED, MadeUp, _leaks, make_texts
from cxtext.export import KINDS
from tests import postgresql

WANTED = frozenset({"email", "iban", "card", "phone"})
FORMS = ("csv", "jsonl", "parquet", "xlsx")


def made_up(count: int, seed: int) -> list[MadeUp]:
    """Texts with at least `count` strings of persons between them."""
    found: list[MadeUp] = []
    strings = 0
    for made in make_texts(10 * count, seed):
        if strings >= count:
            return found
        personal = sum(_KIND_OF.get(place, "address") != "address" for place, _ in made.values)
        strings += personal
        found += [made] if personal else []
    return found


def write(path: Path, planted: list[MadeUp], *, shift: int) -> None:
    """The tickets, with a note of one so many rows below; every tenth is none, because its rating is a text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "text", "created_at", "customer name", "agent", "note", "csat", "product"))
        for number, made in enumerate(planted):
            day = f"2026-{9 + number % 2:02}-{number % 28 + 1:02}"
            rating = made.text if number % 10 == 9 else number % 5 + 1
            note = planted[(number + shift) % len(planted)].text
            rows.writerow((number, made.text, day, *made.people, note, rating, "Pumpe 3"))


def export(folder: Path, url: str) -> None:
    """Every kind in every format, as `cxtext export` writes it."""
    from cxtext.export import write_file
    from cxtext.store import open_store, runs

    store = open_store(url)
    with store.read() as connection:
        shown = runs.current(connection)
        for name, kind in KINDS.items():
            for form in FORMS:
                write_file(folder / f"{name}.{form}", kind.columns, kind.rows(connection, shown))
    store.close()


def search(
    folder: Path, planted: list[MadeUp], url: str, server: postgresql.Server | None, *, shift: int
) -> dict[str, object]:
    """How much of it is left, by kind. A name that a note told is looked for in the ticket of the note, too."""
    kept = [*_kept(folder), *_stored(url)]
    if server is not None:
        kept += [*_kept(server.folder / "data"), ("log of the server", (server.folder / "log").read_text())]
    everything = "\n".join(text for _, text in kept)
    narrow = re.sub(r"\s", "", everything)
    own = _tickets(folder)
    total: Counter[str] = Counter()
    left: Counter[str] = Counter()
    examples = []
    for number, made in enumerate(planted):
        for place, value in made.values:
            if (kind := _KIND_OF.get(place)) is None or kind == "address":
                continue
            name = kind in {"name", "unknown_name"}
            total["name" if name else kind] += 1
            told = own.get(str(number), "") + own.get(str((number - shift) % len(planted)), "")
            there = _leaks(value, told, kind) if name else value in everything
            there = there or (" " in value and value in everything) or (not name and re.sub(r"\s", "", value) in narrow)
            if there:
                left["name" if name else kind] += 1
                examples.append(f"{kind}: ticket {number}")
    names = left["name"] / max(total["name"], 1)
    return {
        "planted": total.total(), "by kind": dict(sorted(total.items())), "left": dict(sorted(left.items())),
        "structured left": sum(left[kind] for kind in STRUCTURED), "e-mail, IBAN, card, phone left": sum(left[kind] for kind in WANTED),
        "names left, share": round(names, 4), "tickets": len(planted), "tickets found": len(own),
        "places searched": len(kept), "characters searched": len(everything), "examples": examples[:20],
    }  # fmt: skip


def _tickets(folder: Path) -> dict[str, str]:
    """All that is told of each ticket, by its id."""
    lines = (folder / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(row["id"]): json.dumps(row, ensure_ascii=False) for row in map(json.loads, lines)}


def _kept(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that is left, archives and columns unpacked, as text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.replace(b"\0", b"").decode("utf-8", "ignore")
            if path.suffix == ".parquet":
                import pyarrow.parquet as pq

                yield path.name, json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
            elif path.suffix == ".pdf":
                yield path.name, _printed(content)
            elif zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    for name in archive.namelist():  # NumPy keeps text in four bytes a letter
                        yield f"{path.name}/{name}", archive.read(name).replace(b"\0", b"").decode("utf-8", "ignore")


def _stored(url: str) -> Iterator[tuple[str, str]]:
    """What the database keeps packed: what the topics remember, and rows that a server may have compressed."""
    from cxtext.store import open_store, results
    from cxtext.store import tables as t
    from cxtext.topics.memory import Memory

    store = open_store(url, create=False)
    with store.read() as connection:
        held = results.newest_memory(connection)
        for table in t.metadata.sorted_tables:
            yield table.name, "\n".join(str(tuple(row)) for row in connection.execute(table.select()))
    store.close()
    yield "memory", "" if held is None else str(Memory.from_bytes(held[1]))


def _printed(content: bytes) -> str:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(content) as reader:
        return "\n".join(page.get_textpage().get_text_range() for page in reader)
