"""Who asks for something to be done, and from where: what every event that comes of it tells."""

from dataclasses import dataclass

from data.records import Reference


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` asks through `service`; the rest is as far as it is known. `request_id` belongs to one request."""

    actor: Reference
    service: str = "console"
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    token: str | None = None
