"""Removing old events over a real database: just those go that have to, whatever comes between, and the proof closes over it."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from data.answers import Dimension
from data.clock import from_microseconds
from data.holds import Hold, query_of_client, query_to_hold, text_to_hold
from data.index import building, folding, merging
from data.keeping import KeeperRun
from data.policy import Policy
from data.proof.place_ranges import ranges_of, read_ranges
from data.proof.places import SealingPlaces
from data.proof.verifier import Verifier
from data.query import parse_query
from data.records import AppendResult, Draft, Event, Log, Outcome, Reference, Source
from data.retention import Removal, kept_since, start_of_day
from data.services import retention
from data.services.audit_log import AuditLog
from data.services.identity import Process
from data.stop import Stop
from data.store import Database
from data.store.holds import HoldWriter
from tests.hand_clock import NOW, HandClock
from tests.index_checker import make_small
from tests.integration.client_worlds import ALICE as BY
from tests.integration.erased_events import erase
from tests.integration.events import UTC_ZONE, all_events, append, plain_drafts
from tests.integration.killing import Killed, killed_before
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import tamper
from tests.members import ALICE

EDGE = datetime(2024, 11, 20, tzinfo=UTC)
"""What happened and arrived before it is older than 365 + 365 days at NOW."""
QUERIES = (
    "last:all in:archive",
    "outcome:denied last:all in:archive",
    "client:c-1 before:2025 in:archive",
    "type:project.* -actor:m-2 last:all",
)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 16)
    monkeypatch.setattr(merging, "CAPS", (30, 50, 70, 80))
    monkeypatch.setattr(folding, "LEAST", 24)
    monkeypatch.setattr(folding, "MOST", 150)
    monkeypatch.setattr(retention, "LEAST", 9)
    monkeypatch.setattr(retention, "MOST", 9)


@dataclass
class Archive:
    """A log whose clock can be moved, and what was ever in it."""

    log: AuditLog
    clock: HandClock
    chance: random.Random = field(default_factory=lambda: random.Random(11))

    @property
    def database(self) -> Database:
        return self.log.gate.database

    def fill(self, number: int, arriving: datetime, *, sealed: bool = True) -> None:
        """Events that arrive then, and happened any time before."""
        self.clock.now = arriving
        for log in Log:
            append(self.database, [self._draft(one) for one in range(number)], log)
        if sealed:
            self.log.keeper.seal()
        self.log.keeper.index()

    def _draft(self, number: int) -> Draft:
        chance = self.chance
        return Draft(
            type=chance.choice(["project.created", "project.renamed", "member.invited", "log.read", "log.imported"]),
            occurred_at=self.clock.now - timedelta(microseconds=chance.randrange(700 * 86_400_000_000)),
            outcome=chance.choice([*Outcome]),
            actor=Reference("member", f"m-{chance.randrange(4)}", "Alice"),
            client=chance.choice([None, Reference("api_client", f"c-{chance.randrange(4)}", "Sync")]),
            reason=chance.choice([None, f"because of {number}"]),
        )

    def hold(self, text: str) -> Hold:
        return self.place(text_to_hold(query_to_hold(text), self.clock(), UTC_ZONE))

    def place(self, text: str) -> Hold:
        hold = Hold(uuid4(), text, "a dispute", self.clock(), ALICE)
        with self.database.writing() as work:
            HoldWriter(work.connection).place(hold)
            work.commit()
        return hold

    def lift(self, hold: Hold) -> None:
        with self.database.writing() as work:
            HoldWriter(work.connection).lift(hold.id, self.clock(), ALICE)
            work.commit()

    def events(self, log: Log) -> dict[UUID, Event]:
        """All of a log, by the plain scan."""
        with closing(Database(self.address, clock=self.clock)) as plain:
            return {event.id: event for event in all_events(plain, log)}

    @property
    def address(self) -> str:
        return (
            self.database.location.url.render_as_string(hide_password=False)
            if self.is_shared
            else str(self.database.location.path)
        )

    @property
    def is_shared(self) -> bool:
        return self.database.location.path is None

    def unsealed(self) -> set[UUID]:
        rows = run_raw(self.address, "SELECT id FROM event JOIN pending ON pending.seq = event.seq")
        return {one if isinstance(one, UUID) else UUID(bytes=one) for (one,) in rows}

    def staying(self, log: Log, edge: datetime, holds: Sequence[Hold] = ()) -> set[UUID]:
        """The ids of those that have to stay."""
        unsealed = self.unsealed() if log is Log.CHANGES else set()
        return {
            event.id
            for event in self.events(log).values()
            if max(event.occurred_at, event.recorded_at) >= edge
            or event.type.startswith("log.")
            or event.id in unsealed
            or any(hold.holds(event) for hold in holds)
        }

    def answers_are_right(self) -> None:
        """Whatever is asked, the index answers as the plain scan does."""
        with closing(Database(self.address, clock=self.clock)) as plain:
            for log in Log:
                with plain.reading(UTC_ZONE, log=log) as oracle, self.database.reading(UTC_ZONE, log=log) as indexed:
                    snapshots = oracle.snapshot(), indexed.snapshot()
                    for text in QUERIES:
                        query = parse_query(text)
                        pages = [one.page(query, limit=10_000).items for one in (oracle, indexed)]
                        assert pages[0] == pages[1]
                        counts = [
                            (
                                one.count(query, snapshot),
                                one.histogram(query, snapshot, most_buckets=20),
                                one.facets(query, snapshot, (Dimension.TYPE, Dimension.CLIENT), limit=20),
                            )
                            for one, snapshot in zip((oracle, indexed), snapshots, strict=True)
                        ]
                        assert counts[0] == counts[1]

    def proves_what_is_gone(self, before: dict[UUID, Event]) -> None:
        """Fail unless the events that tell of removals name just the places that lost their event, and all that was there."""
        rows = run_raw(
            self.address,
            "SELECT idx, hash FROM leaf WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.seq = leaf.seq) ORDER BY idx",
        )
        gone = {int(place): bytes(leaf) for place, leaf in rows}
        told: list[int] = []
        for event in self.events(Log.CHANGES).values():
            if event.type == "log.retired" and event.id not in before and "places" in event.data:
                places = [
                    one for begin, end in read_ranges(str(event.data["places"]), 1 << 40) for one in range(begin, end)
                ]
                digest = hashlib.sha256(b"".join(place.to_bytes(8) + gone[place] for place in places))
                assert event.data["removed_digest"] == digest.hexdigest()
                assert event.data["count"] == len(places)
                told += places
        assert sorted(told) == sorted(gone)


@pytest.fixture
def archive(address: str, tmp_path: Path) -> Iterator[Archive]:
    clock = HandClock(NOW - timedelta(days=800))
    sealing = SealingPlaces(tmp_path / "sealing.key")
    with closing(AuditLog(address, UTC_ZONE, clock=clock, identity=Process(), sealing=sealing)) as log:
        log.open()
        yield Archive(log, clock)


def ids(archive: Archive, log: Log, before: dict[UUID, Event]) -> set[UUID]:
    """What is left of what there was."""
    return archive.events(log).keys() & before.keys()


def test_just_those_go_that_are_old_and_neither_held_nor_of_the_log_itself(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.fill(120, NOW - timedelta(days=800))
    append(archive.database, plain_drafts(9, start=EDGE - timedelta(seconds=3)))  # some before the edge, some not
    archive.log.keeper.seal()
    archive.clock.now = EDGE - timedelta(days=1)
    append(archive.database, plain_drafts(4, start=EDGE - timedelta(days=30)))  # never sealed
    archive.fill(60, EDGE + timedelta(hours=3), sealed=False)  # happened long ago, and arrived since
    archive.clock.now = NOW
    holds = [archive.hold("type:member.invited outcome:denied"), archive.place("client:c-1 last:all")]
    before = {log: archive.events(log) for log in Log}
    wanted = {log: archive.staying(log, EDGE, holds) for log in Log}
    plan = archive.log.retention.plan()
    assert {log: archive.events(log) for log in Log} == before
    archive.answers_are_right()
    steps = count()

    def paused(_seconds: float) -> None:
        if next(steps) % 8 == 0:
            archive.answers_are_right()

    monkeypatch.setattr(retention, "sleep", paused)
    removed = archive.log.retention.run()
    assert {log: ids(archive, log, before[log]) for log in Log} == wanted
    gone = {log: len(before[log]) - len(wanted[log]) for log in Log}
    assert removed == sum(gone.values()) and min(gone.values()) > 20
    assert {log: plan.logs[log].removed for log in Log} == gone
    assert plan.logs[Log.CHANGES].unproven and plan.logs[Log.CHANGES].own
    assert {one for part in plan.logs.values() for one in part.held} == {hold.id for hold in holds}
    archive.proves_what_is_gone(before[Log.CHANGES])
    archive.log.keeper.index()
    archive.answers_are_right()
    told = [one for one in archive.events(Log.CHANGES).values() if one.type == "log.retired"]
    assert {one.actor.id for one in told} == {None} and {one.service for one in told} == {"keeper"}
    assert sum(int(str(one.data["count"])) for one in told) == removed
    assert {one.data["cutoff"] for one in told} == {"2024-11-20T00:00:00.000000Z"}
    assert {one.target.id for one in told if one.target} == {"change-log", "request-log"}


def test_a_run_of_the_keeper_removes_once_a_day_and_when_rules_or_holds_change(archive: Archive) -> None:
    append(archive.database, plain_drafts(20, start=EDGE - timedelta(days=10)))
    archive.clock.now = EDGE + timedelta(hours=1)
    append(archive.database, plain_drafts(7, start=EDGE - timedelta(days=9)))
    archive.log.keeper.seal()
    archive.clock.now = NOW
    hold = archive.hold("before:2024-11-10T00:00:05")
    assert archive.log.keeper.run().retired == 15
    assert archive.log.keeper.run() == replace(KeeperRun(), sealed=3)
    archive.lift(hold)
    assert archive.log.keeper.run().retired == 5
    assert archive.log.keeper.run().retired == 0
    archive.clock.move(hours=13, minutes=59)
    assert archive.log.keeper.run().retired == 0
    archive.clock.move(minutes=1)
    assert archive.log.keeper.run().retired == 7


def test_what_was_removed_makes_the_segments_anew_of_which_much_is_gone(archive: Archive) -> None:
    archive.fill(90, NOW - timedelta(days=800))
    archive.clock.now = NOW
    run = archive.log.keeper.run()
    assert run.retired and run.segments
    archive.answers_are_right()
    assert run_raw(archive.address, "SELECT * FROM index_gone") == []
    assert run_raw(archive.address, "SELECT * FROM index_damage") == []


def test_names_that_no_event_has_any_more_go_with_their_events(archive: Archive) -> None:
    names = {"gone for good": EDGE - timedelta(days=3), "still there": EDGE - timedelta(days=2)}
    for number, (name, at) in enumerate(names.items()):
        (draft,) = plain_drafts(1, start=at)
        append(archive.database, [replace(draft, ip=f"198.51.100.{number}", target=Reference("user", "u-1", name))])
    archive.fill(30, EDGE - timedelta(days=1))
    archive.clock.now = NOW
    (draft,) = plain_drafts(1, start=NOW)
    append(archive.database, [replace(draft, target=Reference("user", "u-1", "still there"))])
    archive.log.keeper.seal()
    assert archive.log.keeper.run().retired
    archive.log.keeper.run()
    kept = {name for (name,) in run_raw(archive.address, "SELECT name FROM term")}
    assert "still there" in kept and not {"gone for good", "198.51.100.0", "198.51.100.1"} & kept
    assert run_raw(archive.address, "SELECT * FROM term_in_doubt") == []
    archive.answers_are_right()


def test_killed_anywhere_it_has_removed_whole_steps_and_the_next_run_does_the_rest(archive: Archive) -> None:
    archive.fill(40, NOW - timedelta(days=800))
    archive.clock.now = NOW
    before = {log: archive.events(log) for log in Log}
    wanted = {log: archive.staying(log, EDGE) for log in Log}
    for number in range(7, 10_000, 13 if not archive.is_shared else 31):
        with killed_before(archive.database, number) as said:
            try:
                archive.log.retention.run()
            except Killed:
                archive.proves_what_is_gone(before[Log.CHANGES])
                archive.answers_are_right()
                assert all(wanted[log] <= ids(archive, log, before[log]) for log in Log)
                continue
        assert number >= len(said)
        break
    assert {log: ids(archive, log, before[log]) for log in Log} == wanted
    archive.proves_what_is_gone(before[Log.CHANGES])
    archive.log.keeper.index()
    archive.answers_are_right()


@pytest.mark.parametrize(("is_hold", "removed"), [(True, 30), (False, 18)])
def test_rules_and_holds_that_change_in_the_middle_count_from_then_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, is_hold: bool, removed: int
) -> None:
    append(archive.database, plain_drafts(60, start=EDGE - timedelta(days=10)))
    archive.log.keeper.seal()
    archive.clock.now = NOW
    steps: list[float] = []

    def paused(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 2 and is_hold:
            archive.hold("after:2024-11-10t00:00:30")
        elif len(steps) == 2:
            archive.log.policy.change(BY, "archive_days", "700")

    monkeypatch.setattr(retention, "sleep", paused)
    assert archive.log.retention.run() == removed
    assert len([one for one in archive.events(Log.CHANGES).values() if one.type == "project.created"]) == 60 - removed


def test_it_ends_between_two_steps_when_it_is_told_to_and_after_its_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(archive.database, plain_drafts(60, start=EDGE - timedelta(days=10)))
    archive.log.keeper.seal()
    archive.clock.now = NOW
    stop = Stop()
    monkeypatch.setattr(retention, "sleep", lambda _seconds: stop.request())
    assert archive.log.keeper.run(stop).retired == 9
    monkeypatch.setattr(retention, "sleep", lambda _seconds: None)
    assert archive.log.keeper.run(retire_within_s=0.0).retired == 0
    assert archive.log.keeper.run().retired == 51


def test_what_was_altered_stays_as_evidence(archive: Archive) -> None:
    append(archive.database, plain_drafts(3, start=EDGE - timedelta(days=10)))
    archive.log.keeper.seal()
    guard = "ALTER TABLE event DISABLE TRIGGER event_no_update" if archive.is_shared else "DROP TRIGGER event_no_update"
    run_raw(archive.address, guard, "UPDATE event SET body = replace(body, 'project.c', 'project.C') WHERE seq = 2")
    archive.clock.now = NOW
    assert archive.log.retention.plan().logs[Log.CHANGES] == Removal(2, unproven=1)
    assert archive.log.keeper.run().retired == 2


def test_what_was_erased_comes_back_with_no_import_after_it_was_removed(archive: Archive) -> None:
    (draft,) = plain_drafts(1, start=EDGE - timedelta(days=3))
    file = [replace(draft, source=Source("elsewhere", str(number)), reason="because") for number in range(4)]
    assert taken_in(archive, file).added == 4
    archive.log.keeper.seal()
    one, another, *_others = archive.events(Log.CHANGES).values()
    erase(archive.database, one, archive.clock(), whole=False)
    erase(archive.database, another, archive.clock(), whole=True)
    archive.log.keeper.seal()
    archive.clock.now = NOW
    assert archive.log.keeper.run().retired == 3, "a tombstone stays"
    again = taken_in(archive, file)
    assert (again.added, again.duplicates) == (2, 2), "of the others nobody knows that they were here"
    archive.log.keeper.seal()
    assert Verifier(archive.database, archive.address).run().holds


def taken_in(archive: Archive, drafts: Sequence[Draft]) -> AppendResult:
    """Have these be imported."""
    with archive.database.writing() as work:
        result = work.events.append_new(drafts)
        work.commit()
        return result


@pytest.mark.parametrize(
    "change",
    ["body = CAST('no JSON' AS BLOB)", "body = CAST(x'ff00' AS TEXT)", "personal = '{}'", "personal = '{'"],
)
def test_what_nobody_can_read_stays_and_holds_up_no_other(sqlite_address: str, tmp_path: Path, change: str) -> None:
    clock = HandClock(NOW - timedelta(days=800))
    sealing = SealingPlaces(tmp_path / "sealing.key")
    with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock, identity=Process(), sealing=sealing)) as log:
        append(log.gate.database, plain_drafts(9, start=EDGE - timedelta(days=30)))
        log.keeper.seal()
        tamper(sqlite_address, f"UPDATE event SET {change} WHERE seq = 4")
        clock.now = NOW
        assert log.keeper.run().retired == 8
        assert [seq for (seq,) in run_raw(sqlite_address, "SELECT seq FROM event WHERE seq < 10")] == [4]


def test_a_clock_that_went_wrong_makes_nothing_old_that_has_just_arrived(archive: Archive) -> None:
    old = plain_drafts(20, start=EDGE - timedelta(days=30))
    append(archive.database, old[:5])
    archive.clock.now = NOW
    append(archive.database, old[5:10])
    archive.clock.now = EDGE - timedelta(days=1)
    append(archive.database, old[10:])
    archive.log.keeper.seal()
    archive.clock.now = NOW
    before = archive.events(Log.CHANGES)
    archive.log.keeper.run()
    assert {one.id for one in before.values() if one.recorded_at == NOW} <= ids(archive, Log.CHANGES, before)


def test_a_hold_on_a_client_keeps_its_events(archive: Archive) -> None:
    client = Reference("api_client", "c-Ab3dE5gH", "Payroll sync")
    (draft,) = plain_drafts(1, start=EDGE - timedelta(days=10))
    append(archive.database, [replace(draft, target=client), draft], Log.REQUESTS)
    hold = archive.place(text_to_hold(query_of_client("c-Ab3dE5gH"), NOW, UTC_ZONE))
    archive.clock.now = NOW
    assert archive.log.retention.plan().logs[Log.REQUESTS] == Removal(1, {hold.id: 1})
    assert archive.log.keeper.run().retired == 1
    (left,) = archive.events(Log.REQUESTS).values()
    assert left.target == client


@pytest.mark.parametrize(
    ("zone", "at", "wanted"),
    [
        ("UTC", NOW, datetime(2024, 11, 20, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 20, 15, tzinfo=UTC), datetime(2024, 11, 20, 15, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 20, 14, 59, tzinfo=UTC), datetime(2024, 11, 19, 15, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 7, 1, 22, tzinfo=UTC), datetime(2024, 7, 1, 22, tzinfo=UTC)),
    ],
)
def test_days_are_whole_days_in_the_organisations_zone(zone: str, at: datetime, wanted: datetime) -> None:
    assert from_microseconds(kept_since(Policy(zone=ZoneInfo(zone)), at)) == wanted


def test_the_beginning_of_a_day_before_all_is_0() -> None:
    assert start_of_day(NOW, 36_600 * 2, UTC_ZONE) == 0
    assert start_of_day(NOW, 10**9, UTC_ZONE) == 0


@pytest.mark.parametrize(
    ("places", "text"), [([], ""), ([3], "3"), ([1, 0, 2], "0-2"), ([0, 2, 3, 7, 8, 9], "0,2-3,7-9")]
)
def test_places_are_written_as_ranges(places: list[int], text: str) -> None:
    assert ranges_of(places) == text
