"""Frozen records: what comes out of this folder and what is handed in. They hold no connection and no behaviour of a store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

LARGEST_EXACT = 2**53 - 1
"""The largest integer that every reader of JSON holds exactly (RFC 8785, appendix B)."""


class Log(StrEnum):
    """The two streams of events. They are of one shape, are kept for different times, and never mix."""

    CHANGES = "changes"
    """Who did what: kept for long, and every event of it is sealed."""
    REQUESTS = "requests"
    """Each call of a service by an API client: many more, and sealed only if the policy says so."""


class Outcome(StrEnum):
    """How it ended: it happened, it was tried and broke, or it was refused."""

    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"


class ActorType(StrEnum):
    """The four kinds of actor."""

    MEMBER = "member"
    API_CLIENT = "api_client"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Reference:
    """Who or what an event names: kind, id and the name as it was then. At least one of id and name is there.

    For an actor, `type` is a value of `ActorType`; for a target it is free (`api_client`, `s3_bucket`, ...).
    """

    type: str
    id: str | None = None
    name: str | None = None

    @property
    def label(self) -> str:
        """What a person calls it: the name, else the id, else the kind."""
        return self.name or self.id or self.type


SYSTEM = Reference(ActorType.SYSTEM, name="system")
ANONYMOUS = Reference(ActorType.ANONYMOUS, name="anonymous")


@dataclass(frozen=True, slots=True)
class Change:
    """One field's value before and after; lists are whole on both sides. None means that it was not set."""

    field: str
    before: Json = None
    after: Json = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported event comes from: a name of the source, and its own identity there (unique within the source)."""

    name: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as handed in to be appended.

    `occurred_at` is aware. `duration_ms` is in whole milliseconds. `ip` is an address, or a host name where a source
    gives one. `token` is a token's public id. `source` is None for what happened in this system; only then are the ids
    within counted as issued here. An `id` is kept if it is a UUIDv7 of this event's millisecond, see `data.store.identity`.
    """

    type: str
    occurred_at: datetime
    outcome: Outcome = Outcome.SUCCESS
    actor: Reference = ANONYMOUS
    client: Reference | None = None
    target: Reference | None = None
    service: str | None = None
    duration_ms: int | None = None
    ip: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    token: str | None = None
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    data: Mapping[str, Json] = field(default_factory=dict)
    id: UUID | None = None
    source: Source | None = None


class Seal(StrEnum):
    """How an event stands, as it is stored: of what is true of it, what weighs most."""

    UNSEALED = "unsealed"
    """Recorded, and without a place in the proof so far."""
    SEALED = "sealed"
    """It has its place."""
    ERASED = "erased"
    """Its personal part, or all of it, was erased, and an event tells by whom and why."""
    ALTERED = "altered"
    """What is stored is not what was recorded."""


TOMBSTONE = "log.tombstone"
"""The type of what is left of an event that was erased as a whole: id and times."""
UNREADABLE = "log.unreadable"
"""The type that an event is shown with whose stored form cannot be read. Nothing is stored under it."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Who erased an event, when and why, as the event `told_by` tells: all of it, or its personal part."""

    by: Reference
    at: datetime
    reason: str | None
    is_whole: bool
    told_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Draft):
    """An event as the log holds it. `id` is always there; `recorded_at` is when the log received it, in UTC.

    `erasure` is there where it was looked up, and the event was erased.
    """

    id: UUID
    recorded_at: datetime
    seal: Seal = Seal.UNSEALED
    erasure: Erasure | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known of it but id and times: the rest was erased, or altered so that it cannot be read."""
        return self.type in (TOMBSTONE, UNREADABLE) and self.seal in (Seal.ERASED, Seal.ALTERED)


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What became of drafts handed in together: how many were added, how many were there already with the same content,
    and the indexes of those whose identity is there with other content."""

    added: int
    duplicates: int
    conflicts: tuple[int, ...] = ()
