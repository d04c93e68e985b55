"""Alembic's entry: run the steps on the connection that `bot.adapters.database.engine` hands over."""

from alembic import context

from bot.adapters.database.tables import Base, is_described

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_described,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
