"""The gate: what a refusal tells, and that what was checked is so until the commit."""

from collections.abc import Iterator
from contextlib import closing
from threading import Thread

import pytest

from data.access.errors import NotPermitted, NotSignedIn
from data.access.model import Role
from data.caller import Caller
from data.catalogue import CATALOGUE
from data.permissions import Permission
from data.records import ActorType, Event, Outcome, Reference
from data.services.acts import CREATE_CLIENT
from data.services.audit_log import AuditLog
from data.services.identity import Process
from data.store import Database
from data.tokens import new_token
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, DETAILS, named
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, plain_drafts
from tests.members import As, enrol

WANDA = Reference("member", "m-wanda", "Wanda Roe")
ASKED = Caller(WANDA, "cli", "192.0.2.7", "auditdeck/1.0", request_id="r-1")
WRITERS = Role("r-writers0", "Writers", permissions=(Permission.CLIENTS_WRITE,))
SECRET = new_token(bytes).reveal()
HELD_BACK_S = 0.3
LIMIT_S = 30


@pytest.fixture
def log(address: str, database: Database, clock: HandClock) -> Iterator[AuditLog]:
    """The log as a client manager has it, who sits at 192.0.2.7; there is a client."""
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as own:
        own.clients.create(ALICE, DETAILS)
    enrol(database, [WANDA], roles=["client-manager"])
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=As(WANDA, "192.0.2.7"))) as opened:
        yield opened


def refusals(database: Database) -> list[Event]:
    return [event for event in all_events(database) if event.outcome is Outcome.DENIED]


def test_a_refused_reading_is_told_with_who_from_where_and_what_was_needed(log: AuditLog, database: Database) -> None:
    with pytest.raises(NotPermitted) as refused:
        log.page(EVERYTHING)
    assert refused.value.needed is Permission.AUDIT_READ
    (event,) = refusals(database)
    assert (event.actor, event.ip, event.service) == (WANDA, "192.0.2.7", "console")
    assert (
        event.reason
        == str(refused.value)
        == ("This needs audit:read, to view audit logs; Wanda Roe holds clients:read, clients:write, requests:read.")
    )
    assert CATALOGUE.describe(event.type).attempted == "Read audit log"


def test_a_refused_change_is_told_with_the_thing_that_it_is_about(log: AuditLog, database: Database) -> None:
    (client,) = log.clients.all().clients
    enrol(database, [Reference("member", "m-reads", "Rea Dey")], roles=["reviewer"])
    by = Caller(Reference("member", "m-reads", "Rea Dey"), "cli", "192.0.2.8", "auditdeck/1.0", request_id="r-1")
    with pytest.raises(NotPermitted):
        log.clients.revoke(by, client.id, "leaked")
    (event,) = refusals(database)
    assert event.type == "api_client.revoked" and event.target == event.client == client.reference
    assert (event.actor, event.service, event.ip) == (by.actor, "cli", "192.0.2.8")
    assert (event.user_agent, event.request_id) == ("auditdeck/1.0", "r-1")


@pytest.mark.parametrize("text", ["c-nowhere", "\ud800", "a\0b", SECRET, "\u202eevil"])
def test_what_is_not_there_is_refused_like_anything_else_and_not_repeated(
    log: AuditLog, database: Database, text: str
) -> None:
    enrol(database, [Reference("member", "m-reads", "Rea Dey")], roles=["reviewer"])
    by = Caller(Reference("member", "m-reads", "Rea Dey"))
    with pytest.raises(NotPermitted):
        log.clients.revoke(by, text, "leaked")
    with pytest.raises(NotPermitted):
        log.clients.create(by, named(text))
    revoked, created = sorted(refusals(database), key=lambda event: event.type, reverse=True)
    assert (revoked.type, revoked.target) == ("api_client.revoked", None)
    assert created.type == "api_client.created" and text.isprintable() is (created.target is not None)
    assert SECRET not in repr(created)


def test_a_refusal_that_cannot_be_logged_is_one_all_the_same(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise NotSignedIn("no event")

    monkeypatch.setattr("data.store.event_writer.EventWriter.append", fail)
    with pytest.raises(NotPermitted, match="This needs audit:read"):
        log.count(EVERYTHING)
    assert "a refusal could not be logged" in caplog.text


def test_the_program_itself_appends_requests_and_no_events(address: str, database: Database) -> None:
    with closing(AuditLog(address, UTC_ZONE, identity=Process())) as log:
        log.requests.append(plain_drafts(1))
        with pytest.raises(NotPermitted, match="a member has to ask for it"):
            log.append(plain_drafts(1))
    (event,) = refusals(database)
    assert (event.type, event.actor.type) == ("log.imported", ActorType.SYSTEM)


def test_an_api_client_may_replace_its_own_token_and_no_other(log: AuditLog) -> None:
    own, other = (log.clients.create(Caller(WANDA), named(name)) for name in ("Its own", "Another"))
    by = Caller(own.client.reference, "admin-api")
    issued = log.clients.rotate(by, own.client.id)
    log.clients.note_handed_over(by, own.client.id, issued.token.public_id, "saved")
    for refused in (other.client.id, "c-nowhere"):
        with pytest.raises(NotPermitted, match="This needs clients:write"):
            log.clients.rotate(by, refused)
    with pytest.raises(NotPermitted, match="This needs clients:write"):
        log.clients.revoke(by, own.client.id, "leaked")
    log.clients.revoke(Caller(WANDA), own.client.id, "leaked")
    with pytest.raises(NotSignedIn, match="no API client that works here"):
        log.clients.rotate(by, own.client.id)


def change_role(database: Database, wanted: Role) -> None:
    with database.writing() as work:
        work.access.put_role(wanted)
        work.commit()


def test_a_permission_cannot_be_withdrawn_between_check_and_commit(log: AuditLog, database: Database) -> None:
    change_role(database, WRITERS)
    enrol(database, [Reference("member", "m-writes", "Wri Tes")], roles=[WRITERS.id])
    by = Caller(Reference("member", "m-writes", "Wri Tes"))
    withdrawal = Thread(target=change_role, args=(database, Role(WRITERS.id, WRITERS.name)))
    with log.gate.writing(by, CREATE_CLIENT) as work:
        withdrawal.start()
        withdrawal.join(HELD_BACK_S)
        assert withdrawal.is_alive(), "it waits for what was permitted before it"
        work.events.append(*plain_drafts(1))
        work.commit()
    withdrawal.join(LIMIT_S)
    assert not withdrawal.is_alive()
    with pytest.raises(NotPermitted):
        log.clients.create(by, named("Too late"))


def test_whoever_asks_while_a_permission_is_being_withdrawn_waits_and_is_refused(
    log: AuditLog, database: Database
) -> None:
    change_role(database, WRITERS)
    enrol(database, [Reference("member", "m-writes", "Wri Tes")], roles=[WRITERS.id])
    by = Caller(Reference("member", "m-writes", "Wri Tes"))
    came: list[Exception | None] = []

    def create() -> None:
        try:
            log.clients.create(by, named("Too late"))
        except NotPermitted as error:
            came.append(error)
        else:
            came.append(None)

    asking = Thread(target=create)
    with database.writing() as work:
        work.access.put_role(Role(WRITERS.id, WRITERS.name))
        asking.start()
        asking.join(HELD_BACK_S)
        assert asking.is_alive(), "it waits for what is being changed"
        work.commit()
    asking.join(LIMIT_S)
    assert [type(one) for one in came] == [NotPermitted]
