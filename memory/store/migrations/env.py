"""Alembic runs this for every command; the connection comes from `configuration`."""

from alembic import context

from memory.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=False,  # both databases print defaults in their own words
    render_as_batch=True,  # SQLite changes a column by copying its table
    transaction_per_migration=False,
)
context.run_migrations()
