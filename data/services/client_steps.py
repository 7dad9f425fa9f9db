"""The steps that changes of API clients are made of: each writes rows and their events in the service's unit of work."""

from dataclasses import replace
from datetime import datetime, timedelta

from data.caller import KEEPER, Caller
from data.clients.changes import STATUS
from data.clients.errors import DetailsWrong, TokenError
from data.clients.expiry import end_of_day
from data.clients.model import ApiClient, ClientDetails, ClientStatus, Token
from data.clients.rules import plain_details, problems_of
from data.naming.neighbours import Neighbours
from data.naming.texts import reason_problem
from data.policy import Policy
from data.records import Change, Draft
from data.services.client_events import client_event, logged_status, token_event
from data.store import UnitOfWork

ENDED = "ended"
"""The status of a token that somebody ended, beside those of clients."""

_INSTANT = timedelta(microseconds=1)
_CLOCKS_DIFFER = timedelta(minutes=1)


def moment_after(client: ApiClient, now: datetime) -> datetime:
    """When what is done to a client now happens: after all that was done to it before, for that is the log's order.

    Clocks of several machines differ, and go back a little when they are set; one that goes back by more is believed.
    """
    before = client.changed_at or client.created_at
    return before + _INSTANT if now <= before < now + _CLOCKS_DIFFER else now


def checked(
    work: UnitOfWork, details: ClientDetails, policy: Policy, now: datetime, before: ApiClient | None = None
) -> ClientDetails:
    """The details as they are kept. Raises DetailsWrong."""
    plain = plain_details(details)
    today = now.astimezone(policy.zone).date()
    problems = problems_of(plain, policy, today, None if before is None else before.details)
    if "name" not in problems:
        rival = work.clients.named(plain.name)
        if rival is not None and (before is None or rival.id != before.id):
            problems = {"name": Neighbours.of("client", [rival.name]).problem(plain.name) or "", **problems}
    if problems:
        raise DetailsWrong(problems)
    return plain


def keep(work: UnitOfWork, client: ApiClient, at: datetime) -> ApiClient:
    """Keep a client that was changed; what it is since."""
    changed = replace(client, revision=client.revision + 1, changed_at=at)
    work.clients.change(changed)
    return changed


def keep_token(work: UnitOfWork, client: ApiClient, changed: Token, at: datetime) -> ApiClient:
    """Keep a token of a client that was changed; the client since."""
    work.clients.change_token(changed)
    tokens = tuple(changed if one.public_id == changed.public_id else one for one in client.tokens)
    return keep(work, replace(client, tokens=tokens), at)


def end_token(work: UnitOfWork, by: Caller, client: ApiClient, token: Token, now: datetime, reason: str) -> ApiClient:
    """End a token that lives; the client since."""
    ended = replace(token, ended_at=now, end_reason=reason)
    client = keep_token(work, client, ended, now)
    change = Change(STATUS, ClientStatus.ACTIVE, ENDED)
    work.events.append(token_event("ended", by, client, ended, now, reason=reason, changes=(change,)))
    return client


def revoke(work: UnitOfWork, by: Caller, client: ApiClient, now: datetime, reason: str, policy: Policy) -> ApiClient:
    """Revoke a client that was not; what it is since."""
    before = logged_status(client, now, policy.zone)
    revoked = replace(client, revoked_at=now, revoked_by=by.actor.label, revoke_reason=reason)
    revoked = keep(work, revoked, now)
    change = Change(STATUS, before, ClientStatus.REVOKED)
    work.events.append(client_event("revoked", by, revoked, now, policy.zone, reason=reason, changes=(change,)))
    return revoked


def note_expiry(work: UnitOfWork, client: ApiClient, now: datetime, policy: Policy) -> tuple[ApiClient, int]:
    """Log what time has brought about, as of when it did; the client since, and how many events that were."""
    noted: list[Draft] = []
    change = Change(STATUS, ClientStatus.ACTIVE, ClientStatus.EXPIRED)
    for over, token in _ends(client, policy):
        if over > now:
            break
        at = _moment_of_expiry(client, over)
        if token is not None:
            ended = replace(token, ended_at=at, end_reason="the overlap is over")
            client = keep_token(work, client, ended, at)
            noted.append(token_event("expired", KEEPER, client, ended, at, changes=(change,)))
        else:
            client = keep(work, replace(client, expired_at=at), at)
            noted.append(client_event("expired", KEEPER, client, at, policy.zone, changes=(change,)))
    work.events.append(*noted)
    return client, len(noted)


def refuse_expired(client: ApiClient, now: datetime, policy: Policy) -> None:
    """Raise TokenError for a client whose last day is over."""
    if client.status(now, policy.zone) is ClientStatus.EXPIRED:
        raise TokenError(f"{client.name} expired on {client.details.expires}; give it another last day first.")


def refuse_reason(reason: str) -> None:
    """Raise DetailsWrong for what is no reason."""
    problem = reason_problem(reason)
    if problem is not None:
        raise DetailsWrong({"reason": problem})


def _ends(client: ApiClient, policy: Policy) -> list[tuple[datetime, Token | None]]:
    """When what lives of a client ends by time alone, the first first: its tokens, and with None itself."""
    replaced = [(one.overlap_ends, one) for one in client.tokens if one.ended_at is None]
    ends: list[tuple[datetime, Token | None]] = [
        (end_of_day(day, policy.zone), one) for day, one in replaced if day is not None
    ]
    if client.expired_at is None:
        ends.append((client.ends_at(policy.zone), None))
    return sorted(ends, key=lambda end: end[0])


def _moment_of_expiry(client: ApiClient, over: datetime) -> datetime:
    """The end of a last day, unless something was done later: when the organisation's midnight was moved since."""
    before = client.changed_at or client.created_at
    return over if over > before else before + _INSTANT
