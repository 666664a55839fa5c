"""Users and API keys: who may look, in which role, at which departments. Secrets are kept as hashes only."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import ConfigurationError, NotFound, NotInstalled
from cxtext.store.account_tables import account, api_key, session

Role = Literal["viewer", "analyst", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do all that those before it may
SHORTEST = 12  # characters of a password (NIST SP 800-63B asks for length, not for special characters)
LONGEST = 1000  # characters; more would only let strangers keep the hash busy
USED = timedelta(days=1)  # a key's last use is noted once a day: a write for every read would slow both


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks: a user, a key, or whoever sits at this machine where nobody has been given access yet."""

    name: str
    role: Role
    departments: frozenset[str] = frozenset()  # empty: all
    via: Literal["local", "session", "key"] = "local"

    def may(self, role: Role) -> bool:
        """True where this role, or a higher one, was given."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who logs in with a password."""

    name: str
    role: Role
    departments: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key without its secret."""

    prefix: str
    name: str
    role: Role
    departments: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def add_user(
    connection: Connection, name: str, password: str, role: Role, departments: Sequence[str], *, now: datetime
) -> None:
    """Let somebody in; a name that was removed may come back with a new password.

    Raises:
        ConfigurationError: the name is taken or empty, the password is too short, there is no such role.
    """
    if not name.strip() or len(name) > 200:
        raise ConfigurationError("a user needs a name of 1 to 200 characters")
    values: dict[str, Any] = {"password": hashed(password), "role": _role(role)}
    values |= {"departments": sorted(set(departments)), "created_at": now, "removed_at": None}
    known = connection.execute(sa.select(account).where(account.c.name == name.strip())).one_or_none()
    if known is not None and known.removed_at is None:
        raise ConfigurationError(
            f"there is a user {name!r} already: `cxtext users password {name}` changes the password"
        )
    if known is None:
        connection.execute(account.insert().values(name=name.strip(), **values))
    else:
        connection.execute(account.update().where(account.c.id == known.id).values(**values))


def set_password(connection: Connection, name: str, password: str) -> None:
    """Give a user a new password; whoever is logged in under that name is logged out.

    Raises:
        NotFound: there is no such user.
        ConfigurationError: the password is too short.
    """
    number = _user_number(connection, name)
    connection.execute(account.update().where(account.c.id == number).values(password=hashed(password)))
    connection.execute(session.delete().where(session.c.account_id == number))


def remove_user(connection: Connection, name: str, *, now: datetime) -> None:
    """Take a user's access away at once. The row stays: what was locked once is never open to everybody again.

    Raises:
        NotFound: there is no such user.
    """
    number = _user_number(connection, name)
    connection.execute(account.update().where(account.c.id == number).values(removed_at=now))
    connection.execute(session.delete().where(session.c.account_id == number))


def users(connection: Connection) -> list[User]:
    """All who may log in, by name."""
    query = sa.select(account).where(account.c.removed_at.is_(None)).order_by(account.c.name)
    return [
        User(name=row.name, role=row.role, departments=tuple(row.departments), created_at=row.created_at)
        for row in connection.execute(query)
    ]


def create_key(
    connection: Connection,
    name: str,
    role: Role,
    departments: Sequence[str],
    *,
    by: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[Key, str]:
    """Make a key; returns it and its secret, which is shown this once and kept nowhere.

    Raises:
        ConfigurationError: no name, no such role, or it would have expired already.
    """
    if not name.strip() or len(name) > 200:
        raise ConfigurationError("a key needs a name that says what uses it")
    if expires_at is not None and expires_at <= now:
        raise ConfigurationError(f"the key would have expired already ({expires_at:%Y-%m-%d}): choose a later day")
    prefix = f"cxt_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    connection.execute(
        api_key.insert().values(
            prefix=prefix, hash=fingerprint(secret), name=name.strip(), role=_role(role),
            departments=sorted(set(departments)), created_at=now, created_by=by, expires_at=expires_at,
        )
    )  # fmt: skip
    return next(key for key in keys(connection) if key.prefix == prefix), secret


def keys(connection: Connection) -> list[Key]:
    """All keys ever made, oldest first."""
    columns = [api_key.c[name] for name in Key.__slots__]
    rows = connection.execute(sa.select(*columns).order_by(api_key.c.id)).mappings()
    return [Key(**dict(row) | {"departments": tuple(row["departments"])}) for row in rows]


def revoke_key(connection: Connection, prefix: str, *, now: datetime) -> None:
    """End a key at once.

    Raises:
        NotFound: no key begins like that.
    """
    open_ones = sa.and_(api_key.c.prefix == prefix, api_key.c.revoked_at.is_(None))
    if connection.execute(api_key.update().where(open_ones).values(revoked_at=now)).rowcount == 0:
        raise NotFound(f"no key {prefix!r} that still opens anything: `cxtext keys list` shows all")


def find_key(connection: Connection, secret: str, *, now: datetime) -> tuple[Principal, bool] | None:
    """Whose key this is, and whether its use is still to be noted; None for an unknown, revoked or expired one."""
    row = connection.execute(sa.select(api_key).where(api_key.c.hash == fingerprint(secret))).one_or_none()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    found = Principal(
        name=f"{row.name} ({row.prefix})", role=row.role, departments=frozenset(row.departments), via="key"
    )
    return found, row.last_used_at is None or now - row.last_used_at > USED


def note_use(connection: Connection, secret: str, *, now: datetime) -> None:
    """Remember that a key is still in use."""
    connection.execute(api_key.update().where(api_key.c.hash == fingerprint(secret)).values(last_used_at=now))


def anybody(connection: Connection) -> bool:
    """True once a user or a key was ever made: from then on nobody looks without one."""
    found = sa.or_(sa.exists(sa.select(account.c.id)), sa.exists(sa.select(api_key.c.id)))
    return bool(connection.scalar(sa.select(found)))


def fingerprint(secret: str) -> str:
    """What is kept of a secret that is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hashed(password: str) -> str:
    """A password as argon2id keeps it (RFC 9106, second recommended option: 64 MiB, 3 passes).

    Raises:
        ConfigurationError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigurationError(f"a password has {SHORTEST} to {LONGEST} characters")
    return str(hasher().hash(password))


def hasher() -> Any:
    """What hashes passwords and holds them against a hash."""
    try:
        from argon2 import PasswordHasher  # noqa: PLC0415 – only where somebody logs in
    except ImportError as error:
        raise NotInstalled("logging in with a password", "api") from error
    return PasswordHasher()


def _role(role: str) -> str:
    if role not in ROLES:
        raise ConfigurationError(f"no role {role!r}; known: {', '.join(ROLES)}")
    return role


def _user_number(connection: Connection, name: str) -> int:
    number = connection.scalar(sa.select(account.c.id).where(account.c.name == name, account.c.removed_at.is_(None)))
    if number is None:
        raise NotFound(f"no user {name!r}: `cxtext users list` shows all")
    return int(number)
