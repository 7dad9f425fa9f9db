"""API clients, their tokens, when each was last used, and the organisation's rules."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("networks", sa.Text, nullable=False),
        sa.Column("expires", sa.Date, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("expired_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoke_reason", sa.Text),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    is_there = sa.text("deleted_at IS NULL")
    op.create_index(
        "api_client_name", "api_client", ["skeleton"], unique=True, sqlite_where=is_there, postgresql_where=is_there
    )
    op.create_table(
        "token",
        sa.Column("public_id", sa.Text, primary_key=True),
        sa.Column("client_id", sa.Text, sa.ForeignKey("api_client.id"), nullable=False, index=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("overlap_ends", sa.Date),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("end_reason", sa.Text),
    )
    op.create_table(
        "token_use",
        sa.Column("public_id", sa.Text, sa.ForeignKey("token.public_id"), primary_key=True),
        sa.Column("last_used_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_ip", sa.Text),
    )
    op.create_table(
        "policy",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
