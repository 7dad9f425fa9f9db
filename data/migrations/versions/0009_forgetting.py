"""Keeping and forgetting: what erases or removes an event with leave, what holds it, and what the index leaves out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

TERMS_LOCK = int.from_bytes(b"adckterm")
"""As in `data.store.terms`."""

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
       BEGIN RAISE EXCEPTION 'what was erased stays noted' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER erasure_no_update BEFORE UPDATE OR DELETE ON erasure
       FOR EACH ROW EXECUTE FUNCTION erasure_is_kept()""",
    """CREATE TRIGGER erasure_no_truncate BEFORE TRUNCATE ON erasure
       FOR EACH STATEMENT EXECUTE FUNCTION proof_append_only()""",
    "ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_no_update",
    "ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_no_truncate",
)

# The one way in which events go from a shared log, for whoever may execute it: with the rights of the owner, who alone can
# note what goes. What tells of the log itself stays, and in the change log what has no place in the proof. The names that
# it had are in doubt from then on.
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
           INSERT INTO term_in_doubt SELECT DISTINCT one
             FROM event, unnest(ARRAY[actor, client, target, ip, session, token]) AS one
             WHERE seq = ANY (going) AND one IS NOT NULL ON CONFLICT DO NOTHING;
           INSERT INTO retiring_event SELECT unnest(going);
           DELETE FROM event WHERE seq = ANY (going);
           GET DIAGNOSTICS removed = ROW_COUNT;
           DELETE FROM retiring_event;
         ELSIF log = 'request' THEN
           going := ARRAY(SELECT seq FROM request WHERE seq = ANY (seqs) AND type <> ALL (own));
           INSERT INTO term_in_doubt SELECT DISTINCT one
             FROM request, unnest(ARRAY[actor, client, target, ip, session, token]) AS one
             WHERE seq = ANY (going) AND one IS NOT NULL ON CONFLICT DO NOTHING;
           INSERT INTO retiring_request SELECT unnest(going);
           DELETE FROM request WHERE seq = ANY (going);
           GET DIAGNOSTICS removed = ROW_COUNT;
           DELETE FROM retiring_request;
         ELSE
           RAISE EXCEPTION 'there is no log named %', log USING ERRCODE = 'invalid_parameter_value';
         END IF;
         RETURN removed;
       END $$"""

# Names leave the dictionary once it was noted that an erased or removed event had them, and not otherwise.
_SQLITE_TERM_GUARD = """CREATE TRIGGER term_no_delete BEFORE DELETE ON term
       WHEN NOT EXISTS (SELECT 1 FROM term_in_doubt WHERE id = OLD.id)
       BEGIN SELECT RAISE(ABORT, 'a name that events have stays in the dictionary'); END"""
_POSTGRES_TERM_GUARD = (
    """CREATE FUNCTION term_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF EXISTS (SELECT 1 FROM term_in_doubt WHERE id = OLD.id) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'a name that events have stays in the dictionary' USING ERRCODE = 'restrict_violation';
       END $$""",
    "CREATE TRIGGER term_no_delete BEFORE DELETE ON term FOR EACH ROW EXECUTE FUNCTION term_is_kept()",
    "ALTER TABLE term ENABLE ALWAYS TRIGGER term_no_delete",
)

# Whoever is about to use ids of terms: from here on to the end of the transaction none goes. A statement of its own reads
# how often some went after it has the lock, and so sees the last time.
_HOLD_TERMS = """CREATE FUNCTION hold_terms() RETURNS bigint LANGUAGE plpgsql
       SET search_path = pg_catalog, {schema}, pg_temp AS $$
       BEGIN
         PERFORM pg_advisory_xact_lock_shared({terms});
         RETURN (SELECT removals FROM term_epoch);
       END $$"""

# The one lawful erasure on a shared database, with the owner's rights, for whoever may erase: a member in a session that
# goes on, or whose own login this is. A session that was opened without a key is of no use to another login, for anybody
# with a login of their own can read its id. That the event is in this very transaction which tells of the erasure, and
# says that they did it, is asked as well.
_ERASE_EVENT = """CREATE FUNCTION erase_event(of_event uuid, whole boolean, teller uuid, by_session text, keys integer[],
         length bigint, digest bigint, marks integer, tombstone text) RETURNS void
       LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
       DECLARE
         asker text;
         kind text;
         told json;
         rest json;
         was event%ROWTYPE;
       BEGIN
         IF by_session IS NULL THEN
           SELECT id INTO asker FROM member WHERE login = session_user AND status = 'active';
         ELSE
           SELECT member.id INTO asker FROM console_session JOIN member ON member.id = console_session.member_id
           WHERE console_session.id = by_session AND (ended_at IS NULL OR ending = 'lost') AND status = 'active'
             AND CASE WHEN EXISTS (SELECT FROM member WHERE login = session_user)
                      THEN login = session_user ELSE fingerprint IS NOT NULL END;
         END IF;
         IF asker IS NULL THEN
           RAISE EXCEPTION 'nobody asks for this erasure who is let in' USING ERRCODE = 'insufficient_privilege';
         END IF;
         IF NOT EXISTS (
           SELECT FROM role WHERE deleted_at IS NULL
             AND string_to_array(permissions, ' ') && ARRAY['audit:write', 'admin']
             AND (id IN (SELECT role_id FROM member_role WHERE member_id = asker)
               OR id IN (SELECT role_id FROM group_role JOIN group_member USING (group_id) WHERE member_id = asker))
         ) THEN
           RAISE EXCEPTION 'whoever asks for this erasure may not erase' USING ERRCODE = 'insufficient_privilege';
         END IF;

         SELECT event.body::json INTO told FROM event WHERE id = teller AND xmin = pg_current_xact_id()::xid;
         IF (
           told->>'type' = 'log.event_erased' AND told->>'outcome' = 'success' AND told#>>'{{actor,id}}' = asker
           AND told#>>'{{data,erased}}' = of_event::text AND told#>>'{{data,whole}}' = whole::text
         ) IS NOT TRUE THEN
           RAISE EXCEPTION 'no event tells of this erasure' USING ERRCODE = 'restrict_violation';
         END IF;

         SELECT * INTO was FROM event WHERE id = of_event FOR UPDATE;
         IF NOT FOUND THEN
           RAISE EXCEPTION 'there is no such event' USING ERRCODE = 'no_data_found';
         END IF;
         SELECT name INTO kind FROM term WHERE id = was.type;
         IF kind IN ('log.event_erased', 'log.tombstone', 'log.retired', 'log.hold_placed', 'log.hold_lifted')
           OR whole AND starts_with(kind, 'log.')
         THEN
           RAISE EXCEPTION 'what the log tells of itself is not erased' USING ERRCODE = 'restrict_violation';
         END IF;
         IF whole THEN
           rest := tombstone::json;
           IF (
             rest->>'type' = 'log.tombstone' AND rest->>'id' = of_event::text AND rest->>'outcome' = 'success'
             AND extract(epoch FROM (rest->>'occurred_at')::timestamptz) * 1000000 = was.occurred_at
             AND extract(epoch FROM (rest->>'recorded_at')::timestamptz) * 1000000 = was.recorded_at
             AND (SELECT array_agg(key ORDER BY key) FROM json_object_keys(rest) AS key)
               = ARRAY['id', 'occurred_at', 'outcome', 'recorded_at', 'type', 'v']
           ) IS NOT TRUE THEN
             RAISE EXCEPTION 'this is not what is left of an event' USING ERRCODE = 'restrict_violation';
           END IF;
         END IF;

         INSERT INTO erasure (seq, is_whole, event_id, told_by) VALUES (was.seq, whole, of_event, teller);
         UPDATE event SET type = keys[1], outcome = keys[2], actor = keys[3], client = keys[4], target = keys[5],
           service = keys[6], ip = keys[7], session = keys[8], token = keys[9], duration_ms = length,
           request_digest = digest, flags = marks | 8, salt = NULL, personal = NULL,
           body = CASE WHEN whole THEN tombstone ELSE was.body END
         WHERE seq = was.seq;
         INSERT INTO term_in_doubt (id)
         SELECT DISTINCT one FROM unnest(ARRAY[was.type, was.outcome, was.actor, was.client, was.target, was.service,
           was.ip, was.session, was.token]) AS one
         WHERE one IS NOT NULL AND one <> ALL (array_remove(keys, NULL))
         ON CONFLICT DO NOTHING;
       END $$"""


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("seq", _BIG, primary_key=True, autoincrement=False),
        sa.Column("is_whole", sa.Boolean, primary_key=True),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("told_by", _ID, nullable=False),
    )
    op.create_index("erasure_of_event", "erasure", ["event_id"])
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
    for statement in _POSTGRES_TERM_GUARD if is_postgres else (_SQLITE_TERM_GUARD,):
        op.execute(statement)
    if is_postgres:
        for function in (_HOLD_TERMS, _ERASE_EVENT):
            op.get_bind().exec_driver_sql(function.format(schema=schema, terms=TERMS_LOCK).replace("%", "%%"))
        op.execute("REVOKE ALL ON FUNCTION erase_event FROM PUBLIC")
