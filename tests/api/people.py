"""Everybody who may ask: each role with all departments and with one, nobody, and a revoked key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from cxtext.settings import Settings
from cxtext.store import accounts, open_store
from cxtext.store.accounts import ROLES

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
PASSWORD = "correct horse battery"
DEPARTMENTS = ("billing", "logistics")


@dataclass(frozen=True)
class People:
    """Secrets by role and department ("" is all)."""

    keys: dict[tuple[str, str], str]
    revoked: str


def let_in(database: Path) -> People:
    """Users named after their role, and a key for each role and department."""
    store = open_store(f"sqlite:///{database}")
    keys: dict[tuple[str, str], str] = {}
    with store.write() as connection:
        for role in ROLES:
            accounts.add_user(connection, role, PASSWORD, role, [], now=NOW)
            for department in ("", *DEPARTMENTS):
                named = [department] if department else []
                keys[role, department] = accounts.create_key(
                    connection, f"{role} {department}", role, named, by="test", now=NOW
                )[1]
        key, revoked = accounts.create_key(connection, "gone", "admin", [], by="test", now=NOW)
        accounts.revoke_key(connection, key.prefix, now=NOW)
    store.close()
    return People(keys, revoked)


def client_of(database: Path, key: str | None = None) -> TestClient:
    """A client that is elsewhere."""
    app = create_app(Settings.load(db=f"sqlite:///{database}"), hosts=("*",))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return TestClient(app, base_url="https://tickets.example", client=("203.0.113.9", 40000), headers=headers)
