"""The tag of an answer: the same while the published run, the reader's rights and the question are the same."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from cxtext.store.accounts import Principal

VERSION = version("cxtext")


def tag(scope: Mapping[str, Any], who: Principal, run_id: int) -> str:
    """The weak entity tag of a GET (RFC 9110, 8.8.3)."""
    language = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    parts = (
        scope["path"].encode(), scope["query_string"], who.role.encode(), "\n".join(sorted(who.departments)).encode(),
        language,
    )  # fmt: skip
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return f'W/"{VERSION}-{run_id}-{digest}"'


def seen(header: str, current: str) -> bool:
    """True where an If-None-Match header names the tag; weak and strong ones are compared alike."""
    return current.removeprefix("W/") in {word.strip().removeprefix("W/") for word in header.split(",")}
