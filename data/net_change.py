"""Net change: what a stretch of the log made of one thing, field by field, from the first value to the last."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import orjson

from data.records import Change, Event, Json, Outcome, Reference

TOKEN = "token"
# The last part of the types of events by which a thing begins, ends, or is replaced.
_FACTS = frozenset({"created", "issued", "rotated", "revoked", "ended", "expired", "deleted"})


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did it, when (aware), and the event that tells of it."""

    event_id: UUID
    type: str
    occurred_at: datetime
    actor: Reference


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the log does not fit together: one change left this value, and the next, `at`, found another one."""

    left: Json
    found: Json
    at: Deed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its value before the first change and after the last, of `times` changes in all.

    `gaps` counts the places where a change did not find what the one before had left; `first_gap` is the earliest.
    """

    field: str
    before: Json
    after: Json
    times: int
    last: Deed
    gaps: int = 0
    first_gap: Gap | None = None

    @property
    def is_back(self) -> bool:
        """Whether the last value is the first one again."""
        return _is_same(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Fact:
    """Events of a type by which the thing began or ended: how many, and the last of them."""

    type: str
    times: int
    last: Deed


@dataclass(frozen=True, slots=True)
class ThingChange:
    """What became of one thing, under the name that it had last; facts and fields in the order of their last event."""

    thing: Reference
    facts: tuple[Fact, ...]
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class NetChange:
    """What became of a thing, and of a client's tokens (those that anything became of); `events` told of it in all."""

    subject: ThingChange
    tokens: tuple[ThingChange, ...]
    events: int


def net_change(events: Iterable[Event], about: Reference) -> NetChange:
    """Fold events, oldest first, into the net change of the thing that `about` names.

    What failed or was denied changed nothing and is passed over, like what was done to others by or through the client.
    The events are not kept: memory goes by the number of fields and tokens, not of events.
    """
    subject = _Thing(about)
    tokens: dict[str, _Thing] = {}
    told = 0
    for event in events:
        thing = _thing_of(event, about)
        if thing is None or event.outcome is not Outcome.SUCCESS:
            continue
        if thing.type == TOKEN and not is_same_thing(thing, about):
            told += tokens.setdefault(thing.id or thing.label, _Thing(thing)).take(event, thing)
        else:
            told += subject.take(event, thing)
    return NetChange(
        subject.result(), tuple(token.result() for token in tokens.values() if token.facts or token.fields), told
    )


def is_same_thing(one: Reference, other: Reference) -> bool:
    """Whether both name the same thing: of one type, with the same id, or by name where one of them has no id."""
    if one.type != other.type:  # a client and a role may both be number 42
        return False
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return one.label.casefold() == other.label.casefold()


@dataclass(slots=True)
class _Thing:
    """A thing's fields and facts so far; a field that is changed again moves to the end."""

    reference: Reference
    facts: dict[str, Fact] = field(default_factory=dict)
    fields: dict[str, FieldChange] = field(default_factory=dict)

    def take(self, event: Event, reference: Reference) -> bool:
        """Take in a successful event; whether it told anything."""
        deed = Deed(event.id, event.type, event.occurred_at, event.actor)
        changes = [change for change in event.changes if not _is_same(change.before, change.after)]
        for change in changes:
            so_far = self.fields.pop(change.field, None)
            self.fields[change.field] = _changed(so_far, change, deed)
        is_fact = event.type.rpartition(".")[2] in _FACTS
        if is_fact:
            so_often = self.facts.pop(event.type, None)
            self.facts[event.type] = Fact(event.type, 1 if so_often is None else so_often.times + 1, deed)
        self.reference = reference
        return is_fact or bool(changes)

    def result(self) -> ThingChange:
        return ThingChange(self.reference, tuple(self.facts.values()), tuple(self.fields.values()))


def _changed(so_far: FieldChange | None, change: Change, deed: Deed) -> FieldChange:
    if so_far is None:
        return FieldChange(change.field, change.before, change.after, 1, deed)
    later = replace(so_far, after=change.after, times=so_far.times + 1, last=deed)
    if _is_same(so_far.after, change.before):
        return later
    gap = so_far.first_gap or Gap(so_far.after, change.before, deed)
    return replace(later, gaps=so_far.gaps + 1, first_gap=gap)


def _thing_of(event: Event, about: Reference) -> Reference | None:
    """What the event was done to, if that is the subject or a token of it."""
    target, client = event.target, event.client
    if target is None:  # `api_client.updated` with a client alone is about the client
        is_subject = client is not None and is_same_thing(client, about)
        return client if is_subject and client is not None and event.type.startswith(f"{client.type}.") else None
    if is_same_thing(target, about):
        return target
    is_token_of = target.type == TOKEN and client is not None and is_same_thing(client, about)
    return target if is_token_of else None


def _is_same(one: Json, other: Json) -> bool:
    """Whether two values are one as JSON: `1` is not `true`, and the order of a record's members says nothing."""
    return type(one) is type(other) and (one == other if isinstance(one, str) else _form(one) == _form(other))


def _form(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
