"""Look for what usually goes wrong, and say how to mend it."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cxtext.assemble import load_parts
from cxtext.errors import CxtextError
from cxtext.recipe import load_recipe
from cxtext.resources import models_dir, own_models_dir
from cxtext.settings import Settings
from cxtext.store import Store, open_store, read_tickets, runs
from cxtext.store.connect import has_wal_defect, sqlite_version, tenant_key

ROOM = 1_000_000_000  # bytes; about what a million tickets need with indices and one export


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    healthy: bool
    words: str  # what is there, or how to mend it

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def examine(config: Path | None, db: str | None) -> list[Finding]:
    """All findings; the first that is wrong is usually the reason for the next."""
    try:
        settings = Settings.load(config, db=db)
    except CxtextError as error:
        return [Finding("configuration", healthy=False, words=str(error))]
    findings = [Finding("configuration", healthy=True, words=f"{settings.db}, recipe {settings.recipe}")]
    findings += _looked(
        ("models", lambda: _models(settings)),
        ("recipe", lambda: load_recipe(settings.recipe).title),
        ("topics", _topic_engine),
        ("dashboard", _service),
    )
    findings += _store_findings(settings)
    return findings


def _looked(*looks: tuple[str, Callable[[], str]]) -> Iterator[Finding]:
    for what, look in looks:
        try:
            yield Finding(what, healthy=True, words=look())
        except (CxtextError, OSError) as error:
            yield Finding(what, healthy=False, words=str(error))


def _models(settings: Settings) -> str:
    load_parts(settings, b"doctor")
    own = own_models_dir()
    return f"{models_dir()}" + (f", your own in {own}" if own else "")


def _topic_engine() -> str:
    missing = [name for name in ("bertopic", "graspologic_native", "sklearn") if importlib.util.find_spec(name) is None]
    if missing:
        raise CxtextError(f"{', '.join(missing)} cannot be imported: run `make setup` again")
    return "BERTopic and Leiden are installed"


def _service() -> str:
    missing = [name for name in ("fastapi", "uvicorn", "jinja2") if importlib.util.find_spec(name) is None]
    if missing:
        raise CxtextError(f"{', '.join(missing)} are missing for `cxtext serve`: pip install 'cxtext[api]'")
    return "ready for `cxtext serve`"


def _store_findings(settings: Settings) -> Iterator[Finding]:
    try:
        store = open_store(settings.db, create=False)
    except CxtextError as error:
        yield Finding("database", healthy=False, words=str(error))
        return
    try:
        yield from _looked(
            ("database", lambda: _contents(store)),
            ("last run", lambda: _last_run(store)),
            ("SQLite", lambda: _sqlite(store)),
            ("pseudonym key", lambda: _key(store, settings)),
            ("disk", lambda: _disk(store)),
        )
    finally:
        store.close()


def _contents(store: Store) -> str:
    with store.read() as connection:
        totals = read_tickets.totals(connection, runs.current(connection))
    return (
        f"{totals['tickets']:,} tickets, {totals['with_topic']:,} with a topic, {totals['quarantined']:,} in quarantine"
    )


def _last_run(store: Store) -> str:
    with store.read() as connection:
        newest = runs.latest(connection, limit=1)
    if not newest:
        raise CxtextError("nothing has run yet: cxtext run tickets.csv")
    run = newest[0]
    if run.state == "running":
        raise CxtextError(f"run {run.id} is running or was killed: `cxtext run` goes on where it stopped")
    if run.state == "failed":
        raise CxtextError(f"run {run.id} failed ({run.note}); nothing of it was kept. Run it again to see why")
    return f"run {run.id} of {run.as_of}, done"


def _sqlite(store: Store) -> str:
    version = sqlite_version(store)
    if version is None:
        return "not used"
    words = ".".join(str(part) for part in version)
    if has_wal_defect(version):
        raise CxtextError(f"version {words} can damage a database that two programs write: pip install pysqlite3")
    return f"version {words}"


def _key(store: Store, settings: Settings) -> str:
    if settings.secret:
        return "from CXTEXT_SECRET"
    tenant_key(store, None)
    path = Path(f"{store.file}.key")
    if path.exists() and path.stat().st_mode & 0o077:
        raise CxtextError(f"others may read {path}: chmod 600 {path}")
    return f"{path}: keep a copy, without it pseudonyms change"


def _disk(store: Store) -> str:
    folder = store.file.parent if store.file else Path()
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise CxtextError(
            f"only {free / 1e9:.1f} GB free in {folder.resolve()}: make room, a run may need {ROOM / 1e9:.0f} GB"
        )
    if not os.access(folder, os.W_OK):
        raise CxtextError(f"{folder.resolve()} cannot be written: correct its permissions")
    return f"{free / 1e9:.0f} GB free"
