"""A folder of files, here or at any place that fsspec reaches (s3://, sftp://, …): files that are new or changed."""

import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from cxtext.batches import batches
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.source import open_source
from cxtext.connectors.values import plain
from cxtext.errors import NotInstalled, SourceError

AT_ONCE = 1000
MOST_FILES = 100_000


def check(visit: Visit) -> str:
    """How many files there are."""
    return f"{len(_files(visit)):,} files"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets of the files that are new or changed, in the order of their names; a file counts as read at its end."""
    read: dict[str, str] = dict(visit.cursor.get("files") or {})
    zone = visit.account.option("timezone", "Europe/Berlin")
    mapping = {
        key.removeprefix("map_"): value for key, value in visit.account.options.items() if key.startswith("map_")
    }
    for name, mark in sorted(_files(visit).items()):
        if read.get(name) == mark:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = _fetched(visit, name, Path(folder))
            rows = open_source(str(path), mapping=mapping, timezone=zone).rows()
            for part in batches(chain(rows), AT_ONCE):
                yield Page(rows=tuple(part), cursor={"files": dict(read)})
        read[name] = mark
        yield Page(cursor={"files": dict(read)})


def _files(visit: Visit) -> dict[str, str]:
    """Name of every file, and what changes when the file does."""
    place, pattern = visit.account.required("path", "a folder, or a URL like s3://bucket/exports"), _pattern(visit)
    if _is_remote(place):
        filesystem, root = _remote(place)
        found = filesystem.glob(f"{root.rstrip('/')}/{pattern}", detail=True)
        return {name: _mark(told) for name, told in list(found.items())[:MOST_FILES] if told.get("type") == "file"}
    folder = Path(place).expanduser()
    if not folder.is_dir():
        raise SourceError(f"[sources.{visit.account.name}] path: no folder {folder}")
    paths = [path for path in sorted(folder.glob(pattern))[:MOST_FILES] if path.is_file()]
    return {str(path): f"{path.stat().st_size}-{path.stat().st_mtime_ns}" for path in paths}


def _pattern(visit: Visit) -> str:
    return visit.account.option("pattern", "*")


def _is_remote(place: str) -> bool:
    return bool(urlsplit(place).scheme) and "://" in place


def _remote(place: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 – optional
    except ImportError as error:
        raise NotInstalled(f"reading {urlsplit(place).scheme}://", "folders") from error
    try:
        filesystem, root = url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise SourceError(f"{urlsplit(place).scheme}://: {error}"[:300]) from error
    return filesystem, str(root)


def _mark(told: Mapping[str, Any]) -> str:
    changed = told.get("ETag") or told.get("mtime") or told.get("LastModified") or told.get("created") or ""
    return f"{told.get('size')}-{plain(changed)}"


def _fetched(visit: Visit, name: str, into: Path) -> Path:
    place = visit.account.option("path")
    if not _is_remote(place):
        return Path(name)
    filesystem, _ = _remote(place)
    path = into / PurePosixPath(name).name
    filesystem.get_file(name, str(path))
    return path
