"""Pages of lists: where one ended, as an opaque word that the next request hands back."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cxtext.errors import NotFound

NO_PAGE = "no page begins at that cursor: take `next_cursor` of the page before, unchanged"
Key = tuple[str, ...]
Row = TypeVar("Row")


def to_cursor(*key: str) -> str:
    """A place as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def from_cursor(cursor: str | None, parts: int = 2) -> Key | None:
    """The place behind such a word, in so many parts; None for the first page.

    Raises:
        NotFound: nobody gave out such a cursor.
    """
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (ValueError, RecursionError) as error:
        raise NotFound(NO_PAGE) from error
    if not isinstance(key, list) or len(key) != parts or not all(_fits(part) for part in key):
        raise NotFound(NO_PAGE)
    return tuple(key)


def paged(
    rows: Sequence[Row], key: Callable[[Row], Key], cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """One page of a list that is at hand as a whole, and the cursor of the next."""
    start = 0
    if rows and cursor is not None:
        after = from_cursor(cursor, len(key(rows[0])))
        places = [place for place, row in enumerate(rows) if key(row) == after]
        if not places:
            raise NotFound(NO_PAGE)
        start = places[0] + 1
    page = list(rows[start : start + limit])
    following = to_cursor(*key(page[-1])) if page and start + limit < len(rows) else None
    return page, following


def _fits(part: Any) -> bool:
    """A text that every database takes as a value."""
    return isinstance(part, str) and "\0" not in part and part.isascii() | _is_text(part)


def _is_text(part: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in part)
