"""What a pointer points to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("cards", sa.Column("target_id", sa.BigInteger()))
    op.create_index(op.f("ix_cards_target_id"), "cards", ["target_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f("ix_cards_target_id"), "cards")
    op.drop_column("cards", "target_id")
