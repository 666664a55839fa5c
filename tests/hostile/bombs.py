"""Small files that become huge, and lines without end; each is read in a process that is watched and limited."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

MOST_MEMORY = 500_000_000  # bytes resident at the peak, Python and libraries included
MOST_SECONDS = 240  # of one processor: a machine may be busy, and 1 GB takes its time
BLOCK = 64 << 20
_WATCHED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
from cxtext.connectors import open_source
from cxtext.domain import Rejected
from cxtext.errors import CxtextError
tickets = rejected = 0
try:
    for row in open_source(sys.argv[1], mapping={}, timezone="Europe/Berlin").rows():
        rejected += isinstance(row, Rejected)
        tickets += not isinstance(row, Rejected)
    said = "read"
except CxtextError as error:
    said = str(error)
spent = resource.getrusage(resource.RUSAGE_SELF)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"said": said, "tickets": tickets, "rejected": rejected,
    "bytes": 1024 * max(own, children.ru_maxrss),
    "seconds": round(spent.ru_utime + spent.ru_stime + children.ru_utime + children.ru_stime, 1)}))
"""


def blown(path: Path) -> dict[str, object]:
    """What reading the file took: `said`, rows, `bytes` at the peak, processor `seconds`; `wrong` where too much."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(path), str(MOST_SECONDS)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"said": f"died with {done.returncode}: {done.stderr[-300:]}", "wrong": 1}
    found: dict[str, object] = json.loads(done.stdout)
    nothing = found["said"] == "read" and not found["tickets"] and not found["rejected"]
    return found | {"wrong": int(int(str(found["bytes"])) > MOST_MEMORY or nothing)}


def _packed_rows(folder: Path, ending: str, pack: Callable[[bytes], bytes]) -> Path:
    """Gigabytes of one sentence: packed once, repeated as members of one file."""
    member = pack(b"id,text\n" + b"1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * (BLOCK // 53))
    path = folder / f"rows.csv{ending}"
    path.write_bytes(member * 50)
    return path


def gzip_of_rows(folder: Path) -> Path:
    return _packed_rows(folder, ".gz", gzip.compress)


def zstandard_of_rows(folder: Path) -> Path:
    return _packed_rows(folder, ".zst", zstandard.ZstdCompressor(level=3).compress)


def gzip_of_gzip(folder: Path) -> Path:
    path = folder / "nested.csv.gz"
    content = b"text\n" + bytes(BLOCK)
    for _ in range(4):
        content = gzip.compress(content * 4)
    path.write_bytes(content)
    return path


def zstandard_with_a_huge_window(folder: Path) -> Path:
    path = folder / "window.csv.zst"
    told = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    pack = zstandard.ZstdCompressor(compression_params=told).compressobj()
    piece = b"text\n" + bytes(1 << 20)
    with path.open("wb") as file:
        for _ in range(40):
            file.write(pack.compress(piece))
        file.write(pack.flush())
    return path


def line_of_a_gigabyte(folder: Path, ending: str = ".csv") -> Path:
    path = folder / f"line{ending}"
    with path.open("wb") as file:
        file.write(b'{"text": "' if ending == ".jsonl" else b"id,text\n1,")
        for _ in range(1024):
            file.write(b"a" * (1 << 20))
    return path


def line_of_json(folder: Path) -> Path:
    return line_of_a_gigabyte(folder, ".jsonl")


def quotes_never_closed(folder: Path) -> Path:
    path = folder / "quotes.csv"
    with path.open("wb") as file:
        file.write(b"id,text\n")
        for _ in range(40):
            file.write(b'1,"a\n' * 100_000)
    return path


def millions_of_columns(folder: Path) -> Path:
    path = folder / "columns.csv"
    path.write_bytes(b"text," * 10_000_000 + b"\n" + b"1," * 10_000_000)
    return path


def deep_json(folder: Path) -> Path:
    path = folder / "deep.json"
    path.write_bytes(b'[{"text":' + b'{"a":' * 5_000_000)
    return path


def deep_lines(folder: Path) -> Path:
    path = folder / "deep.jsonl"
    path.write_bytes((b'{"text": "a", "b": ' + b"[" * 2_000_000 + b"\n") * 20)
    return path


def wide_json(folder: Path) -> Path:
    path = folder / "wide.json"
    with path.open("wb") as file:
        file.write(b'[{"text": "eins"}')
        for _ in range(10):
            file.write(b",[]" * 1_000_000)
        file.write(b"]")
    return path


def wide_item(folder: Path) -> Path:
    path = folder / "item.jsonl"
    path.write_bytes(b'{"text": "eins", "b": [' + b"[]," * 10_000_000 + b"1]}\n" * 2)
    return path


def mail_of_a_gigabyte(folder: Path) -> Path:
    path = folder / "mail.mbox"
    with path.open("wb") as file:
        file.write(b"From a@example.org Mon May  4 08:00:00 2026\nSubject: eins\n\n")
        for _ in range(1024):
            file.write((b"a" * 1023 + b"\n") * 1024)
    return path


def parts_within_parts(folder: Path) -> Path:
    path = folder / "parts.mbox"
    levels = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(20_000))
    path.write_text(f"From a@example.org Mon May  4 08:00:00 2026\nSubject: eins\n{levels}\nText\n")
    return path


def tags_without_end(folder: Path) -> Path:
    path = folder / "tags.mbox"
    head = b"From a@example.org Mon May  4 08:00:00 2026\nSubject: eins\nContent-Type: text/html\n\n"
    path.write_bytes(head + b"<div><a href='" * 2_000_000)
    return path


def _book(path: Path, sheet: Iterator[bytes], strings: bytes = b"", entity: bytes = b"") -> Path:
    main, rels = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{rels}package/2006/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
        f'{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}package/2006/relationships"><Relationship Id="r1" Type="{rels}'
        'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rels}officeDocument/2006/relationships"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{rels}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{rels}officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }  # fmt: skip
    head = b'<?xml version="1.0"?>' + entity
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("xl/sharedStrings.xml", head + f'<sst xmlns="{main}">'.encode() + strings + b"</sst>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as file:
            file.write(head + f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for piece in sheet:
                file.write(piece)
            file.write(b"</sheetData></worksheet>")
    return path


def _text_cell(place: str, text: bytes) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>'.encode() + text + b"</t></is></c>"


def sheet_of_zeros(folder: Path) -> Path:
    rows = (b"<row>" + b"<c><v>0</v></c>" * 10_000 + b"</row>" for _ in range(3_000))
    return _book(folder / "zeros.xlsx", rows)


def sheet_with_far_corners(folder: Path) -> Path:
    rows = [b'<row r="1">', _text_cell("A1", b"text"), _text_cell("B1", b"id"), b'</row><row r="1048576">',
            _text_cell("XFD1048576", b"eins"), b"</row>"]  # fmt: skip
    return _book(folder / "corners.xlsx", iter(rows))


def sheet_of_one_long_text(folder: Path) -> Path:
    cells = (f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>'.encode() for at in range(1, 100_000))
    return _book(folder / "shared.xlsx", cells, b"<si><t>" + b"abcdefgh" * 120_000 + b"</t></si>")


def sheet_of_entities(folder: Path) -> Path:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))
    entity = b'<!DOCTYPE sst [<!ENTITY l0 "ha">' + laughs + b"]>"
    rows = [b'<row r="1">', _text_cell("A1", b"text"), b'</row><row r="2">', _text_cell("A2", b"&l9;"), b"</row>"]
    return _book(folder / "entities.xlsx", iter(rows), b"<si><t>&l9;</t></si>", entity)


def sheet_that_lies_about_its_size(folder: Path) -> Path:
    path = _book(folder / "lies.xlsx", (b"<row>" + b" " * (1 << 20) + b"</row>" for _ in range(1_500)))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (10_000).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    return path


def archive_of_one_part_many_times(folder: Path) -> Path:
    """All members of the directory point to the same bytes (Fifield 2019, in its simplest form)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(900_000))
        archive.filelist = archive.filelist * 1_900
    path = folder / "overlap.xlsx"
    path.write_bytes(file.getvalue())
    return path


def _parquet(path: Path, column: object, **options: object) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": column}), path, compression="zstd", **options)
    return path


def parquet_of_one_long_text(folder: Path) -> Path:
    import pyarrow as pa

    one = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["a" * 50_000_000]))
    return _parquet(folder / "dictionary.parquet", one, dictionary_pagesize_limit=1 << 28, store_schema=False)


def parquet_with_a_huge_page(folder: Path) -> Path:
    import pyarrow as pa

    long = pa.array(["a" * 300_000_000] * 3, pa.large_string())
    return _parquet(folder / "page.parquet", long, use_dictionary=False, data_page_size=1 << 30)


def parquet_of_endless_lists(folder: Path) -> Path:
    import numpy as np
    import pyarrow as pa

    values = pa.array(np.zeros(200_000_000, dtype=np.int8))
    many = pa.ListArray.from_arrays(pa.array([0, 200_000_000], pa.int32()), values)
    return _parquet(folder / "lists.parquet", many)


BOMBS: tuple[Callable[[Path], Path], ...] = (
    gzip_of_rows, zstandard_of_rows, gzip_of_gzip, zstandard_with_a_huge_window, line_of_a_gigabyte, line_of_json,
    quotes_never_closed, millions_of_columns, deep_json, deep_lines, wide_json, wide_item, mail_of_a_gigabyte,
    parts_within_parts, tags_without_end, sheet_of_zeros, sheet_with_far_corners, sheet_of_one_long_text,
    sheet_of_entities, sheet_that_lies_about_its_size, archive_of_one_part_many_times, parquet_of_one_long_text,
    parquet_with_a_huge_page, parquet_of_endless_lists,
)  # fmt: skip
