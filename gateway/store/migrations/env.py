"""Alembic runs this file for every migration; the connection comes from gateway/store/migration.py."""

from alembic import context

from gateway.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Both SQLite and PostgreSQL undo table changes on rollback, once BEGIN is sent (gateway/store/sqlite_file.py does).
    transactional_ddl=True,
    render_as_batch=True,  # SQLite alters few things in place: Alembic copies the table instead
)
with context.begin_transaction():
    context.run_migrations()
