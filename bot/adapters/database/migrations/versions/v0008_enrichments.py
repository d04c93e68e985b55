"""Add enrichments, the times of daily tasks, and whether a record's own page says that the study was retracted.

The JSON of records that are already stored is read here as it was when this migration was written.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BATCH = 200


def upgrade() -> None:
    """Create the tables `enrichments` and `daily_tasks`, and create and fill the column `library.retracted`."""
    op.create_table(
        "enrichments",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("doi", sa.Text()),
        sa.Column("retracted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("enrichment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_enrichments")),
    )
    op.create_index(op.f("ix_enrichments_doi"), "enrichments", ["doi"])
    op.create_table(
        "daily_tasks",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_daily_tasks")),
    )
    op.create_index("ix_replies_record", "replies", ["record_id", "made_at"])
    op.add_column("library", sa.Column("retracted", sa.Boolean(), server_default=sa.false(), nullable=False))
    fill(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    op.drop_column("library", "retracted")
    op.drop_index("ix_replies_record", "replies")
    op.drop_table("daily_tasks")
    op.drop_table("enrichments")


def fill(connection: sa.Connection) -> None:
    """Look at all records in the order of their IDs, `BATCH` at a time; a damaged one counts as not retracted."""
    last = 0
    while rows := connection.execute(_SOME, {"last": last, "most": BATCH}).all():
        last = rows[-1].id
        for number, stored in rows:
            if _is_retracted(stored):
                connection.execute(_MARK, {"id": number, "yes": True})


def _is_retracted(stored: str) -> bool:
    try:
        return json.loads(stored).get("retraction") is not None
    except (ValueError, AttributeError, RecursionError):
        return False


_SOME = sa.text("SELECT id, record FROM records WHERE id > :last ORDER BY id LIMIT :most")
_MARK = sa.text("UPDATE library SET retracted = :yes WHERE record_id = :id")
