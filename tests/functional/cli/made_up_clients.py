"""API clients for the command line's tests, made by the services that the commands use."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from data.caller import Caller
from data.clients.model import ClientDetails, IssuedToken
from data.query import parse_query
from data.records import Event, Reference
from data.services.audit_log import AuditLog
from tests.members import enrol

BO = Caller(Reference("member", "m-7", "Bo Lind"))


@contextmanager
def opened(database: Path) -> Iterator[AuditLog]:
    """The log of this database, by the machine's clock as the commands have it."""
    with closing(AuditLog(str(database), ZoneInfo("UTC"), durable=False)) as log:
        yield log


def today() -> date:
    """Today in the organisation's zone."""
    return datetime.now(UTC).date()


def make_client(database: Path, name: str = "Payroll sync", days: int = 90) -> IssuedToken:
    """A client that is valid for so many days more."""
    with opened(database) as log:
        log.open()
        enrol(log._database)
        details = ClientDetails(name, today() + timedelta(days=days), "nightly", "Alice Moss", ("orders:read",))
        return log.clients.create(BO, details)


def let_expire(database: Path, name: str) -> None:
    """Put a client's last day into the past, as time would."""
    change(database, "UPDATE api_client SET expires = '2020-01-01' WHERE name = ?", name)


def change(database: Path, statement: str, *values: object) -> None:
    """What another program did to the tables."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)


def events_of(database: Path, query: str = "type:api_client.*,token.*") -> list[Event]:
    """What the change log tells, oldest first."""
    with opened(database) as log:
        return list(log.page(parse_query(f"{query} last:all"), limit=250).items[::-1])


def everything_in(database: Path) -> str:
    """All rows of all tables, as text."""
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())
