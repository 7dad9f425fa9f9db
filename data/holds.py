"""Holds: queries whose events are neither erased nor removed until the hold is lifted."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from data.clock import EPOCH
from data.errors import AuditdeckError, QueryError
from data.query import EventQuery, matches, parse_query, print_clause, print_query
from data.query.fixing import fixed
from data.query.model import EVERYTHING, TIME_KEYS, Clause, Key, Pattern
from data.records import Event, Reference

_UTC = ZoneInfo("UTC")
_MOST_NAME = 100
"""Characters of its query by which it is named."""


class HoldError(AuditdeckError):
    """A hold cannot be placed or lifted as it was asked for."""


class HoldNotFound(HoldError):
    """No hold that is in force has this id."""


@dataclass(frozen=True)
class Hold:
    """A query whose events stay, since `placed_at` (UTC); `text` is the query as it is kept."""

    id: UUID
    text: str
    reason: str
    placed_at: datetime
    placed_by: Reference
    lifted_at: datetime | None = None
    lifted_by: Reference | None = None

    @property
    def reference(self) -> Reference:
        """How events name it."""
        return Reference("hold", str(self.id), self.text[:_MOST_NAME])

    @cached_property
    def query(self) -> EventQuery | None:
        """What it holds; None where this program cannot read that."""
        try:
            return parse_query(self.text)
        except QueryError:
            return None

    def holds(self, event: Event) -> bool:
        """Whether it holds this event. One that cannot be read holds everything: what is gone once stays gone."""
        return self.query is None or matches(self.query, event, EPOCH, _UTC)


def query_to_hold(text: str) -> EventQuery:
    """The query that somebody typed for a hold: one that names no time is about all time. Raises QueryError."""
    typed = parse_query(text)
    whole = parse_query(f"{text} {print_clause(EVERYTHING)}")  # to which no 30 days are added
    return typed if any(one.key in TIME_KEYS for one in whole.clauses[:-1]) else whole


def query_of_client(client_id: str) -> EventQuery:
    """Everything that names a client by its id: in which it took part as the client, the actor or the target."""
    return EventQuery((Clause(Key.TEXT, (Pattern.literal(client_id),)), EVERYTHING))


def text_to_hold(query: EventQuery, now: datetime, zone: ZoneInfo) -> str:
    """The query as a hold keeps it, which means the same for ever. Raises HoldError for one that cannot be kept."""
    try:
        wanted = fixed(query, now, zone)
    except ValueError:
        raise HoldError("This query asks for a time that has no moment: it would hold nothing.") from None
    text = print_query(wanted)
    try:
        text.encode()
        is_same = parse_query(text) == wanted
    except (UnicodeEncodeError, QueryError):
        is_same = False
    if not is_same or "\0" in text:  # which PostgreSQL's text cannot hold
        raise HoldError("This query holds a character or a time that cannot be kept.")
    return text
