"""What tests of API clients share: who asks, a client that is right, and what the log and the tables say."""

from dataclasses import replace
from datetime import date

from data.caller import Caller
from data.clients.model import ClientDetails
from data.query import parse_query
from data.records import Event, Reference
from data.services.audit_log import AuditLog
from tests.integration.raw_access import Row, run_raw

ALICE = Caller(Reference("member", "m-1", "Alice Moss"))
BO = Caller(Reference("member", "m-2", "Bo Lind"))
DETAILS = ClientDetails("Payroll sync", date(2027, 1, 31), scopes=("users:read",))
_TOLD = parse_query("type:api_client.*,token.*,policy.* last:all")
_ORDERED = {"api_client": "id", "token": "public_id", "policy": "key"}


def named(name: str) -> ClientDetails:
    """Details that are right, of another client."""
    return replace(DETAILS, name=name)


def client_events(log: AuditLog) -> list[Event]:
    """What happened to clients, tokens and rules, in the order of the log: by id, the oldest first."""
    found = log.page(_TOLD, limit=1_000)
    assert found.next is None
    return list(found.items[::-1])


def rows(address: str) -> dict[str, list[Row]]:
    """Every row of the tables that none may change without an event."""
    return {table: run_raw(address, f"SELECT * FROM {table} ORDER BY {key}") for table, key in _ORDERED.items()}
