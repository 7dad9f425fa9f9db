"""Saved views, and the marks where their readers stopped; events from before that hold hostile text are marked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from data.store.hostile_events import mark_hostile_events

revision = "0002"
down_revision = "0001"

_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("owner", "folded", name="saved_view_name"),
    )
    op.create_table(
        "reading_mark",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("view_id", _ID, primary_key=True),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("newest_id", _ID, nullable=False),
        sa.Column("left_at", sa.BigInteger, nullable=False),
    )
    mark_hostile_events(op.get_bind())
