"""Erasing on a shared database: by the one function, which asks again who it is, and by nothing else."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from data.access.model import Member, MemberStatus, Role, Session, SessionEnd
from data.caller import Caller
from data.errors import DatabaseError
from data.index.indexer import Indexer
from data.permissions import Permission
from data.records import Draft, Outcome
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.erasing import EventEraser
from data.store.grants import DatabaseRole
from tests.hand_clock import NOW, HandClock
from tests.integration.database_roles import Roles, database_with_roles
from tests.integration.events import EVERYTHING, UTC_ZONE, append
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import run_raw
from tests.members import As

pytestmark = pytest.mark.postgres

_KEY = "SHA256:of-somebody"


@pytest.fixture(scope="module")
def roles(server: PostgresServer) -> Iterator[Roles]:
    """A database with its roles, a login for each, and one more for a console, which is nobody's."""
    with database_with_roles(server, f"adce{os.getpid()}_") as made:
        made.make_logins()
        shared = f"{made.prefix}login_ssh"
        run_raw(made.address, f"CREATE ROLE {shared} LOGIN PASSWORD 'x'")
        run_raw(made.address, f"GRANT {made.names[DatabaseRole.CONSOLE]} TO {shared}")
        yield made


@pytest.fixture
def event_id(roles: Roles) -> UUID:
    """Of an event that nobody has erased."""
    with closing(Database(roles.address, clock=HandClock())) as database:
        append(database, [Draft(type="project.created", occurred_at=NOW - timedelta(days=1), ip="198.51.100.7")])
    ((newest,),) = run_raw(roles.address, "SELECT id FROM event ORDER BY seq DESC LIMIT 1")
    assert isinstance(newest, UUID)
    return newest


def ip_of(roles: Roles, event_id: UUID) -> str | None:
    with closing(AuditLog(roles.address_of(DatabaseRole.CONSOLE), UTC_ZONE)) as log:
        return log.get(event_id).ip


def member(roles: Roles, name: str, *permissions: Permission, status: MemberStatus = MemberStatus.ACTIVE) -> Member:
    """A member who holds these, and has a session that was opened with a key: `s-` and their name."""
    role = Role(f"r-{name}", name, permissions=permissions)
    one = Member(f"m-{name}", name, f"{name}@example.org", NOW, status, (role.id,))
    with closing(Database(roles.address)) as database, database.writing() as work:
        work.access.put_role(role)
        work.access.put_member(one)
        if work.sessions.find(f"s-{name}") is None:
            work.sessions.add(Session(f"s-{name}", one.reference, NOW, NOW, fingerprint=_KEY))
        work.commit()
    return one


def erase(
    roles: Roles, event_id: UUID, one: Member, session_id: str | None, login: str = "ssh", *, whole: bool = False
) -> None:
    """As a member in a session, by a login of the console's role; nothing but the database looks who it is."""
    address = roles.address_as(f"{roles.prefix}login_{login}")
    with closing(AuditLog(address, UTC_ZONE, identity=As(one.reference))) as log:
        log.gate.standing_of = lambda *_: _Everything()  # type: ignore[method-assign, assignment]
        log.erasing.erase(event_id, Caller(one.reference, session_id=session_id), whole=whole, reason="asked")


class _Everything:
    """What somebody says who changed the program."""

    permissions = frozenset(Permission)

    def may(self, _needed: object) -> bool:
        return True


def test_the_lawful_erasure_works_and_no_other_way_does(roles: Roles, event_id: UUID) -> None:
    address = roles.address_of(DatabaseRole.CONSOLE)
    for statement in (
        f"UPDATE event SET personal = NULL, salt = NULL WHERE id = '{event_id}'",
        f"DELETE FROM event WHERE id = '{event_id}'",
        f"INSERT INTO erasure SELECT seq, true, id, id FROM event WHERE id = '{event_id}'",
        "INSERT INTO term_in_doubt SELECT id FROM term",
        "DELETE FROM term",
        "UPDATE term_epoch SET removals = 9",
        f"SELECT erase_event('{event_id}', false, '{event_id}', NULL, ARRAY[1,2,3], NULL, NULL, 0, NULL)",
    ):
        with pytest.raises(psycopg.Error):
            run_raw(address, statement)
    assert ip_of(roles, event_id)
    with closing(AuditLog(address, UTC_ZONE, as_owner=False)) as log:
        for whole in (False, True):
            log.erasing.erase(event_id, log.caller(), whole=whole, reason="asked")
            assert log.get(event_id).ip is None
        assert log.get(event_id).type == "log.tombstone"
    for statement in ("UPDATE event SET flags = 0", "DELETE FROM event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_raw(address, f"{statement} WHERE id = '{event_id}'")


def test_no_other_role_erases(roles: Roles, event_id: UUID) -> None:
    call = f"SELECT erase_event('{event_id}', false, '{event_id}', NULL, ARRAY[1,2,3], NULL, NULL, 0, NULL)"
    for role in (DatabaseRole.KEEPER, DatabaseRole.GATEWAY, DatabaseRole.READ_ONLY):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for function"):
            run_raw(roles.address_of(role), call)


def test_a_session_that_goes_on_of_one_who_may_erases(roles: Roles, event_id: UUID) -> None:
    one = member(roles, "ann", Permission.AUDIT_WRITE)
    erase(roles, event_id, one, "s-ann")
    assert ip_of(roles, event_id) is None


@pytest.mark.parametrize(
    ("name", "permissions", "status", "session_id", "login", "sentence"),
    [
        ("bob", (Permission.AUDIT_READ,), MemberStatus.ACTIVE, "s-bob", "ssh", "may not erase"),
        ("cy", (), MemberStatus.ACTIVE, "s-cy", "ssh", "may not erase"),
        ("di", (Permission.ADMIN,), MemberStatus.SUSPENDED, "s-di", "ssh", "nobody asks"),
        ("ed", (Permission.ADMIN,), MemberStatus.REMOVED, "s-ed", "ssh", "nobody asks"),
        ("fay", (Permission.ADMIN,), MemberStatus.ACTIVE, "s-nobody", "ssh", "nobody asks"),
        ("gil", (Permission.ADMIN,), MemberStatus.ACTIVE, None, "ssh", "nobody asks"),
        # A session of another, whose id everybody with a login of their own can read.
        ("hal", (Permission.ADMIN,), MemberStatus.ACTIVE, "s-hal", "console", "nobody asks"),
    ],
)
def test_the_database_asks_again_who_it_is(
    roles: Roles,
    event_id: UUID,
    name: str,
    permissions: tuple[Permission, ...],
    status: MemberStatus,
    session_id: str | None,
    login: str,
    sentence: str,
) -> None:
    one = member(roles, name, *permissions, status=status)
    with pytest.raises(DatabaseError, match=sentence):
        erase(roles, event_id, one, session_id, login)
    assert ip_of(roles, event_id) == "198.51.100.7"


def test_the_login_of_a_removed_member_has_no_use_for_the_session_of_another(roles: Roles, event_id: UUID) -> None:
    one, gone = member(roles, "jo", Permission.ADMIN), member(roles, "kim", status=MemberStatus.REMOVED)
    change = f"UPDATE member SET login = {{}} WHERE id = '{gone.id}'"
    run_raw(roles.address, change.format(f"'{roles.prefix}login_ssh'"))
    try:
        with pytest.raises(DatabaseError, match="nobody asks"):
            erase(roles, event_id, one, "s-jo")
    finally:
        run_raw(roles.address, change.format("NULL"))
    erase(roles, event_id, one, "s-jo")


def test_a_session_that_was_ended_erases_nothing(roles: Roles, event_id: UUID) -> None:
    one = member(roles, "ivy", Permission.ADMIN)
    with closing(Database(roles.address)) as database, database.writing() as work:
        work.sessions.end("s-ivy", NOW, SessionEnd.ENDED, "Bo")
        work.commit()
    with pytest.raises(DatabaseError, match="nobody asks"):
        erase(roles, event_id, one, "s-ivy")


@pytest.mark.parametrize(
    ("change", "whole", "sentence"),
    [
        ({"whole": True}, False, "no event tells"),
        ({"teller": UUID(int=1)}, False, "no event tells"),
        ({"of_event": UUID(int=1)}, True, "no event tells"),
        ({"by_session": "s-lou"}, False, "no event tells"),
        ({"tombstone": '{"v":1}'}, True, "not what is left"),
        ({"tombstone": "{}"}, True, "not what is left"),
        ({"tombstone": None}, True, "not what is left"),
    ],
)
def test_an_event_tells_of_exactly_this_erasure(
    roles: Roles, event_id: UUID, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], whole: bool, sentence: str
) -> None:
    member(roles, "lou", Permission.AUDIT_WRITE)
    one = member(roles, "jo", Permission.AUDIT_WRITE)
    spoken = EventEraser.erase

    def spoilt(self: EventEraser, *arguments: object, **named: object) -> object:
        real = self._connection

        class Spoiler:
            dialect = real.dialect

            def execute(self, statement: object, values: dict[str, object] | None = None) -> object:
                if values is not None and "of_event" in values:
                    values = {**values, **change}
                return real.execute(statement, values)  # type: ignore[call-overload]

        self._connection = Spoiler()  # type: ignore[assignment]
        return spoken(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(EventEraser, "erase", spoilt)
    with pytest.raises(DatabaseError, match=sentence):
        erase(roles, event_id, one, "s-jo", whole=whole)
    assert ip_of(roles, event_id) == "198.51.100.7"


def test_the_keeper_takes_names_out_under_its_own_role(roles: Roles, event_id: UUID) -> None:
    one = member(roles, "kim", Permission.AUDIT_WRITE)
    erase(roles, event_id, one, "s-kim")
    with closing(Database(roles.address_of(DatabaseRole.KEEPER))) as database:
        Indexer(database).run()
    assert run_raw(roles.address, "SELECT count(*) FROM term_in_doubt") == [(0,)]
    assert run_raw(roles.address, "SELECT count(*) FROM term WHERE name = '198.51.100.7'")[0][0] <= 1


def test_whoever_is_refused_by_the_program_is_told_of(roles: Roles, event_id: UUID) -> None:
    one = member(roles, "lee", Permission.AUDIT_READ)
    address = roles.address_as(f"{roles.prefix}login_ssh")
    with closing(AuditLog(address, UTC_ZONE, identity=As(one.reference))) as log:
        with pytest.raises(Exception, match="audit:write"):
            log.erasing.erase(event_id, Caller(one.reference, session_id="s-lee"), whole=False, reason="asked")
        newest = log.page(EVERYTHING, limit=1).items[0]
    assert (newest.type, newest.outcome) == ("log.event_erased", Outcome.DENIED)
