"""What Alembic runs: always on the connection that `cxtext.store.migrate` hands over."""

from alembic import context

from cxtext.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
