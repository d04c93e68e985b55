"""Replace promises by reply jobs, and cards by replies, of which a message has one for each record.

Every promise becomes a job, so that edits and deletions of messages that were already answered are still followed. Of two
cards for one message and record, the first one is kept. A pointer whose card is not known gets 0 as its target, which is the
ID of no message.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the new tables, copy the rows, and drop the old tables."""
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("poster_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoiler", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("target_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("message_id", "record_id", name=op.f("uq_replies_message_id")),
    )
    op.execute("""
        INSERT INTO replies (id, message_id, record_id, channel_id, parent_id, guild_id, poster_id, made_at, spoiler,
                             target_id)
        SELECT card_id, message_id, record_id, channel_id, parent_id, guild_id, poster_id, made_at, spoiler,
               CASE WHEN pointer THEN COALESCE(target_id, 0) END
        FROM cards
        WHERE message_id IS NULL OR card_id IN (SELECT MIN(card_id) FROM cards GROUP BY message_id, record_id)
    """)
    for column in ("guild_id", "poster_id", "made_at", "target_id"):
        op.create_index(op.f(f"ix_replies_{column}"), "replies", [column])
    op.create_index("ix_replies_channel", "replies", ["channel_id", "made_at"])
    op.create_index("ix_replies_parent", "replies", ["parent_id", "made_at"])
    op.create_table(
        "reply_jobs",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nonce_seed", sa.String(24), nullable=False),
        sa.Column("requests", sa.Integer(), server_default="1", nullable=False),
        sa.Column("completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered", sa.Text(), server_default="", nullable=False),
        sa.Column("mark", sa.String(16)),
        sa.Column("lease", sa.String(16), server_default="", nullable=False),
        sa.Column("lease_until", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_reply_jobs")),
    )
    op.execute("""
        INSERT INTO reply_jobs (message_id, channel_id, guild_id, requested_at, nonce_seed, completed, accepted)
        SELECT message_id, channel_id, guild_id, made_at, salt, CASE WHEN kept_at IS NULL THEN 0 ELSE 1 END, kept_at IS NULL
        FROM promises
    """)
    for column in ("guild_id", "requested_at", "lease"):
        op.create_index(op.f(f"ix_reply_jobs_{column}"), "reply_jobs", [column])
    pending = sa.text("requests > completed")
    op.create_index("ix_reply_jobs_pending", "reply_jobs", ["message_id"], sqlite_where=pending, postgresql_where=pending)
    op.drop_table("promises")
    op.drop_table("cards")


def downgrade() -> None:
    """Create the old tables again, and copy what they can hold; a promise's version and links are lost."""
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
        sa.Column("target_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_cards")),
    )
    op.execute("""
        INSERT INTO cards (card_id, message_id, record_id, channel_id, parent_id, guild_id, poster_id, made_at, spoiler,
                           pointer, target_id)
        SELECT id, message_id, record_id, channel_id, parent_id, guild_id, poster_id, made_at, spoiler,
               target_id IS NOT NULL, target_id
        FROM replies
    """)
    for column in ("message_id", "guild_id", "poster_id", "made_at", "target_id"):
        op.create_index(op.f(f"ix_cards_{column}"), "cards", [column])
    op.create_index("ix_cards_channel", "cards", ["channel_id", "made_at"])
    op.create_index("ix_cards_parent", "cards", ["parent_id", "made_at"])
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
    op.execute("""
        INSERT INTO promises (message_id, channel_id, guild_id, made_at, kept_at, salt, version, links)
        SELECT message_id, channel_id, guild_id, requested_at,
               CASE WHEN requests > completed THEN NULL ELSE requested_at END, nonce_seed, 0, ''
        FROM reply_jobs
    """)
    for column in ("guild_id", "made_at"):
        op.create_index(op.f(f"ix_promises_{column}"), "promises", [column])
    unkept = sa.text("kept_at IS NULL")
    op.create_index("ix_promises_unkept", "promises", ["message_id"], sqlite_where=unkept, postgresql_where=unkept)
    op.drop_table("reply_jobs")
    op.drop_table("replies")
