"""Erase tickets or a customer everywhere: rows of all nights, words, vectors, memory, learned models, bytes on disk."""

import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cxtext.assemble import artefact_folder, redactor
from cxtext.batches import batches
from cxtext.errors import ModelError, NotFound
from cxtext.jobs.recount import recount
from cxtext.jobs.topics import find_topics
from cxtext.jobs.train import What, train
from cxtext.recipe import Recipe, load_recipe
from cxtext.settings import Settings
from cxtext.store import Store, cases, day_tally, erase, pgvector, results, runs, sessions, shelf, tally
from cxtext.store.accounts import Principal
from cxtext.store.connect import tenant_key
from cxtext.store.erase import Gone
from cxtext.store.wipe import rebuild_words, wipe
from cxtext.text.clean import printable
from cxtext.text.search_words import index_words, key
from cxtext.topics.memory import Memory, forget
from cxtext.topics.space import refit_space

SAMPLE = 5_000  # newest tickets that the space is fitted on, besides the memory's own sample
AT_ONCE = 1_000  # tickets in one transaction
WEEK = 7
LEARNED: tuple[What, ...] = ("sentiment", "causes", "departments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was erased: no text, no name, only counts and where there is nothing left."""

    what: str  # ticket, customer, retention
    tickets: int
    rows: Mapping[str, int]
    models: Mapping[str, str]  # learned models that held a word of theirs: "learned anew" or "removed"
    left: tuple[str, ...]  # what others must still do
    run_id: int | None
    at: datetime
    record: int | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"at": self.at.isoformat(), "rows": dict(self.rows), "models": dict(self.models)}


def erase_ticket(store: Store, settings: Settings, name: str, *, by: str, now: Callable[[], datetime]) -> Receipt:
    """Erase one ticket, named `source:id` or, where it came from a file, `id`.

    Raises:
        NotFound: there is no such ticket, and none was erased under that name.
        Locked: a run is writing at this moment.
    """
    ways = [one for one in (printable(name), f"file:{printable(name)}") if ":" in one]
    with store.read() as connection:
        numbers = sorted(cases.number_of(connection, ways).values())[:1]
        keys = [(source, ident) for source, _, ident in (way.partition(":") for way in ways)]
        again, waiting = erase.marked(connection, keys), erase.waiting(connection, keys=keys)
    if not numbers and not again and not waiting:
        raise NotFound(f"no ticket {name!r}: name it by source and id, such as file:4711")
    with store.lock():
        with store.write() as connection:
            erase.erase_waiting(connection, waiting)
        return _erase(store, settings, numbers, "ticket", [name.rpartition(":")[2]], by=by, now=now)


def erase_customer(store: Store, settings: Settings, raw: str, *, by: str, now: Callable[[], datetime]) -> Receipt:
    """Erase all tickets of a customer, named as the source names them; only the pseudonym is ever kept.

    Raises:
        NotFound: no ticket carries that customer.
        Locked: a run is writing at this moment.
    """
    secret = settings.secret.get_secret_value() if settings.secret else None
    pseudonym = redactor(settings, tenant_key(store, secret)).pseudonym("customer", raw)
    with store.read() as connection:
        numbers = erase.numbers_of_customer(connection, pseudonym)
    if not numbers:
        raise NotFound("no ticket of that customer: say the number or name exactly as the source does")
    with store.lock():
        return _erase(store, settings, numbers, "customer", [raw], by=by, now=now)


def erase_old(
    store: Store, run: runs.Run, settings: Settings, now: Callable[[], datetime], *, by: str = "cxtext"
) -> dict[str, int]:
    """The stage that erases what `[privacy] keep_days` lets nobody keep; it runs inside a night, after publishing.

    It works once a week, because it costs as much as copying the database: as soon as a ticket is as old as allowed,
    all go that would be within six days.
    """
    days = settings.privacy.keep_days
    if not days or run.as_of is None:
        return {}
    limit, soon = (run.as_of - timedelta(days=most - 1) for most in (days, max(days - WEEK, 1)))
    with store.read() as connection:
        if not erase.numbers_before(connection, limit, most=1) and not erase.waiting(
            connection, before=_morning(limit)
        ):
            return {}
        numbers = erase.numbers_before(connection, soon)
        waiting = erase.waiting(connection, before=_morning(soon))
    with store.write() as connection:
        erase.erase_waiting(connection, waiting)
    done = _erase(store, settings, numbers, "retention", (), by=by, now=now)
    return {"erased": done.tickets}


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _erase(
    store: Store,
    settings: Settings,
    numbers: Sequence[int],
    what: str,
    names: Collection[str],
    *,
    by: str,
    now: Callable[[], datetime],
) -> Receipt:
    """Whoever calls it holds the lock. What can be made again goes first, so that a kill leaves nothing without rows."""
    recipe = load_recipe(settings.recipe)
    shelf.remove(shelf.folder_of(store.file))
    pgvector.remove(store)
    _remove_cache(recipe)
    counts: dict[str, int] = {}
    words: set[str] = set()
    number = None
    for part in batches(numbers, AT_ONCE) if numbers else ((),):
        with store.write() as connection:
            told, lost = _erase_rows(connection, part, names, now())
            number = erase.record(connection, at=now(), by=by, what=what, tickets=len(part), counts=told)
        counts, words = _added(counts, told), words | lost
    run_id = _count_again(store, settings, recipe, by, what, now) if numbers else None
    models = _models(store, settings, words)
    left = wipe(store)
    return Receipt(
        what=what, tickets=len(numbers), rows=counts, models=models, left=tuple(left), run_id=run_id, at=now(),
        record=number,
    )  # fmt: skip


def _erase_rows(
    connection: Connection, numbers: Sequence[int], names: Collection[str], now: datetime
) -> tuple[dict[str, int], frozenset[str]]:
    """One transaction: rows, what other rows say of them, the memory; returns rows per table and words that are gone."""
    runs.discard_dead(connection, now=now)
    gone = _gone(connection, numbers)
    touched = day_tally.days_of(connection, numbers)
    tally.take_away(connection, numbers)
    counts = erase.erase_rows(connection, numbers)
    day_tally.correct(connection, touched)
    if quarantined := erase.erase_quarantined(connection, names):
        counts["quarantine"] = quarantined
    gone = replace(gone, words=erase.only_there(connection, gone.words))
    rebuild_words(connection)
    counts = _added(counts, erase.scrub(connection, gone, key))
    return _added(counts, {"memory": _forget(connection, gone)}), gone.words


def _gone(connection: Connection, numbers: Sequence[int]) -> Gone:
    texts = erase.texts_of(connection, numbers)
    words = {word for text, language in texts for word in index_words(text, language)}
    names = frozenset(erase.keys_of(connection, numbers).values())
    return Gone(names, tuple(dict.fromkeys(text for text, _ in texts if text)), frozenset(words))


def _forget(connection: Connection, gone: Gone) -> int:
    """Rewrite the newest memory in its place and drop older ones: a run that dies must not bring one of them back."""
    held = results.newest_memory(connection)
    if held is None or not gone.names:
        return 0
    run_id, content = held
    memory = forget(Memory.from_bytes(content), gone.names)
    memory = replace(memory, known=tuple(replace(one, topic=_told(one.topic, gone)) for one in memory.known))
    results.save_memory(connection, memory.to_bytes(), run_id=run_id, keep=1)
    return 1


def _told(topic: Any, gone: Gone) -> Any:
    keywords = tuple(word for word in topic.keywords if not _lost(word, gone))
    if topic.named_by is not None or not _lost(topic.label, gone):
        return replace(topic, keywords=keywords)
    return replace(topic, keywords=keywords, label=", ".join(keywords[:3]) or topic.id)


def _lost(words: str, gone: Gone) -> bool:
    return any(key(word) in gone.words for word in words.replace("-", " ").split())


def _count_again(
    store: Store, settings: Settings, recipe: Recipe, by: str, what: str, now: Callable[[], datetime]
) -> int:
    """Fit the space and count anew without the erased tickets, as a run of its own; killed, the next run makes up for it."""
    with store.write() as connection:
        day = now().astimezone(ZoneInfo(settings.timezone)).date()
        run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
        known = _fit_again(connection, recipe)
    try:
        counts = find_topics(store, run.id, settings, (), as_of=None, now=now, fresh=False) if known else {}
        counts |= recount(store, run, settings, now)
        with store.write() as connection:
            shell = Principal(name=by, role="admin")
            sessions.note(connection, shell, via="shell", what=f"erase {what}", path="", status=200, now=now())
            runs.publish(connection, run.id, now=now(), counts=counts, note="erase")
    except Exception as error:  # whatever it is: the rows are gone, the figures follow with the next run
        with store.write() as connection:
            runs.discard(connection, run.id, now=now(), note=type(error).__name__)
        raise
    return run.id


def _fit_again(connection: Connection, recipe: Recipe) -> bool:
    held = results.newest_memory(connection)
    if held is None:
        return False
    run_id, content = held
    memory = Memory.from_bytes(content)
    if memory.space:
        shown = runs.current(connection)
        latest = cases.everything(connection, shown)[-SAMPLE:]
        memory = refit_space(memory, recipe, [case for _, case in cases.load(connection, latest, shown)])
        results.save_memory(connection, memory.to_bytes(), run_id=run_id, keep=1)
    return True


def _models(store: Store, settings: Settings, words: Collection[str]) -> dict[str, str]:
    """Learned models that hold a word which only the erased texts held: learned anew, or removed where that fails."""
    told: dict[str, str] = {}
    for what in LEARNED:
        folder = artefact_folder(store.file) / what
        if not folder.is_dir() or not words or not _holds(folder, words):
            continue
        try:
            train(store, settings, what, force=True)
            told[what] = "learned anew"
        except ModelError:
            told[what] = "removed"
        if told[what] == "removed" or _holds(folder, words):
            for path in sorted(folder.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            folder.rmdir()
            told[what] = "removed"
    return told


def _holds(folder: Path, words: Collection[str]) -> bool:
    wanted = [word.encode() for word in words if len(word) >= 4]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = _unpacked(path)
            if any(word in content for word in wanted):
                return True
    return False


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.lower()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # NumPy keeps text in four bytes a letter: without the zeros it reads as any other.
        return b"".join(archive.read(name).replace(b"\0", b"") for name in archive.namelist()).lower()


def _remove_cache(recipe: Recipe) -> None:
    cache = dict(recipe.embedding.options).get("cache")
    if cache:
        Path(str(cache)).unlink(missing_ok=True)  # it only saves time, and is filled again


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}
