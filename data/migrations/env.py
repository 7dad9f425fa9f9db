"""Alembic's entry: runs the migrations on the connection that `data.store.schema` hands over, in its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
context.run_migrations()
