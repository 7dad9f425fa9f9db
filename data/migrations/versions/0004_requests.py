"""The request log: a second log of the same shape as the event log, with guards that keep it append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")

# As for the events, see 0001. No trigger fills `pending`: a request is sealed only if the policy says so, and until then
# nothing waits for it.
_SQLITE_GUARDS = (
    """CREATE TRIGGER request_no_update BEFORE UPDATE ON request
       BEGIN SELECT RAISE(ABORT, 'the request log is append-only'); END""",
    """CREATE TRIGGER request_no_delete BEFORE DELETE ON request
       BEGIN SELECT RAISE(ABORT, 'the request log is append-only'); END""",
    """CREATE TRIGGER request_no_replace BEFORE INSERT ON request
       WHEN EXISTS (SELECT 1 FROM request WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM request WHERE seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'the request log is append-only'); END""",
)

_POSTGRES_GUARDS = (
    """CREATE FUNCTION request_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the request log is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER request_no_update BEFORE UPDATE OR DELETE ON request
       FOR EACH ROW EXECUTE FUNCTION request_append_only()""",
    """CREATE TRIGGER request_no_truncate BEFORE TRUNCATE ON request
       FOR EACH STATEMENT EXECUTE FUNCTION request_append_only()""",
    "ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_update",
    "ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_truncate",
)


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("seq", _BIG, sa.Identity(always=True), primary_key=True),
        sa.Column("id", _ID, nullable=False, unique=True),
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
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRES_GUARDS if is_postgres else _SQLITE_GUARDS:
        op.execute(statement)
