"""How the whole stands, over a real database of either kind."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from data.errors import DatabaseUnavailable
from data.keeping import Upkeep
from data.permissions import Permission
from data.records import Draft
from data.services.audit_log import AuditLog
from data.store.schema import HEAD
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import ALICE, named
from tests.integration.events import UTC_ZONE
from tests.integration.insiders import let_in


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    let_in(address, Permission.ADMIN)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


def test_the_database_says_how_it_is(log: AuditLog, address: str, clock: HandClock) -> None:
    first = log.health.read().database
    assert (first.events.count, first.events.oldest, first.requests.count) == (0, None, 0)
    log.append([Draft(type="user.created", occurred_at=clock() - timedelta(days=days)) for days in (3, 400)])
    log.requests.append([Draft(type="request.served", occurred_at=clock())])
    state = log.health.read()
    database = state.database
    assert state.asked_at == clock()
    assert (database.events.count, database.events.oldest) == (2, clock() - timedelta(days=400))
    assert (database.requests.count, database.requests.oldest) == (1, clock())
    assert (database.schema, database.is_replica) == (HEAD, False)
    assert state.proof is not None
    assert (state.proof.size, state.proof.unsealed, state.proof.unsealed_since) == (0, 2, clock())
    if log.is_embedded:
        log.keeper.seal()
        sealed = log.health.read().proof
        assert sealed is not None and (sealed.size, sealed.unsealed, sealed.sealed_at) == (2, 0, clock())
    assert database.size_bytes > 100_000
    assert database.version[0].isdigit()
    if log.is_embedded:
        assert (database.engine, database.address) == ("SQLite", address)
        assert (database.connections, database.most_connections) == (None, None)
        assert database.free_bytes is not None and database.free_bytes > 0
    else:
        assert database.engine == "PostgreSQL" and database.free_bytes is None
        assert database.connections is not None and database.most_connections is not None
        assert 1 <= database.connections <= database.most_connections


def test_whoever_asks_is_told_what_they_hold_and_which_rules_there_are(log: AuditLog) -> None:
    state = log.health.read()
    assert state.standing.may(Permission.SETTINGS_WRITE)
    assert state.policy == log.policy.read()


def test_whoever_may_do_nothing_else_may_know_it(postgres_address: str, clock: HandClock) -> None:
    let_in(postgres_address)
    with closing(AuditLog(postgres_address, UTC_ZONE, clock=clock)) as log:
        assert log.health.read().standing.permissions == frozenset()


def test_each_run_of_the_keeper_is_noted_and_the_last_one_that_did_something(log: AuditLog, clock: HandClock) -> None:
    state = log.health.read()
    assert (state.last_run, state.last_work) == (None, None)
    log.clients.create(ALICE, named("Payroll sync"))
    clock.move(days=365)
    worked_at = clock()
    log.keeper.run()
    clock.move(minutes=1)
    log.keeper.run()
    state = log.health.read()
    assert state.last_run is not None and state.last_work is not None
    assert (state.last_run.ran_at, state.last_run.did["expired"], state.last_run.error) == (clock(), 0, None)
    assert (state.last_work.ran_at, state.last_work.did["expired"]) == (worked_at, 1)


def test_what_the_keeper_could_not_do_is_noted_and_told(
    log: AuditLog, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: object) -> int:
        raise DatabaseUnavailable("No answer.")

    monkeypatch.setattr("data.services.api_clients.ApiClients.note_expired", fail)
    with pytest.raises(DatabaseUnavailable):
        log.keeper.run()
    run = log.health.read().last_run
    assert isinstance(run, Upkeep) and (run.ran_at, run.error) == (NOW, "No answer.")
