"""Run by Alembic: migrates the connection it is given, in that connection's transaction."""

from alembic import context

from server.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
