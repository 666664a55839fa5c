"""Everything that is kept, in one database: SQLAlchemy Core on SQLite (WAL) or another engine behind the same functions."""

from cxtext.store.connect import Store, open_store

__all__ = ["Store", "open_store"]
