"""API clients for the interface's unit tests: one to vary, and one with every text hostile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientDetails, ClientList, Token
from tests.unit.tui.made_up_events import HOSTILE
from tui.presenters.client_table import ListedClient, listed_clients

ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
TOKEN = Token(
    "adk_7Fh2xQ9b", NOW - timedelta(days=40), last_used_at=NOW - timedelta(minutes=3), last_used_ip="192.0.2.1"
)
_DETAILS = ClientDetails("Payroll sync", date(2027, 3, 12), "Takes salaries", "Alice Moss", ("a:read", "a:write"))
_CLIENT = ApiClient("c-77777777", _DETAILS, NOW - timedelta(days=40), tokens=(TOKEN,))


def a_client(**fields: Any) -> ApiClient:  # noqa: ANN401
    """A client with these fields of it, or of its details, otherwise."""
    names = ClientDetails.__dataclass_fields__
    details = replace(_DETAILS, **{name: value for name, value in fields.items() if name in names})
    return replace(_CLIENT, details=details, **{name: value for name, value in fields.items() if name not in names})


def hostile_client() -> ApiClient:
    """A client whose every text tries to drive the terminal."""
    token = replace(TOKEN, public_id=HOSTILE, ended_at=NOW, end_reason=HOSTILE, last_used_ip=HOSTILE)
    return a_client(
        id=HOSTILE,
        name=HOSTILE,
        description=HOSTILE,
        owner=HOSTILE,
        scopes=(HOSTILE,),
        networks=(HOSTILE,),
        revoked_at=NOW,
        revoked_by=HOSTILE,
        revoke_reason=HOSTILE,
        tokens=(token, replace(TOKEN, public_id=HOSTILE)),
    )


def listed(*clients: ApiClient) -> tuple[ListedClient, ...]:
    """The clients as the list has them at NOW."""
    return listed_clients(ClientList(clients, NOW, ZONE))
