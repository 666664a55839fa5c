"""What stays of an erasure: that it happened, and marks by which an erased ticket is known if its source sends it again.

Neither names anybody: a mark is the SHA-256 of a ticket's source and number, the record holds counts only. Both stay
when a run is discarded.
"""

from sqlalchemy import JSON, Column, Integer, String, Table

from cxtext.store.tables import Moment, metadata

erased_ticket = Table("erased_ticket", metadata, Column("mark", String(64), primary_key=True))

erasure = Table(
    "erasure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(200), nullable=False),
    Column("what", String(20), nullable=False),  # ticket, customer, retention
    Column("tickets", Integer, nullable=False),
    Column("counts", JSON, nullable=False),  # rows per table
)
