"""Who asks for something to be done, and from where: what every event that comes of it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.records import SYSTEM, Change, Draft, Json, Outcome, Reference

CONSOLE, COMMAND_LINE = "console", "command-line"
"""What the services are called through which people ask."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` asks through `service`; the rest is as far as it is known. `request_id` belongs to one request."""

    actor: Reference
    service: str = CONSOLE
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    token: str | None = None

    def draft(
        self,
        tag: str,
        at: datetime,
        *,
        target: Reference | None = None,
        client: Reference | None = None,
        outcome: Outcome = Outcome.SUCCESS,
        reason: str | None = None,
        changes: tuple[Change, ...] = (),
        data: Mapping[str, Json] | None = None,
    ) -> Draft:
        """The event of this type (`tag`) that tells what they did, or were refused, at this moment (aware)."""
        return Draft(
            type=tag,
            occurred_at=at,
            outcome=outcome,
            actor=self.actor,
            client=client,
            target=target,
            service=self.service,
            ip=self.ip,
            user_agent=self.user_agent,
            request_id=self.request_id,
            session_id=self.session_id,
            token=self.token,
            reason=reason,
            changes=changes,
            data=data or {},
        )


KEEPER = Caller(SYSTEM, "keeper")
"""In whose name happens what time alone brings about."""
