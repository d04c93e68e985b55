"""Add leases of daily tasks; the holder of the lease is the process that does the task."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns of the lease, and allow NULL in `began_at`, since a task is leased before it first begins."""
    with op.batch_alter_table("daily_tasks") as table:
        table.alter_column("began_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.add_column(sa.Column("lease", sa.String(16), server_default="", nullable=False))
        table.add_column(sa.Column("lease_until", sa.Double(), server_default="0", nullable=False))


def downgrade() -> None:
    """Drop the columns, and the rows of tasks that never began."""
    op.execute("DELETE FROM daily_tasks WHERE began_at IS NULL")
    with op.batch_alter_table("daily_tasks") as table:
        table.drop_column("lease_until")
        table.drop_column("lease")
        table.alter_column("began_at", existing_type=sa.DateTime(timezone=True), nullable=False)
