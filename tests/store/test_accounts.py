"""Users, keys, sessions: what is kept of them, and when they end."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, NotFound
from cxtext.store import Store, accounts, sessions
from cxtext.store.account_tables import ACCOUNTS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECRET = "correct horse battery"


def test_a_password_is_kept_as_argon2id_and_nothing_else(store: Store) -> None:
    with store.write() as connection:
        accounts.add_user(connection, "anna", SECRET, "editor", ["it", "billing", "it"], now=NOW)
        _, key = accounts.create_key(connection, "bi", "viewer", [], by="anna", now=NOW)
        number = sessions.matches(connection, "anna", SECRET)
        assert number is not None
        cookie = sessions.begin(connection, number, now=NOW)
    with store.read() as connection:
        kept = " ".join(str(row) for table in ACCOUNTS for row in connection.execute(sa.select(table)))
        assert "$argon2id$" in kept
        for secret in (SECRET, key, key[13:], cookie):
            assert secret not in kept
        assert accounts.users(connection)[0].departments == ("billing", "it")


def test_users_come_and_go_and_the_house_stays_locked(store: Store) -> None:
    with store.write() as connection:
        assert not accounts.anybody(connection)
        accounts.add_user(connection, "anna", SECRET, "viewer", [], now=NOW)
        with pytest.raises(ConfigurationError, match="already"):
            accounts.add_user(connection, "anna", SECRET, "viewer", [], now=NOW)
        number = sessions.matches(connection, "anna", SECRET)
        assert number is not None
        cookie = sessions.begin(connection, number, now=NOW)
        assert sessions.whose(connection, cookie, now=NOW)
        accounts.remove_user(connection, "anna", now=NOW)
        assert sessions.whose(connection, cookie, now=NOW) is None
        assert sessions.matches(connection, "anna", SECRET) is None
        assert accounts.users(connection) == []
        assert accounts.anybody(connection)
        with pytest.raises(NotFound):
            accounts.remove_user(connection, "anna", now=NOW)
        accounts.add_user(connection, "anna", "another long one", "admin", [], now=NOW)
        assert sessions.matches(connection, "anna", SECRET) is None
        assert sessions.matches(connection, "anna", "another long one") is not None


def test_a_new_password_ends_open_sessions(store: Store) -> None:
    with store.write() as connection:
        accounts.add_user(connection, "anna", SECRET, "viewer", [], now=NOW)
        number = sessions.matches(connection, "anna", SECRET)
        assert number is not None
        cookie = sessions.begin(connection, number, now=NOW)
        accounts.set_password(connection, "anna", "another long one")
        assert sessions.whose(connection, cookie, now=NOW) is None


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 1001])
def test_passwords_have_a_length(store: Store, password: str) -> None:
    with store.write() as connection, pytest.raises(ConfigurationError, match="12 to"):
        accounts.add_user(connection, "anna", password, "viewer", [], now=NOW)


def test_sessions_end_by_themselves(store: Store) -> None:
    with store.write() as connection:
        accounts.add_user(connection, "anna", SECRET, "viewer", [], now=NOW)
        number = sessions.matches(connection, "anna", SECRET)
        assert number is not None
        cookie = sessions.begin(connection, number, now=NOW)
        late = NOW + sessions.LASTS
        assert sessions.whose(connection, cookie, now=late - timedelta(seconds=1))
        assert sessions.whose(connection, cookie, now=late) is None
        sessions.end(connection, cookie)
        assert sessions.whose(connection, cookie, now=NOW) is None


def test_keys_expire_are_revoked_and_show_no_secret(store: Store) -> None:
    with store.write() as connection:
        key, secret = accounts.create_key(
            connection, "bi", "viewer", ["it"], by="anna", now=NOW, expires_at=NOW + timedelta(days=1)
        )
        assert secret.startswith(key.prefix)
        found = accounts.find_key(connection, secret, now=NOW)
        assert found is not None
        assert (found[0].role, found[0].departments, found[0].via, found[1]) == (
            "viewer",
            frozenset({"it"}),
            "key",
            True,
        )
        accounts.note_use(connection, secret, now=NOW)
        again = accounts.find_key(connection, secret, now=NOW)
        assert again is not None
        assert again[1] is False
        assert accounts.find_key(connection, secret, now=NOW + timedelta(days=1)) is None
        assert accounts.find_key(connection, secret[:-1] + "x", now=NOW) is None
        accounts.revoke_key(connection, key.prefix, now=NOW)
        assert accounts.find_key(connection, secret, now=NOW) is None
        with pytest.raises(NotFound):
            accounts.revoke_key(connection, key.prefix, now=NOW)
        with pytest.raises(ConfigurationError, match="expired already"):
            accounts.create_key(connection, "bi", "viewer", [], by="a", now=NOW, expires_at=NOW)


def test_attempts_are_slowed_by_name_and_by_address(store: Store) -> None:
    with store.write() as connection:
        for number in range(sessions.TRIES):
            assert sessions.slowed(connection, "anna", "10.0.0.1", now=NOW) == 0
            sessions.failed(connection, "anna", f"10.0.0.{number}", now=NOW)
        assert 0 < sessions.slowed(connection, " Anna", "10.0.0.99", now=NOW) <= 901
        assert sessions.slowed(connection, "berta", "10.0.0.1", now=NOW) == 0
        assert sessions.slowed(connection, "anna", "10.0.0.1", now=NOW + sessions.WINDOW) == 0
        for number in range(sessions.TRIES_FROM):
            sessions.failed(connection, f"name{number}", "10.9.9.9", now=NOW)
        assert sessions.slowed(connection, "anybody", "10.9.9.9", now=NOW) > 0
