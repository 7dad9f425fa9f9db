"""Exports over a real database: one snapshot, whatever happens meanwhile, and one event each, however they end."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice

import pytest

from data.access.errors import NotPermitted, NotSignedIn
from data.access.model import MemberStatus
from data.answers import Direction
from data.errors import DatabaseError
from data.permissions import Permission
from data.query import parse_query
from data.records import Draft, Event, Outcome
from data.services.audit_log import AuditLog
from data.services.exports import Export
from data.services.identity import KeyHolder
from data.store import Database
from tests.hand_clock import HandClock
from tests.integration.events import EVERYTHING, UTC_ZONE, append, plain_drafts
from tests.integration.members import put_key, put_member

COUNT = 1_100
"""Of more than two pages."""
_BO, _KEY, _ADDRESS = "m-bo", "SHA256:of-bo", "198.51.100.7"
_TOLD = parse_query("type:log.exported,session.refused last:all")


class RunningClock(HandClock):
    """A clock that goes on by a millisecond whenever it is looked at: events have an order."""

    def __call__(self) -> datetime:
        self.move(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def log(address: str, database: Database, clock: HandClock) -> Iterator[AuditLog]:
    """The log as Bo sees it, who may read it and comes in by a key; with so many events that it takes pages."""
    put_member(database, _BO, "Bo Lind", (Permission.AUDIT_READ,))
    put_key(database, _BO, _KEY)
    append(database, plain_drafts(COUNT))
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=KeyHolder(_KEY, _ADDRESS))) as opened:
        yield opened


@pytest.fixture
def embedded_log(sqlite_address: str, clock: HandClock) -> Iterator[tuple[AuditLog, Database]]:
    """The same on an embedded database, which is given too."""
    with closing(Database(sqlite_address, clock=clock)) as database:
        put_member(database, _BO, "Bo Lind", (Permission.AUDIT_READ,))
        put_key(database, _BO, _KEY)
        append(database, plain_drafts(COUNT))
        identity = KeyHolder(_KEY, _ADDRESS)
        with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock, identity=identity)) as opened:
            yield opened, database


def told(database: Database) -> list[Event]:
    """What the log tells of exports, and of refusals; oldest first."""
    with database.reading(UTC_ZONE) as reader:
        return list(reader.page(_TOLD).items[::-1])


def ids_in(lines: list[bytes]) -> list[str]:
    return [json.loads(line)["id"] for line in lines]


def test_it_holds_what_was_committed_when_it_began(log: AuditLog, database: Database) -> None:
    by = log.gate.caller("ssh")
    with log.exports.begin(by, EVERYTHING) as export:
        lines = iter(export)
        exported = [next(lines)]
        append(database, [Draft(type="project.deleted", occurred_at=event.occurred_at) for event in plain_drafts(5)])
        exported.extend(lines)
    ids = ids_in(exported)
    assert len(ids) == COUNT and ids == sorted(ids)
    (event,) = told(database)
    assert (event.outcome, event.actor, event.ip, event.service) == (Outcome.SUCCESS, by.actor, _ADDRESS, "ssh")
    assert event.data == {
        "format": "jsonl",
        "count": COUNT,
        "size": sum(map(len, exported)),
        "query": "last:all",
    }
    assert by.actor.name == "Bo Lind"


def test_newest_first(embedded_log: tuple[AuditLog, Database]) -> None:
    log, _ = embedded_log
    with log.exports.begin(log.gate.caller(), EVERYTHING, direction=Direction.OLDER) as export:
        ids = ids_in(list(export))
    assert len(ids) == COUNT and ids == sorted(ids, reverse=True)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BrokenPipeError(), "Whoever read it left."),
        (DatabaseError("The disk is full."), "The disk is full."),
        (KeyboardInterrupt(), "It was broken off."),
        (ValueError("of no concern to the log"), "The program failed: ValueError."),
        (None, "It was not read to its end."),
    ],
)
def test_one_that_breaks_off_says_how_far_it_came(
    embedded_log: tuple[AuditLog, Database], error: BaseException | None, reason: str
) -> None:
    log, database = embedded_log

    def take(export: Export) -> None:
        assert len(list(islice(export, 600))) == 600
        if error is not None:
            raise error

    try:
        with log.exports.begin(log.gate.caller(), EVERYTHING) as begun:
            take(begun)
    except (BrokenPipeError, DatabaseError, KeyboardInterrupt, ValueError) as raised:
        assert raised is error
    (event,) = told(database)
    assert (event.outcome, event.reason, event.data["count"]) == (Outcome.FAILURE, reason, 600)


def test_whoever_may_not_read_takes_nothing_away(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    put_member(database, _BO, "Bo Lind", (Permission.CLIENTS_READ,))
    with pytest.raises(NotPermitted, match="audit:read"), log.exports.begin(log.gate.caller(), EVERYTHING):
        pytest.fail("it has begun")
    (event,) = told(database)
    assert (event.type, event.outcome, event.ip) == ("log.exported", Outcome.DENIED, _ADDRESS)


def test_a_member_who_is_suspended_meanwhile_gets_no_further_page(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    with pytest.raises(NotSignedIn), log.exports.begin(log.gate.caller(), EVERYTHING) as export:
        for number, _ in enumerate(export):
            if number == 10:
                put_member(database, _BO, "Bo Lind", (Permission.AUDIT_READ,), MemberStatus.SUSPENDED)
    refused, exported = told(database)
    assert refused.type == "session.refused" and "suspended" in (refused.reason or "")
    assert (exported.outcome, exported.data["count"]) == (Outcome.FAILURE, 500)
    assert "suspended" in (exported.reason or "")


def test_where_reading_is_not_recorded_no_export_is(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    chief = put_member(database, "m-chief", "Chief", (Permission.ADMIN,))
    log.policy.change(chief, "record_reading", "no")
    with log.exports.begin(log.gate.caller(), EVERYTHING) as export:
        assert len(list(export)) > COUNT
    assert told(database) == []
