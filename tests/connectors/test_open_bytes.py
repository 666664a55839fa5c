import gzip
import io
import shutil
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.connectors import open_source
from cxtext.connectors.open_bytes import FREE_BYTES, from_path, from_stdin
from cxtext.domain import Rejected, Ticket
from cxtext.errors import SourceError


def test_endings_are_found_in_any_case_below_the_compression(tmp_path: Path) -> None:
    file = tmp_path / "Export.2026.CSV.GZ"
    file.write_bytes(gzip.compress(b"text"))
    content, ending = from_path(str(file))
    assert (content.compression, ending, content.name) == (".gz", ".csv", "Export.2026.CSV.GZ")
    with content.open() as stream:
        assert stream.read() == b"text"


def test_several_zstandard_frames_are_one_file(tmp_path: Path) -> None:
    pack = zstandard.ZstdCompressor().compress
    file = tmp_path / "t.csv.zst"
    file.write_bytes(pack(b"text\neins\n") + pack(b"zwei\n"))
    with from_path(str(file))[0].open() as stream:
        assert stream.read() == b"text\neins\nzwei\n"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_what_unpacks_two_hundredfold_is_a_bomb(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    file = tmp_path / ("t.csv.gz" if pack is gzip.compress else "t.csv.zst")
    file.write_bytes(pack(bytes(FREE_BYTES + 1_000_000)))
    with from_path(str(file))[0].open() as stream, pytest.raises(SourceError, match="zip bomb"):
        shutil.copyfileobj(stream, io.BytesIO())


def test_a_file_that_was_cut_off_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "t.csv.gz"
    file.write_bytes(gzip.compress(b"text\n" + b"eins zwei drei\n" * 1_000)[:-20])
    with from_path(str(file))[0].open() as stream, pytest.raises(SourceError, match="damaged or cut off"):
        stream.read()


def test_a_packed_file_can_be_had_as_a_plain_one(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx.gz"
    file.write_bytes(gzip.compress(b"abc"))
    content = from_path(str(file))[0].seekable()
    assert content.path.read_bytes() == b"abc"
    assert content.seekable() is content


def test_standard_input_has_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 100)))
    with pytest.raises(SourceError, match="longer than 99 bytes"):
        from_stdin(99)


SAMPLES = {
    ".csv.gz": gzip.compress("id,text\n1,Grüße\n2,zwei\n".encode()),
    ".csv.zst": zstandard.ZstdCompressor().compress("id,text\n1,Grüße\n2,zwei\n".encode()),
    ".jsonl": '{"text": "Grüße", "a": {"b": [1, {"c": 2}]}}\n{"text": "zwei"}\n'.encode(),
    ".json": '[{"text": "Grüße", "a": {"b": [1, {"c": 2}]}}, {"text": "zwei"}]'.encode(),
    ".mbox": b"From x\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nContent-Type: text/html\n\n<p>Text</p>\n",
}


@given(
    ending=st.sampled_from(sorted(SAMPLES)), data=st.binary(max_size=60), at=st.integers(0, 120), cut=st.integers(0, 60)
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_raise_nothing_but_source_errors(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: bytes, at: int, cut: int
) -> None:
    good = SAMPLES[ending]
    file = tmp_path_factory.getbasetemp() / f"damaged{ending}"
    file.write_bytes(good[:at] + data + good[at + cut :])
    try:
        rows = list(open_source(str(file), mapping={}, timezone="UTC").rows())
    except SourceError:
        return
    assert all(isinstance(row, Ticket | Rejected) for row in rows)
