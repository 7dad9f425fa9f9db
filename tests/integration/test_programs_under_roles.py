"""Console, keeper, gateway and reports, each with a login that holds its database role alone: each does all of its work."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from data.access.details import GroupDetails, MemberDetails, RoleDetails
from data.access.joining import Joining
from data.caller import Caller
from data.clients.model import ClientDetails
from data.clock import Clock
from data.errors import AuditdeckError, DatabaseError
from data.gateway import policy_memory
from data.gateway.authentication import Admission, Refusal
from data.gateway.gateway import Gateway, Question
from data.index import building, folding, merging
from data.mail.model import Mail, MailError
from data.permissions import Permission
from data.proof.places import SealingPlaces
from data.query import parse_query
from data.query.model import IN_ARCHIVE
from data.records import SYSTEM, Log, Reference, Source
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.services.identity import ApiKey, Process
from data.store import Database
from data.store.grants import DatabaseRole
from data.views import ReadingMark
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, DETAILS, named
from tests.integration.database_roles import Roles, database_with_roles
from tests.integration.deeds import DEEDS, World
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, plain_drafts
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import count_rows, run_raw
from tests.integration.varied_events import varied
from tests.members import ALICE as MEMBER_ALICE
from tests.members import STAFF

pytestmark = pytest.mark.postgres

KEEPERS = {
    *("keeper.seal", "keeper.replace_key", "keeper.rebuild_tree", "keeper.index", "keeper.run"),
    "retention.run",
}
"""What no console does on a shared database, whoever sits at it."""
BY_ONESELF = {"erasing.erase"}
"""What a shared database asks about once more, by the login: see `test_erasing_under_roles.py`."""
REFUSED = {"requests.get", "clients.prolong", "invitations.accept", "invitations.first_administrator"}
"""What is refused for reasons of its own: there is no such request, token or code, and there is an administrator."""
LEAST, TILE = 16, 256
"""Fewer events are not indexed; so many are a node of the proof that is kept."""
SPOILT = "UPDATE index_place SET body = 'x'"


@dataclass
class Post:
    """Takes every mail but the first."""

    sent: list[Mail] = field(default_factory=list)
    refused: int = 0

    def send(self, mail: Mail) -> None:
        if not self.refused:
            self.refused += 1
            raise MailError("The server is busy.")
        self.sent.append(mail)


@pytest.fixture
def roles(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Roles]:
    monkeypatch.setattr(building, "LEAST", LEAST)
    monkeypatch.setattr(merging, "CAPS", (30, 60, 90, 120))
    monkeypatch.setattr(folding, "LEAST", 100)
    monkeypatch.setattr(policy_memory, "REMEMBERED_S", 0.0)
    with database_with_roles(server, f"adcp{os.getpid()}_") as made:
        made.make_logins()
        yield made


def keeper_of(roles: Roles, clock: Clock, folder: Path, post: Post | None = None) -> AuditLog:
    return AuditLog(
        roles.address_of(DatabaseRole.KEEPER),
        UTC_ZONE,
        clock=clock,
        identity=Process(),
        mailer=post,
        sealing=SealingPlaces(key_folder=folder),
        as_owner=False,
    )


@pytest.mark.parametrize("somebody", [MEMBER_ALICE, SYSTEM], ids=["a member", "the program itself"])
def test_the_console_does_all_that_it_is_for(roles: Roles, somebody: Reference, tmp_path: Path) -> None:
    world = World(roles.address_of(DatabaseRole.CONSOLE), tmp_path)
    refused = set()
    with closing(world.log):
        assert DEEDS.keys() > KEEPERS
        for name, deed in DEEDS.items():
            if name in KEEPERS | BY_ONESELF or (somebody == SYSTEM and not deed.for_system):
                continue
            for is_last in (False, True):
                try:
                    with world.being(somebody):
                        deed.do(world)
                    break
                except DatabaseError as error:
                    pytest.fail(f"{name}: {error}")
                except AuditdeckError:  # its client, role or member was ended by what came before
                    if is_last:
                        refused.add(name)
                    world.renew()
    assert refused <= REFUSED


def test_the_console_changes_all_that_there_is_to_change(roles: Roles, clock: HandClock) -> None:
    post = Post()
    with closing(AuditLog(roles.address_of(DatabaseRole.CONSOLE), UTC_ZONE, clock=clock, mailer=post)) as log:
        role = log.roles.create(ALICE, RoleDetails("Readers", permissions=(Permission.AUDIT_READ,)))
        group = log.groups.create(ALICE, GroupDetails("Desk", "The desk", (role.id,)))
        log.roles.edit(ALICE, role, RoleDetails("Lookers", "They look", (Permission.REQUESTS_READ,)))
        invited = log.invitations.invite(ALICE, ["bo@example.org", "cy@example.org"], [role.id], [group.id])
        log.invitations.send_due()
        clock.move(minutes=2)
        log.invitations.send_due()
        log.invitations.resend(Caller(STAFF[1]), invited[0].invitation.id)
        log.invitations.send_due()
        code = next(word for word in post.sent[-1].text.split() if word.startswith("adj-"))
        member = log.invitations.accept(code, "Bo Lind", Joining(login="bo"))
        assert (member.roles, member.groups) == ((role.id,), (group.id,))
        log.members.edit(ALICE, member, MemberDetails("Bo", "bo@example.com"))
        clock.move(days=9)
        assert log.invitations.note_expired() == 1
        client = log.clients.create(ALICE, DETAILS).client
        other = ClientDetails(
            "Other", DETAILS.expires + timedelta(days=9), "What for", "Bo", ("a:read",), ("10.0.0.0/8",)
        )
        client = log.clients.edit(ALICE, client, other)
        clock.move(days=200)
        assert log.clients.note_expired() == 1
        view = log.views.save("Mine", EVERYTHING, shared=True)
        log.views.mark({view.id: ReadingMark(view.id, view.id, clock())})
        log.views.delete(view)
        log.sessions.begin("xterm", "1.0")
        clock.move(minutes=1)
        log.sessions.beat()
    assert run_raw(roles.address, "SELECT seen_at > began_at FROM console_session") == [(True,)]


def test_the_console_seals_and_indexes_nothing(roles: Roles, tmp_path: Path) -> None:
    world = World(roles.address_of(DatabaseRole.CONSOLE), tmp_path)
    with closing(world.log):
        world.log.append(plain_drafts(LEAST))
        for name in ("keeper.run", "keeper.seal", "keeper.index"):
            with pytest.raises(DatabaseError, match="permission denied"):
                DEEDS[name].do(world)
    assert count_rows(roles.address, "leaf") == count_rows(roles.address, "index_segment") == 0


def test_the_keeper_does_all_that_is_due(roles: Roles, clock: HandClock, tmp_path: Path) -> None:
    console = AuditLog(roles.address_of(DatabaseRole.CONSOLE), UTC_ZONE, clock=clock, mailer=Post(), as_owner=False)
    post = Post()
    with closing(console), closing(keeper_of(roles, clock, tmp_path, post)) as keeping:
        console.append(plain_drafts(TILE))
        console.requests.append(
            [request_draft(Request(action="GET /v1/orders", status=200, executed_at=clock())) for _ in range(LEAST)]
        )
        client = console.clients.create(ALICE, DETAILS).client
        console.clients.rotate(ALICE, client.id)
        console.sessions.begin("xterm", "1.0")
        console.invitations.invite(ALICE, ["bo@example.org", "cy@example.org"])
        first = keeping.keeper.run()
        assert (first.sent, first.unsent, len(post.sent)) == (1, 1, 1)
        assert first.indexed >= TILE + LEAST and first.segments and first.sealed >= TILE
        assert count_rows(roles.address, "leaf") == count_rows(roles.address, "event") - count_rows(
            roles.address, "pending"
        )
        assert count_rows(roles.address, "tile") == 1
        clock.move(days=400)
        second = keeping.keeper.run()
        assert second.expired >= 2 and second.lost == 1 and second.over == 2
        keeping.keeper.replace_key()
        clock.move(minutes=1)
        assert keeping.keeper.seal() and not keeping.keeper.run().unsent
        # And the console reads what it made.
        assert console.proofs.look().mismatch is None
        assert console.page(EVERYTHING).items and console.health.read()
        assert console.clients.find(client.id).expired_at is not None


def test_the_keeper_removes_what_is_old_which_the_console_cannot(
    roles: Roles, clock: HandClock, tmp_path: Path
) -> None:
    console = AuditLog(roles.address_of(DatabaseRole.CONSOLE), UTC_ZONE, clock=clock, as_owner=False)
    with closing(console), closing(keeper_of(roles, clock, tmp_path)) as keeping:
        console.append(plain_drafts(3 * LEAST))
        console.requests.append(plain_drafts(LEAST))
        keeping.keeper.run()
        clock.move(days=731)
        console.append(plain_drafts(LEAST, start=clock()))
        held = console.holds.place(ALICE, parse_query("before:2026-11-20t10:00:02"), "a dispute")
        with pytest.raises(DatabaseError, match="permission denied"):
            console.retention.run()
        assert keeping.retention.plan() == console.retention.plan()
        done = keeping.keeper.run()
        assert done.retired == 4 * LEAST - 4 and done.segments
        assert count_rows(roles.address, "request") == 2
        console.holds.lift(ALICE, held.id, "settled")
        assert keeping.keeper.run().retired == 4
        assert console.count(EVERYTHING.adding(IN_ARCHIVE)) == count_rows(roles.address, "event")


def test_the_keeper_builds_merges_and_mends_the_index(roles: Roles, clock: HandClock, tmp_path: Path) -> None:
    console_address = roles.address_of(DatabaseRole.CONSOLE)
    with closing(keeper_of(roles, clock, tmp_path)) as keeping:
        with closing(AuditLog(console_address, UTC_ZONE, clock=clock)) as console:
            console.append(varied(range(21)))
            keeping.keeper.index()
            run_raw(roles.address, SPOILT)
            console.append(varied(range(21, 42)))
            done = keeping.keeper.index()  # merging comes upon it
            assert done.mended and done.merged
            # Of these some come late, over the end of the ones before and the beginning of the next.
            for numbers in (range(42, 250, 2), range(252, 500, 2), range(175, 325, 2)):
                console.append(varied(numbers))
                keeping.keeper.index()
            before = console.page(EVERYTHING).items
        assert count_rows(roles.address, "index_alias") and count_rows(roles.address, "index_segment") > 1
        run_raw(roles.address, SPOILT)
        with closing(AuditLog(console_address, UTC_ZONE, clock=clock)) as console:
            assert console.page(EVERYTHING).items == before
            assert count_rows(roles.address, "index_damage")
            assert keeping.keeper.index().mended
            assert count_rows(roles.address, "index_damage") == 0
            assert console.page(EVERYTHING).items == before


def test_the_gateway_answers_and_records(roles: Roles, clock: HandClock, tmp_path: Path) -> None:
    with closing(AuditLog(roles.address_of(DatabaseRole.CONSOLE), UTC_ZONE, clock=clock)) as console:
        issued = console.clients.create(ALICE, DETAILS)
        console.policy.change(ALICE, "zone", "Europe/Berlin")
        gateway = Gateway(roles.address_of(DatabaseRole.GATEWAY), durable=True, clock=clock, as_owner=False)
        gateway.open()
        try:
            bearer = (b"authorization", f"Bearer {issued.token.reveal()}".encode())
            for scope, kind in (("users:read", Admission), ("users:write", Refusal)):
                answer = gateway.ask(Question([bearer], "203.0.113.7", scope))
                assert isinstance(answer.found, kind)
            gateway.record(
                Request(action="GET /v1/users", status=200, executed_at=clock(), client=issued.client.reference)
            )
            clock.move(minutes=5)
            gateway.ask(Question([bearer], "203.0.113.8", "users:read"))
        finally:
            assert gateway.stop() == 0
        (event,) = console.requests.page(EVERYTHING).items
        assert event.client == issued.client.reference
        found = console.clients.find(issued.client.id)
        assert found.tokens[0].last_used_ip == "203.0.113.8" and found.last_used_at == clock()
    assert count_rows(roles.address, "unindexed_request") == 1


def test_the_gateway_takes_in_a_proxys_access_log(roles: Roles, clock: HandClock) -> None:
    address = roles.address_of(DatabaseRole.GATEWAY)
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=Process(), as_owner=False)) as log:
        draft = request_draft(Request(action="GET /v1/orders", status=200, executed_at=clock()))
        twice = [replace(draft, source=Source("proxy", "1")), replace(draft, source=Source("proxy", "1"))]
        assert log.requests.append(twice).added == 1
        assert log.requests.append(twice).duplicates == 2


def test_a_client_asks_with_its_key_under_the_consoles_role(roles: Roles, clock: HandClock) -> None:
    address = roles.address_of(DatabaseRole.CONSOLE)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as console:
        issued = console.clients.create(ALICE, replace(named("Reports"), scopes=("audit:read",)))
    key = ApiKey(issued.token.reveal(), clock)
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=key, as_owner=False)) as log:
        assert log.page(EVERYTHING).items
        log.api_calls.record("events", clock(), 1)
    assert count_rows(roles.address, "request") == count_rows(roles.address, "token_use") == 1


def test_reports_read_events_and_nothing_else(roles: Roles, clock: HandClock) -> None:
    with closing(Database(roles.address, clock=clock)) as database:
        with database.writing() as work:
            work.events.append_new(plain_drafts(3))
            work.commit()
        expected = all_events(database)
    with closing(Database(roles.address_of(DatabaseRole.READ_ONLY))) as reading:
        reading.open(as_owner=False)
        assert all_events(reading) == expected and not all_events(reading, Log.REQUESTS)
        with pytest.raises(DatabaseError, match="permission denied"), reading.writing() as work:
            work.events.append_new(plain_drafts(1))
    for table in ("member", "token", "invitation", "policy", "console_session"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_raw(roles.address_of(DatabaseRole.READ_ONLY), f"SELECT count(*) FROM {table}")
