"""What a pasted text is: a client, a token, a request, an address or an event of this database."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.access.model import Standing
from data.clients.model import Token
from data.clients.standing import refusal_of
from data.finding import Finding, Found, FoundKind, Pasted, read_paste
from data.permissions import Permission
from data.query import Clause, EventQuery, Key, Pattern, Value
from data.query.editing import with_archive
from data.query.model import EVERYTHING
from data.records import Event, Log, Reference
from data.refusals import RefusalCode
from data.services.acts import READ_CLIENTS, READ_LOG, READ_REQUESTS
from data.services.gate import Gate
from data.stop import Stop
from data.tokens import is_public_id
from data.why.wording import Calendar

MOST_FOUND = 20
"""So many things that fit are told; that there are more is said."""

_ASKED = (Permission.CLIENTS_READ, Permission.REQUESTS_READ, Permission.AUDIT_READ)


class Finder:
    """Finds what was pasted. Raises NotSignedIn, Cancelled, and the errors of `data.errors`.

    Looked for is only among what may be read: who may read less is told what was left out, and nothing is refused.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo) -> None:
        self._gate = gate
        self._zone = zone

    def find(self, text: str, *, stop: Stop | None = None) -> Finding:
        """What a text of any size is, which may hold a whole token: of that its public id is looked for, and no more."""
        pasted = read_paste(text)
        remark = None if pasted.problem is None else str(pasted.problem)
        if not pasted.text:
            return Finding("", remark=remark)
        standing = self._gate.standing()
        found = list(islice(_Search(self._gate, self._zone, standing, stop).all(pasted), MOST_FOUND + 1))
        if found and remark is not None and found[0].kind is FoundKind.TOKEN:
            remark = f"{remark} Its public id is known."
        elif not found:
            nothing = _nothing(pasted)
            remark = nothing if remark is None else f"{remark} {nothing}"
        unread = ", ".join(one for one in _ASKED if not standing.may(one))
        if unread:
            left_out = f"Not looked for is what needs {unread}."
            remark = left_out if remark is None else f"{remark} {left_out}"
        return Finding(pasted.text, tuple(found[:MOST_FOUND]), remark, len(found) > MOST_FOUND)


class _Search:
    """One search, for somebody who may read what their standing says."""

    def __init__(self, gate: Gate, zone: ZoneInfo, standing: Standing, stop: Stop | None) -> None:
        self._gate = gate
        self._zone = zone
        self._standing = standing
        self._stop = stop

    def all(self, pasted: Pasted) -> Iterator[Found]:
        """Whatever it can be, the likeliest first."""
        if pasted.text.startswith("adk_"):
            yield from self._tokens(pasted.text)
            yield from self._clients(pasted.text)
            return
        if pasted.event_id is not None:
            yield from self._events(pasted)
        if pasted.network is not None:
            yield from self._address(pasted)
        if pasted.token is not None:
            yield from self._tokens(pasted.token)
        yield from self._clients(pasted.text)
        yield from self._requests(pasted.text)

    def _tokens(self, beginning: str) -> Iterator[Found]:
        if not self._standing.may(READ_CLIENTS.needs):
            return
        with self._gate.reading(READ_CLIENTS, self._stop) as transaction:
            clients, policy = transaction.clients, transaction.policy_in_force
            holder = clients.holding(beginning) if is_public_id(beginning) else None
            known = [holder] if holder is not None else clients.holding_like(beginning, MOST_FOUND + 1)
        for client in known:
            for token in client.tokens:
                if token.public_id.startswith(beginning):
                    calendar = Calendar(self._gate.clock(), self._zone, policy.zone)
                    refusal = refusal_of(client, token, calendar.now, policy.zone)
                    works = "works" if refusal is None else "does not work"
                    yield Found(
                        FoundKind.TOKEN,
                        token.public_id,
                        f"{client.name}, {works}",
                        client.reference,
                        standing=_standing(token, refusal, calendar),
                    )

    def _clients(self, text: str) -> Iterator[Found]:
        """Clients by id or name, those that are there first; else those whose name holds the text; else what events name."""
        if not self._standing.may(READ_CLIENTS.needs):
            return
        with self._gate.reading(READ_CLIENTS, self._stop) as transaction:
            everyone, policy = transaction.clients.all(include_deleted=True), transaction.policy_in_force
        now, folded = self._gate.clock(), text.casefold()
        fitting = [one for one in everyone if text == one.id or folded == one.name.casefold()]
        fitting = fitting or [one for one in everyone if folded in one.name.casefold()]
        fitting.sort(key=lambda one: (one.deleted_at is not None, not one.name.casefold().startswith(folded)))
        for client in fitting:
            yield Found(
                FoundKind.CLIENT, client.name, f"{client.id}, {client.status(now, policy.zone)}", client.reference
            )
        if not fitting:
            named = self._named_by_events(text)
            if named is not None:
                yield Found(FoundKind.CLIENT, named.label, "named by events alone", named)

    def _named_by_events(self, text: str) -> Reference | None:
        query = EventQuery((Clause(Key.CLIENT, (Pattern.literal(text),)), EVERYTHING))
        told = self._newest(Log.CHANGES, query) or self._newest(Log.REQUESTS, query)
        return None if told is None else told.event.client

    def _requests(self, text: str) -> Iterator[Found]:
        query = EventQuery((Clause(Key.REQUEST, (Pattern.literal(text),)), EVERYTHING))
        request = self._newest(Log.REQUESTS, query)
        change = self._newest(Log.CHANGES, query)
        told = request or change
        if told is not None:
            yield Found(
                FoundKind.REQUEST,
                text,
                _detail(told.event),
                told.event.client,
                changes=None if change is None else change.query,
                requests=None if request is None else request.query,
            )

    def _events(self, pasted: Pasted) -> Iterator[Found]:
        assert pasted.event_id is not None
        query = EventQuery((Clause(Key.ID, (Pattern.literal(str(pasted.event_id)),)),))
        for log in Log:
            told = self._newest(log, query)
            if told is not None:
                event = told.event
                is_change = log is Log.CHANGES
                yield Found(
                    FoundKind.EVENT if is_change else FoundKind.REQUEST,
                    str(event.id),
                    _detail(event),
                    event.client,
                    changes=query if is_change else None,
                    requests=None if is_change else query,
                    event_id=event.id,
                )

    def _address(self, pasted: Pasted) -> Iterator[Found]:
        assert pasted.network is not None
        network = pasted.network
        is_one = network.num_addresses == 1
        place: Value = Pattern.literal(str(network.network_address)) if is_one else network
        query = EventQuery((Clause(Key.IP, (place,)), EVERYTHING))
        request = self._newest(Log.REQUESTS, query)
        change = self._newest(Log.CHANGES, query)
        told = [where for where, newest in (("requests", request), ("changes", change)) if newest is not None]
        if told:
            yield Found(
                FoundKind.ADDRESS,
                pasted.text,
                f"{' and '.join(told)} from there",
                changes=None if change is None else change.query,
                requests=None if request is None else request.query,
            )

    def _newest(self, log: Log, query: EventQuery) -> "_Newest | None":
        """The newest event of a query; of the archive only where no live one is."""
        act = READ_LOG if log is Log.CHANGES else READ_REQUESTS
        if not self._standing.may(act.needs):
            return None
        with self._gate.reading(act, self._stop) as transaction:
            reader = transaction.events(self._zone, log)
            asked = (query,) if query.reaches_archive else (query, with_archive(query))
            found = (_Newest(event, one) for one in asked for event in reader.page(one, limit=1).items)
            return next(found, None)


class _Newest(NamedTuple):
    """An event, and the query that finds it."""

    event: Event
    query: EventQuery


def _standing(token: Token, refusal: RefusalCode | None, calendar: Calendar) -> str:
    """Whether a token works now, and when it last did."""
    works = "works." if refusal is None else f"does not work: {refusal.sentence}"
    if token.last_used_at is None:
        return f"{token.public_id} {works} It was never used."
    source = "" if token.last_used_ip is None else f" from {token.last_used_ip}"
    return f"{token.public_id} {works} It was last used {calendar.at(token.last_used_at)}{source}."


def _detail(event: Event) -> str:
    names = (event.type, None if event.client is None else event.client.label)
    return ", ".join(name for name in names if name is not None)


def _nothing(pasted: Pasted) -> str:
    if pasted.text.startswith("adk_"):
        if is_public_id(pasted.text):
            return f"No token here has the public id {pasted.text}."
        return f"No token here begins with {pasted.text}."
    if pasted.network is not None:
        return f"Nothing came from {pasted.text}, as far as the logs reach."
    if pasted.event_id is not None:
        return f"No event or request has the id {pasted.text}."
    return f"No client, request, address or event is known as {pasted.text}."
