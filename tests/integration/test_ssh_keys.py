"""The keys of members over a real database: registered, removed, refused, and asked about by sshd."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest

from data.access.errors import AccessNotFound, AccessWrong, NotPermitted, NotSignedIn
from data.access.model import MemberStatus, Session, SessionEnd, SshKey
from data.access.ssh_keys import read_public_key
from data.caller import Caller
from data.permissions import Permission
from data.query import parse_query
from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from data.services.identity import KeyHolder, Process
from data.services.ssh_keys import MOST_KEYS
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE
from tests.integration.members import put_member
from tests.unit.access.sample_keys import SAMPLES, wire

ED25519, ECDSA = (read_public_key(SAMPLES[name].line) for name in ("ed25519", "ecdsa_256"))
LINE = SAMPLES["ed25519"].line


class Office:
    """A database with members: Alice may manage access, Bo may read the log, and so may Sue, who is suspended."""

    def __init__(self, address: str, clock: HandClock) -> None:
        self._address = address
        self.clock = clock
        self.database = Database(address, clock=clock)
        self.log = AuditLog(address, UTC_ZONE, clock=clock)
        self.alice = put_member(
            self.database, "m-alice", "Alice Moss", (Permission.ACCESS_WRITE, Permission.AUDIT_READ)
        )
        self.bo = put_member(self.database, "m-bo", "Bo Lind", (Permission.AUDIT_READ,))
        self.sue = put_member(self.database, "m-sue", "Sue Wray", (Permission.AUDIT_READ,), MemberStatus.SUSPENDED)
        self.ann = put_member(self.database, "m-ann", "Ann Oak", (Permission.ADMIN,))
        self.old = put_member(self.database, "m-old", "Old Hand", (), MemberStatus.REMOVED)

    def keys_of(self, member_id: str) -> list[SshKey]:
        with self.database.asking() as transaction:
            member = transaction.access.member(member_id)
            return [] if member is None else list(member.keys)

    def events(self, tags: str = "member.key_*") -> list[Event]:
        """Events of these types, oldest first."""
        with self.database.reading(UTC_ZONE) as reader:
            return list(reader.page(parse_query(f"type:{tags} last:all"), limit=100).items[::-1])

    def open_session(self, session_id: str, of: Caller, fingerprint: str) -> None:
        with self.database.writing() as work:
            work.sessions.add(
                Session(session_id, of.actor, NOW, NOW, "198.51.100.7", "xterm", "0.1.0", fingerprint=fingerprint)
            )
            work.commit()

    def session(self, session_id: str) -> Session:
        with self.database.asking() as transaction:
            found = transaction.sessions.find(session_id)
        assert found is not None
        return found

    def close(self) -> None:
        self.log.close()
        self.database.close()


class RunningClock(HandClock):
    """A clock that goes on by a millisecond whenever it is looked at: events have an order."""

    def __call__(self) -> datetime:
        self.move(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def shared_office(address: str, clock: HandClock) -> Iterator[Office]:
    """On each engine in turn."""
    with closing(Office(address, clock)) as opened:
        yield opened


@pytest.fixture
def office(sqlite_address: str, clock: HandClock) -> Iterator[Office]:
    """On an embedded database: what is refused before anything is written is the same on any."""
    with closing(Office(sqlite_address, clock)) as opened:
        yield opened


def test_a_member_registers_a_key_of_their_own(shared_office: Office) -> None:
    office = shared_office
    by = replace(office.bo, ip="198.51.100.7", session_id="s-1")
    with office.database.writing() as work:
        work.sessions.add(Session("s-1", by.actor, NOW, NOW))
        work.commit()
    key = office.log.keys.register(by, "m-bo", f"{LINE}\n")
    assert key == SshKey(ED25519.fingerprint, "ssh-ed25519", 256, ED25519.blob, "alice@laptop", key.registered_at)
    assert key.registered_at > NOW
    assert office.keys_of("m-bo") == [key]
    (event,) = office.events()
    assert (event.type, event.outcome, event.actor, event.target) == (
        "member.key_registered",
        Outcome.SUCCESS,
        by.actor,
        by.actor,
    )
    assert (event.ip, event.session_id, event.service) == ("198.51.100.7", "s-1", "console")
    assert event.data == {
        "fingerprint": ED25519.fingerprint,
        "key_type": "ssh-ed25519",
        "bits": 256,
        "comment": "alice@laptop",
    }


def test_for_others_it_needs_access_write_and_all_that_they_hold(office: Office) -> None:
    office.log.keys.register(office.alice, "m-bo", LINE)
    office.log.keys.register(office.alice, "m-sue", SAMPLES["rsa"].line)
    assert len(office.keys_of("m-bo")) == len(office.keys_of("m-sue")) == 1
    with pytest.raises(NotPermitted, match="needs access:write"):
        office.log.keys.register(office.bo, "m-sue", SAMPLES["ecdsa_256"].line)
    with pytest.raises(NotPermitted, match="Ann Oak holds .*admin.*, which Alice Moss does not"):
        office.log.keys.register(office.alice, "m-ann", SAMPLES["ecdsa_256"].line)
    assert office.keys_of("m-ann") == [] and len(office.keys_of("m-sue")) == 1
    *_, of_bo, of_alice = office.events()
    for event, by, about in ((of_bo, office.bo, "m-sue"), (of_alice, office.alice, "m-ann")):
        assert (event.type, event.outcome, event.actor) == ("member.key_registered", Outcome.DENIED, by.actor)
        assert event.target is not None and event.target.id == about
    office.log.keys.register(office.ann, "m-alice", SAMPLES["ecdsa_256"].line)


def test_a_key_is_registered_once(office: Office) -> None:
    office.log.keys.register(office.bo, "m-bo", LINE)
    kind, blob, _ = LINE.split()
    for by, said in ((office.bo, "is Bo Lind's already"), (office.ann, "registered by somebody else")):
        with pytest.raises(AccessWrong) as wrong:
            office.log.keys.register(by, by.actor.id or "", f"{kind} {blob} another comment")
        assert said in wrong.value.problems["key"] and ED25519.fingerprint in wrong.value.problems["key"]
    assert len(office.keys_of("m-bo")) == 1 and office.keys_of("m-ann") == [] and len(office.events()) == 1


def test_who_can_have_no_key(office: Office) -> None:
    for member_id in ("m-nobody", "m-old"):
        with pytest.raises(AccessNotFound, match=f"There is no member {member_id}"):
            office.log.keys.register(office.ann, member_id, LINE)
    with pytest.raises(NotSignedIn, match="Sue Wray is suspended"):
        office.log.keys.register(office.sue, "m-sue", LINE)
    with pytest.raises(AccessWrong, match="no base64"):
        office.log.keys.register(office.bo, "m-bo", LINE.replace("AAAA", "****"))
    assert office.events() == []


def test_there_is_an_end_to_keys(office: Office) -> None:
    for number in range(MOST_KEYS):
        office.log.keys.register(office.bo, "m-bo", f"ssh-ed25519 {wire(b'ssh-ed25519', bytes([number] * 32))}")
    with pytest.raises(AccessWrong, match=f"has {MOST_KEYS} keys already"):
        office.log.keys.register(office.bo, "m-bo", LINE)


def test_whoever_removes_a_key_ends_what_it_opened(shared_office: Office) -> None:
    office = shared_office
    for line in (LINE, SAMPLES["ecdsa_256"].line):
        office.log.keys.register(office.bo, "m-bo", line)
    office.open_session("s-1", office.bo, ED25519.fingerprint)
    office.open_session("s-2", office.bo, ECDSA.fingerprint)
    office.log.keys.remove(office.alice, "m-bo", ED25519.fingerprint, " the laptop was stolen ")
    assert [key.fingerprint for key in office.keys_of("m-bo")] == [ECDSA.fingerprint]
    ended, going_on = office.session("s-1"), office.session("s-2")
    assert (ended.ending, ended.ended_by) == (SessionEnd.ENDED, "Alice Moss")
    assert going_on.ended_at is None
    (removed,), (end,) = office.events("member.key_removed"), office.events("session.ended")
    assert removed.occurred_at == end.occurred_at == ended.ended_at
    assert (removed.actor, removed.target, removed.reason) == (
        office.alice.actor,
        office.bo.actor,
        "the laptop was stolen",
    )
    assert removed.data["fingerprint"] == ED25519.fingerprint
    assert (end.target, end.actor) == (office.bo.actor, office.alice.actor)
    assert ED25519.fingerprint in (end.reason or "")
    assert end.session_id == "s-1", "the event is one of the session that ended"
    assert end.data == {"terminal": "xterm", "program_version": "0.1.0", "fingerprint": ED25519.fingerprint}


def test_what_is_done_later_is_told_later_though_clocks_differ(sqlite_address: str) -> None:
    clock = HandClock()
    with closing(Office(sqlite_address, clock)) as office:
        office.log.keys.register(office.bo, "m-bo", LINE)
        clock.move(seconds=-5)
        office.log.keys.remove(office.alice, "m-bo", ED25519.fingerprint, "the laptop was stolen")
        clock.move(seconds=-5)
        office.log.keys.register(office.bo, "m-bo", LINE)
        acts = ["registered", "removed", "registered"]
        assert [event.type for event in office.events()] == [f"member.key_{act}" for act in acts]


def test_ones_own_key_is_removed_without_a_reason_and_others_not(office: Office) -> None:
    for line in (LINE, SAMPLES["ecdsa_256"].line):
        office.log.keys.register(office.bo, "m-bo", line)
    office.log.keys.remove(office.bo, "m-bo", ED25519.fingerprint)
    with pytest.raises(AccessWrong) as wrong:
        office.log.keys.remove(office.alice, "m-bo", ECDSA.fingerprint, " ")
    assert list(wrong.value.problems) == ["reason"]
    with pytest.raises(NotPermitted):
        office.log.keys.remove(office.bo, "m-ann", ECDSA.fingerprint, "because")
    with pytest.raises(AccessNotFound, match="Bo Lind has no key"):
        office.log.keys.remove(office.bo, "m-bo", ED25519.fingerprint)
    assert [event.outcome for event in office.events("member.key_removed")] == [Outcome.SUCCESS, Outcome.DENIED]
    assert [key.fingerprint for key in office.keys_of("m-bo")] == [ECDSA.fingerprint]


def test_nobody_takes_the_key_of_one_who_may_do_more(office: Office) -> None:
    office.log.keys.register(office.ann, "m-ann", LINE)
    (key,) = office.keys_of("m-ann")
    with pytest.raises(NotPermitted, match="Ann Oak may do all that you may and more"):
        office.log.keys.remove(office.alice, "m-ann", key.fingerprint, "stolen")
    assert office.keys_of("m-ann") == [key]
    refusal = office.events()[-1]
    assert (refusal.type, refusal.outcome) == ("member.key_removed", Outcome.DENIED)


def test_sshd_is_told_whose_a_key_is_and_whether_it_may_join(sqlite_address: str, office: Office) -> None:
    office.log.keys.register(office.bo, "m-bo", LINE)
    with closing(AuditLog(sqlite_address, UTC_ZONE, identity=Process())) as asked:
        bo = asked.keys.standing_of(ED25519)
        assert bo.member is not None and bo.member.id == "m-bo" and not bo.may_join
        assert asked.keys.standing_of(ECDSA).member is None and asked.keys.standing_of(ECDSA).may_join


def test_whose_a_key_is_not_everybody_may_ask(sqlite_address: str, office: Office) -> None:
    office.log.keys.register(office.bo, "m-bo", LINE)
    holder = KeyHolder(ED25519.fingerprint, "198.51.100.7")
    with (
        closing(AuditLog(sqlite_address, UTC_ZONE, clock=office.clock, identity=holder)) as asked,
        pytest.raises(NotPermitted, match="needs access:read"),
    ):
        asked.keys.standing_of(ECDSA)
    (event,) = office.events("access.read")
    assert (event.outcome, event.actor, event.ip) == (Outcome.DENIED, office.bo.actor, "198.51.100.7")
