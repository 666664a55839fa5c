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
