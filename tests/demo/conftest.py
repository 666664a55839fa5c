from datetime import date

import pytest

from cxtext.demo.company import Company, load_company
from cxtext.demo.generate import Planted, planted
from cxtext.domain import Ticket

UNTIL = date(2026, 11, 21)


@pytest.fixture(scope="session")
def company() -> Company:
    return load_company()


@pytest.fixture(scope="session")
def sample() -> list[tuple[Ticket, Planted]]:
    """Four times the size of the demo, so that shares are steady."""
    return list(planted(8000, seed=0, until=UNTIL))
