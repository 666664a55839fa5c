"""The demo after one night, to be printed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxtext.store import Store, open_store, read_defects, read_topics, runs


@pytest.fixture(scope="package")
def printed(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A copy of the demo's store that nobody writes to."""
    folder = tmp_path_factory.mktemp("reports")
    shutil.copy(night_before / "cxtext.db", folder / "cxtext.db")
    store = open_store(f"sqlite:///{folder / 'cxtext.db'}")
    yield store
    store.close()


@pytest.fixture(scope="package")
def subjects(printed: Store) -> dict[str, dict[str, str]]:
    """What each kind of report is about in the demo."""
    with printed.read() as connection:
        run_id = runs.current(connection)
        topics = read_topics.topics(connection, run_id)
        leaf = next(row for row in topics if row["parent_id"] and row["departments"])
        [product, *_] = [row.product for row in read_defects.defects(connection, run_id, state="signal")]
    return {
        "weekly": {},
        "department": {"department": leaf["departments"][0][0]},
        "defect": {"topic": leaf["topic_id"]},
        "product": {"product": product},
    }
