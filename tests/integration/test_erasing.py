"""Erasing events: what goes, what stays, who may, and that nothing finds an event any more by what it held."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from data.access.errors import NotPermitted
from data.caller import Caller
from data.erasing import NotErased
from data.errors import DatabaseError, EventNotFound
from data.hostile import holds_hostile
from data.index.indexer import Indexer
from data.permissions import Permission
from data.query import parse_query
from data.records import SYSTEM, Change, Draft, Event, Outcome, Reference, Seal, Source
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.forgetting_tables import hold
from tests.hand_clock import NOW, HandClock
from tests.hostile_draft import hostile_draft
from tests.integration.events import EVERYTHING, all_events, append, take_snapshot
from tests.integration.insiders import let_in
from tests.integration.raw_access import count_rows, run_raw
from tests.integration.sealed_logs import open_log, tamper

GONE = ("Alice", "198.51.100.7", "curl/8", "asked for", "Payroll sync", "req-1", "note of hers", "kept before")
"""Each is in the personal part of `SECRET`."""
SECRET = Draft(
    type="api_client.updated",
    occurred_at=NOW,
    actor=Reference("member", "m-1", "Alice Moss"),
    client=Reference("api_client", "c-1", "Payroll sync"),
    target=Reference("api_client", "c-1", "Payroll sync"),
    service="console",
    duration_ms=12,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="req-1",
    session_id="s-1",
    reason="asked for",
    changes=(Change("description", "kept before", "kept after"), Change("status", "active", "revoked")),
    data={"note": "note of hers"},
)
IMPORTED = replace(SECRET, occurred_at=NOW + timedelta(seconds=1), source=Source("elsewhere", "4711"))
TOLD = parse_query("type:log.event_erased last:all")


@pytest.fixture
def log(address: str, tmp_path: Path, clock: HandClock) -> Iterator[AuditLog]:
    """A log of three events, of which the first two are to be erased, for somebody who may do everything."""
    with closing(open_log(address, tmp_path, clock)) as opened:
        append(opened.gate.database, [SECRET, IMPORTED, Draft(type="project.created", occurred_at=NOW - timedelta(1))])
        yield opened


def ids(log: AuditLog) -> list[UUID]:
    """The two events, the older first."""
    return [event.id for event in all_events(log.gate.database) if event.type == SECRET.type][::-1]


def told(log: AuditLog) -> list[Event]:
    """What the log tells of erasing, oldest first."""
    with log.gate.database.reading(log.zone) as reader:
        return [*reader.page(TOLD).items[::-1]]


def found(log: AuditLog, words: str) -> set[UUID]:
    """What a query finds, by the index and by looking at every row: the same."""
    query = parse_query(f"{words} last:all")
    by_index = log.page(query, limit=500)
    with log.gate.database.asking() as transaction:
        plain = transaction.events(log.zone)._plain  # type: ignore[attr-defined]
        assert plain.count(query, by_index.snapshot) == log.count(query, by_index.snapshot) == len(by_index.items)
    return {event.id for event in by_index.items}


@pytest.mark.parametrize("whole", [False, True])
def test_nothing_finds_an_event_by_what_it_held(log: AuditLog, whole: bool) -> None:
    asked = [f'"{text}"' for text in GONE]
    asked += ["ip:198.51.100.7", "request:req-1", "has:reason", "actor:Alice*", "client:Payroll*", "target:Payroll*"]
    if whole:
        asked += ["type:api_client.updated", "actor:m-1", "client:c-1", "has:changes", "duration:>1ms", "session:s-1"]
    for number, event_id in enumerate(ids(log)):
        assert all(event_id in found(log, words) for words in asked), [one for one in asked if not found(log, one)]
        done = log.erasing.erase(event_id, log.caller(), whole=whole, reason="she asked for it")
        assert not done.was_already and done.whole is whole and done.told_by == told(log)[number].id
        left = log.get(event_id)
        assert left == replace(done.event, seal=left.seal, erasure=left.erasure)
        assert (left.ip, left.reason, left.user_agent, left.request_id) == (None,) * 4 and not left.data
        for words in asked:
            assert event_id not in found(log, words), words
        Indexer(log.gate.database).run()
        assert event_id in found(log, f"id:{event_id}") and event_id in found(log, f"type:{left.type}")
    first, second = (log.get(one) for one in ids(log) or [e.id for e in all_events(log.gate.database)][-2:])
    if not whole:
        assert (first.actor, first.client) == (Reference("member", "m-1"), Reference("api_client", "c-1"))
        assert first.changes == (Change("status", "active", "revoked"),)
        assert (second.actor.type, second.client, second.source) == ("anonymous", None, None)


def test_an_event_tells_of_it(log: AuditLog) -> None:
    event_id, _ = ids(log)
    done = log.erasing.erase(event_id, log.caller(), whole=False, reason=" she asked for it ")
    (event,) = told(log)
    assert event.id == done.told_by and event.outcome is Outcome.SUCCESS
    assert event.actor == log.caller().actor and event.reason == "she asked for it"
    assert event.target == Reference("event", str(event_id))
    assert event.data == {"erased": str(event_id), "whole": False}


def test_what_proves_it_stays(address: str, log: AuditLog) -> None:
    log.keeper.seal()
    rows = "SELECT seq, id, occurred_at, recorded_at, leaf FROM event ORDER BY seq LIMIT 3"
    before, body = run_raw(address, rows), run_raw(address, "SELECT body FROM event WHERE seq = 1")
    first, second = ids(log)
    log.erasing.erase(first, log.caller(), whole=False, reason="asked")
    log.erasing.erase(second, log.caller(), whole=True, reason="asked")
    assert run_raw(address, rows) == before and run_raw(address, "SELECT body FROM event WHERE seq = 1") == body
    assert run_raw(address, "SELECT count(*) FROM event WHERE personal IS NULL AND salt IS NULL") == [(2,)]
    assert log.get(second).type == "log.tombstone" and log.get(second).actor.type == "anonymous"
    log.keeper.seal()


def test_what_is_erased_already_is_no_second_event(log: AuditLog) -> None:
    event_id, _ = ids(log)
    first = log.erasing.erase(event_id, log.caller(), whole=False, reason="asked")
    again = log.erasing.erase(event_id, log.caller(), whole=False, reason="again")
    assert again.was_already and again.told_by == first.told_by and not again.whole
    whole = log.erasing.erase(event_id, log.caller(), whole=True, reason="all of it")
    assert not whole.was_already and log.get(event_id).type == "log.tombstone"
    for is_whole in (False, True):
        assert log.erasing.erase(event_id, log.caller(), whole=is_whole, reason="again").told_by == whole.told_by
    assert [event.data["whole"] for event in told(log)] == [False, True]


def test_what_tells_of_it_is_never_erased(log: AuditLog) -> None:
    event_id, other = ids(log)
    done = log.erasing.erase(event_id, log.caller(), whole=False, reason="asked")
    with pytest.raises(NotErased, match="never erased"):
        log.erasing.erase(done.told_by, log.caller(), whole=False, reason="asked")
    with log.exports.begin(log.caller(), EVERYTHING) as export:
        list(export)
    (exported,) = log.page(parse_query("type:log.exported last:all")).items
    with pytest.raises(NotErased, match="only the personal part"):
        log.erasing.erase(exported.id, log.caller(), whole=True, reason="asked")
    log.erasing.erase(exported.id, log.caller(), whole=False, reason="asked")
    outcomes = [event.outcome for event in told(log)]
    assert (outcomes.count(Outcome.SUCCESS), outcomes.count(Outcome.DENIED)) == (2, 2)
    assert log.get(other).ip == "198.51.100.7"


@pytest.mark.parametrize("reason", ["", "  ", "a\x1b[31m", "x" * 1_001, "\u202e"])
def test_a_reason_is_needed(log: AuditLog, reason: str) -> None:
    with pytest.raises(NotErased):
        log.erasing.erase(ids(log)[0], log.caller(), whole=True, reason=reason)
    assert told(log) == [] and log.get(ids(log)[0]).ip


def test_what_is_not_there_is_not_erased(log: AuditLog) -> None:
    for event_id in (uuid4(), UUID(int=0)):
        with pytest.raises(EventNotFound):
            log.erasing.erase(event_id, log.caller(), whole=True, reason="asked")
    log.requests.append([Draft(type="request.served", occurred_at=NOW)])
    (call,) = log.requests.page(EVERYTHING).items
    with pytest.raises(EventNotFound):
        log.erasing.erase(call.id, log.caller(), whole=True, reason="asked")


def test_what_cannot_be_read_stays_as_evidence(address: str, log: AuditLog) -> None:
    assert ids(log)
    ((seq,),) = run_raw(address, "SELECT seq FROM event ORDER BY seq LIMIT 1")
    tamper(address, f"UPDATE event SET body = 'no JSON' WHERE seq = {seq}")
    found = next(event.id for event in all_events(log.gate.database) if event.seal is Seal.ALTERED)
    with pytest.raises(NotErased, match="stays as evidence"):
        log.erasing.erase(found, log.caller(), whole=True, reason="asked")
    (refused,) = told(log)
    assert refused.outcome is Outcome.DENIED


def test_what_is_held_is_not_erased(address: str, log: AuditLog) -> None:
    event_id, other = ids(log)
    with log.gate.database.upkeep_writing() as connection:
        values = {"query": f"id:{event_id} last:all", "reason": "a lawsuit", "placed_at": 1}
        connection.execute(sa.insert(hold).values(id=uuid4(), placed_by='{"type": "member", "name": "Bo"}', **values))
    with pytest.raises(NotErased, match="Bo holds it"):
        log.erasing.erase(event_id, log.caller(), whole=False, reason="asked")
    (refused,) = told(log)
    assert refused.outcome is Outcome.DENIED and refused.target == Reference("event", str(event_id))
    assert log.get(event_id).ip and count_rows(address, "erasure") == 0
    log.erasing.erase(other, log.caller(), whole=False, reason="asked")


def test_whoever_may_not_write_may_not_erase(address: str, tmp_path: Path, clock: HandClock, log: AuditLog) -> None:
    if log.is_embedded:
        pytest.skip("its owner may do everything")
    let_in(address, Permission.AUDIT_READ)
    with pytest.raises(NotPermitted, match="audit:write"):
        log.erasing.erase(ids(log)[0], log.caller(), whole=False, reason="asked")
    assert [event.outcome for event in told(log)] == [Outcome.DENIED]


def test_a_snapshot_holds_what_was_erased_since(log: AuditLog) -> None:
    """What you read does not move: an erased event is where it was, and is nothing new."""
    database = log.gate.database
    before = take_snapshot(database)
    (event_id, _), count = ids(log), log.count(EVERYTHING, before)
    log.erasing.erase(event_id, log.caller(), whole=True, reason="asked")
    assert log.count(EVERYTHING, before) == count
    assert log.arrived(EVERYTHING, before) == 1  # which tells of it
    assert log.count(parse_query("type:log.tombstone last:all"), before) == 1
    with database.asking() as transaction:
        plain = transaction.events(log.zone)._plain  # type: ignore[attr-defined]
        assert plain.count(EVERYTHING, before) == count and plain.arrived(EVERYTHING, before) == 1


def test_importing_it_again_is_a_duplicate(log: AuditLog) -> None:
    first, second = ids(log)
    log.erasing.erase(second, log.caller(), whole=False, reason="asked")
    for _ in range(2):
        result = append(log.gate.database, [IMPORTED, replace(SECRET, id=first)])
        assert (result.added, result.duplicates, result.conflicts) == (0, 2, ())
        assert log.get(second).ip is None
        log.erasing.erase(second, log.caller(), whole=True, reason="asked")
    left = log.get(second)
    back = Draft(type=left.type, occurred_at=left.occurred_at, id=left.id)
    assert append(log.gate.database, [back]).duplicates == 1


def test_of_those_who_erase_at_once_one_does(address: str, log: AuditLog, tmp_path: Path, clock: HandClock) -> None:
    event_id, _ = ids(log)

    def erase(number: int) -> bool:
        with closing(AuditLog(address, log.zone, clock=clock)) as own:
            whole = number % 2 == 0
            return own.erasing.erase(event_id, own.caller(), whole=whole, reason="asked").was_already

    with ThreadPoolExecutor(4) as pool:
        was_already = [*pool.map(erase, range(4))]
    extents = [event.data["whole"] for event in told(log)]
    assert was_already.count(False) == len(extents) and sorted(extents, key=bool) in ([True], [False, True])
    assert log.get(event_id).type == "log.tombstone"


@pytest.mark.parametrize("text", ["a\x1b[31m", "\u202egnp.exe", "nul \0 in it", "\x9b2J", "x" * 10_000])
def test_hostile_text_is_erased_like_any_other(log: AuditLog, clock: HandClock, text: str) -> None:
    at = NOW + timedelta(hours=1)
    for number, whole in enumerate((False, True)):
        append(log.gate.database, [hostile_draft(text, at + timedelta(seconds=number))])
        (event,) = log.page(EVERYTHING, limit=1).items
        assert event.user_agent == text
        left = log.erasing.erase(event.id, log.caller(), whole=whole, reason="asked").event
        assert text not in (left.user_agent, left.reason, left.ip, left.request_id, left.actor.name)
        assert (
            whole is (left.type == "log.tombstone") and replace(left, erasure=(now := log.get(event.id)).erasure) == now
        )
        assert (event.id in found(log, "has:hostile")) is (holds_hostile(text) and not whole)
        clock.move(hours=2)


def test_the_program_itself_erases_nothing(log: AuditLog) -> None:
    with pytest.raises(NotPermitted):
        log.erasing.erase(ids(log)[0], Caller(SYSTEM), whole=False, reason="asked")


def test_no_event_is_changed_without_an_erasure(address: str, database: Database, log: AuditLog) -> None:
    event_id, other = ids(log)
    log.erasing.erase(event_id, log.caller(), whole=False, reason="asked")
    erased = "seq = (SELECT seq FROM erasure)"
    for statement in (
        "UPDATE event SET personal = NULL, salt = NULL WHERE seq NOT IN (SELECT seq FROM erasure)",
        f"UPDATE event SET body = '{{}}' WHERE {erased}",
        f"UPDATE event SET personal = 'x' WHERE {erased}",
        f"UPDATE event SET salt = leaf WHERE {erased}",
        f"UPDATE event SET occurred_at = 1 WHERE {erased}",
        f"DELETE FROM event WHERE {erased}",
        "DELETE FROM erasure",
        "UPDATE erasure SET seq = 99",
        "DELETE FROM term WHERE id NOT IN (SELECT id FROM term_in_doubt)",
    ):
        with pytest.raises(DatabaseError), database.upkeep_writing() as connection:
            connection.exec_driver_sql(statement)
    assert log.get(other).ip
