"""A connection that is cut between any two statements of a change: all of the change is there then, or nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
import sqlalchemy as sa

from data.clients.model import ApiClient
from data.errors import AuditdeckError
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, DETAILS, client_events, named, rows
from tests.integration.events import UTC_ZONE
from tests.integration.raw_access import run_raw

MOST_STATEMENTS = 60
CHANGES: dict[str, Callable[[AuditLog, ApiClient], object]] = {
    "create": lambda log, _: log.clients.create(ALICE, named("Orders")),
    "rotate": lambda log, client: log.clients.rotate(ALICE, client.id),
    "rotate at once": lambda log, client: log.clients.rotate(ALICE, client.id, 0),
    "delete": lambda log, client: log.clients.delete(ALICE, client.id, "gone"),
}


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


@contextmanager
def cut_before(statement: int, address: str) -> Iterator[list[str]]:
    """Cut the connection before this statement, the commit being the last; what was asked for until then."""
    asked: list[str] = []

    def cut(connection: sa.Connection, what: str) -> None:
        asked.append(what)
        if len(asked) == statement + 1:
            end_connection(connection, address)

    def before_statement(connection: sa.Connection, _cursor: object, what: str, *_rest: Any) -> None:  # noqa: ANN401
        cut(connection, what)

    def before_commit(connection: sa.Connection) -> None:
        cut(connection, "COMMIT")

    sa.event.listen(sa.Engine, "before_cursor_execute", before_statement)
    sa.event.listen(sa.Engine, "commit", before_commit)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", before_statement)
        sa.event.remove(sa.Engine, "commit", before_commit)


def end_connection(connection: sa.Connection, address: str) -> None:
    """End a connection as a failover would: on a shared database by its server, else by closing the file."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        pid = driver.info.backend_pid
        assert run_raw(address, f"SELECT pg_terminate_backend({pid}, 5000)") == [(True,)]
    else:
        driver.close()


@pytest.mark.parametrize("change", CHANGES)
def test_a_cut_leaves_no_client_without_a_token_and_no_token_without_a_client(
    log: AuditLog, address: str, change: str
) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    before, told = rows(address), client_events(log)
    cut_statements: list[str] = []
    for statement in range(MOST_STATEMENTS):
        with cut_before(statement, address) as asked, suppress(AuditdeckError):
            CHANGES[change](log, client)
            break
        cut_statements = asked
        assert (rows(address), client_events(log)) == (before, told)
    after = rows(address)
    assert after != before and len(client_events(log)) > len(told)
    owners = {row[0] for row in after["api_client"]}
    assert {row[1] for row in after["token"]} == owners
    # Each was cut off once, the last of them at its commit.
    assert cut_statements[-1] == "COMMIT" and len(cut_statements) == statement
    assert sum("INSERT" in what or "UPDATE" in what for what in cut_statements) >= 3
