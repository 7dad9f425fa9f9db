"""The roles of a PostgreSQL database, as one script: nobody logs in as one of them, logins are made their members.

The script makes each role's rights anew from nothing, so it is run again after whatever changed them, and after every
upgrade that adds tables.
"""

import re
from collections.abc import Iterable, Iterator

from data.errors import DatabaseError
from data.store.grants import FUNCTIONS, RIGHTS, TABLES, DatabaseRole, grants_to

DEFAULT_PREFIX = "auditdeck_"
MARK = "auditdeck"
"""The comment on every role that was made here: any other role of the same name is left alone. Stored: never change."""

_LOCK = int.from_bytes(b"adckrole")
_LONGEST_NAME = 63
"""Bytes; PostgreSQL cuts off what is beyond, and then two roles would be one."""
_PREFIX = re.compile(r"[a-z][a-z0-9_]*")


def role_names(prefix: str) -> dict[DatabaseRole, str]:
    """The name of each role. Raises DatabaseError for a prefix that cannot be."""
    names = {role: f"{prefix}{role}" for role in DatabaseRole}
    # So that a name needs no quotes anywhere: whoever types GRANT forgets them.
    if not _PREFIX.fullmatch(prefix) or prefix.startswith("pg_") or max(map(len, names.values())) > _LONGEST_NAME:
        raise DatabaseError(
            "A prefix of roles is a small letter, and then small letters, digits and _, at most "
            f"{_LONGEST_NAME - max(map(len, DatabaseRole))} of them; pg_ is PostgreSQL's own."
        )
    return names


def role_script(prefix: str = DEFAULT_PREFIX) -> str:
    """All of it as one transaction, for psql. Raises DatabaseError for a prefix that cannot be."""
    parts = [
        "-- The database roles of auditdeck, by `auditdeck db roles`. In the log's own database, run this as a superuser, or",
        "-- as its owner who may create roles; again after every upgrade. It is one transaction, and begins from nothing.",
        "BEGIN;",
    ]
    for comment, statements in role_steps(prefix):
        parts += ["", *(f"-- {line}" for line in comment.splitlines()), *(f"{one};" for one in statements)]
    return "\n".join([*parts, "", "COMMIT;"])


def role_steps(prefix: str) -> Iterator[tuple[str, list[str]]]:
    """What is done, and the statements that do it, for one transaction. Raises DatabaseError as `role_names`."""
    names = role_names(prefix)
    owner = names[DatabaseRole.OWNER]
    granted = {role: name for role, name in names.items() if role is not DatabaseRole.OWNER}
    others = ", ".join(granted.values())

    def filled(block: str) -> str:
        body = block.strip().format(
            lock=_LOCK,
            mark=MARK,
            owner=owner,
            others=others,
            all=_array(names.values()),
            tables=_array(TABLES),
            functions=_array(_FUNCTIONS),
        )
        return f"DO $auditdeck$\n{body}\n$auditdeck$"

    yield "The roles. Nobody logs in as one of them, and none has what another one holds.", [filled(_MAKE)]
    yield (
        "Whoever runs this and is no superuser has to hold the roles, to give to them and take from them.",
        [filled(_LEND)],
    )
    yield (
        "From nothing: whatever the roles owned or held so far.",
        [
            f"REASSIGN OWNED BY {others} TO {owner}",
            f"DROP OWNED BY {others}",
        ],
    )
    yield (
        "Tables and functions belong to the owner, and everybody else has no part in them.",
        [
            filled(_OWN),
            f"REVOKE ALL ON TABLE {', '.join(TABLES)} FROM PUBLIC",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        ],
    )
    for role, name in granted.items():
        yield _PURPOSES[role], [*grants_to(name, role)]
    yield "Whoever was lent the roles keeps the owner's alone, in which upgrades are run.", [filled(_TAKE_BACK)]


_PURPOSES = {
    DatabaseRole.CONSOLE: "Consoles and commands.",
    DatabaseRole.KEEPER: "`auditdeck keeper`.",
    DatabaseRole.GATEWAY: "`auditdeck gateway`, and `auditdeck import --requests --follow`.",
    DatabaseRole.READ_ONLY: "Reports: the events, the names in them, and what proves them.",
}
assert _PURPOSES.keys() == RIGHTS.keys()
_FUNCTIONS = sorted({one for functions in FUNCTIONS.values() for one in functions})


def _array(names: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]"


# A role that was made here and has come to more since (a login, a superuser) is brought back; one that was not is no role
# of ours, whatever its name: it may be somebody's login.
_MAKE = """
DECLARE
  wanted text;
  one record;
BEGIN
  PERFORM pg_advisory_xact_lock({lock});
  FOREACH wanted IN ARRAY {all} LOOP
    SELECT *, shobj_description(oid, 'pg_authid') AS mark INTO one FROM pg_roles WHERE rolname = wanted;
    IF NOT FOUND THEN
      EXECUTE 'CREATE ROLE ' || wanted || ' NOLOGIN';
      EXECUTE 'COMMENT ON ROLE ' || wanted || ' IS ''{mark}''';
    ELSIF one.mark IS DISTINCT FROM '{mark}' THEN
      RAISE EXCEPTION 'the role "%" is there already and is none of auditdeck''s; choose another --prefix', wanted
        USING ERRCODE = 'duplicate_object';
    ELSE
      IF one.rolcanlogin OR one.rolcreatedb OR one.rolcreaterole THEN
        EXECUTE 'ALTER ROLE ' || wanted || ' NOLOGIN NOCREATEDB NOCREATEROLE';
      END IF;
      IF one.rolsuper OR one.rolreplication OR one.rolbypassrls THEN
        EXECUTE 'ALTER ROLE ' || wanted || ' NOSUPERUSER NOREPLICATION NOBYPASSRLS';
      END IF;
    END IF;
  END LOOP;
  FOR one IN
    SELECT held.rolname AS held, holder.rolname AS holder, giver.rolname AS giver FROM pg_auth_members AS given
    JOIN pg_roles AS held ON held.oid = given.roleid
    JOIN pg_roles AS holder ON holder.oid = given.member
    LEFT JOIN pg_roles AS giver ON giver.oid = given.grantor
    WHERE holder.rolname = ANY ({all})
  LOOP
    EXECUTE 'REVOKE ' || quote_ident(one.held) || ' FROM ' || one.holder
      || CASE WHEN current_setting('server_version_num')::int >= 160000 AND one.giver IS NOT NULL
         THEN ' GRANTED BY ' || quote_ident(one.giver) ELSE '' END || ' CASCADE';
  END LOOP;
END
"""

_LEND = """
DECLARE
  wanted text;
  lent text[] := '{{}}';
BEGIN
  FOREACH wanted IN ARRAY {all} LOOP
    IF NOT pg_has_role(wanted, 'USAGE') THEN
      EXECUTE 'GRANT ' || wanted || ' TO ' || quote_ident(current_user);
      lent := lent || wanted;
    END IF;
  END LOOP;
  PERFORM set_config('auditdeck.lent', array_to_string(lent, ' '), true);
END
"""

_TAKE_BACK = """
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY string_to_array(current_setting('auditdeck.lent'), ' ') LOOP
    IF wanted <> '{owner}' THEN
      EXECUTE 'REVOKE ' || wanted || ' FROM ' || quote_ident(current_user);
    END IF;
  END LOOP;
END
"""

# A trigger needs nobody's EXECUTE to fire.
_OWN = """
DECLARE
  tables regclass[] := {tables};
  functions regprocedure[] := {functions};
  schema text := (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = 'event'::regclass);
  database text := quote_ident(current_database());
  one record;
BEGIN
  EXECUTE 'REVOKE CREATE ON SCHEMA ' || schema || ' FROM PUBLIC';
  EXECUTE 'GRANT USAGE, CREATE ON SCHEMA ' || schema || ' TO {owner}';
  EXECUTE 'GRANT USAGE ON SCHEMA ' || schema || ' TO {others}';
  EXECUTE 'REVOKE CREATE, TEMPORARY ON DATABASE ' || database || ' FROM PUBLIC';
  EXECUTE 'GRANT CONNECT ON DATABASE ' || database || ' TO {owner}, {others}';
  FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE oid = ANY (tables) AND relowner <> '{owner}'::regrole LOOP
    EXECUTE 'ALTER TABLE ' || one.name || ' OWNER TO {owner}';
  END LOOP;
  FOR one IN
    SELECT oid::regprocedure AS name, proowner <> '{owner}'::regrole AS is_anothers FROM pg_proc
    WHERE oid = ANY (functions)
      OR oid IN (SELECT tgfoid FROM pg_trigger WHERE tgrelid = ANY (tables) AND NOT tgisinternal)
  LOOP
    IF one.is_anothers THEN
      EXECUTE 'ALTER FUNCTION ' || one.name || ' OWNER TO {owner}';
    END IF;
    EXECUTE 'REVOKE ALL ON FUNCTION ' || one.name || ' FROM PUBLIC';
  END LOOP;
END
"""
