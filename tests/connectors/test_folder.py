"""A folder as a source: each file once, a changed file again, remote places like local ones."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxtext.connectors.folder import _mark
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


def test_tickets_belong_to_the_source_and_dates_to_the_time_zone_of_the_settings(store, hands, tmp_path):
    (tmp_path / "a.csv").write_text("id;text;datum\n1;Die Rechnung stimmt nicht.;01.03.2026 08:00\n", encoding="utf-8")
    reader = _reader(store, hands, str(tmp_path))
    reader.zone = "America/New_York"
    reader.read()
    [case] = reader.kept()
    assert case.source == "desk"
    assert case.facts.created_at == datetime(2026, 3, 1, 13, tzinfo=UTC)


def test_a_remote_place_shows_new_and_changed_files_and_its_errors_are_ours(store, hands, monkeypatch):
    """fsspec's own place in memory, whose files have no time of change but that of their creation."""
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/inbox/a.csv", b"id;text\n1;Die Rechnung stimmt nicht.\n")
    reader = _reader(store, hands, "memory://inbox")
    try:
        assert reader.read().new == 1
        assert reader.read().read == 0
        memory.pipe("/inbox/b.csv", "id;text\n2;Größe falsch, bitte prüfen.\n".encode())
        assert reader.read().new == 1

        def refusing(*_args, **_options):
            raise PermissionError("key=geheim")

        monkeypatch.setattr(type(memory), "glob", refusing)
        with pytest.raises(SourceError, match=r"memory://: it refuses, or is not there \(PermissionError\)") as told:
            reader.read()
        assert "geheim" not in str(told.value)
    finally:
        memory.rm("/inbox", recursive=True)


@pytest.mark.parametrize(
    "name", ["ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "modified", "modify"]
)
def test_a_change_is_seen_whatever_the_place_calls_its_time(name):
    assert _mark({"size": 5, name: "a"}) != _mark({"size": 5, name: "b"})
