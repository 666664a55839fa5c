"""Bring the schema of a database up to date with Alembic, in one transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from cxtext.errors import StoreError
from cxtext.store import postgresql
from cxtext.store.connect import Store


def configuration() -> Config:
    """Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def newest() -> str | None:
    """The newest schema that the migrations describe."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def upgrade(store: Store, to: str = "head") -> None:
    """Run all migrations that are missing.

    Raises:
        StoreError: the database was written by a newer cxtext.
    """
    config = configuration()
    with store.write() as connection:
        config.attributes["connection"] = connection
        try:
            if not store.is_sqlite:
                postgresql.check_version(connection)
            command.upgrade(config, to)
            if not store.is_sqlite:
                postgresql.sort_by_bytes(connection)
        except CommandError as error:
            raise StoreError(f"{store.url}: written by a newer cxtext ({error}); update cxtext") from error


def downgrade(store: Store, to: str) -> None:
    """Go back to an older schema."""
    config = configuration()
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
