"""Run by Alembic for each command: it works on the connection that `runner.py` (or the generator) hands over."""

from __future__ import annotations

from alembic import context

from widget_server.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
