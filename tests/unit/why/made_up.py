"""A client, its changes and its requests, made by hand for tests of a story."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientDetails, Token
from data.records import Change, Event, Json, Reference
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.why.wording import Calendar

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=ZoneInfo("UTC"))
CALENDAR = Calendar(NOW, UTC_ZONE, UTC_ZONE)
ALICE = Reference("member", "m-1", "Alice Moss")
TOKEN, NEW_TOKEN = "adk_Ab3dE5gH", "adk_Zz9yX8wV"
CLIENT = ApiClient(
    "c-77",
    ClientDetails("Payroll sync", date(2027, 5, 31), scopes=("orders:read",)),
    datetime(2026, 6, 1, tzinfo=ZoneInfo("UTC")),
    tokens=(Token(TOKEN, datetime(2026, 6, 1, tzinfo=ZoneInfo("UTC"))),),
)
_numbers = count(1)


def at(clock: str, *, days_ago: int = 0) -> datetime:
    """`14:31` of the day on which it is `NOW`, or of one before it."""
    hour, minute = clock.split(":")
    return NOW.replace(hour=int(hour), minute=int(minute)) - timedelta(days=days_ago)


def change(tag: str, moment: datetime, *changes: Change, **fields: object) -> Event:
    """What Alice did to the client, or to its token."""
    target = Reference("token", TOKEN, TOKEN) if tag.startswith("token.") else CLIENT.reference
    event = Event(
        id=UUID(int=next(_numbers)),
        type=tag,
        occurred_at=moment,
        recorded_at=moment,
        actor=ALICE,
        client=CLIENT.reference,
        target=target,
        changes=changes,
    )
    return replace(event, **fields)  # type: ignore[arg-type]


def request(
    moment: datetime,
    refusal: RefusalCode | None = None,
    *,
    status: int | None = None,
    ip: str = "198.51.100.7",
    token: str | None = TOKEN,
    scope: str | None = None,
    data: dict[str, Json] | None = None,
) -> Event:
    """A request of the client."""
    draft = request_draft(
        Request(
            action="GET /v1/orders",
            status=status or (200 if refusal is None else 401),
            executed_at=moment,
            client=CLIENT.reference,
            token=token,
            service="orders",
            ip=ip,
            refusal=refusal,
            scope=scope,
        )
    )
    given = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    given |= {"id": UUID(int=next(_numbers)), "data": data or draft.data}
    return Event(**given, recorded_at=moment)


def requests(
    begin: datetime, times: int, refusal: RefusalCode | None = None, *, minutes: float = 1, ip: str = "198.51.100.7"
) -> list[Event]:
    """So many requests, a minute apart."""
    return [request(begin + number * timedelta(minutes=minutes), refusal, ip=ip) for number in range(times)]
