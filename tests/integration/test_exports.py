"""Exports over a real database: one snapshot, whatever happens meanwhile, and one event each, however they end."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice

import pytest

from data.access.errors import NotPermitted, NotSignedIn
from data.access.model import MemberStatus
from data.answers import Direction
from data.clock import to_text
from data.errors import Cancelled, DatabaseError
from data.exchange.outgoing import CSV, OUTGOING
from data.permissions import Permission
from data.query import parse_query
from data.records import Draft, Event, Outcome
from data.services.audit_log import AuditLog
from data.services.exports import Export
from data.services.identity import KeyHolder
from data.stop import Stop
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, plain_drafts
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


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few events take several."""
    monkeypatch.setattr("data.services.exports._EVENTS_AT_ONCE", 500)


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


PLAIN = {tag: form.line for tag, form in OUTGOING.items() if form.line is not None}
"""The formats whose lines hold events alone; of the other one `test_bundles.py` tells."""


@pytest.mark.parametrize(("tag", "line"), PLAIN.items())
def test_each_format_over_a_real_database(
    log: AuditLog, database: Database, tag: str, line: Callable[[Event], bytes]
) -> None:
    by_the_events = [line(event) + b"\n" for event in all_events(database)[::-1]]
    with log.exports.begin(log.gate.caller(), EVERYTHING, OUTGOING[tag]) as export:
        assert export.total() == COUNT
        lines = [*export]
    head = [OUTGOING[tag].head + b"\n"] if OUTGOING[tag].head else []
    assert lines == [*head, *by_the_events]
    (event,) = told(database)
    assert (event.data["format"], event.data["count"]) == (tag, COUNT)
    assert event.data["size"] == sum(map(len, lines))


def test_a_survey_tells_what_it_would_be(log: AuditLog, database: Database) -> None:
    many = log.exports.survey(EVERYTHING)
    assert (many.count, many.is_exact) == (COUNT, False)
    assert (many.oldest, many.newest) == (NOW, NOW + timedelta(seconds=COUNT - 1))
    few_asked = parse_query(f"after:{to_text(NOW + timedelta(seconds=COUNT - 9))}")
    few = log.exports.survey(few_asked)
    assert (few.count, few.is_exact) == (9, True)
    for tag in PLAIN:
        form = OUTGOING[tag]
        with log.exports.begin(log.gate.caller(), few_asked, form) as export:
            size = sum(map(len, export))
        assert few.sizes[tag] == size
        with log.exports.begin(log.gate.caller(), EVERYTHING, form) as export:
            whole = sum(map(len, islice(export, COUNT + bool(form.head))))
        estimate = many.sizes[tag]
        assert estimate is not None and abs(estimate - whole) < whole / 50


def test_a_survey_of_nothing(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    survey = log.exports.survey(parse_query("actor:nobody last:all"))
    assert (survey.count, survey.is_exact, survey.oldest, survey.newest) == (0, True, None, None)
    assert survey.sizes == {"jsonl": 0, "csv": len(CSV.head) + 1, "ocsf": 0, "bundle": None}
    assert told(database) == []  # a look is no export


def test_a_log_that_is_far_from_indexed_is_read_all_the_same(
    embedded_log: tuple[AuditLog, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.index.reader.TAIL_MOST", 100)
    log, _ = embedded_log
    with log.exports.begin(log.gate.caller(), parse_query("type:project.created last:all")) as export:
        assert len([*export]) == COUNT


def test_what_has_to_be_looked_for_in_the_events(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    append(database, [Draft(type="project.created", occurred_at=NOW, reason="a needle")])
    with log.exports.begin(log.gate.caller(), parse_query("needle last:all")) as export:
        assert len([*export]) == 1


def test_it_can_be_called_off(embedded_log: tuple[AuditLog, Database]) -> None:
    log, database = embedded_log
    stop = Stop()
    with pytest.raises(Cancelled), log.exports.begin(log.gate.caller(), EVERYTHING, stop=stop) as export:
        for _ in islice(export, 10):
            stop.request()
        list(export)
    (event,) = told(database)
    assert (event.outcome, event.reason) == (Outcome.FAILURE, "Called off.")


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
