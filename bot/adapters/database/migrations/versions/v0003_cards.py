"""Add the cards that were sent, each with the message that it answers, and the people who opted out of cards."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables `cards` and `people`."""
    op.create_table(
        "cards",
        sa.Column("card_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("poster_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoiler", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pointer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_cards")),
    )
    for column in ("message_id", "guild_id", "poster_id", "made_at"):
        op.create_index(op.f(f"ix_cards_{column}"), "cards", [column])
    op.create_index("ix_cards_channel", "cards", ["channel_id", "made_at"])
    op.create_index("ix_cards_parent", "cards", ["parent_id", "made_at"])
    op.create_table(
        "people",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_people")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("people")
    op.drop_table("cards")
