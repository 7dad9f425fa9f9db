"""API clients: made, changed, ended, each change with its event in one unit of work."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from data.caller import Caller
from data.clients.changes import OVERLAP, STATUS, changes_between
from data.clients.errors import ClientChanged, ClientEnded, ClientNotFound, TokenError
from data.clients.model import ApiClient, ClientDetails, ClientStatus, IssuedToken, Token
from data.policy import MOST_OVERLAP_DAYS, Policy
from data.records import ActorType, Change, Outcome, Reference
from data.services.acts import (
    CREATE_CLIENT,
    DELETE_CLIENT,
    END_TOKEN,
    HAND_OVER_TOKEN,
    ISSUE_TOKEN,
    NOTE_EXPIRED,
    NOTE_USED,
    PROLONG_TOKEN,
    REVOKE_CLIENT,
    ROTATE_TOKEN,
    UPDATE_CLIENT,
)
from data.services.client_events import client_event, token_event
from data.services.client_queries import SHOWN_CHARACTERS, ClientQueries
from data.services.client_steps import (
    ENDED,
    checked,
    end_token,
    keep,
    keep_token,
    moment_after,
    note_expiry,
    refuse_expired,
    refuse_reason,
    revoke,
)
from data.services.gate import Act, Gate
from data.services.new_ids import new_id
from data.store import UnitOfWork
from data.tokens import Entropy, SecretToken, new_token, without_secrets

_ISSUED = Change(STATUS, None, ClientStatus.ACTIVE)
MOST_LIVE_TOKENS = 2
"""A client has one token, and during an overlap a second one."""

_NOTED_AT_ONCE = 100
"""Clients whose expiry is logged in one unit of work, so that nobody waits for all of ten thousand."""


class ApiClients(ClientQueries):
    """The API clients of one database.

    Every method may raise NotPermitted, DatabaseUnavailable and the other errors of `data.errors`. Those that change a
    client raise ClientNotFound, ClientEnded for one that was revoked or deleted, and ClientError with a plain sentence
    for whatever else cannot be; nothing is changed then. `by` is who asks, which the events tell.
    """

    def __init__(self, gate: Gate, entropy: Entropy = secrets.token_bytes) -> None:
        """`entropy` is what ids and tokens are made of."""
        super().__init__(gate)
        self._entropy = entropy

    def create(self, by: Caller, details: ClientDetails) -> IssuedToken:
        """Make a client and its first token. Raises DetailsWrong."""
        with self._writing(by, CREATE_CLIENT, Reference(ActorType.API_CLIENT, name=details.name)) as (
            work,
            policy,
            now,
        ):
            wanted = checked(work, details, policy, now)
            client = ApiClient(new_id("c", self._entropy, work.clients.find), wanted, now, changed_at=now)
            secret, token = self._new_token(work, now)
            work.clients.add(client)
            work.clients.add_token(client.id, token, secret.digest)
            client = replace(client, tokens=(token,))
            changes = (*changes_between(None, wanted), Change(STATUS, None, ClientStatus.ACTIVE))
            work.events.append(
                client_event("created", by, client, now, policy.zone, changes=changes),
                token_event("issued", by, client, token, now, changes=(_ISSUED,)),
            )
            work.commit()
            return IssuedToken(client, secret)

    def edit(self, by: Caller, seen: ApiClient, details: ClientDetails, *, puts_back: UUID | None = None) -> ApiClient:
        """Give a client other details; nothing is logged when nothing changes.

        `puts_back` is the event whose values before are put back. Raises DetailsWrong, and ClientChanged if it is no
        longer the client that was `seen`.
        """
        with self._changing(by, UPDATE_CLIENT, seen.id, seen=seen) as (work, policy, now, client):
            wanted = checked(work, details, policy, now, client)
            changed = replace(client, details=wanted)
            changes = changes_between(client.details, wanted)
            if not changes:
                work.commit()  # of what time has brought about
                return client
            if client.expired_at is not None and now < changed.ends_at(policy.zone):
                changes = (*changes, Change(STATUS, ClientStatus.EXPIRED, ClientStatus.ACTIVE))
                changed = replace(changed, expired_at=None)
            changed = keep(work, changed, now)
            work.events.append(
                client_event("updated", by, changed, now, policy.zone, changes=changes, put_back=puts_back)
            )
            work.commit()
            return changed

    def issue(self, by: Caller, client_id: str) -> IssuedToken:
        """One more token beside the one there is. Raises TokenError if there are two already."""
        with self._changing(by, ISSUE_TOKEN, client_id) as (work, policy, now, client):
            refuse_expired(client, now, policy)
            if len(client.live_tokens(now, policy.zone)) >= MOST_LIVE_TOKENS:
                raise TokenError(f"{client.name} has two tokens already; end one before you issue another.")
            secret, client = self._issue(work, by, client, now)
            work.commit()
            return IssuedToken(client, secret)

    def rotate(self, by: Caller, client_id: str, overlap_days: int | None = None) -> IssuedToken:
        """A new token in place of the newest one there is, which ends after so many whole days, with 0 at once.

        Without `overlap_days` the policy says; no token outlives the client's last day. A token that a rotation before has
        left ends now: there are never more than two. Raises TokenError without a token to replace.
        """
        with self._changing(by, ROTATE_TOKEN, client_id) as (work, policy, now, client):
            refuse_expired(client, now, policy)
            live = client.live_tokens(now, policy.zone)
            if not live:
                raise TokenError(f"{client.name} has no token to replace; issue one.")
            days = policy.overlap_days if overlap_days is None else overlap_days
            if not 0 <= days <= MOST_OVERLAP_DAYS:
                raise TokenError(f"An overlap is of 0 to {MOST_OVERLAP_DAYS} days.")
            *older, previous = live
            for token in older:
                client = end_token(work, by, client, token, now, f"replaced by the rotation of {previous.public_id}")
            secret, client = self._issue(work, by, client, now)
            if days:
                until = min(now.astimezone(policy.zone).date() + timedelta(days=days), client.details.expires)
                left = replace(previous, overlap_ends=until)
                change = Change(OVERLAP, _day(previous.overlap_ends), until.isoformat())
            else:
                left = replace(previous, ended_at=now, end_reason="rotated at once")
                change = Change(STATUS, ClientStatus.ACTIVE, ENDED)
            client = keep_token(work, client, left, now)
            changes = () if change.before == change.after else (change,)
            data = {"replaced_by": secret.public_id}
            work.events.append(token_event("rotated", by, client, left, now, changes=changes, data=data))
            work.commit()
            return IssuedToken(client, secret)

    def prolong(self, by: Caller, client_id: str, public_id: str, until: date) -> ApiClient:
        """Let a token that was replaced live until the end of another day, the client's last at most. Raises TokenError."""
        with self._changing(by, PROLONG_TOKEN, client_id) as (work, policy, now, client):
            refuse_expired(client, now, policy)
            token = _live_token(client, public_id, now, policy)
            if token.overlap_ends is None:
                raise TokenError(f"{public_id} was not replaced: it ends with the client.")
            if until < now.astimezone(policy.zone).date():
                raise TokenError(f"{until} is past.")
            if until > client.details.expires:
                raise TokenError(f"{client.name} itself ends on {client.details.expires}; no token of it lives longer.")
            if until == token.overlap_ends:
                work.commit()  # of what time has brought about
                return client
            changed = replace(token, overlap_ends=until)
            client = keep_token(work, client, changed, now)
            change = Change(OVERLAP, _day(token.overlap_ends), until.isoformat())
            work.events.append(token_event("prolonged", by, client, changed, now, changes=(change,)))
            work.commit()
            return client

    def end_token(self, by: Caller, client_id: str, public_id: str, reason: str) -> ApiClient:
        """End one token now. Raises TokenError, DetailsWrong without a reason."""
        refuse_reason(reason)
        with self._changing(by, END_TOKEN, client_id) as (work, policy, now, client):
            token = _live_token(client, public_id, now, policy)
            client = end_token(work, by, client, token, now, reason.strip())
            work.commit()
            return client

    def revoke(self, by: Caller, client_id: str, reason: str) -> ApiClient:
        """End a client for good; it stays visible. Raises DetailsWrong without a reason."""
        refuse_reason(reason)
        with self._changing(by, REVOKE_CLIENT, client_id) as (work, policy, now, client):
            client = revoke(work, by, client, now, reason.strip(), policy)
            work.commit()
            return client

    def delete(self, by: Caller, client_id: str, reason: str) -> ApiClient:
        """Hide a client, revoking it first; its name becomes free. Raises DetailsWrong without a reason."""
        refuse_reason(reason)
        with self._changing(by, DELETE_CLIENT, client_id, even_revoked=True) as (work, policy, now, client):
            if client.revoked_at is None:
                client = revoke(work, by, client, now, reason.strip(), policy)
            deleted = keep(work, replace(client, deleted_at=now), now)
            change = Change(STATUS, ClientStatus.REVOKED, ClientStatus.DELETED)
            work.events.append(
                client_event("deleted", by, deleted, now, policy.zone, reason=reason.strip(), changes=(change,))
            )
            work.commit()
            return deleted

    def note_handed_over(
        self, by: Caller, client_id: str, public_id: str, how: str, failure: str | None = None
    ) -> None:
        """Log that a token that was just made was `copied`, `saved` or `printed`, or why that failed.

        Copied is to a terminal's clipboard, saved is into a file of ours, printed is to standard output, and from there on
        nobody knows where to.
        """
        if how not in HAND_OVER_TOKEN:
            raise ValueError(f"a token is copied, saved or printed, not {how}")
        about = Reference(ActorType.API_CLIENT, client_id)
        with self._writing(by, HAND_OVER_TOKEN[how], about) as (work, _, now):
            client = work.clients.find(client_id)
            token = None if client is None else client.token(public_id)
            if client is None or token is None:
                raise ClientNotFound(f"There is no token {without_secrets(public_id)[:SHOWN_CHARACTERS]}.")
            outcome = Outcome.SUCCESS if failure is None else Outcome.FAILURE
            work.events.append(token_event(how, by, client, token, now, reason=failure, outcome=outcome))
            work.commit()

    def note_used(self, uses: Iterable[tuple[str, datetime, str | None]]) -> None:
        """Keep the public id, time (UTC) and address of uses of tokens; one that is older than what is there is passed over.

        That is no event: the request log tells of it.
        """
        with self._gate.writing(None, NOTE_USED) as work:
            work.token_uses.note(uses)
            work.commit()

    def note_expired(self) -> int:
        """Log every client and token whose time is over and of which the log does not know it yet; how many."""
        with self._gate.reading(NOTE_EXPIRED) as transaction:
            today = self._gate.clock().astimezone(transaction.policy_in_force.zone).date()
            due = transaction.clients.due(today)
        return sum(self._note(due[start : start + _NOTED_AT_ONCE]) for start in range(0, len(due), _NOTED_AT_ONCE))

    def _note(self, client_ids: tuple[str, ...]) -> int:
        """Log what time has brought about for these clients, as far as nobody else has done it meanwhile."""
        with self._writing(None, NOTE_EXPIRED) as (work, policy, now):
            found = [work.clients.find(client_id) for client_id in client_ids]
            live = [one for one in found if one is not None and one.revoked_at is None and one.deleted_at is None]
            noted = sum(note_expiry(work, client, now, policy)[1] for client in live)
            if noted:
                work.commit()
            return noted

    @contextmanager
    def _writing(
        self, by: Caller | None, act: Act, about: Reference | None = None
    ) -> Iterator[tuple[UnitOfWork, Policy, datetime]]:
        with self._gate.writing(by, act, about) as work:
            # Before it is asked for rules and time: whoever comes second is to have the later ones.
            work.take_clients()
            yield work, work.policy_in_force, self._gate.clock()

    @contextmanager
    def _changing(
        self, by: Caller, act: Act, client_id: str, *, seen: ApiClient | None = None, even_revoked: bool = False
    ) -> Iterator[tuple[UnitOfWork, Policy, datetime, ApiClient]]:
        """A unit of work on a client that has not ended, with whatever time has brought about already in the log.

        What time brings about is no change that one has to have `seen`, unless it was logged before.
        """
        with self._writing(by, act, Reference(ActorType.API_CLIENT, client_id)) as (work, policy, now):
            client = work.clients.find(client_id)
            if client is None:
                raise ClientNotFound(f"There is no client {without_secrets(client_id)[:SHOWN_CHARACTERS]}.")
            if client.deleted_at is not None:
                raise ClientEnded(client, ClientStatus.DELETED)
            if client.revoked_at is not None and not even_revoked:
                raise ClientEnded(client, ClientStatus.REVOKED)
            if seen is not None and client.revision != seen.revision:
                raise ClientChanged(seen, client)
            if client.revoked_at is None:
                client, _ = note_expiry(work, client, now, policy)
            yield work, policy, moment_after(client, now), client

    def _new_token(self, work: UnitOfWork, now: datetime) -> tuple[SecretToken, Token]:
        while True:
            secret = new_token(self._entropy)
            if not work.clients.has_token(secret.public_id):
                return secret, Token(secret.public_id, now)

    def _issue(self, work: UnitOfWork, by: Caller, client: ApiClient, now: datetime) -> tuple[SecretToken, ApiClient]:
        secret, token = self._new_token(work, now)
        work.clients.add_token(client.id, token, secret.digest)
        client = keep(work, replace(client, tokens=(*client.tokens, token)), now)
        work.events.append(token_event("issued", by, client, token, now, changes=(_ISSUED,)))
        return secret, client


def _live_token(client: ApiClient, public_id: str, now: datetime, policy: Policy) -> Token:
    token = client.token(public_id)
    if token is None:
        raise TokenError(f"{client.name} has no token {without_secrets(public_id)[:SHOWN_CHARACTERS]}.")
    if not token.is_live(now, policy.zone):
        raise TokenError(f"{public_id} has ended already.")
    return token


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
