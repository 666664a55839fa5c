"""What Alembic runs: always on the connection that `cxtext.store.migrate` hands over."""

from alembic import context

from cxtext.store.search_tables import is_ours
from cxtext.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=lambda name, _kind, _parents: not is_ours(name),
)
context.run_migrations()
