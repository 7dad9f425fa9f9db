"""The tables, as SQLAlchemy sees them. The migrations make them; a test holds the two against each other."""

from dataclasses import dataclass

import sqlalchemy as sa

from data.answers import Dimension
from data.records import Log
from data.store.uuid_column import Uuid

METADATA = sa.MetaData()

Sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _log_table(name: str) -> sa.Table:
    """A table of events: one shape for every log."""
    # The short columns come first: SQLite reads a row from its start, and what is filtered by must not lie behind the
    # text.
    return sa.Table(
        name,
        METADATA,
        sa.Column("seq", Sequence, primary_key=True),
        sa.Column("id", Uuid, nullable=False, unique=True),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Integer, nullable=False),
        sa.Column("actor", sa.Integer, nullable=False),
        sa.Column("client", sa.Integer),
        sa.Column("target", sa.Integer),
        sa.Column("service", sa.Integer),
        sa.Column("ip", sa.Integer),
        sa.Column("session", sa.Integer),
        sa.Column("token", sa.Integer),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("request_digest", sa.BigInteger),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("salt", sa.LargeBinary(16)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("personal", sa.Text),
        sqlite_autoincrement=True,
    )


event = _log_table("event")
request = _log_table("request")


@dataclass(frozen=True, slots=True)
class LogTable:
    """Where a log's events are, and whether each of them awaits its seal: only then is there a `pending` row of it."""

    table: sa.Table
    is_sealed: bool


LOG_TABLES = {
    Log.CHANGES: LogTable(event, is_sealed=True),
    Log.REQUESTS: LogTable(request, is_sealed=False),
}

# Events of the change log that have no place in the proof yet; a trigger fills it, the keeper empties it.
pending = sa.Table("pending", METADATA, sa.Column("seq", Sequence, primary_key=True, autoincrement=False))

# The dictionary of both logs: each distinct value of a dimension once. `digest` is what makes it unique, for names may
# be long.
term = sa.Table(
    "term",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dimension", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("ident", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("folded", sa.Text),
    sa.Column("address", sa.LargeBinary(16)),
    sa.Column("digest", sa.LargeBinary(16), nullable=False, unique=True),
)
# The indexes on PostgreSQL are those of the migrations, some of another kind: to say so here would load its dialect, which
# an embedded database does without.
sa.Index("term_ident", term.c.ident)
sa.Index("term_folded", term.c.folded)
_HAS_ADDRESS = sa.text("address IS NOT NULL")
sa.Index("term_address", term.c.address, sqlite_where=_HAS_ADDRESS)
# The terms of the dimensions that have few, so that a wildcard over types or clients does not go through every target.
_OF_FEW = (1, 2, 3, 4, 6)
"""Types, outcomes, actors, clients and services, by DIMENSION_NUMBERS."""
_IS_OF_FEW = sa.text(f"dimension IN {_OF_FEW}")
sa.Index("term_of_few", term.c.dimension, sqlite_where=_IS_OF_FEW)

# Queries under a name. `folded` is the name as names are compared.
saved_view = sa.Table(
    "saved_view",
    METADATA,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("is_shared", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("saved_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("owner", "folded", name="saved_view_name"),
)

# Where each reader of a view stopped. Of views that ship there are no rows, so nothing can refer to them.
reading_mark = sa.Table(
    "reading_mark",
    METADATA,
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("view_id", Uuid, primary_key=True),
    sa.Column("event_id", Uuid, nullable=False),
    sa.Column("newest_id", Uuid, nullable=False),
    sa.Column("left_at", sa.BigInteger, nullable=False),
)

# API clients. `skeleton` is what names that look alike have in common; scopes and networks are parted by blanks.
api_client = sa.Table(
    "api_client",
    METADATA,
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
sa.Index(
    "api_client_name",
    api_client.c.skeleton,
    unique=True,
    sqlite_where=api_client.c.deleted_at.is_(None),
)

# Tokens by their public id; of the secret there is the digest of the whole token alone.
token = sa.Table(
    "token",
    METADATA,
    sa.Column("public_id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, sa.ForeignKey("api_client.id"), nullable=False, index=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("issued_at", sa.BigInteger, nullable=False),
    sa.Column("overlap_ends", sa.Date),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("end_reason", sa.Text),
)

# When each token was last used: apart from it, for it is not an administrator who writes this.
token_use = sa.Table(
    "token_use",
    METADATA,
    sa.Column("public_id", sa.Text, sa.ForeignKey("token.public_id"), primary_key=True),
    sa.Column("last_used_at", sa.BigInteger, nullable=False),
    sa.Column("last_used_ip", sa.Text),
)

# The organisation's rules; one that has no row has its default.
policy = sa.Table(
    "policy",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# Who may do what. Names have skeletons, as those of API clients; what was deleted or removed stays, without its links.
_NOT_DELETED = sa.text("deleted_at IS NULL")
_NOT_REMOVED = sa.text("status <> 'removed'")

role = sa.Table(
    "role",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("skeleton", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("permissions", sa.Text, nullable=False),
    sa.Column("built_in", sa.Boolean, nullable=False),
    sa.Column("deleted_at", sa.BigInteger),
    sa.Column("revision", sa.Integer, nullable=False),
)
sa.Index("role_name", role.c.skeleton, unique=True, sqlite_where=_NOT_DELETED)

member_group = sa.Table(
    "member_group",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("skeleton", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("deleted_at", sa.BigInteger),
    sa.Column("revision", sa.Integer, nullable=False),
)
sa.Index("member_group_name", member_group.c.skeleton, unique=True, sqlite_where=_NOT_DELETED)

# `folded` is the address as addresses are compared; `login` a PostgreSQL login of the member's own.
member = sa.Table(
    "member",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("login", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("joined_at", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)
sa.Index("member_email", member.c.folded, unique=True, sqlite_where=_NOT_REMOVED)
sa.Index("member_login", member.c.login, unique=True, sqlite_where=_NOT_REMOVED)

member_role = sa.Table(
    "member_role",
    METADATA,
    sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), primary_key=True),
    sa.Column("role_id", sa.Text, sa.ForeignKey("role.id"), primary_key=True),
)
group_role = sa.Table(
    "group_role",
    METADATA,
    sa.Column("group_id", sa.Text, sa.ForeignKey("member_group.id"), primary_key=True),
    sa.Column("role_id", sa.Text, sa.ForeignKey("role.id"), primary_key=True),
)
group_member = sa.Table(
    "group_member",
    METADATA,
    sa.Column("group_id", sa.Text, sa.ForeignKey("member_group.id"), primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), primary_key=True, index=True),
)

ssh_key = sa.Table(
    "ssh_key",
    METADATA,
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("bits", sa.Integer, nullable=False),
    sa.Column("blob", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("registered_at", sa.BigInteger, nullable=False),
)

# Of a code there is the SHA-256 of the newest one alone. Roles and groups are ids, parted by blanks.
invitation = sa.Table(
    "invitation",
    METADATA,
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

# Codes that were mistyped lately, by who typed them.
join_attempt = sa.Table(
    "join_attempt",
    METADATA,
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("first_at", sa.BigInteger, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

# Members at a console; named otherwise than in SQL, where `session` is taken.
console_session = sa.Table(
    "console_session",
    METADATA,
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

# What the keeper did last, a row a kind of work; `told` is JSON.
upkeep = sa.Table(
    "upkeep",
    METADATA,
    sa.Column("task", sa.Text, primary_key=True),
    sa.Column("ran_at", sa.BigInteger, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
)

DIMENSION_NUMBERS = {
    "type": 1,
    "outcome": 2,
    "actor": 3,
    "client": 4,
    "target": 5,
    "service": 6,
    "ip": 7,
    "session": 8,
    "token": 9,
}
"""The number that `term.dimension` holds for each key column of a log. Stored: never renumber."""


def is_looked_through(dimension: str) -> sa.ColumnElement[bool]:
    """Whether a term is of the dimension of this key column, for those who have to look at all of its terms."""
    number = DIMENSION_NUMBERS[dimension]
    is_of = term.c.dimension == number
    # A partial index is used for those alone who say in its own words that it is enough.
    return sa.and_(is_of, sa.text(f"term.{_IS_OF_FEW.text}")) if number in _OF_FEW else is_of


FLAG_CHANGES = 1
FLAG_REASON = 2
FLAG_HOSTILE = 4
FLAG_ERASED = 8
"""Bits of a log's `flags`: it has changes, it has a reason, a text of it holds a character of `data.hostile`, some or all of it
was erased. Stored: never renumber."""


def key_column(table: sa.Table, dimension: Dimension | str) -> sa.Column[int]:
    """The key column of a log's table for a dimension."""
    return table.c[str(dimension)]
