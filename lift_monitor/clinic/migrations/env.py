"""What Alembic runs: the migrations, on the connection that it was given."""

from alembic import context

from lift_monitor.clinic.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite's too: a migration that is killed half-way leaves the old schema.
    transactional_ddl=True,
)
context.run_migrations()
