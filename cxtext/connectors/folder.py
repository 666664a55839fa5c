"""A folder of files, here or at any place that fsspec reaches (s3://, sftp://, …): files that are new or changed."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
# What tells that a file has changed: S3, Google, Azure, SFTP, FTP and WebDAV call it differently (fsspec hands it through).
CHANGED = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "modified", "modify", "created")


def check(visit: Visit) -> str:
    """How many files there are."""
    return f"{len(_files(visit)):,} files"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets of the files that are new or changed, in the order of their names; a file counts as read at its end."""
    read: dict[str, str] = dict(visit.cursor.get("files") or {})
    mapping = {
        key.removeprefix("map_"): value for key, value in visit.account.options.items() if key.startswith("map_")
    }
    for name, mark in sorted(_files(visit).items()):
        if read.get(name) == mark:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = _fetched(visit, name, Path(folder))
            rows = open_source(str(path), mapping=mapping, timezone=visit.timezone, source=visit.account.name).rows()
            for part in batches(chain(rows), AT_ONCE):
                yield Page(rows=tuple(part), cursor={"files": dict(read)})
        read[name] = mark
        yield Page(cursor={"files": dict(read)})


def _files(visit: Visit) -> dict[str, str]:
    """Name of every file, and what changes when the file does."""
    place, pattern = visit.account.required("path", "a folder, or a URL like s3://bucket/exports"), _pattern(visit)
    if _is_remote(place):
        filesystem, root = _remote(place)
        with _said_plainly(place):
            filesystem.invalidate_cache()  # fsspec keeps listings of a process; a new file must be seen
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
    changed = next((told[name] for name in CHANGED if told.get(name)), "")
    return f"{told.get('size')}-{plain(changed)}"


@contextmanager
def _said_plainly(place: str) -> Iterator[None]:
    """Errors of a remote place as ours; every file system has its own, and their words may hold keys."""
    scheme = urlsplit(place).scheme
    try:
        yield
    except Exception as error:
        refused = isinstance(error, PermissionError | FileNotFoundError) or "redentials" in type(error).__name__
        why = "it refuses, or is not there" if refused else "it does not answer properly"
        told = f"{scheme}://: {why} ({type(error).__name__})"
        raise SourceError(told, permanent=refused) from error


def _fetched(visit: Visit, name: str, into: Path) -> Path:
    place = visit.account.option("path")
    if not _is_remote(place):
        return Path(name)
    filesystem, _ = _remote(place)
    path = into / PurePosixPath(name).name
    with _said_plainly(place):
        filesystem.get_file(name, str(path))
    return path
