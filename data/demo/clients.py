"""API clients and their tokens: what is done to them, each act with its event."""

from datetime import date, timedelta
from functools import partial
from typing import Unpack

from data.demo.agenda import Agenda
from data.demo.calendar import on
from data.demo.cast import ApiClient, Cast, Token, amend
from data.demo.journal import KEEPER, Journal, Origin, Telling
from data.demo.roster import new_client
from data.records import ActorType, Json, Reference

WRITE = "clients:write"
_DAY = timedelta(days=1)


class Clients:
    """The register of API clients. Acts that are refused write that and change nothing."""

    def __init__(self, cast: Cast, agenda: Agenda, journal: Journal) -> None:
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        for client in cast.clients.values():
            self._watch_expiry(client)
            self._plan_rotation(client)

    def origin(self, client: ApiClient) -> Origin:
        """From where a client calls with its newest token, and what it may do."""
        return Origin(
            Reference(ActorType.API_CLIENT, client.id, client.name),
            "admin-api",
            client.address,
            client.user_agent,
            client=client.reference,
            token=client.token.public_id,
            grants=client.scopes,
            holder="its token holds",
            barred=client.barred(self._journal.today),
            guard="gateway",
        )

    def create(
        self,
        by: Origin,
        handle: str,
        name: str,
        owner: str,
        scopes: str,
        network: str,
        days: int,
        handed: str = "copied",
    ) -> None:
        """A client valid for so many days, with its first token, which is `copied` or `saved` once."""
        expires = self._journal.today + timedelta(days=days)
        refusal = by.refusal(WRITE)
        if refusal:
            data: dict[str, Json] = {"expires": expires.isoformat(), "scopes": [*scopes.split()]}
            target = Reference("api_client", name=name)
            self._journal.write("api_client.created", by, target, refusal=refusal, data=data)
            return
        client = new_client(self._cast, name, owner, tuple(scopes.split()), network, expires)
        client.tokens.append(Token(self._journal.token_id()))
        self._cast.clients[handle] = client
        request = self._journal.request_id()
        self._write("created", by, client, request_id=request)
        self._write_token("issued", by, client, client.token, request_id=request)
        self._journal.pause(9)
        self._write_token(handed, by, client, client.token)
        self._watch_expiry(client)

    def update(self, by: Origin, client: ApiClient, **after: object) -> None:
        """New name, description, owner, scopes, networks or last day; nothing is written when nothing changes."""
        refusal = by.refusal(WRITE)
        if refusal:
            self._write("updated", by, client, refusal=refusal)
            return
        changes = amend(client, **after)
        if not changes:
            return
        self._write("updated", by, client, changes=changes)
        if any(change.field == "expires" for change in changes):
            self._watch_expiry(client)

    def revoke(self, by: Origin, client: ApiClient, reason: str) -> None:
        """Ends a client for good; it stays visible."""
        refusal = by.refusal(WRITE)
        if not refusal:
            client.revoked_on = self._journal.today
            for token in client.tokens:
                token.live = False
        self._write("revoked", by, client, refusal=refusal, reason=reason)

    def delete(self, by: Origin, client: ApiClient, reason: str) -> None:
        """Hides a client; one that is still valid is revoked first."""
        refusal = by.refusal(WRITE)
        if not refusal:
            if client.barred(self._journal.today) is None:
                self.revoke(by, client, reason)
            client.deleted = True
        self._write("deleted", by, client, refusal=refusal, reason=reason)

    def fail_update(self, by: Origin, client: ApiClient, because: str) -> None:
        """An update that breaks on the way."""
        self._write("updated", by, client, failure=because)

    def issue(self, by: Origin, client: ApiClient) -> None:
        """One more token, copied at once."""
        refusal = by.refusal(WRITE)
        if refusal:
            self._write_token("issued", by, client, client.token, refusal=refusal)
            return
        client.tokens.append(Token(self._journal.token_id()))
        self._write_token("issued", by, client, client.token)
        self._journal.pause(6)
        self._write_token("copied", by, client, client.token)

    def rotate(self, by: Origin, client: ApiClient, overlap_days: int = 7, handed: str | None = "copied") -> None:
        """A new token beside the present one, which ends after the overlap."""
        refusal = by.barred if by.actor.id == client.id else by.refusal(WRITE)
        if refusal:
            self._write_token("rotated", by, client, client.token, refusal=refusal)
            return
        previous = client.token
        until = previous.overlap_ends = self._journal.today + timedelta(days=overlap_days)
        client.tokens.append(Token(self._journal.token_id()))
        extra: dict[str, Json] = {"overlap_ends": until.isoformat(), "previous": previous.public_id}
        self._write_token("rotated", by, client, client.token, extra=extra)
        self._watch_overlap(client, previous, until)
        if handed:
            self._journal.pause(8)
            self._write_token(handed, by, client, client.token)

    def prolong(self, by: Origin, client: ApiClient, until: date) -> None:
        """The older of two tokens gets more time. Raises LookupError if there is no overlap."""
        token = self._overlapping(client)
        changes = amend(token, overlap_ends=until)
        self._write_token("prolonged", by, client, token, changes=changes, extra={"overlap_ends": until.isoformat()})
        self._watch_overlap(client, token, until)

    def end_overlap(self, by: Origin, client: ApiClient, reason: str) -> None:
        """The older of two tokens ends now. Raises LookupError if there is no overlap."""
        token = self._overlapping(client)
        token.live = False
        self._write_token("ended", by, client, token, reason=reason)

    def hand_over(self, by: Origin, client: ApiClient, how: str, because: str | None = None) -> None:
        """The newest token is `copied` or `saved`; `because` tells why that failed."""
        self._write_token(how, by, client, client.token, failure=because)

    def _overlapping(self, client: ApiClient) -> Token:
        for token in client.live_tokens:
            if token.overlap_ends is not None:
                return token
        raise LookupError(f"{client.name} has no token that is being replaced")

    def _watch_expiry(self, client: ApiClient) -> None:
        self._agenda.at(on(client.expires + _DAY, "00:00:05"), partial(self._expire, client, client.expires))

    def _expire(self, client: ApiClient, expires: date) -> None:
        if client.expires != expires or client.revoked_on or client.deleted:
            return
        for token in client.live_tokens:
            token.live = False
            self._write_token("expired", KEEPER, client, token)
        self._write("expired", KEEPER, client)

    def _watch_overlap(self, client: ApiClient, token: Token, until: date) -> None:
        self._agenda.at(on(until + _DAY, "00:00:20"), partial(self._end_old, client, token, until))

    def _end_old(self, client: ApiClient, token: Token, overlap_ends: date) -> None:
        if token.live and token.overlap_ends == overlap_ends:
            token.live = False
            self._write_token("ended", KEEPER, client, token, reason="the overlap is over")

    def _plan_rotation(self, client: ApiClient) -> None:
        if client.rotates_every:
            # Spread over the first days and hours by the client's number, so that they do not all rotate together.
            number = int(client.id[2:])
            first = timedelta(days=number % client.rotates_every, hours=2, minutes=17 * number % 240)
            self._agenda.after(first, partial(self._rotate_itself, client))

    def _rotate_itself(self, client: ApiClient) -> None:
        if client.barred(self._journal.today) is None:
            self.rotate(self.origin(client), client, overlap_days=2, handed=None)
            self._agenda.after(timedelta(days=client.rotates_every), partial(self._rotate_itself, client))

    def _write(
        self,
        act: str,
        by: Origin,
        client: ApiClient,
        **telling: Unpack[Telling],
    ) -> None:
        data: dict[str, Json] = {
            "expires": client.expires.isoformat(),
            "scopes": [*client.scopes],
            "networks": [*client.networks],
            "status": client.status(self._journal.today),
        }
        overlaps = [token.overlap_ends.isoformat() for token in client.live_tokens if token.overlap_ends]
        if overlaps:
            data["overlap_ends"] = max(overlaps)
        self._journal.write(
            f"api_client.{act}",
            by,
            client.reference,
            data=data,
            client=client.reference,
            token=client.token.public_id,
            **telling,
        )

    def _write_token(
        self,
        act: str,
        by: Origin,
        client: ApiClient,
        token: Token,
        extra: dict[str, Json] | None = None,
        **telling: Unpack[Telling],
    ) -> None:
        data: dict[str, Json] = {"expires": client.expires.isoformat(), "scopes": [*client.scopes], **(extra or {})}
        self._journal.write(
            f"token.{act}",
            by,
            token.reference,
            data=data,
            client=client.reference,
            token=token.public_id,
            **telling,
        )
