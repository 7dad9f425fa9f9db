"""The event log: events, the dictionary of their values, what awaits sealing, and the guards that keep it append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from data.store.ownership import APPLICATION_ID

revision = "0001"
down_revision = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")

# INSERT OR REPLACE would delete the old row without firing the DELETE trigger unless recursive_triggers is on, which a
# foreign connection need not have: so an insert over any unique key is refused before it happens.
_SQLITE_GUARDS = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
       BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
       BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    """CREATE TRIGGER event_no_replace BEFORE INSERT ON event
       WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    """CREATE TRIGGER event_is_pending AFTER INSERT ON event
       BEGIN INSERT INTO pending (seq) VALUES (NEW.seq); END""",
)

# ENABLE ALWAYS: an ordinary trigger is skipped under session_replication_role = replica.
_POSTGRES_GUARDS = (
    """CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE OR DELETE ON event
       FOR EACH ROW EXECUTE FUNCTION event_append_only()""",
    """CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
       FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()""",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_update",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate",
    """CREATE FUNCTION event_is_pending() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO pending (seq) SELECT seq FROM fresh; RETURN NULL; END $$""",
    """CREATE TRIGGER event_is_pending AFTER INSERT ON event
       REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION event_is_pending()""",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_pending",
)


def upgrade() -> None:
    op.create_table(
        "event",
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
    op.create_table("pending", sa.Column("seq", _BIG, primary_key=True, autoincrement=False))
    op.create_table(
        "term",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("dimension", sa.SmallInteger, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("ident", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("folded", sa.Text),
        sa.Column("address", sa.LargeBinary(16)),
        sa.Column("digest", sa.LargeBinary(16), nullable=False, unique=True),
    )
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRES_GUARDS if is_postgres else _SQLITE_GUARDS:
        op.execute(statement)
    if not is_postgres:
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
