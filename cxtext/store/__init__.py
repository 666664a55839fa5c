"""Everything that is kept, in one database: SQLAlchemy Core on SQLite (WAL) or another engine behind the same functions."""

from cxtext.store import (  # known to the metadata from here on
    account_tables,
    alert_tables,
    defect_tables,
    erase_tables,
    metric_tables,
    search_tables,
    signal_tables,
    source_tables,
    tally_tables,
    voice_tables,
)
from cxtext.store.connect import Store
from cxtext.store.schema import open_store

__all__ = [
    "Store",
    "account_tables",
    "alert_tables",
    "defect_tables",
    "erase_tables",
    "metric_tables",
    "open_store",
    "search_tables",
    "signal_tables",
    "source_tables",
    "tally_tables",
    "voice_tables",
]
