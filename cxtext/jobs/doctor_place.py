"""What usually goes wrong around the database: rights, keys, backup, disk, an old library."""

import getpass
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cxtext.jobs.finding import Finding
from cxtext.settings import Settings
from cxtext.store import Store, pgvector, shelf
from cxtext.store.connect import has_wal_defect, sqlite_version

ROOM = 1_000_000_000  # bytes; about what a million tickets need with indices and one export
BACKUP_AGE = timedelta(days=2)
SECRETS = frozenset({"token", "password", "key", "secret"})
POINTERS = ("env:", "file:")


def place_findings(store: Store, settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """SQLite, the disk, the folder, the backup; on a server, where vectors lie."""
    yield _sqlite(sqlite_version(store))
    if not store.is_sqlite:
        yield _vectors(store)
    if store.file is not None:
        yield _disk(store.file.parent.resolve())
        yield _backup(store.file, settings.backup, now)


def key_findings(store: Store, settings: Settings, *, named: bool) -> Iterator[Finding]:
    """The key of the pseudonyms; `named` says whether some ticket has a customer."""
    if settings.secret or store.file is None:
        yield Finding("key-open", "ok", {"ok": "CXTEXT_SECRET"})
        return
    path = Path(f"{store.file}.key")
    if not path.exists():
        if named:
            yield Finding("key-missing", "mend", {"path": path})
    elif path.stat().st_mode & 0o077:
        yield Finding("key-open", "mend", {"path": path})
    else:
        yield Finding("key-open", "ok", {"ok": str(path)})


def secret_findings(settings: Settings, file: Path) -> Iterator[Finding]:
    """Passwords in a configuration that everybody may read."""
    if not file.is_file() or not file.stat().st_mode & 0o004:
        return
    for name, options in settings.sources.items():
        for option, value in options.items():
            if option in SECRETS and value and not value.startswith(POINTERS):
                yield Finding("secret-open", "mend", {"path": file, "name": name, "option": option})


def _sqlite(version: tuple[int, ...] | None) -> Finding:
    if version is None:
        return Finding("sqlite", "ok", {"ok": "–"})
    words = ".".join(map(str, version))
    defect = has_wal_defect(version)
    return Finding("sqlite", "mend", {"version": words}) if defect else Finding("sqlite", "ok", {"ok": words})


def _vectors(store: Store) -> Finding:
    """Similar cases work without pgvector too, but every machine that answers then keeps vectors of its own."""
    if pgvector.usable(store):
        return Finding("vectors", "ok", {"ok": "pgvector"})
    return Finding("vectors", "look", {"folder": shelf.folder_of(None).resolve()})


def _disk(folder: Path) -> Finding:
    if not os.access(folder, os.W_OK):
        return Finding("folder", "mend", {"folder": folder, "user": getpass.getuser()})
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        return Finding("disk", "mend", {"free": f"{free / 1e9:.1f}", "folder": folder, "need": f"{ROOM / 1e9:.0f}"})
    return Finding("disk", "ok", {"ok": f"{free / 1e9:.0f} GB"})


def _backup(file: Path, told: Path | None, now: datetime) -> Finding:
    """How old the newest copy is; a copy is any file in the folder (or the file) that the configuration names."""
    if told is None:
        why = "The configuration does not say where copies lie, so nobody watches over them."
        why_de = "Die Konfiguration sagt nicht, wo Sicherungen liegen; so achtet niemand darauf."
        return Finding("backup", "look", {"why": why, "why_de": why_de})
    copies = [path for path in (told.rglob("*") if told.is_dir() else [told]) if path.is_file()]
    copies = [path for path in copies if path.resolve() != file.resolve()]
    if not copies:
        why, why_de = f"There is no copy in {told}.", f"In {told} liegt keine Sicherung."
        return Finding("backup", "mend", {"why": why, "why_de": why_de})
    newest = datetime.fromtimestamp(max(path.stat().st_mtime for path in copies), UTC)
    if now - newest > BACKUP_AGE:
        days = (now - newest).days
        why, why_de = (
            f"The newest copy in {told} is {days} days old.",
            f"Die neueste Sicherung in {told} ist {days} Tage alt.",
        )
        return Finding("backup", "mend", {"why": why, "why_de": why_de})
    return Finding("backup", "ok", {"ok": f"{told}, {newest:%Y-%m-%d %H:%M}"})
