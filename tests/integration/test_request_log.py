"""The request log: a second log beside the change log, of the same shape, that never mixes with it."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from data.answers import Cursor, Dimension, Facet
from data.errors import EventNotFound
from data.query import Clause, EventQuery, Key, Pattern, parse_query
from data.records import Change, Draft, Log, Outcome, Reference, Seal
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.identity import id_of
from tests.hand_clock import NOW, HandClock
from tests.hostile_draft import hostile_draft
from tests.integration.events import (
    EVERYTHING,
    UTC_ZONE,
    all_events,
    append,
    count_arrived,
    held_ids,
    plain_drafts,
    take_snapshot,
)
from tests.integration.raw_access import count_rows, stored_events

PAYROLL = Reference("api_client", "c-77", "Payroll sync")
REQUEST = Request(
    client=PAYROLL,
    token="Ab3dE5gH",
    service="orders",
    action="GET /v1/orders",
    status=200,
    duration_ms=42,
    ip="198.51.100.7",
    executed_at=NOW,
    request_id="req-9f2c",
)


def request_drafts(count: int, request: Request = REQUEST) -> list[Draft]:
    """That many requests, a second apart."""
    return [
        request_draft(replace(request, executed_at=NOW + timedelta(seconds=number), request_id=f"req-{number}"))
        for number in range(count)
    ]


def literal(key: Key, text: str) -> EventQuery:
    return EVERYTHING.adding(Clause(key, (Pattern.literal(text),)))


def shown(facet: Facet) -> dict[str, int]:
    return {value.label: value.count for value in facet.values}


def test_a_request_comes_back_as_it_was(address: str, database: Database) -> None:
    draft = request_draft(replace(REQUEST, status=401, refusal=RefusalCode.REVOKED, user_agent="payroll/1.4"))
    append(database, [draft], Log.REQUESTS)
    (event,) = all_events(database, Log.REQUESTS)
    for name in Draft.__dataclass_fields__:
        if name != "id":
            assert getattr(event, name) == getattr(draft, name), name
    (stored,) = stored_events(address, "request")
    assert orjson.loads(stored.body)["data"] == {"status": 401, "refusal": "revoked"}, "kept for ever"
    assert orjson.loads(stored.personal)["target"] == {"name": "GET /v1/orders"}


def test_requests_do_not_await_a_seal(address: str, database: Database) -> None:
    append(database, request_drafts(3), Log.REQUESTS)
    assert count_rows(address, "pending") == 0
    assert [event.seal for event in all_events(database, Log.REQUESTS)] == [Seal.UNSEALED] * 3
    append(database, plain_drafts(2))
    assert count_rows(address, "pending") == 2


def test_the_two_logs_never_mix(database: Database) -> None:
    append(database, plain_drafts(3))
    append(database, request_drafts(5), Log.REQUESTS)
    for log, count, kind in ((Log.CHANGES, 3, "project.created"), (Log.REQUESTS, 5, "request.served")):
        with database.reading(UTC_ZONE, log=log) as reader:
            snapshot = reader.snapshot()
            page = reader.page(EVERYTHING, Cursor(snapshot), limit=2)
            rest = reader.page(EVERYTHING, page.next, limit=100)
            events = (*page.items, *rest.items)
            assert [event.type for event in events] == [kind] * count
            assert reader.count(EVERYTHING, snapshot) == count
            assert reader.count(parse_query('last:all "success"'), snapshot) == count
            assert sum(bucket.count for bucket in reader.histogram(EVERYTHING, snapshot).buckets) == count
            for facet in reader.facets(EVERYTHING, snapshot, list(Dimension)):
                assert sum(value.count for value in facet.values) in (0, count)
            found = {event.id for event in events}
        (other,) = set(Log) - {log}
        with database.reading(UTC_ZONE, log=other) as reader:
            assert all(reader.get(event_id) is None for event_id in found)


def test_what_arrives_in_one_log_is_not_new_in_the_other(database: Database) -> None:
    before = {log: take_snapshot(database, log) for log in Log}
    append(database, request_drafts(5), Log.REQUESTS)
    assert count_arrived(database, before[Log.CHANGES], Log.CHANGES) == 0
    assert count_arrived(database, before[Log.REQUESTS], Log.REQUESTS) == 5
    assert held_ids(database, before[Log.REQUESTS], Log.REQUESTS) == set()


def test_the_same_id_may_be_in_both_logs(database: Database) -> None:
    (draft,) = request_drafts(1)
    draft = replace(draft, id=id_of(draft))
    assert append(database, [draft]).added == 1
    assert append(database, [draft], Log.REQUESTS).added == 1
    again = append(database, [draft, replace(draft, reason="another")], Log.REQUESTS)
    assert (again.added, again.duplicates, again.conflicts) == (0, 1, (1,))


def test_each_log_counts_its_own_events_of_a_name_that_both_have(database: Database) -> None:
    append(database, [replace(draft, client=PAYROLL, service="orders") for draft in plain_drafts(2)])
    append(database, request_drafts(7), Log.REQUESTS)
    for log, count in ((Log.CHANGES, 2), (Log.REQUESTS, 7)):
        with database.reading(UTC_ZONE, log=log) as reader:
            client, service = reader.facets(EVERYTHING, reader.snapshot(), [Dimension.CLIENT, Dimension.SERVICE])
            assert shown(client) == {"Payroll sync": count}
            assert shown(service) == {"orders": count}
            for key, text in ((Key.CLIENT, "c-77"), (Key.CLIENT, "Payroll sync"), (Key.SERVICE, "orders")):
                assert reader.count(literal(key, text), reader.snapshot()) == count


def test_a_value_of_the_other_log_is_there_only_when_the_query_names_it(database: Database) -> None:
    append(database, [replace(draft, service="console") for draft in plain_drafts(2)])
    append(database, request_drafts(3), Log.REQUESTS)
    with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
        snapshot = reader.snapshot()
        (facet,) = reader.facets(EVERYTHING, snapshot, [Dimension.SERVICE])
        assert (shown(facet), facet.distinct) == ({"orders": 3}, 1)
        (facet,) = reader.facets(EVERYTHING, snapshot, [Dimension.SERVICE], matching="con")
        assert (shown(facet), facet.distinct) == ({}, 0)
        (facet,) = reader.facets(literal(Key.SERVICE, "console"), snapshot, [Dimension.SERVICE])
        assert (shown(facet), facet.distinct) == ({"orders": 3, "console": 0}, 1)


def test_a_client_is_found_by_a_name_that_only_the_other_log_has(database: Database) -> None:
    """It was renamed before it called for the first time; who knows the old name means this one."""
    append(database, [replace(draft, client=Reference("api_client", "c-77", "Old books")) for draft in plain_drafts(1)])
    append(database, request_drafts(3), Log.REQUESTS)
    with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
        (facet,) = reader.facets(EVERYTHING, reader.snapshot(), [Dimension.CLIENT], matching="books")
    (value,) = facet.values
    assert (value.label, value.count, value.also) == ("Payroll sync", 3, "Old books")


def test_a_change_and_a_request_stand_or_fall_together(address: str, database: Database) -> None:
    with database.writing() as work:
        work.events.append(*plain_drafts(1))
        work.requests.append(*request_drafts(1))
    assert (count_rows(address, "event"), count_rows(address, "request")) == (0, 0)
    with database.writing() as work:
        work.events.append(*plain_drafts(1))
        work.requests.append(*request_drafts(1))
        work.commit()
    assert (count_rows(address, "event"), count_rows(address, "request")) == (1, 1)
    for log in Log:
        append(database, request_drafts(1), log)
        with database.reading(UTC_ZONE, log=log) as reader:
            (facet,) = reader.facets(EVERYTHING, reader.snapshot(), [Dimension.CLIENT])
            assert shown(facet) == {"Payroll sync": 1 if log is Log.CHANGES else 2}, "no name of what never happened"


def test_hostile_text_of_a_request_is_kept_and_found(database: Database) -> None:
    texts = ("\x1b]52;c;cm0gLXJm\x07", "\u202egpj.exe", "a\x00b", "[red]x[/]")
    append(database, [hostile_draft(text, NOW) for text in texts], Log.REQUESTS)
    requests = [
        request_draft(replace(REQUEST, client=Reference("api_client", text, text), action=text, user_agent=text))
        for text in texts
    ]
    append(database, requests, Log.REQUESTS)
    append(database, plain_drafts(1))
    assert {event.user_agent for event in all_events(database, Log.REQUESTS)} == set(texts)
    with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
        assert reader.count(parse_query("has:hostile last:all"), reader.snapshot()) == 6
        for text in texts:
            assert reader.count(literal(Key.TARGET, text), reader.snapshot()) == 2, text
    with database.reading(UTC_ZONE) as reader:
        assert reader.count(parse_query("has:hostile last:all"), reader.snapshot()) == 0


@pytest.mark.postgres
def test_request_of_a_lower_arrival_that_commits_later_is_in_no_earlier_snapshot(postgres_address: str) -> None:
    with closing(Database(postgres_address, clock=HandClock())) as database:
        append(database, request_drafts(1), Log.REQUESTS)  # so that no writer waits for another's new names
        with database.writing() as slow:
            slow.requests.append(*request_drafts(1))
            append(database, request_drafts(3), Log.REQUESTS)
            snapshot = take_snapshot(database, Log.REQUESTS)
            before = held_ids(database, snapshot, Log.REQUESTS)
            slow.commit()
        assert len(before) == 4
        assert held_ids(database, snapshot, Log.REQUESTS) == before
        assert count_arrived(database, snapshot, Log.REQUESTS) == 1


def test_the_audit_log_holds_the_request_log(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        assert log.requests.append(request_drafts(3)).added == 3
        log.append(plain_drafts(1))
        page = log.requests.page(EVERYTHING, limit=2)
        rest = log.requests.page(EVERYTHING, page.next)
        assert [event.request_id for event in (*page.items, *rest.items)] == ["req-2", "req-1", "req-0"]
        assert log.requests.get(page.items[0].id) == page.items[0]
        with pytest.raises(EventNotFound):
            log.get(page.items[0].id)
        assert log.requests.tally(EVERYTHING, page.snapshot).count == log.requests.count(EVERYTHING) == 3
        assert log.count(EVERYTHING) == 1
        (facet,) = log.requests.facets(EVERYTHING, page.snapshot, [Dimension.TARGET])
        assert shown(facet) == {"GET /v1/orders": 3}
        log.requests.append(request_drafts(1))
        assert log.requests.arrived(EVERYTHING, page.snapshot) == 1


def test_net_change_is_that_of_its_own_log(address: str, clock: HandClock) -> None:
    renamed = Draft(
        type="api_client.updated",
        occurred_at=NOW,
        outcome=Outcome.SUCCESS,
        client=PAYROLL,
        target=PAYROLL,
        changes=(Change("name", "Payrol sync", "Payroll sync"),),
    )
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.append([renamed])
        changed = log.net_change(PAYROLL, EVERYTHING, log.page(EVERYTHING).snapshot)
        assert [field.field for field in changed.subject.fields] == ["name"]
        requests = log.requests.page(EVERYTHING).snapshot
        assert not log.requests.net_change(PAYROLL, EVERYTHING, requests).subject.fields
