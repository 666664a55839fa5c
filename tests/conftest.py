"""What every test may use: a real store, and the labelled data where it is at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cxtext.store import Store, open_store

ROOT = Path(__file__).parents[1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new SQLite database on disk, as users have it."""
    opened = open_store(f"sqlite:///{tmp_path / 'cxtext.db'}")
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


@pytest.fixture
def demo_store(demo_folder: Path) -> Iterator[Store]:
    """The store of that copy."""
    opened = open_store(f"sqlite:///{demo_folder / 'cxtext.db'}")
    yield opened
    opened.close()
