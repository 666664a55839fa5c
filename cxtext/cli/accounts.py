"""`users` and `keys`: who may look at the dashboard and ask the API."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from cxtext.store.accounts import Role

users = typer.Typer(help="People who log in to the dashboard.", no_args_is_help=True)
keys = typer.Typer(help="Keys of programs that ask the API.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.")]
ROLES = "viewer (looks), analyst (corrects, takes in tickets), editor (changes topics) or admin"
RoleName = Annotated[str, typer.Option("--role", metavar="ROLE", help=f"{ROLES}.")]
Departments = Annotated[
    list[str] | None,
    typer.Option(
        "--department", metavar="KEY", help="Sees only tickets of this department; repeatable (default: all)."
    ),
]
Expires = Annotated[
    str | None, typer.Option("--expires", metavar="DATE|DAYS", help="Last day, or days from now, such as 90.")
]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin (for scripts).")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.add_typer(users, name="users")
    app.add_typer(keys, name="keys")


@users.command("add")
def add_user(
    name: Name,
    role: RoleName = "viewer",
    department: Departments = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    password_stdin: FromStdin = False,
    json: options.Json = False,
) -> None:
    """Let somebody log in; from then on nobody looks without logging in or a key."""
    from cxtext.store import accounts

    password = _password(from_stdin=password_stdin)
    settings = options.settings_from(config, db)
    with options.store_of(settings, create=True) as store, store.write() as connection:
        chosen = _departments(connection, department)
        accounts.add_user(connection, name, password, _role(role), chosen, now=options.now())
    _told({"user": name, "role": role, "departments": list(chosen)}, f"{name} may log in as {role}", json=json)


@users.command("list")
def list_users(config: options.Config = None, db: options.Database = None, *, json: options.Json = False) -> None:
    """Who may log in."""
    from cxtext.store import accounts

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        found = accounts.users(connection)
    if json:
        print_json({"users": [_plain(asdict(user)) for user in found]})
    else:
        print_lines(*(f"{user.name}  {user.role}  {_where(user.departments)}" for user in found))


@users.command("remove")
def remove_user(
    name: Name, config: options.Config = None, db: options.Database = None, *, json: options.Json = False
) -> None:
    """Take somebody's access away, at once."""
    from cxtext.store import accounts

    with options.store_of(options.settings_from(config, db)) as store, store.write() as connection:
        accounts.remove_user(connection, name, now=options.now())
    _told({"removed": name}, f"{name} may no longer log in", json=json)


@users.command("password")
def change_password(
    name: Name,
    config: options.Config = None,
    db: options.Database = None,
    *,
    password_stdin: FromStdin = False,
    json: options.Json = False,
) -> None:
    """Give somebody a new password; their open sessions end."""
    from cxtext.store import accounts

    password = _password(from_stdin=password_stdin)
    with options.store_of(options.settings_from(config, db)) as store, store.write() as connection:
        accounts.set_password(connection, name, password)
    _told({"changed": name}, f"{name} has a new password", json=json)


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What uses the key, such as bi-export.")],
    role: RoleName = "viewer",
    department: Departments = None,
    expires: Expires = None,
    by: options.By = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Make an API key. Its secret is shown this once; only a hash of it is kept."""
    from cxtext.store import accounts

    at, settings = options.now(), options.settings_from(config, db)
    with options.store_of(settings, create=True) as store, store.write() as connection:
        key, secret = accounts.create_key(
            connection, name, _role(role), _departments(connection, department), by=options.actor(by), now=at,
            expires_at=_expiry(expires, at),
        )  # fmt: skip
    if json:
        print_json(_plain(asdict(key)) | {"secret": secret})
    else:
        print_lines(secret)
        note(f"{key.prefix}: {role}, {_where(key.departments)}. Keep it now, it is not shown again")


@keys.command("list")
def list_keys(config: options.Config = None, db: options.Database = None, *, json: options.Json = False) -> None:
    """All keys ever made, without their secrets."""
    from cxtext.store import accounts

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        found = accounts.keys(connection)
    if json:
        print_json({"keys": [_plain(asdict(key)) for key in found]})
        return
    at = options.now()
    for key in found:
        ended = key.expires_at is not None and key.expires_at <= at
        state = "revoked" if key.revoked_at else "expired" if ended else "valid"
        print_lines(f"{key.prefix}  {key.name}  {key.role}  {_where(key.departments)}  {state}")


@keys.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="How it begins, such as cxt_1a2b3c4d.")],
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """End a key, at once."""
    from cxtext.store import accounts

    with options.store_of(options.settings_from(config, db)) as store, store.write() as connection:
        accounts.revoke_key(connection, prefix, now=options.now())
    _told({"revoked": prefix}, f"{prefix} opens nothing any more", json=json)


def _password(*, from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _role(role: str) -> "Role":
    from cxtext.store import accounts

    for one in accounts.ROLES:
        if one == role:
            return one
    raise ConfigurationError(f"no role {role!r}; known: {', '.join(accounts.ROLES)}")


def _departments(connection: "Connection", chosen: "Sequence[str] | None") -> list[str]:
    """Keys of departments; a misspelt one would see nothing, so it is refused where any are known."""
    from cxtext.store import read_topics, runs

    known = [row["key"] for row in read_topics.departments(connection, runs.current(connection))]
    for key in chosen or ():
        if known and key not in known:
            raise ConfigurationError(f"no department {key!r}; known: {', '.join(known)}")
    return sorted(set(chosen or ()))


def _expiry(text: str | None, at: datetime) -> datetime | None:
    if text is None:
        return None
    if text.isdecimal():
        return at + timedelta(days=min(int(text), 36_500))
    day = options.day_from(text, "--expires")
    assert day is not None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _where(departments: "Sequence[str]") -> str:
    return ", ".join(departments) or "all departments"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _told(facts: dict[str, Any], line: str, *, json: bool) -> None:
    if json:
        print_json(facts)
    else:
        note(line)
