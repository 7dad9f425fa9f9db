"""Reading what `data.unusual` looks at: the hours that are compared, and when and from where each client called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Dimension, Snapshot
from data.clock import from_microseconds
from data.records import ActorType, Reference
from data.store.histograms import piece_of
from data.store.identity import first_id_of
from data.store.request_reader import NamedValue, RequestReader, Tallied
from data.store.tables import api_client
from data.unusual import (
    DAY_US,
    DAYS,
    HOUR_US,
    LEAST_CALLS,
    Comparison,
    Finding,
    History,
    Hour,
    find_unusual,
    hours_in_question,
    same_hour,
)

_Who = tuple[str, str | None]
"""Who calls what: the identity of a client and of a service, None for calls of no service."""


@dataclass(slots=True)
class _Client:
    """What one client did in the window, under all its names; `named` is that of its last call, at `last_us`."""

    named: NamedValue
    last_us: int = 0
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    first_seen: dict[str, int] = field(default_factory=dict)
    known_from: dict[str | None, int] = field(default_factory=dict)

    @property
    def reference(self) -> Reference:
        return Reference(ActorType.API_CLIENT, self.named.ident, self.named.name)


class UnusualCalls:
    """One look at what is unusual, over what a snapshot holds."""

    def __init__(self, reader: RequestReader, snapshot: Snapshot, zone: ZoneInfo) -> None:
        self._reader = reader
        self._zone = zone
        self._now_us = snapshot.taken_at_us
        self._held = reader.calls_held(snapshot)
        self._clients: dict[str, _Client] = {}
        self._client_of_key: dict[int, str] = {}
        self._services: dict[int, NamedValue] = {}

    def find(self) -> tuple[Finding, ...]:
        """All that is unusual now."""
        self._read_histories()
        ended = self._ended()
        histories = [
            History(
                one.reference,
                [one.spans[hour] for hour in sorted(one.spans)],
                one.first_seen,
                one.reference.id in ended,
            )
            for one in self._clients.values()
        ]
        return find_unusual(self._comparisons(), histories, self._now_us, self._zone)

    def _read_histories(self) -> None:
        """The calls of the last 24 hours and of the 28 days before, by client, service, address and hour."""
        table = self._reader.table
        by = (table.c.client, table.c.service, table.c.ip, piece_of(table, HOUR_US))
        times = (sa.func.min(table.c.occurred_at), sa.func.max(table.c.occurred_at))
        statement = (
            sa.select(*by, *times)
            .where(*self._within(self._now_us - (DAYS + 1) * DAY_US, self._now_us + 1), table.c.client.is_not(None))
            .group_by(*(sa.text(str(number + 1)) for number in range(len(by))))
        )
        rows = list(self._reader.rows(statement))
        clients = self._reader.named(Dimension.CLIENT, {row[0] for row in rows})
        addresses = self._reader.named(Dimension.IP, {row[2] for row in rows if row[2] is not None})
        self._services = self._reader.named(Dimension.SERVICE, {row[1] for row in rows if row[1] is not None})
        self._client_of_key = {number: one.identity for number, one in clients.items()}
        for client_key, service_key, ip_key, hour, first, last in rows:
            named = clients.get(client_key)
            if named is None:
                continue
            client = self._clients.get(named.identity)
            if client is None:
                client = self._clients[named.identity] = _Client(named)
            if last > client.last_us:
                client.last_us, client.named = last, named
            span = client.spans.get(hour)
            client.spans[hour] = (first, last) if span is None else (min(span[0], first), max(span[1], last))
            service = self._service(service_key)
            client.known_from[service] = min(client.known_from.get(service, first), first)
            if ip_key is not None:
                address = addresses[ip_key].label
                client.first_seen[address] = min(client.first_seen.get(address, first), first)

    def _comparisons(self) -> list[Comparison]:
        found: list[Comparison] = []
        running_us = hours_in_question(self._now_us, self._zone)[0]
        for start_us in hours_in_question(self._now_us, self._zone):
            busy = {who: hour for who, hour in self._hour(start_us).items() if hour.calls >= LEAST_CALLS}
            if not busy:
                continue
            starts = {ago: same_hour(start_us, ago, self._zone) for ago in range(1, DAYS + 1)}
            hours = {ago: self._hour(at) for ago, at in starts.items() if at is not None}
            for who, hour in busy.items():
                client = self._clients[who[0]]
                earlier = {
                    ago: calls.get(who, Hour(at))
                    for ago, calls in hours.items()
                    if (at := starts[ago]) is not None and at + HOUR_US > client.known_from[who[1]]
                }
                service = None if who[1] is None else self._label_of_service(who[1])
                found.append(Comparison(client.reference, service, hour, start_us != running_us, earlier))
        return found

    def _hour(self, start_us: int) -> Mapping[_Who, Hour]:
        """The calls of one hour, by who called what."""
        table = self._reader.table
        by = (table.c.client, table.c.service, table.c.outcome, table.c.duration_ms)
        statement = (
            sa.select(*by, sa.func.count())
            .where(*self._within(start_us, start_us + HOUR_US), table.c.client.is_not(None))
            .group_by(*by)
        )
        success = self._reader.term_of_success()
        tallied: dict[_Who, Tallied] = {}
        for client_key, service_key, outcome, duration_ms, calls in self._reader.rows(statement):
            client = self._client_of_key.get(client_key)
            if client is not None:
                who = (client, self._service(service_key))
                tallied.setdefault(who, Tallied()).add(calls, outcome != success, duration_ms)
        return {
            who: Hour(start_us, one.calls, one.errors, one.p95_ms, one.p95_bounds_ms) for who, one in tallied.items()
        }

    def _within(self, start_us: int, end_us: int) -> tuple[sa.ColumnElement[bool], ...]:
        """Held calls of a stretch of time up to now. The ids are in the order of time and have the index."""
        table = self._reader.table
        end_us = min(end_us, self._now_us + 1)
        return (
            *self._held,
            table.c.id >= first_id_of(start_us),
            table.c.id < first_id_of(end_us + 999),
            table.c.occurred_at >= start_us,
            table.c.occurred_at < end_us,
        )

    def _service(self, key: int | None) -> str | None:
        return None if key is None else self._services[key].identity

    def _label_of_service(self, identity: str) -> str:
        return next(one.label for one in self._services.values() if one.identity == identity)

    def _ended(self) -> set[str]:
        """The ids of clients that nobody expects to call any more."""
        today = from_microseconds(self._now_us).astimezone(self._zone).date()
        has_ended = sa.or_(
            api_client.c.revoked_at.is_not(None),
            api_client.c.deleted_at.is_not(None),
            api_client.c.expired_at.is_not(None),
            api_client.c.expires < today,
        )
        return {row[0] for row in self._reader.rows(sa.select(api_client.c.id).where(has_ended))}
