"""Keeping and forgetting: what erases or removes an event with leave, what holds it, and what the index leaves out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")

# One shape of UPDATE passes: of an event whose erasure is noted, what is personal goes, and with it the body where all of
# it is erased. What proves the event stays as it is: number, id, times and leaf.
_IS_LAWFUL = """EXISTS (SELECT 1 FROM erasure WHERE erasure.seq = OLD.seq AND erasure.event_id = OLD.id
                  AND (is_whole OR NEW.body = OLD.body))
         AND NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.occurred_at = OLD.occurred_at
         AND NEW.recorded_at = OLD.recorded_at AND NEW.leaf = OLD.leaf
         AND NEW.salt IS NULL AND NEW.personal IS NULL"""

# And one way of DELETE: of what the keeper has noted, in the same transaction, as too old to be kept. The note goes with it.
_SQLITE_GUARDS = (
    "DROP TRIGGER event_no_update",
    "DROP TRIGGER event_no_delete",
    "DROP TRIGGER request_no_delete",
    f"""CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN NOT ({_IS_LAWFUL})
       BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    *(
        f"""CREATE TRIGGER {log}_no_delete BEFORE DELETE ON {log}
       WHEN NOT EXISTS (SELECT 1 FROM retiring_{log} WHERE seq = OLD.seq)
       BEGIN SELECT RAISE(ABORT, 'the {log} log is append-only'); END"""
        for log in ("event", "request")
    ),
    *(
        f"""CREATE TRIGGER {log}_is_retired AFTER DELETE ON {log}
       BEGIN DELETE FROM retiring_{log} WHERE seq = OLD.seq; END"""
        for log in ("event", "request")
    ),
    """CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure
       BEGIN SELECT RAISE(ABORT, 'what was erased stays noted'); END""",
    """CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
       WHEN EXISTS (SELECT 1 FROM event WHERE seq = OLD.seq)
       BEGIN SELECT RAISE(ABORT, 'what was erased stays noted'); END""",
    """CREATE TRIGGER erasure_no_replace BEFORE INSERT ON erasure
       WHEN EXISTS (SELECT 1 FROM erasure WHERE seq = NEW.seq AND is_whole = NEW.is_whole)
       BEGIN SELECT RAISE(ABORT, 'what was erased stays noted'); END""",
)

_POSTGRES_GUARDS = (
    f"""CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF {_IS_LAWFUL} THEN
             RETURN NEW;
           END IF;
         ELSIF EXISTS (SELECT 1 FROM retiring_event WHERE seq = OLD.seq) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation';
       END $$""",
    """CREATE OR REPLACE FUNCTION request_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM retiring_request WHERE seq = OLD.seq) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'the request log is append-only' USING ERRCODE = 'restrict_violation';
       END $$""",
    """CREATE FUNCTION erasure_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM event WHERE seq = OLD.seq) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'what was erased stays noted' USING ERRCODE = 'restrict_violation';
       END $$""",
    """CREATE TRIGGER erasure_no_update BEFORE UPDATE OR DELETE ON erasure
       FOR EACH ROW EXECUTE FUNCTION erasure_is_kept()""",
    """CREATE TRIGGER erasure_no_truncate BEFORE TRUNCATE ON erasure
       FOR EACH STATEMENT EXECUTE FUNCTION proof_append_only()""",
    "ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_no_update",
    "ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_no_truncate",
)

# The one way in which events go from a shared log, for whoever may execute it: with the rights of the owner, who alone can
# note what goes. What tells of the log itself stays, and in the change log what has no place in the proof.
_POSTGRES_RETIRING = """CREATE FUNCTION retire_events(log text, seqs bigint[]) RETURNS bigint
       LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
       DECLARE
         own integer[] := ARRAY(SELECT id FROM term WHERE dimension = 1 AND left(name, 4) = 'log.');
         going bigint[];
         removed bigint;
       BEGIN
         IF log = 'event' THEN
           going := ARRAY(SELECT seq FROM event WHERE seq = ANY (seqs) AND type <> ALL (own)
             AND EXISTS (SELECT 1 FROM leaf WHERE leaf.seq = event.seq));
           INSERT INTO retiring_event SELECT unnest(going);
           DELETE FROM event WHERE seq = ANY (going);
           GET DIAGNOSTICS removed = ROW_COUNT;
           DELETE FROM erasure WHERE seq = ANY (going);
           DELETE FROM retiring_event;
         ELSIF log = 'request' THEN
           going := ARRAY(SELECT seq FROM request WHERE seq = ANY (seqs) AND type <> ALL (own));
           INSERT INTO retiring_request SELECT unnest(going);
           DELETE FROM request WHERE seq = ANY (going);
           GET DIAGNOSTICS removed = ROW_COUNT;
           DELETE FROM retiring_request;
         ELSE
           RAISE EXCEPTION 'there is no log named %', log USING ERRCODE = 'invalid_parameter_value';
         END IF;
         RETURN removed;
       END $$"""


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("seq", _BIG, primary_key=True, autoincrement=False),
        sa.Column("is_whole", sa.Boolean, primary_key=True),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("told_by", _ID, nullable=False),
    )
    for log in ("event", "request"):
        op.create_table(f"retiring_{log}", sa.Column("seq", _BIG, primary_key=True, autoincrement=False))
    op.create_table(
        "hold",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_at", sa.BigInteger, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("lifted_at", sa.BigInteger),
        sa.Column("lifted_by", sa.Text),
    )
    op.create_table(
        "index_gone",
        sa.Column("segment", _BIG, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary(8), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    epoch = op.create_table("term_epoch", sa.Column("removals", _BIG, primary_key=True, autoincrement=False))
    op.create_table("term_in_doubt", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.bulk_insert(epoch, [{"removals": 0}])
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRES_GUARDS if is_postgres else _SQLITE_GUARDS:
        op.execute(statement)
    if is_postgres:
        schema = op.get_bind().dialect.identifier_preparer.quote_identifier(
            op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
        )
        op.execute(_POSTGRES_RETIRING.format(schema=schema))
        op.execute("REVOKE EXECUTE ON FUNCTION retire_events(text, bigint[]) FROM PUBLIC")
