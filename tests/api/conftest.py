"""The application as a client sees it: on the demo after one night, and on an empty database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from cxtext.settings import Settings
from tests.api.people import People, let_in


def opened(database: Path) -> TestClient:
    return TestClient(
        create_app(Settings.load(db=f"sqlite:///{database}")), base_url="http://localhost", client=("127.0.0.1", 50000)
    )


@pytest.fixture(scope="session")
def shown(night_before: Path) -> Iterator[TestClient]:
    with opened(night_before / "cxtext.db") as client:
        yield client


@pytest.fixture
def demo(shown: TestClient) -> TestClient:
    """Only asked, never written to; no language chosen yet."""
    shown.cookies.clear()
    return shown


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with opened(tmp_path / "cxtext.db") as client:
        yield client


@pytest.fixture(scope="module")
def desk(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A copy of the demo to write to; its analysis process is shared by a file of tests, because loading costs seconds."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(night_before / name, folder / name)
    with opened(folder / "cxtext.db") as client:
        yield client


@pytest.fixture(scope="session")
def inhabited(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    """The demo with users and keys of every role; to be copied, not to be changed."""
    folder = tmp_path_factory.mktemp("inhabited")
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(night_before / name, folder / name)
    return folder / "cxtext.db", let_in(folder / "cxtext.db")
