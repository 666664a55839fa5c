"""What the search by words looks up: the keys of every version of every ticket, written by us, so that all databases agree.

SQLite keeps an FTS5 index (`search_index`, filled by triggers) over the column `words`, PostgreSQL a GIN index over the
same words taken as a tsvector. Neither cuts or stems anything by itself.
"""

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Table, Text

from cxtext.store.tables import metadata

search_entry = Table(
    "search_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("no", Integer, ForeignKey("ticket.no"), nullable=False),
    Column("version_run", Integer, ForeignKey("run.id"), nullable=False),  # `from_run` of the version it stands for
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),  # that wrote it
    Column("words", Text, nullable=False),  # keys between blanks
    Index(None, "no", "version_run", unique=True),
)

LEXEMES = "array_to_tsvector(string_to_array(words, ' '))"  # PostgreSQL: the keys as they are, no parser in between

TABLE = """
create virtual table search_index using fts5(
    words, content='search_entry', content_rowid='id', tokenize='ascii', detail=none, columnsize=0)"""
ENTERS = """
create trigger search_entry_in after insert on search_entry begin
    insert into search_index(rowid, words) values (new.id, new.words);
end"""
LEAVES = """
create trigger search_entry_out after delete on search_entry begin
    insert into search_index(search_index, rowid, words) values ('delete', old.id, old.words);
end"""


def create_index(connection: Connection) -> None:
    """Make what finds words; the table must be there."""
    if connection.dialect.name == "sqlite":
        for statement in (TABLE, ENTERS, LEAVES):
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql(f"create index search_index on search_entry using gin ({LEXEMES})")


def drop_index(connection: Connection) -> None:
    """Take it away again."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("drop table search_index")
    else:
        connection.exec_driver_sql("drop index search_index")


def is_ours(name: str | None) -> bool:
    """Whether a table or index is one that `create_index` or `pgvector` makes; Alembic need not compare them."""
    return name is not None and name.startswith(("search_index", "similar_"))
