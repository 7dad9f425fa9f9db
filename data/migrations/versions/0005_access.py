"""Members, groups, roles, invitations, keys and sessions: who may do what. The roles that ship are made here."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Stored: a later program's words for them are for a later migration.
_BUILT_IN = (
    (
        *("administrator", "Organisation administrator", "organlsatlonadmlnlstrator"),
        *("Everything, and who may do it.", "admin"),
    ),
    (
        *("client-manager", "Client manager", "cllentmanager"),
        *("API clients and their tokens.", "clients:read clients:write requests:read"),
    ),
    (
        *("support", "Support", "support"),
        *("Why an integration stopped working.", "audit:read clients:read requests:read"),
    ),
    ("reviewer", "Reviewer", "revlewer", "The audit log, to be read.", "audit:read"),
)


def upgrade() -> None:
    not_deleted, not_removed = sa.text("deleted_at IS NULL"), sa.text("status <> 'removed'")
    roles = op.create_table(
        "role",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("permissions", sa.Text, nullable=False),
        sa.Column("built_in", sa.Boolean, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_index(
        "role_name", "role", ["skeleton"], unique=True, sqlite_where=not_deleted, postgresql_where=not_deleted
    )
    op.create_table(
        "member_group",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_index(
        "member_group_name",
        "member_group",
        ["skeleton"],
        unique=True,
        sqlite_where=not_deleted,
        postgresql_where=not_deleted,
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("login", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_index(
        "member_email", "member", ["folded"], unique=True, sqlite_where=not_removed, postgresql_where=not_removed
    )
    op.create_index(
        "member_login", "member", ["login"], unique=True, sqlite_where=not_removed, postgresql_where=not_removed
    )
    op.create_table(
        "member_role",
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("role_id", sa.Text, sa.ForeignKey("role.id"), primary_key=True),
    )
    op.create_table(
        "group_role",
        sa.Column("group_id", sa.Text, sa.ForeignKey("member_group.id"), primary_key=True),
        sa.Column("role_id", sa.Text, sa.ForeignKey("role.id"), primary_key=True),
    )
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Text, sa.ForeignKey("member_group.id"), primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), primary_key=True, index=True),
    )
    op.create_table(
        "ssh_key",
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("bits", sa.Integer, nullable=False),
        sa.Column("blob", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("code_digest", sa.LargeBinary(32), unique=True),
        sa.Column("invited_by_type", sa.Text, nullable=False),
        sa.Column("invited_by_id", sa.Text),
        sa.Column("invited_by_name", sa.Text),
        sa.Column("invited_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("accepted_at", sa.BigInteger),
        sa.Column("accepted_by", sa.Text, sa.ForeignKey("member.id")),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("expired_at", sa.BigInteger),
        sa.Column("delivery", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("next_try_at", sa.BigInteger),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "join_attempt",
        sa.Column("who", sa.Text, primary_key=True),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "console_session",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("terminal", sa.Text),
        sa.Column("program_version", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ending", sa.Text),
        sa.Column("ended_by", sa.Text),
    )
    op.create_table(
        "upkeep",
        sa.Column("task", sa.Text, primary_key=True),
        sa.Column("ran_at", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.bulk_insert(
        roles,
        [
            {
                "id": one,
                "name": name,
                "skeleton": skeleton,
                "description": description,
                "permissions": permissions,
                "built_in": True,
                "revision": 1,
            }
            for one, name, skeleton, description, permissions in _BUILT_IN
        ],
    )
