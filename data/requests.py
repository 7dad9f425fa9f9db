"""A request as a service saw it, and the event that it becomes in the request log."""

from dataclasses import dataclass
from datetime import datetime

from data.records import ANONYMOUS, ActorType, Draft, Json, Outcome, Reference, Source
from data.refusals import RefusalCode
from data.tokens import without_secrets

SERVED = "request.served"
"""The type of a request that the service answered, whatever its answer was."""
REFUSED = "request.refused"
"""The type of a request that authentication turned away."""
REFUSED_STRANGERS = "request.refused_strangers"
"""The type of one event for all that strangers tried from one address in one minute."""

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of a service.

    `client` is who authentication said it was, or named without proof (`refusal`); None if nobody knows. Only its id and
    name count. `action` is what was asked for, as `GET /v1/orders`. `status` is the HTTP status of the answer.
    `duration_ms` is in whole milliseconds. `executed_at` is aware. `token` is a token's public id, never more.
    `refusal` is None for a request that was let through; without a `reason` its own sentence is the reason. `scope` is
    the one that the action needs, as far as one was asked for.
    `source` is given for a request that was read from a file and not seen by this system.
    """

    action: str
    status: int
    executed_at: datetime
    client: Reference | None = None
    token: str | None = None
    service: str | None = None
    duration_ms: int | None = None
    ip: str | None = None
    request_id: str | None = None
    refusal: RefusalCode | None = None
    reason: str | None = None
    source: Source | None = None
    user_agent: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredRefusals:
    """What strangers tried from one address within one minute, one after another: `count` refusals since `first_at`.

    They are one event, so that strangers cannot fill the database.
    """

    count: int
    first_at: datetime
    refusal: RefusalCode
    ip: str | None = None
    service: str | None = None


def request_draft(request: Request) -> Draft:
    """The event that a request becomes, ready to be appended to the request log.

    Whatever the one who asks has a say in is rid of the secrets of tokens: clients put theirs into the oddest places.
    """
    client = request.client
    data: dict[str, Json] = {"status": request.status}
    reason = request.reason
    if request.refusal is not None:
        data["refusal"] = str(request.refusal)
        reason = reason or request.refusal.sentence
        if request.scope is not None:
            data["scope"] = request.scope
    # Whoever has a wrong secret has named the client, and is not proven to be it.
    is_proven = request.refusal is not RefusalCode.WRONG_SECRET
    return Draft(
        type=SERVED if request.refusal is None else REFUSED,
        occurred_at=request.executed_at,
        outcome=_outcome_of(request),
        actor=ANONYMOUS if client is None or not is_proven else Reference(ActorType.API_CLIENT, client.id, client.name),
        client=None if client is None else Reference("api_client", client.id, client.name),
        target=Reference("action", name=without_secrets(request.action)),
        service=_without_secrets(request.service),
        duration_ms=request.duration_ms,
        ip=request.ip,
        user_agent=_without_secrets(request.user_agent),
        request_id=_without_secrets(request.request_id),
        token=request.token,
        reason=_without_secrets(reason),
        data=data,
        source=request.source,
    )


def gathered_draft(gathered: GatheredRefusals) -> Draft:
    """The one event that the gathered refusals become."""
    return Draft(
        type=REFUSED_STRANGERS,
        occurred_at=gathered.first_at,
        outcome=Outcome.DENIED,
        service=gathered.service,
        ip=gathered.ip,
        reason=gathered.refusal.sentence,
        data={"refusal": str(gathered.refusal), "count": gathered.count},
    )


def _without_secrets(text: str | None) -> str | None:
    return None if text is None else without_secrets(text)


def _outcome_of(request: Request) -> Outcome:
    if request.refusal is not None or request.status in (_UNAUTHORIZED, _FORBIDDEN):
        return Outcome.DENIED
    return Outcome.SUCCESS if request.status < _FIRST_ERROR else Outcome.FAILURE
