"""A folder as a source: each file once, a changed file again, remote places like local ones."""

import os
from pathlib import Path

import pytest

from cxtext.errors import SourceError
from cxtext.settings import Settings
from tests.connectors.reader import Reader


def _write(path: Path, first: int, last: int) -> None:
    lines = [f"{n};Die Rechnung Nummer {n} stimmt nicht.;0{n % 9 + 1}.03.2026" for n in range(first, last)]
    path.write_text("\n".join(["id;text;datum", *lines]), encoding="utf-8")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    _write(folder / "a.csv", 1, 11)
    _write(folder / "b.csv", 11, 21)
    (folder / "notes.txt").write_text("not a ticket file")
    return folder


@pytest.fixture(params=["local", "fsspec"])
def place(request: pytest.FixtureRequest, inbox: Path) -> str:
    if request.param == "local":
        return str(inbox)
    pytest.importorskip("fsspec")
    return f"file://{inbox}"


def _reader(store, hands, place: str, **options: str) -> Reader:
    return Reader(
        store, hands, Settings(sources={"desk": {"kind": "folder", "path": place, "pattern": "*.csv"} | options})
    )


def test_each_file_is_read_once_and_again_when_it_changes(store, hands, place, inbox):
    reader = _reader(store, hands, place)
    assert reader.read().new == 20
    assert reader.read().read == 0
    _write(inbox / "b.csv", 11, 26)
    os.utime(inbox / "b.csv", (2_000_000_000, 2_000_000_000))
    got = reader.read()
    assert (got.read, got.new, got.unchanged) == (15, 5, 10)
    _write(inbox / "c.csv", 30, 32)
    assert reader.read().new == 2


def test_a_broken_visit_reads_the_file_again_from_its_top(store, hands, place):
    reader = _reader(store, hands, place)
    with pytest.raises(KeyboardInterrupt):
        reader.read(fail_after=2)
    reader.read()
    assert len(reader.kept()) == 20


def test_a_folder_that_is_not_there_is_named(store, hands, tmp_path):
    with pytest.raises(SourceError, match="no folder"):
        _reader(store, hands, str(tmp_path / "nichts")).read()
