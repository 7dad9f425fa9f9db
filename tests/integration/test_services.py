"""The use cases over a real database: what the interface and the commands call."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from data.answers import Dimension, Direction
from data.caller import Caller
from data.clock import from_microseconds
from data.errors import Cancelled, EventNotFound, SchemaTooNew, SchemaTooOld
from data.query import parse_query
from data.query.editing import with_archive
from data.records import Change, Draft, Outcome, Reference
from data.services.administration import Administration
from data.services.audit_log import AuditLog
from data.stop import Stop
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.events import EVERYTHING, UTC_ZONE, plain_drafts
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import run_raw
from tests.members import enrol_login


def test_log_answers_as_its_reader_does(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        assert log.append(plain_drafts(3)).added == 3

        page = log.page(EVERYTHING, limit=2)
        rest = log.page(EVERYTHING, page.next)
        assert [event.occurred_at for event in (*page.items, *rest.items)] == [
            draft.occurred_at for draft in reversed(plain_drafts(3))
        ]
        assert log.get(page.items[0].id) == page.items[0]
        tally = log.tally(EVERYTHING, page.snapshot)
        assert tally.count == sum(bucket.count for bucket in tally.histogram.buckets) == log.count(EVERYTHING) == 3
        facets = log.facets(EVERYTHING, page.snapshot, [Dimension.TYPE, Dimension.CLIENT])
        assert [(facet.dimension, [value.count for value in facet.values]) for facet in facets] == [
            (Dimension.TYPE, [3]),
            (Dimension.CLIENT, []),
        ]
        log.append(plain_drafts(2))
        assert log.arrived(EVERYTHING, page.snapshot) == 2
        assert log.count(EVERYTHING, page.snapshot) == 3


def test_event_that_is_not_there(address: str) -> None:
    missing = UUID("01a1f866-0d00-7000-8000-000000000000")
    with (
        closing(AuditLog(address, UTC_ZONE)) as log,
        pytest.raises(EventNotFound, match=f"No event has the id {missing}"),
    ):
        log.get(missing)


def test_schema_is_looked_at_again_until_it_is_right(address: str) -> None:
    (revision,) = run_raw(address, "SELECT version_num FROM alembic_version")
    run_raw(address, "UPDATE alembic_version SET version_num = '9999'")
    with closing(AuditLog(address, UTC_ZONE)) as log:
        with pytest.raises(SchemaTooNew):
            log.count(EVERYTHING)

        run_raw(address, f"UPDATE alembic_version SET version_num = '{revision[0]}'")
        assert log.count(EVERYTHING) == 0


@pytest.mark.postgres
def test_administrator_makes_a_shared_log(server: PostgresServer) -> None:
    with (
        server.empty_database() as address,
        closing(AuditLog(address, UTC_ZONE)) as log,
        closing(Administration(address)) as administration,
    ):
        with pytest.raises(SchemaTooOld):
            log.append(plain_drafts(1))

        assert not administration.is_embedded
        assert administration.upgrade()
        assert not administration.upgrade()
        with closing(Database(address)) as database:
            enrol_login(database)

        assert log.append(plain_drafts(1)).added == 1


def test_net_change_reads_every_page_of_the_snapshot_and_no_more(address: str, clock: HandClock) -> None:
    payroll = Reference("api_client", "c-77", "Payroll sync")

    def update(number: int) -> Draft:
        return Draft(
            type="api_client.updated",
            occurred_at=NOW + timedelta(seconds=number),
            client=payroll,
            target=payroll,
            changes=(Change("name", number, number + 1),),
        )

    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.append([update(number) for number in range(1, 1_202)])
        snapshot = log.page(EVERYTHING, limit=1).snapshot
        log.append([update(5_000), replace(update(0), outcome=Outcome.DENIED)])
        whole = log.net_change(payroll, EVERYTHING, snapshot)
        (name,) = whole.subject.fields
        assert (name.before, name.after, name.times, name.gaps) == (1, 1_202, 1_201, 0)
        since = parse_query(f"after:{NOW + timedelta(seconds=601):%Y-%m-%dt%H:%M:%S}")
        (name,) = log.net_change(payroll, since, snapshot).subject.fields
        assert (name.before, name.times) == (601, 601)
        stop = Stop()
        stop.request()
        with pytest.raises(Cancelled):
            log.net_change(payroll, EVERYTHING, snapshot, stop=stop)


@pytest.mark.parametrize("is_request", [False, True], ids=["changes", "requests"])
def test_the_archive_of_either_log_is_counted_beside_what_is_live(
    address: str, clock: HandClock, is_request: bool
) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        log = opened.requests if is_request else opened
        log.append(plain_drafts(3, start=NOW))
        clock.move(days=400)
        # Age counts from the later of happening and arrival: these are live, though they happened as long ago.
        log.append(plain_drafts(2, start=NOW + timedelta(hours=1)))
        everything = with_archive(EVERYTHING)
        page = log.page(EVERYTHING)
        assert len(page.items) == log.count(EVERYTHING) == 2 and log.count(everything) == 5
        tally = log.tally(EVERYTHING, page.snapshot)
        live_since = from_microseconds(tally.live_since_us)
        assert live_since == datetime.combine(clock().date() - timedelta(days=365), time.min, UTC)
        assert (tally.count, tally.archived, log.archived(EVERYTHING)) == (2, 3, 3)
        assert log.tally(everything, page.snapshot).archived == log.archived(everything) == 0
        assert log.archived(parse_query("last:30d")) == 0, "the dates end before the archive begins"
        assert log.archived(parse_query("project last:all")) is None, "that would have to be looked for in each event"
        (facet,) = log.facets(EVERYTHING, page.snapshot, [Dimension.TYPE])
        assert [value.count for value in facet.values] == [2]
        oldest = log.page(everything, direction=Direction.NEWER).items[0]
        assert oldest.occurred_at == NOW and log.get(oldest.id) == oldest
        assert log.arrived(EVERYTHING, page.snapshot) == 0
        log.append(plain_drafts(1, start=NOW + timedelta(hours=2)))
        assert log.arrived(EVERYTHING, page.snapshot) == 1


def test_another_rule_moves_the_edge_at_once(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.append(plain_drafts(3))
        clock.move(days=10)
        assert log.count(EVERYTHING) == 3
        log.policy.change(Caller(Reference("member", "m-1", "Alice Moss")), "live_days", "9", seen="365")
        told = log.count(EVERYTHING)
        assert (told, log.count(with_archive(EVERYTHING))) == (1, 4), "what tells of the change is live"


def test_what_is_exported_is_live_unless_the_query_says_otherwise(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.append(plain_drafts(3))
        clock.move(days=400)
        log.append(plain_drafts(2, start=clock()))
        assert (log.exports.survey(EVERYTHING).count, log.exports.survey(EVERYTHING).archived) == (2, 3)
        everything = with_archive(EVERYTHING)
        assert (log.exports.survey(everything).count, log.exports.survey(everything).archived) == (5, 0)
        for query, count in ((EVERYTHING, 2), (everything, 5)):
            with log.exports.begin(log.caller(), query) as export:
                lines = list(export)
            assert len(lines) - count in (0, 1), "the one before is an event itself"
