"""Logging in: passwords held against their hash, attempts slowed down, sessions that end by themselves; the audit."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store.account_tables import account, audit, login_attempt, session
from cxtext.store.accounts import LONGEST, Principal, fingerprint, hasher

LASTS = timedelta(hours=12)  # of a session: a working day
WINDOW = timedelta(minutes=15)
TRIES = 5  # of one name in a window
TRIES_FROM = 30  # of one address: an office has many people behind one
# What an unknown name is held against, so that it takes as long as a wrong password; it never lets anybody in.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$BE44oPWMU8b5otRF8NZHIg$Fkf4e080HI42PJooeWt+Mdrwgax8iyFJj9H9xxF5q+M"


def slowed(connection: Connection, name: str, address: str, *, now: datetime) -> int:
    """Seconds until the next attempt is heard, 0 for now. Names and addresses are counted apart, as hashes."""
    waits = [_wait(connection, _name(name), TRIES, now), _wait(connection, _address(address), TRIES_FROM, now)]
    return max(waits)


def failed(connection: Connection, name: str, address: str, *, now: datetime) -> None:
    """Count an attempt that failed; old ones are forgotten."""
    connection.execute(login_attempt.delete().where(login_attempt.c.at < now - WINDOW))
    connection.execute(login_attempt.insert(), [{"who": who, "at": now} for who in (_name(name), _address(address))])


def matches(connection: Connection, name: str, password: str) -> int | None:
    """The number of the user whose password this is. An unknown name takes as long as a wrong password."""
    from argon2.exceptions import VerificationError  # noqa: PLC0415 – only where somebody logs in

    query = sa.select(account.c.id, account.c.password).where(account.c.name == name, account.c.removed_at.is_(None))
    row = connection.execute(query).one_or_none()
    try:
        hasher().verify(row.password if row else NOBODY, password[:LONGEST])
    except VerificationError:
        return None
    return None if row is None else int(row.id)


def begin(connection: Connection, account_id: int, *, now: datetime) -> str:
    """Open a session; returns what the cookie holds."""
    token = secrets.token_urlsafe(32)
    connection.execute(session.delete().where(session.c.expires_at <= now))
    values = {"hash": fingerprint(token), "account_id": account_id, "created_at": now, "expires_at": now + LASTS}
    connection.execute(session.insert().values(**values))
    return token


def whose(connection: Connection, token: str, *, now: datetime) -> Principal | None:
    """Who is logged in under that cookie."""
    query = (
        sa.select(account.c.name, account.c.role, account.c.departments)
        .join(session, session.c.account_id == account.c.id)
        .where(session.c.hash == fingerprint(token), session.c.expires_at > now, account.c.removed_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Principal(name=row.name, role=row.role, departments=frozenset(row.departments), via="session")


def end(connection: Connection, token: str) -> None:
    """Log out."""
    connection.execute(session.delete().where(session.c.hash == fingerprint(token)))


def note(
    connection: Connection, who: Principal | None, *, via: str, what: str, path: str, status: int, now: datetime
) -> None:
    """Write down an act that changes something: who, when, what, and how it ended."""
    values = {"at": now, "who": who.name if who else "nobody", "via": via, "what": what[:300], "path": path[:2000]}
    connection.execute(audit.insert().values(**values, status=status))


def noted(connection: Connection, *, limit: int = 50, before: int | None = None) -> list[dict[str, Any]]:
    """The newest acts first."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [dict(row) for row in connection.execute(query).mappings()]


def _wait(connection: Connection, who: str, tries: int, now: datetime) -> int:
    query = (
        sa.select(login_attempt.c.at)
        .where(login_attempt.c.who == who, login_attempt.c.at > now - WINDOW)
        .order_by(login_attempt.c.at.desc())
        .limit(tries)
    )
    times = list(connection.scalars(query))
    if len(times) < tries:
        return 0
    return max(1, int((times[-1] + WINDOW - now).total_seconds()) + 1)


def _name(name: str) -> str:
    return fingerprint(f"name {name.strip().casefold()}")


def _address(address: str) -> str:
    return fingerprint(f"address {address}")
