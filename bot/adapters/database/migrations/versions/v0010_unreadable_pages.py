"""Add unreadable pages: those that a parser could not read, kept so that the parser can be corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `unreadable_pages`."""
    op.create_table(
        "unreadable_pages",
        sa.Column("site", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parser", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("charset", sa.String(64)),
        sa.Column("read_since", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", "reference", name=op.f("pk_unreadable_pages")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("unreadable_pages")
