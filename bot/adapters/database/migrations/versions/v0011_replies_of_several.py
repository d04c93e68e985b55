"""Let one message of the bot show several studies: `replies` gets a row for each study.

The downgrade keeps the first study of such a message, since older versions allow only one.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SAME = "id, message_id, reference, channel_id, parent_id, guild_id, poster_id, made_at, spoiler, target_id"


def upgrade() -> None:
    """Recreate the table `replies` with the new key and columns."""
    _move(
        ["id", "reference"],
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Text(), server_default="", nullable=False),
        sa.Column("more", sa.Integer(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    """Recreate the table as it was, with one row for each message of the bot."""
    op.execute(
        "DELETE FROM replies WHERE EXISTS (SELECT 1 FROM replies AS other WHERE other.id = replies.id"
        " AND (other.position < replies.position OR other.position = replies.position"
        " AND other.reference < replies.reference))"
    )
    _move(["id"])


def _move(key: Sequence[str], *more: sa.Column[Any]) -> None:
    op.execute("CREATE TABLE moved AS SELECT * FROM replies")
    op.drop_table("replies")
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("poster_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoiler", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("target_id", sa.BigInteger()),
        *more,
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_replies")),
        sa.UniqueConstraint("message_id", "reference", name=op.f("uq_replies_message_id")),
    )
    for column in ("guild_id", "poster_id", "made_at", "target_id"):
        op.create_index(op.f(f"ix_replies_{column}"), "replies", [column])
    for name, column in (("channel", "channel_id"), ("parent", "parent_id"), ("reference", "reference")):
        op.create_index(f"ix_replies_{name}", "replies", [column, "made_at"])
    fill_it = ["INSERT INTO replies (", _SAME, ") SELECT", _SAME, "FROM moved"]
    op.execute(" ".join(fill_it))
    op.drop_table("moved")
