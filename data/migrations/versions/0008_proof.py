"""The proof: who this log is, its keys, the leaves and nodes of its Merkle tree, and its checkpoints."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")

# As for the events, see 0001: an insert over a key that is there is refused before REPLACE could delete the old row.
_SQLITE_GUARDS = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
       BEGIN SELECT RAISE(ABORT, 'the proof is append-only'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
       BEGIN SELECT RAISE(ABORT, 'the proof is append-only'); END""",
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
       WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
       BEGIN SELECT RAISE(ABORT, 'the proof is append-only'); END""",
)
_POSTGRES_GUARDS = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION proof_append_only()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
       FOR EACH STATEMENT EXECUTE FUNCTION proof_append_only()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_update",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
)
_POSTGRES_REFUSAL = """CREATE FUNCTION proof_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the proof is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
_GUARDED = {
    "log_identity": "true",
    "sealing_key": "number = NEW.number",
    "leaf": "idx = NEW.idx OR seq = NEW.seq",
}


def upgrade() -> None:
    identity = op.create_table("log_identity", sa.Column("id", _ID, primary_key=True))
    op.create_table(
        "sealing_key",
        sa.Column("number", _BIG, primary_key=True, autoincrement=False),
        sa.Column("verifier", sa.Text, nullable=False),
    )
    op.create_table(
        "leaf",
        sa.Column("idx", _BIG, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "tile",
        sa.Column("height", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", _BIG, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("sealed_at", sa.BigInteger, nullable=False),
    )
    is_postgres = op.get_bind().dialect.name == "postgresql"
    log = uuid4()
    op.bulk_insert(identity, [{"id": log if is_postgres else log.bytes}])
    if is_postgres:
        op.execute(_POSTGRES_REFUSAL)
    for table, same in _GUARDED.items():
        for statement in _POSTGRES_GUARDS if is_postgres else _SQLITE_GUARDS:
            op.execute(statement.format(table=table, same=same))
