"""Days as the interface writes them."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator


def _iso(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)):
        return value
    raise ValueError("a day is written like 2026-05-03")


Day = Annotated[date, BeforeValidator(_iso)]
