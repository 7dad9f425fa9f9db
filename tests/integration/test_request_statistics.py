"""Calls, errors and durations by client, service and action: what the store sums up is what Python does."""

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.answers import CallGroup, CallStatistics, Dimension
from data.clock import to_microseconds
from data.errors import Cancelled
from data.query import Clause, EventQuery, Key, parse_query
from data.query.editing import with_archive
from data.records import Draft, Event, Log, Outcome, Reference
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from data.services.audit_log import AuditLog
from data.services.request_statistics import BY
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.conftest import NewDatabase
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, take_snapshot
from tests.integration.oracle import groups, matching
from tests.integration.test_stop import ImpatientStop
from tests.strategies import ZONES, queries, world_drafts


def call(client: str | None, action: str, status: int, duration_ms: int | None, seconds: int = 0) -> Draft:
    return request_draft(
        Request(
            client=None if client is None else Reference("api_client", client, client.upper()),
            action=action,
            service="orders",
            status=status,
            duration_ms=duration_ms,
            executed_at=NOW - timedelta(seconds=seconds),
            refusal=None if client else RefusalCode.NO_TOKEN,
        )
    )


CALLS = [
    *(call("c-1", "GET /a", 200, number, number) for number in range(1, 101)),
    *(call("c-2", "GET /a", 500, 7, 5_000 + number) for number in range(3)),
    call("c-2", "GET /b", 403, None, 4_000),
    call(None, "GET /b", 401, 1, 9_000),
    gathered_draft(GatheredRefusals(count=900, first_at=NOW, refusal=RefusalCode.UNKNOWN_TOKEN, service="orders")),
]


def told(statistics: CallStatistics) -> list[tuple[str, int, int, int | None, int | None]]:
    return [(group.label, group.calls, group.errors, group.p50_ms, group.p95_ms) for group in statistics.groups]


def test_calls_are_summed_up_by_client_service_and_action(database: Database) -> None:
    append(database, CALLS, Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        found = {one: reader.statistics(EVERYTHING, reader.snapshot(), one) for one in BY}
    assert told(found[Dimension.CLIENT]) == [("C-1", 100, 0, 50, 95), ("C-2", 4, 4, 7, 7)]
    # Two refused strangers: the one is a call that nobody had a client for, the many are no calls.
    assert told(found[Dimension.SERVICE]) == [("orders", 105, 5, 48, 95)]
    assert told(found[Dimension.TARGET]) == [("GET /a", 103, 3, 49, 95), ("GET /b", 2, 2, 1, 1)]
    assert [group.newest for group in found[Dimension.CLIENT].groups] == [
        NOW - timedelta(seconds=1),
        NOW - timedelta(seconds=4_000),
    ]


def test_only_the_first_are_told_of_and_all_are_counted(database: Database) -> None:
    append(database, CALLS, Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        found = reader.statistics(EVERYTHING, reader.snapshot(), Dimension.CLIENT, limit=1)
    assert (told(found), found.distinct) == ([("C-1", 100, 0, 50, 95)], 2)


def test_a_client_that_was_renamed_is_one_group_under_its_newest_name(database: Database) -> None:
    for name in ("Payrol sync", "Payroll sync"):
        draft = Request(
            client=Reference("api_client", "c-77", name), action="GET /a", status=200, duration_ms=4, executed_at=NOW
        )
        append(database, [request_draft(draft)], Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        (group,) = reader.statistics(EVERYTHING, reader.snapshot(), Dimension.CLIENT).groups
        (series,) = reader.timeline(EVERYTHING, reader.snapshot(), Dimension.CLIENT).series
        asked = EVERYTHING.adding(Clause(Key.CLIENT, (group.value,)))
        assert (group.label, group.calls, reader.count(asked, reader.snapshot())) == ("Payroll sync", 2, 2)
        assert group.id == "c-77"
    assert sum(point.calls for point in series.points) == 2


def test_nothing_is_summed_up_to_nothing(database: Database) -> None:
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        snapshot = reader.snapshot()
        assert reader.statistics(EVERYTHING, snapshot, Dimension.CLIENT).groups == ()
        assert reader.timeline(EVERYTHING, snapshot, Dimension.CLIENT).series == ()
        assert reader.timeline(parse_query("last:7d"), snapshot, Dimension.CLIENT).series == ()


def test_over_time_in_the_buckets_of_the_histogram(database: Database) -> None:
    append(database, CALLS, Log.REQUESTS)
    query = parse_query("during:2026-11-20t07:00..2026-11-20t09:59")
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        snapshot = reader.snapshot()
        histogram = reader.histogram(query, snapshot, most_buckets=3)
        timeline = reader.timeline(query, snapshot, Dimension.CLIENT, most_buckets=3)
    assert timeline.unit == histogram.unit == "hour"
    assert [*timeline.edges[:-1]] == [bucket.start_us for bucket in histogram.buckets]
    first, second = timeline.series
    assert [(point.calls, point.errors, point.p95_ms) for point in first.points] == [
        (0, 0, None),
        (0, 0, None),
        (100, 0, 95),
    ]
    assert [(point.calls, point.errors, point.p95_ms) for point in second.points] == [
        (0, 0, None),
        (4, 4, 7),
        (0, 0, None),
    ]


def by_rank(durations: Sequence[int], percent: int) -> int | None:
    """The least of them that so many of a hundred are not above."""
    for value in sorted(durations):
        if 100 * sum(one <= value for one in durations) >= percent * len(durations):
            return value
    return None


def check(group: CallGroup, members: list[Event]) -> None:
    durations = [event.duration_ms for event in members if event.duration_ms is not None]
    assert group.calls == len(members)
    assert group.errors == sum(event.outcome is not Outcome.SUCCESS for event in members)
    assert (group.p50_ms, group.p95_ms) == (by_rank(durations, 50), by_rank(durations, 95))
    assert group.newest == max(event.occurred_at for event in members)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drafts=st.lists(world_drafts(), max_size=20, unique_by=lambda draft: draft.id),
    query=queries([]),
    zone=st.sampled_from(ZONES),
    dimension=st.sampled_from(BY),
)
def test_sums_are_those_of_python(
    new_database: NewDatabase, drafts: list[Draft], query: EventQuery, zone: ZoneInfo, dimension: Dimension
) -> None:
    with new_database(HandClock()) as database:
        append(database, drafts, Log.REQUESTS)
        selected = matching(query, all_events(database, Log.REQUESTS), NOW, zone)
        expected = groups(dimension, selected)
        with database.asking() as transaction:
            reader = transaction.calls(zone)
            snapshot = reader.snapshot()
            found = reader.statistics(query, snapshot, dimension)
            timeline = reader.timeline(query, snapshot, dimension, most_groups=100, most_buckets=7)
    assert found.distinct == len(found.groups) == len(expected)
    # Names may be alike where ids are not, so that each group is found by what it counts.
    left = sorted(expected.values(), key=lambda members: (-len(members), max(event.occurred_at for event in members)))
    for group in sorted(found.groups, key=lambda one: (-one.calls, one.newest)):
        members = next(one for one in left if matches(group, one))
        left.remove(members)
        check(group, members)
    edges = timeline.edges
    for group, series in zip(found.groups, timeline.series, strict=True) if edges else ():
        assert (group.label, group.value) == (series.label, series.value)
        assert sum(point.calls for point in series.points) == group.calls
        assert sum(point.errors for point in series.points) == group.errors
    if edges:
        last = len(edges) - 2
        places = [
            min(max(bisect_right(edges, to_microseconds(event.occurred_at)) - 1, 0), last)
            for members in expected.values()
            for event in members
        ]
        for place in range(last + 1):
            assert sum(series.points[place].calls for series in timeline.series) == places.count(place)


def matches(group: CallGroup, members: list[Event]) -> bool:
    return (group.calls, group.newest) == (len(members), max(event.occurred_at for event in members)) and (
        group.errors == sum(event.outcome is not Outcome.SUCCESS for event in members)
    )


@pytest.mark.parametrize("question", ["groups", "timeline"])
def test_a_question_that_is_called_off_ends(address: str, clock: HandClock, question: str) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.requests.append(CALLS)
        snapshot = log.requests.page(EVERYTHING).snapshot
        ask = getattr(log.request_statistics, question)
        patient = ImpatientStop(10**6)
        ask(Dimension.CLIENT, EVERYTHING, snapshot, stop=patient)
        assert patient.looks >= 4
        for patience in range(1, patient.looks + 1):
            with pytest.raises(Cancelled):
                ask(Dimension.CLIENT, EVERYTHING, snapshot, stop=ImpatientStop(patience))


def test_a_snapshot_holds_what_was_called_then(database: Database) -> None:
    append(database, CALLS[:10], Log.REQUESTS)
    snapshot = take_snapshot(database, Log.REQUESTS)
    append(database, CALLS[10:], Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        (group,) = reader.statistics(EVERYTHING, snapshot, Dimension.CLIENT).groups
        (series,) = reader.timeline(EVERYTHING, snapshot, Dimension.CLIENT).series
    assert group.calls == sum(point.calls for point in series.points) == 10


def test_free_text_and_other_clauses_select(database: Database) -> None:
    append(database, CALLS, Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        for text in ('"get /b"', 'action:"GET /b"'):
            found = reader.statistics(parse_query(f"{text} last:all"), reader.snapshot(), Dimension.CLIENT)
            assert told(found) == [("C-2", 1, 1, None, None)]


def test_archived_calls_are_summed_up_where_the_query_reaches_them(database: Database, clock: HandClock) -> None:
    append(database, CALLS[:100], Log.REQUESTS)
    clock.move(days=400)
    append(database, CALLS[100:103], Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        snapshot = reader.snapshot()
        for query, calls in ((EVERYTHING, [3]), (with_archive(EVERYTHING), [100, 3])):
            statistics = reader.statistics(query, snapshot, Dimension.CLIENT)
            assert [group.calls for group in statistics.groups] == calls
            timeline = reader.timeline(query, snapshot, Dimension.CLIENT)
            assert [sum(point.calls for point in one.points) for one in timeline.series] == calls
