"""What finding anything at once needs: the index, and whoever waits for something new in a log is told of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")
_LOGS = ("event", "request")

# What no segment of the index holds yet, filled in the writer's own transaction: so nothing that commits late is missed.
_SQLITE_UNINDEXED = """CREATE TRIGGER {log}_is_unindexed AFTER INSERT ON {log}
       BEGIN INSERT INTO unindexed_{log} (seq) VALUES (NEW.seq); END"""
_POSTGRES_UNINDEXED = (
    """CREATE FUNCTION {log}_is_unindexed() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO unindexed_{log} (seq) SELECT seq FROM fresh; RETURN NULL; END $$""",
    """CREATE TRIGGER {log}_is_unindexed AFTER INSERT ON {log}
       REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {log}_is_unindexed()""",
    "ALTER TABLE {log} ENABLE ALWAYS TRIGGER {log}_is_unindexed",
)
# Parts of segments are compressed already, and are read whole: those of a page stay in their row.
_POSTGRES_STORAGE = (
    "ALTER TABLE {part} ALTER COLUMN body SET STORAGE EXTERNAL",
    "ALTER TABLE {part} SET (toast_tuple_target = 8160)",
)

# Whoever listens is told which log it is, and asks what arrived. The server hands over one notification a transaction,
# however many statements it had, and only once it is committed. On SQLite a file's data version tells as much.
_NOTIFY_OF_ARRIVALS = (
    """CREATE FUNCTION log_arrived() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_catalog.pg_notify('auditdeck_arrivals', TG_TABLE_NAME); RETURN NULL; END $$""",
    """CREATE TRIGGER event_arrived AFTER INSERT ON event
       FOR EACH STATEMENT EXECUTE FUNCTION log_arrived()""",
    """CREATE TRIGGER request_arrived AFTER INSERT ON request
       FOR EACH STATEMENT EXECUTE FUNCTION log_arrived()""",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_arrived",
    "ALTER TABLE request ENABLE ALWAYS TRIGGER request_arrived",
)


def upgrade() -> None:
    _make_index()
    _make_dictionary_quick()
    _tell_of_arrivals()


def _make_index() -> None:
    op.create_table(
        "index_segment",
        sa.Column("id", _BIG, sa.Identity(always=True), primary_key=True),
        sa.Column("log", sa.SmallInteger, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("is_live", sa.Boolean, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("begin", sa.Integer, nullable=False),
        sa.Column("low", _ID, nullable=False),
        sa.Column("high", _ID, nullable=False),
        sa.Column("least_seq", sa.BigInteger, nullable=False),
        sa.Column("most_seq", sa.BigInteger, nullable=False),
        sa.Column("built_by", sa.BigInteger, nullable=False),
        sa.Column("directory", sa.LargeBinary, nullable=False),
        sa.Column("moments", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary(8), nullable=False),
        sqlite_autoincrement=True,
    )
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for part in ("index_pack", "index_place", "index_tally"):
        op.create_table(
            part,
            sa.Column("key", _BIG, primary_key=True, autoincrement=False),
            sa.Column("digest", sa.LargeBinary(8), nullable=False),
            sa.Column("body", sa.LargeBinary, nullable=False),
        )
        for statement in _POSTGRES_STORAGE if is_postgres else ():
            op.execute(statement.format(part=part))
    op.create_table(
        "index_alias",
        sa.Column("term", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table("index_damage", sa.Column("segment", _BIG, primary_key=True, autoincrement=False))
    for log in _LOGS:
        op.create_table(f"unindexed_{log}", sa.Column("seq", _BIG, primary_key=True, autoincrement=False))
        op.execute(f"INSERT INTO unindexed_{log} (seq) SELECT seq FROM {log}")
        for statement in _POSTGRES_UNINDEXED if is_postgres else (_SQLITE_UNINDEXED,):
            op.execute(statement.format(log=log))


def _make_dictionary_quick() -> None:
    # By hash on PostgreSQL: its trees refuse what is longer than a third of a page, and names may be.
    op.create_index("term_ident", "term", ["ident"], postgresql_using="hash")
    op.create_index("term_folded", "term", ["folded"], postgresql_using="hash")
    op.create_index(
        "term_address",
        "term",
        ["address"],
        sqlite_where=sa.text("address IS NOT NULL"),
        postgresql_where=sa.text("address IS NOT NULL"),
    )


def _tell_of_arrivals() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _NOTIFY_OF_ARRIVALS:
            op.execute(statement)
