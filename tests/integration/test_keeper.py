"""The keeper over a real database: what is due is logged once, however many keepers there are and whenever they run."""

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from data.clients.model import ClientStatus
from data.index import building
from data.index.indexer import Indexed
from data.keeping import KeeperRun
from data.records import SYSTEM
from data.services.audit_log import AuditLog
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import ALICE, DETAILS, client_events, named
from tests.integration.events import UTC_ZONE, plain_drafts

CLIENTS = 120
"""More than are logged in one unit of work."""


def test_two_keepers_at_once_log_each_expiry_once(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        for number in range(CLIENTS):
            log.clients.create(ALICE, replace(named(f"Client {number:03}"), expires=clock().date()))
        clock.move(days=1)
        together = threading.Barrier(2)
        done: list[KeeperRun] = []

        def keep() -> None:
            with closing(AuditLog(address, UTC_ZONE, clock=clock)) as own:
                own.open()
                together.wait(10)
                done.append(own.keeper.run())

        threads = [threading.Thread(target=keep) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        told = [event for event in client_events(log) if event.type == "api_client.expired"]
        assert sum(run.expired for run in done) == len(told) == CLIENTS
        assert {event.actor for event in told} == {SYSTEM} and {event.service for event in told} == {"keeper"}
        assert not log.keeper.run().did_anything


def test_what_was_revoked_or_deleted_does_not_expire(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        for name, end in (("Revoked", log.clients.revoke), ("Deleted", log.clients.delete)):
            end(ALICE, log.clients.create(ALICE, named(name)).client.id, "leaked")
        clock.move(days=365)
        assert replace(log.keeper.run(), sealed=0) == KeeperRun()


def test_a_rotation_ends_by_itself_after_its_overlap(address: str, clock: HandClock) -> None:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.policy.change(ALICE, "zone", "Europe/Berlin")
        zone = log.policy.read().zone
        clock.move(days=121)  # to the 21st of March, a week before clocks go forward
        first = log.clients.create(ALICE, replace(DETAILS, expires=clock().date() + timedelta(days=90)))
        second = log.clients.rotate(ALICE, first.client.id, 8)
        both = (first.token.public_id, second.token.public_id)
        clock.move(days=8, hours=11, minutes=59, seconds=59)  # 23:59:59 in summer time
        assert clock().astimezone(zone).isoformat() == "2027-03-29T23:59:59+02:00"

        def live() -> tuple[str, ...]:
            return tuple(one.public_id for one in log.clients.find(first.client.id).live_tokens(clock(), zone))

        assert (live(), log.keeper.run().expired) == (both, 0)
        clock.move(seconds=1)
        assert live() == both[1:]  # dead whether or not the keeper has run
        assert (log.keeper.run().expired, live()) == (1, both[1:])
        assert client_events(log)[-1].occurred_at == clock()
        third = log.clients.rotate(ALICE, first.client.id, 0)
        assert live() == (third.token.public_id,)


def test_a_client_ends_with_its_last_day_where_midnight_is_left_out(address: str, clock: HandClock) -> None:
    """In Santiago clocks go from 23:59:59 on the 4th of September 2027 to 01:00."""
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.policy.change(ALICE, "zone", "America/Santiago")
        zone = log.policy.read().zone
        clock.move(days=270)
        issued = log.clients.create(ALICE, replace(DETAILS, expires=clock().date().replace(month=9, day=4)))
        client = issued.client
        clock.now = client.ends_at(zone) - timedelta(microseconds=1)
        assert clock().astimezone(zone).isoformat() == "2027-09-04T23:59:59.999999-04:00"
        assert log.clients.find(client.id).live_tokens(clock(), zone) == client.tokens
        assert log.keeper.run().expired == 0
        clock.move(microseconds=1)
        assert clock().astimezone(zone).isoformat() == "2027-09-05T01:00:00-03:00"
        expired = log.clients.find(client.id)
        assert (expired.status(clock(), zone), expired.live_tokens(clock(), zone)) == (ClientStatus.EXPIRED, ())
        assert log.keeper.run().expired == 1


def test_events_are_indexed_once_there_are_enough_of_them(
    address: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LEAST", 20)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        log.append(plain_drafts(19))
        assert log.keeper.index() == Indexed()
        log.append(plain_drafts(1, start=NOW + timedelta(hours=1)))
        assert log.keeper.index() == Indexed(20, 1)
        log.requests.append(plain_drafts(30))
        run = log.keeper.run()
        assert (run.indexed, run.segments) == (50, 2)  # what came into it between two runs is told by the second
        assert log.keeper.run() == KeeperRun()
