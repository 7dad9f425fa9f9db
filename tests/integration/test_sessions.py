"""Sessions over a real database: who comes in, who is told why not, and what ends a session."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest

from data.access.errors import AccessNotFound, NotPermitted, NotSignedIn
from data.access.model import LOST_AFTER, OWNER_ID, Member, MemberStatus, Session, SessionEnd, SshKey, Standing
from data.caller import Caller
from data.permissions import Permission
from data.query import parse_query
from data.records import SYSTEM, ActorType, Event, Outcome
from data.services.audit_log import AuditLog
from data.services.gate import MOST_REFUSED, Gate
from data.services.identity import KeyHolder, Local, Process
from data.services.sessions import SEEN_EVERY, Sessions
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE, all_events
from tests.integration.raw_access import run_raw

CEM = Member("m-cem00000", "Cem Kaya", "cem@example.org", NOW, roles=("support",))
BEN = Member("m-ben00000", "Ben Ito", "ben@example.org", NOW, roles=("administrator",))
KEYS = {
    CEM.id: SshKey("SHA256:cem", "ssh-ed25519", 256, "AAAA", "cem@laptop", NOW),
    BEN.id: SshKey("SHA256:ben", "ssh-ed25519", 256, "BBBB", "ben@laptop", NOW),
}
SUPPORT = {Permission.AUDIT_READ, Permission.CLIENTS_READ, Permission.REQUESTS_READ}

FACTS = {"program_version": "1.2.3"}

Console = Callable[[Member], Sessions]


@pytest.fixture
def members(database: Database) -> Database:
    """A database with two members, each with a key."""
    with database.writing() as work:
        for member in (CEM, BEN):
            work.access.put_member(member)
            work.access.add_key(member.id, KEYS[member.id])
        work.commit()
    return database


@pytest.fixture
def console(members: Database, clock: HandClock) -> Console:
    """What makes the sessions of a console, as a process of its own would have it."""

    def make(member: Member) -> Sessions:
        identity = KeyHolder(KEYS[member.id].fingerprint, "192.0.2.7")
        return Sessions(Gate(members, lambda: None, clock, identity))

    return make


def begun(sessions: Sessions) -> Session:
    session = sessions.begin("xterm-256color", "1.2.3")
    assert session is not None
    return session


def told(database: Database) -> list[Event]:
    """What the log says of sessions, in the order of time."""
    found = [event for event in all_events(database) if event.type.startswith("session.")]
    return sorted(found, key=lambda event: event.occurred_at)


def test_signing_in_and_out_are_events_with_address_terminal_and_program(
    members: Database, console: Console, clock: HandClock
) -> None:
    sessions = console(CEM)
    session = begun(sessions)
    assert (session.member, session.address, session.terminal) == (CEM.reference, "192.0.2.7", "xterm-256color")
    assert sessions.beat() == Standing(CEM.reference, frozenset(SUPPORT))
    clock.move(seconds=1)
    sessions.leave()
    sessions.leave(SessionEnd.LOST)
    signed_in, signed_out = told(members)
    assert [signed_in.type, signed_out.type] == ["session.signed_in", "session.signed_out"]
    for event in (signed_in, signed_out):
        assert (event.actor, event.target) == (CEM.reference, CEM.reference)
        assert (event.session_id, event.ip, event.service) == (session.id, "192.0.2.7", "console")
        assert event.data == FACTS | {"terminal": "xterm-256color", "fingerprint": KEYS[CEM.id].fingerprint}
    with members.asking() as transaction:
        stored = transaction.sessions.find(session.id)
    assert stored is not None and stored.ending is SessionEnd.SIGNED_OUT


def test_the_owner_of_a_file_has_no_session(sqlite_address: str) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE)) as log:
        assert log.sessions.begin("xterm", "1.2.3") is None
        standing = log.sessions.beat()
        assert standing.who.id == OWNER_ID and standing.permissions == frozenset(Permission)
        log.sessions.leave()
        assert log.page(parse_query("last:all")).items == ()


def test_a_stranger_is_refused_once_in_the_log(members: Database, clock: HandClock) -> None:
    sessions = Sessions(Gate(members, lambda: None, clock, KeyHolder("SHA256:nobody", "192.0.2.9")))
    for _ in range(2):
        with pytest.raises(NotSignedIn, match="This key is no member's here"):
            sessions.begin("xterm", "1.2.3")
    (refused,) = told(members)
    assert (refused.type, refused.outcome, refused.ip) == ("session.refused", Outcome.DENIED, "192.0.2.9")
    assert (refused.actor.type, refused.actor.name) == (ActorType.ANONYMOUS, "SHA256:nobody")
    assert refused.data == FACTS | {"terminal": "xterm"}


def test_whoever_knocks_without_end_does_not_fill_the_log(members: Database, clock: HandClock) -> None:
    def knock(fingerprint: str) -> None:
        gate = Gate(
            members, lambda: None, clock, KeyHolder(fingerprint, "192.0.2.9")
        )  # each comes by a process of its own
        with pytest.raises(NotSignedIn):
            Sessions(gate).begin("xterm", "1.2.3")

    for _ in range(MOST_REFUSED + 5):
        knock("SHA256:nobody")
    assert len(told(members)) == MOST_REFUSED
    knock("SHA256:another")
    clock.move(minutes=16)
    knock("SHA256:nobody")
    assert len(told(members)) == MOST_REFUSED + 2


@pytest.mark.postgres
def test_a_login_that_is_no_members_is_refused(postgres_address: str) -> None:
    run_raw(postgres_address, "UPDATE member SET login = NULL")
    with closing(AuditLog(postgres_address, UTC_ZONE, identity=Local())) as log:
        with pytest.raises(NotSignedIn, match="is no member's here; with an invitation's code"):
            log.sessions.begin("xterm", "1.2.3")
        with pytest.raises(NotSignedIn):
            log.sessions.beat()


def test_one_who_is_suspended_is_told_so_and_by_whom(members: Database, console: Console, clock: HandClock) -> None:
    sessions = console(CEM)
    session = begun(sessions)
    suspend(members, clock(), session)
    with pytest.raises(NotSignedIn, match="Cem Kaya is suspended.* This session was ended by Ben Ito."):
        sessions.beat()
    with pytest.raises(NotSignedIn, match="Cem Kaya is suspended"):
        console(CEM).begin("xterm", "1.2.3")


def suspend(database: Database, now: datetime, session: Session) -> None:
    with database.writing() as work:
        member = work.access.member(session.member.id or "")
        assert member is not None
        work.access.put_member(
            Member(member.id, member.name, member.email, NOW, MemberStatus.SUSPENDED, member.roles, revision=2)
        )
        work.sessions.end(session.id, now, SessionEnd.ENDED, BEN.name)
        work.commit()


def test_a_key_that_was_removed_lets_nobody_in_any_more(members: Database, console: Console, clock: HandClock) -> None:
    sessions = console(CEM)
    session = begun(sessions)
    with members.writing() as work:
        work.access.remove_key(KEYS[CEM.id].fingerprint)
        work.sessions.end(session.id, clock(), SessionEnd.ENDED, BEN.name)
        work.commit()
    with pytest.raises(NotSignedIn, match="This key is no member's here.* This session was ended by Ben Ito."):
        sessions.beat()


def test_ending_a_session_needs_the_permission_unless_it_is_ones_own(members: Database, console: Console) -> None:
    of_cem, of_ben = console(CEM), console(BEN)
    cems, bens = begun(of_cem), begun(of_ben)
    cem = Caller(CEM.reference, ip="192.0.2.7", session_id=cems.id)
    ben = Caller(BEN.reference, ip="192.0.2.8", session_id=bens.id)
    for unknown_or_others in (bens.id, "s-unknown0"):
        with pytest.raises(NotPermitted, match="This needs access:write") as raised:
            of_cem.end(cem, unknown_or_others)
        assert raised.value.needed is Permission.ACCESS_WRITE
    with pytest.raises(AccessNotFound):
        of_ben.end(ben, "s-unknown0")
    of_ben.end(ben, cems.id, "left in a train")
    of_ben.end(ben, cems.id, "again")  # it is over already
    with pytest.raises(NotSignedIn, match="^This session was ended by Ben Ito.$"):
        of_cem.beat()
    another = begun(console(CEM))
    of_cem.end(Caller(CEM.reference, session_id=another.id), another.id)
    ends = [event for event in told(members) if event.type == "session.ended"]
    denied_twice = [event for event in ends if event.outcome is Outcome.DENIED]
    ended = [event for event in ends if event.session_id == cems.id and event not in denied_twice]
    own = [event for event in ends if event.session_id == another.id]
    assert [event.actor for event in denied_twice] == [CEM.reference] * 2
    assert {event.target for event in denied_twice} == {BEN.reference, None}
    (by_ben,) = ended
    assert (by_ben.actor, by_ben.target, by_ben.session_id) == (BEN.reference, CEM.reference, cems.id)
    assert by_ben.reason == "left in a train"
    assert [event.outcome for event in own] == [Outcome.SUCCESS]


def test_a_console_is_written_down_as_seen_now_and_then(members: Database, console: Console, clock: HandClock) -> None:
    sessions = console(CEM)
    session = begun(sessions)

    def seen_at() -> datetime:
        with members.asking() as transaction:
            found = transaction.sessions.find(session.id)
        assert found is not None
        return found.seen_at

    clock.move(seconds=SEEN_EVERY.seconds - 1)
    sessions.beat()
    assert seen_at() == NOW
    clock.move(seconds=1)
    sessions.beat()
    assert seen_at() == clock()


def test_the_keeper_notes_what_was_lost_and_the_console_that_comes_back_has_a_new_session(
    members: Database, console: Console, clock: HandClock, address: str
) -> None:
    sessions = console(CEM)
    session = begun(sessions)
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=Process())) as keeper:
        clock.move(seconds=LOST_AFTER.seconds)
        assert keeper.keeper.run().lost == 0
        clock.move(seconds=1)
        if keeper.is_embedded:
            assert keeper.keeper.run().lost == 0, "its sessions have no consoles"
            return
        assert keeper.keeper.run().lost == 1
        assert keeper.keeper.run().lost == 0
    lost = told(members)[-1]
    assert (lost.type, lost.actor, lost.target, lost.session_id) == ("session.lost", SYSTEM, CEM.reference, session.id)
    assert lost.reason == "Nothing was heard of its console for 2 minutes."
    clock.move(seconds=1)
    assert sessions.beat().who == CEM.reference
    again = sessions.mine
    assert again is not None and again.id != session.id and again.terminal == session.terminal
    assert [event.type for event in told(members)][-1] == "session.signed_in"
