"""Every kind of online source with the fake or the place that stands for it, and what it can do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.connectors.fakes import helpdesks, places, reviews
from tests.connectors.fakes.desk import Desk, Fake


@dataclass(frozen=True)
class Kind:
    """One kind of source under test: its fake or its place, its options, and what it can do."""

    name: str
    fake: Fake | None
    options: dict[str, str]
    secret: str = "token"
    place: Callable[[Desk, Path], dict[str, str]] | None = None
    resumes: bool = True  # its order is known, so that a broken visit goes on where it stopped
    comments: bool = False  # ratings come with a comment
    deletes: str = "at once"  # or: weekly, never
    at_rest: int = 2  # requests of a visit that finds nothing new, besides those for single tickets
    loops: bool = True  # it has a cursor that could loop
    changes: bool = True  # changes can be asked for
    edits: bool = True  # the text of one can change later


def _rsa() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    return _pem(rsa.generate_private_key(65537, 2048), serialization)


def _elliptic() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    return _pem(ec.generate_private_key(ec.SECP256R1()), serialization)


def _pem(key: Any, serialization: Any) -> str:
    form = serialization.PrivateFormat.PKCS8
    return str(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode())


GOOGLE = {"client_email": "reader@example.iam", "private_key": _rsa(), "token_uri": "{base}/token"}
WEB = (
    Kind("zendesk", helpdesks.zendesk, {"user": "reader@example.com"}, comments=True),
    Kind("freshdesk", helpdesks.freshdesk, {}, secret="key", loops=False, at_rest=4, comments=True),
    Kind("zammad", helpdesks.zammad, {}, loops=False, deletes="weekly", at_rest=1),
    Kind("jira", helpdesks.jira, {"user": "reader@example.com"}, deletes="weekly", at_rest=1),
    Kind("request_tracker", helpdesks.request_tracker, {}, loops=False, at_rest=2),
    Kind("intercom", helpdesks.intercom, {}, deletes="weekly", at_rest=1, comments=True),
    Kind("salesforce", helpdesks.salesforce, {}, at_rest=1),
    Kind("google_play", reviews.google_play, {"package": "com.example.shop"}, secret="", deletes="never", changes=False, resumes=False),
    Kind("app_store", reviews.app_store, {"app": "1", "issuer": "i", "key_id": "k", "key": _elliptic()}, secret="", deletes="never", at_rest=1,
         resumes=False, edits=False),  # Apple tells the date of the review alone, not that of its change
    Kind("trustpilot", reviews.trustpilot, {"unit": "u", "key": "schluessel"}, loops=False, deletes="weekly", at_rest=1, resumes=False),
    Kind(
        "rest",
        reviews.rest,
        {"path": "faelle", "items": "data.items", "next": "data.next", "since_parameter": "changed_since", "header": "X-Api-Key",
         "map_id": "nr", "map_subject": "betreff", "map_text": "inhalt.text", "map_created_at": "erstellt", "map_updated_at": "geaendert"},
        deletes="never",
        at_rest=1,
        resumes=False,
    ),
)  # fmt: skip
OTHERS = (
    Kind("sql", None, {}, secret="", place=places.sql),
    Kind("folder", None, {}, secret="", place=places.files, deletes="never"),
    Kind("dlt", None, {}, secret="", place=places.resource, deletes="never", changes=False, resumes=False),
    Kind("imap", None, {}, secret="", edits=False),
)
