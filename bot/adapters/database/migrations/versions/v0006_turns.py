"""Add what processes share of a site's limits, records that the site does not have, and when a guild's settings changed.

A row of `turns` says for one site when the next request may be sent, and until when the site is left alone after failures.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables `turns` and `misses`, and the column `guilds.changed_at`."""
    op.create_table(
        "turns",
        sa.Column("name", sa.String(200), nullable=False),
        *(
            sa.Column(name, sa.Double(), server_default="0", nullable=False)
            for name in ("next_at", "left_at", "held_until", "delay")
        ),
        sa.Column("left_by", sa.String(32), server_default="", nullable=False),
        sa.Column("rest_until", sa.Double()),
        sa.Column("rest_seconds", sa.Double(), server_default="0", nullable=False),
        sa.Column("rest_why", sa.String(32), server_default="", nullable=False),
        sa.Column("rest_reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turns")),
    )
    op.create_table(
        "misses",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_misses")),
    )
    op.create_index(op.f("ix_misses_until"), "misses", ["until"])
    op.add_column("guilds", sa.Column("changed_at", sa.Double(), server_default="0", nullable=False))
    op.create_index(op.f("ix_guilds_changed_at"), "guilds", ["changed_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_guilds_changed_at"), "guilds")
    op.drop_column("guilds", "changed_at")
    op.drop_table("misses")
    op.drop_table("turns")
