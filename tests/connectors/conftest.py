"""What the tests of connectors share."""

from collections.abc import Iterator

import pytest

from cxtext.jobs.sharing import Crew, crew
from cxtext.settings import Settings


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Those who prepare tickets; loading what they know takes a second, once."""
    from cxtext.store import open_store

    settings = Settings(db=f"sqlite:///{tmp_path_factory.mktemp('crew') / 'crew.db'}")
    store = open_store(settings.db)
    with crew(store, settings) as hired:
        yield hired
    store.close()
