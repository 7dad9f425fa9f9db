"""What happens, in order of time: the drafts of events and of requests, and who calls a service when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypedDict
from uuid import UUID

from data.caller import Caller
from data.clock import EPOCH
from data.demo.agenda import Agenda
from data.records import SYSTEM, Change, Draft, Json, Outcome, Reference
from data.refusals import RefusalCode, lacking
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft

TokenUse = tuple[str, datetime, str | None]
"""A token's public id, when it was used, and from which address."""

_ACTIONS = {
    "api_proxy.promotion_started": "POST /v1/proxies/{id}/promotions",
    "api_proxy.version_created": "POST /v1/proxies/{id}/versions",
    "log.exported": "GET /v1/events",
    "project_config.updated": "PATCH /v1/projects/{id}/configuration",
    "token.rotated": "POST /v1/clients/{id}/tokens",
    "token.saved": "PUT /v1/clients/{id}/machines",
    "user.created": "POST /v1/users",
    "user.disabled": "POST /v1/users/{id}/disable",
    "user.enabled": "POST /v1/users/{id}/enable",
    "user.invited": "POST /v1/users/invitations",
    "user.role_changed": "PUT /v1/users/{id}/role",
    "user.updated": "PATCH /v1/users/{id}",
}
"""What a client asks for when it becomes an event of this type."""

_NEEDS = {
    "api_proxy": "proxies:write",
    "log": "audit:read",
    "project_config": "projects:write",
    "token": "clients:write",
    "user": "users:write",
}
"""The scope that a client needs for it, by the family of the type."""

_STATUSES = {Outcome.SUCCESS: 200, Outcome.FAILURE: 502, Outcome.DENIED: 403}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from: who, through what, and what that actor may do.

    `grants` are permissions of a member or scopes of a token; `holder` and `because_of` put them into words. `barred` is
    why nothing at all is allowed, `barred_code` the same for the request log. `guard` is the service that refuses in place of `service`.
    """

    actor: Reference
    service: str
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    client: Reference | None = None
    token: str | None = None
    grants: Sequence[str] = ()
    holder: str = ""
    because_of: str = ""
    barred: str | None = None
    guard: str | None = None
    barred_code: RefusalCode | None = None

    def refusal(self, needs: str) -> str | None:
        """Why an act that needs this permission or scope is refused, or None if it is not."""
        if self.barred is not None:
            return self.barred
        if needs in self.grants or "admin" in self.grants:
            return None
        family = needs.partition(":")[0]
        held = [grant for grant in self.grants if grant.startswith(f"{family}:")]
        return f"needs {needs}; {self.holder} {', '.join(held or self.grants) or 'nothing'}{self.because_of}"


KEEPER = Origin(SYSTEM, "keeper", grants=("admin",))


class Telling(TypedDict, total=False):
    """What else an event can tell, in words of the one who writes it: why it was refused, failed or done, and the rest."""

    refusal: str | None
    failure: str | None
    reason: str | None
    changes: tuple[Change, ...]
    request_id: str | None


class Journal:
    """The drafts that are not in the log yet, oldest first; times strictly increase, be it an event's or an act's.

    What a client does is a request, too. `requests` are the drafts of those that are not in the request log yet; it
    begins at `requests_from`. `uses` are the last uses of tokens since they were noted.
    """

    def __init__(self, agenda: Agenda, rng: Random, requests_from: datetime = EPOCH) -> None:
        self.drafts: list[Draft] = []
        self.requests: list[Draft] = []
        self.uses: dict[str, TokenUse] = {}
        self._requests_from = requests_from
        self._agenda = agenda
        self._rng = rng
        self._time = agenda.now

    @property
    def now(self) -> datetime:
        """When the next event happens at the earliest."""
        return max(self._agenda.now, self._time)

    @property
    def moment(self) -> datetime:
        """When the last act happened: what the clock of the services says."""
        return self._time

    @property
    def today(self) -> date:
        """The day of `now`, in UTC."""
        return self.now.date()

    def pause(self, seconds: float) -> None:
        """Lets time pass, as between two things that one person does."""
        self._time = self.now + timedelta(seconds=seconds)

    def wait_until(self, moment: datetime) -> None:
        """Lets time pass until then, if it has not."""
        self._time = max(self.now, moment)

    def step(self) -> datetime:
        """Lets the little time pass that an act takes, and gives the moment at which it happens."""
        self._time = self.now + timedelta(microseconds=self._rng.randrange(1_000, 900_000))
        return self._time

    def caller(self, by: Origin, tag: str) -> Caller:
        """Who asks a service for what becomes an event of this type, now, by a request of its own."""
        at, request_id = self.step(), self.request_id()
        if by.client is not None:
            self.serve(_request(by, tag, at, request_id, duration_ms=int(self._rng.lognormvariate(4.2, 0.7)) + 1))
        return Caller(by.actor, by.service, by.ip, by.user_agent, by.session_id, request_id, by.token)

    def serve(self, request: Request) -> None:
        """Takes down a request that happens now."""
        if request.token is not None and request.refusal is None:
            self.uses[request.token] = (request.token, request.executed_at, request.ip)
        if request.executed_at >= self._requests_from:
            self.requests.append(request_draft(request))

    def turn_away(self, gathered: GatheredRefusals) -> None:
        """Takes down what strangers try now."""
        if gathered.first_at >= self._requests_from:
            self.requests.append(gathered_draft(gathered))

    def take(self) -> tuple[list[Draft], list[Draft], list[TokenUse]]:
        """The drafts and requests so far and the last uses of tokens, which are not kept here any longer."""
        taken = self.drafts, self.requests, list(self.uses.values())
        self.drafts, self.requests, self.uses = [], [], {}
        return taken

    def request_id(self) -> str:
        """A fresh id of a request, for events that belong to one."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def digest(self) -> str:
        """A fresh SHA-256, in hexadecimal."""
        return f"{self._rng.getrandbits(256):064x}"

    def write(
        self,
        tag: str,
        by: Origin,
        target: Reference | None,
        *,
        refusal: str | None = None,
        failure: str | None = None,
        reason: str | None = None,
        changes: tuple[Change, ...] = (),
        data: Mapping[str, Json] | None = None,
        client: Reference | None = None,
        token: str | None = None,
        request_id: str | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Writes one event at `now`. With a `refusal` it was denied, with a `failure` it failed: then nothing changed."""
        at = self.step()
        outcome = Outcome.DENIED if refusal else Outcome.FAILURE if failure else Outcome.SUCCESS
        machine = by.service in {"admin-api", "gateway"}
        if duration_ms is None and (machine or (by.service != "keeper" and self._rng.random() < 0.6)):
            duration_ms = int(self._rng.lognormvariate(4.2 if machine else 2.7, 0.7)) + 1
        if request_id is None and by.service != "keeper":
            request_id = self.request_id()
        if by.client is not None:
            self.serve(_request(by, tag, at, request_id, outcome, duration_ms))
        self.drafts.append(
            Draft(
                type=tag,
                occurred_at=at,
                outcome=outcome,
                actor=by.actor,
                client=client or by.client,
                target=target,
                service=by.guard if refusal and by.guard else by.service,
                duration_ms=duration_ms,
                ip=by.ip,
                user_agent=by.user_agent,
                request_id=request_id,
                session_id=by.session_id,
                token=token or by.token,
                reason=refusal or failure or reason,
                changes=changes if outcome is Outcome.SUCCESS else (),
                data=data or {},
            )
        )


def _request(
    by: Origin,
    tag: str,
    at: datetime,
    request_id: str | None,
    outcome: Outcome = Outcome.SUCCESS,
    duration_ms: int | None = None,
) -> Request:
    """The request by which a client does what becomes an event of this type."""
    refusal = None
    if outcome is Outcome.DENIED:
        refusal = RefusalCode.MISSING_SCOPE if by.barred is None else by.barred_code
    scope = _NEEDS[tag.partition(".")[0]] if refusal is RefusalCode.MISSING_SCOPE else None
    barred = refusal is not None and scope is None
    return Request(
        action=_ACTIONS[tag],
        status=401 if barred else _STATUSES[outcome],
        executed_at=at,
        client=by.client,
        token=by.token,
        service=by.service,
        duration_ms=duration_ms,
        ip=by.ip,
        request_id=request_id,
        refusal=refusal,
        reason=None if scope is None else lacking(scope),
        user_agent=by.user_agent,
        scope=scope,
    )
