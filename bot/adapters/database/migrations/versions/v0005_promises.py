"""Add promises, and the card that each pointer links to.

A promise is a message that is to be answered; `kept_at` says when it was. Migration 0007 replaces promises by reply jobs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `promises` and the column `cards.target_id`."""
    op.create_table(
        "promises",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True)),
        sa.Column("salt", sa.String(24), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("links", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_promises")),
    )
    for column in ("guild_id", "made_at"):
        op.create_index(op.f(f"ix_promises_{column}"), "promises", [column])
    unkept = sa.text("kept_at IS NULL")
    op.create_index("ix_promises_unkept", "promises", ["message_id"], sqlite_where=unkept, postgresql_where=unkept)
    op.add_column("cards", sa.Column("target_id", sa.BigInteger()))
    op.create_index(op.f("ix_cards_target_id"), "cards", ["target_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("promises")
    op.drop_index(op.f("ix_cards_target_id"), "cards")
    op.drop_column("cards", "target_id")
