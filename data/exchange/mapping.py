"""Records of any source as drafts, by a mapping: which expression gives which field of an event."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from data.exchange.content_identity import ContentIdentities
from data.exchange.fields import normalise_address, with_unknown
from data.exchange.rejects import BadRecord
from data.exchange.timestamps import UnixUnit, is_finer_than_stored, parse_timestamp, unix_time
from data.query.durations import MOST_MILLISECONDS
from data.records import ANONYMOUS, ActorType, Change, Draft, Json, Outcome, Reference, Source

if TYPE_CHECKING:
    from data.exchange.expressions import Expression

CLIENT_TYPE = "api_client"
UNNAMED_TARGET_TYPE = "resource"

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field of an event is had from a record.

    The first of `choices` that comes to something gives the source's word. `values` turns it into the event's; a key
    that ends in `*` stands for all words that begin so. A word that is not in there gets `prefix` before it.
    """

    name: str
    choices: "tuple[Expression, ...]"
    values: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    def event_word(self, word: str) -> str | None:
        """What `values` has for the source's word, the longest key first; None if it has nothing."""
        if word in self.values:
            return self.values[word]
        beginnings = [key for key in self.values if key.endswith("*") and word.startswith(key[:-1])]
        return self.values[max(beginnings, key=len)] if beginnings else None

    def places(self) -> str:
        """Where it was looked for, in words: the plain paths, or what else there is."""
        plain = [choice.text for choice in self.choices if choice.path is not None]
        return " or ".join(plain or [choice.text for choice in self.choices])


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """How one field's change is had from a record: its value before and after, of which one may be nowhere."""

    field: str
    before: "Expression | None"
    after: "Expression | None"


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """A mapping as its file has it; `fields` is by name (`actor.id`).

    `inner` is the path of the object within a record that is the record proper, where there is one. `zone` is that of
    times which name none. `numbers` and `durations` are what numbers count.
    """

    name: str
    source: str
    fields: Mapping[str, FieldRule]
    changes: tuple[ChangeRule, ...] = ()
    lists: tuple[_Path, ...] = ()
    inner: _Path = ()
    recognise: "Expression | None" = None
    numbers: UnixUnit | None = None
    durations: UnixUnit = UnixUnit.MILLISECONDS
    zone: timezone | None = None


class MappedDecoder:
    """Records by one mapping, for one input. A record without an identity gets its content's."""

    def __init__(self, mapping: RecordMapping) -> None:
        self._mapping = mapping
        self._identities = ContentIdentities()

    def __call__(self, record: Mapping[str, Json]) -> Draft:
        """The draft of one record. Raises BadRecord, naming the field."""
        reading = _Reading(self._mapping, record)
        identity = reading.word("identity", keep=True) or self._identities.next_of(record)
        return reading.draft(Source(self._mapping.source, identity))


class _Reading:
    """One record being read, and the paths of what has found a place in the event."""

    def __init__(self, mapping: RecordMapping, record: Mapping[str, Json]) -> None:
        self._mapping = mapping
        self._whole = record
        self._record, self._is_inner = record, False
        self._taken: set[_Path] = set()
        proper: Json = dict(record)
        for key in mapping.inner:
            proper = proper.get(key) if isinstance(proper, dict) else None
        if mapping.inner and isinstance(proper, dict):
            self._record, self._is_inner = proper, True

    def draft(self, source: Source) -> Draft:
        event_type = self.word("type")
        if event_type is None:
            raise self._missing("type")
        ip = self.word("ip")
        return Draft(
            type=event_type,
            occurred_at=self._time(),
            outcome=self._outcome(),
            actor=self._actor(),
            client=self._client(),
            target=self._target(),
            service=self.word("service"),
            duration_ms=self._duration(),
            ip=normalise_address(ip),
            user_agent=self.word("user_agent"),
            request_id=self.word("request_id"),
            session_id=self.word("session_id"),
            token=self.word("token"),
            reason=self.word("reason"),
            changes=tuple(self._changes()),
            source=source,
            data=self._rest(),  # last: by now all that has a place was taken
        )

    def word(self, name: str, *, keep: bool = False) -> str | None:
        """The event's word for a field. What stood there as it is, at a plain path, is taken out of the record unless
        `keep`; what was worked out or turned into another word stays, so that the source's own words are in the log."""
        rule = self._mapping.fields.get(name)
        if rule is None:
            return None
        for choice, value in self._values(rule):
            if isinstance(value, bool):
                word = "true" if value else "false"
                # What a comparison comes to says something only where the mapping asks for it.
                if rule.event_word(word) is None:
                    continue
            else:
                plain = _text(value)
                if plain is None:
                    continue
                word = plain
            turned = rule.event_word(word)
            if turned is not None:
                return turned
            if choice.path is not None and not keep:
                self._taken.add(choice.path)
            return rule.prefix + word
        return None

    def _values(self, rule: FieldRule) -> "Iterator[tuple[Expression, Json]]":
        for choice in rule.choices:
            try:
                value = choice.of(self._record)
            except BadRecord as error:
                raise BadRecord(f"{rule.name}: {error}") from error
            if value is not None:
                yield choice, value

    def _time(self) -> datetime:
        rule, numbers = self._mapping.fields["occurred_at"], self._mapping.numbers
        for choice, value in self._values(rule):
            place = choice.text
            if isinstance(value, str) and numbers is not None and value.isascii() and value.strip().isdigit():
                value = int(value) if len(value) <= 20 else value
            if choice.path is not None and not _is_finer_than_stored(value, numbers):
                self._taken.add(choice.path)
            if isinstance(value, str) and value.strip():
                return parse_timestamp(place, value, without_offset=self._mapping.zone)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                if numbers is None:
                    raise BadRecord(f"{place} is the number {value}, and the mapping does not say what it counts")
                return unix_time(place, value, numbers)
            if value != "":
                raise BadRecord(f"{place} should be a time")
        raise self._missing("occurred_at")

    def _outcome(self) -> Outcome:
        word = self.word("outcome")
        return Outcome(_one_of("outcome", word, tuple(Outcome))) if word is not None else Outcome.SUCCESS

    def _actor(self) -> Reference:
        identity, name, word = self.word("actor.id"), self.word("actor.name"), self.word("actor.type")
        kind = ActorType(_one_of("actor.type", word, tuple(ActorType))) if word is not None else ActorType.MEMBER
        if kind in (ActorType.SYSTEM, ActorType.ANONYMOUS):
            return Reference(kind, identity, name if identity else name or str(kind))
        return Reference(kind, identity, name) if identity or name else ANONYMOUS

    def _client(self) -> Reference | None:
        identity, name = self.word("client.id"), self.word("client.name")
        return Reference(CLIENT_TYPE, identity, name) if identity or name else None

    def _target(self) -> Reference | None:
        identity, name = self.word("target.id"), self.word("target.name")
        if not identity and not name:
            return None
        return Reference(self.word("target.type") or UNNAMED_TARGET_TYPE, identity, name)

    def _duration(self) -> int | None:
        rule = self._mapping.fields.get("duration")
        for choice, value in self._values(rule) if rule is not None else ():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
                raise BadRecord(f"duration: {choice.text} should be a number that is 0 or more")
            exact = Fraction(value) * 1_000 / self._mapping.durations
            milliseconds = int(exact)
            if choice.path is not None and exact == milliseconds:
                self._taken.add(choice.path)
            if milliseconds > MOST_MILLISECONDS:
                raise BadRecord(f"duration: {choice.text} should be {MOST_MILLISECONDS} milliseconds or less")
            return milliseconds
        return None

    def _changes(self) -> Iterator[Change]:
        for rule in self._mapping.changes:
            before, after = (self._side(rule.field, side) for side in (rule.before, rule.after))
            if before != after:
                paths = (side.path for side in (rule.before, rule.after) if side is not None)
                self._taken.update(path for path in paths if path is not None)
                yield Change(rule.field, before, after)

    def _side(self, name: str, side: "Expression | None") -> Json:
        try:
            return None if side is None else side.of(self._record)
        except BadRecord as error:
            raise BadRecord(f"changes.{name}: {error}") from error

    def _rest(self) -> dict[str, Json]:
        rest = _without(self._record, self._taken)
        if not self._is_inner:
            return rest
        beside = _without(self._whole, {self._mapping.inner})
        # A wrapper repeats what is within it.
        return with_unknown(rest, {key: value for key, value in beside.items() if value != self._record.get(key)})

    def _missing(self, name: str) -> BadRecord:
        return BadRecord(f"{name} is missing: there is nothing at {self._mapping.fields[name].places()}")


def _is_finer_than_stored(value: Json, numbers: UnixUnit | None) -> bool:
    """Whether a time says more than microseconds, and so stays in the record."""
    if isinstance(value, str):
        return is_finer_than_stored(value)
    return numbers is UnixUnit.NANOSECONDS and isinstance(value, int) and value % 1_000 != 0


def _text(value: Json) -> str | None:
    """Text that is not blank, and numbers as text; None for all else."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) else None


def _one_of(name: str, word: str, allowed: tuple[str, ...]) -> str:
    if word not in allowed:
        shown = repr(word if len(word) <= 60 else f"{word[:60]}...")
        raise BadRecord(f"{name} should be {', '.join(allowed[:-1])} or {allowed[-1]}, and is {shown}")
    return word


def _without(values: Mapping[str, Json], taken: set[_Path]) -> dict[str, Json]:
    """A copy without what lies at these paths, without objects that are empty for it, and without nulls and empty text
    beside it, which say nothing."""
    rest: dict[str, Json] = {}
    for key, value in values.items():
        if value is None or value == "" or (key,) in taken:
            continue
        deeper = {path[1:] for path in taken if path[0] == key}
        if deeper and isinstance(value, dict):
            value = _without(value, deeper)
            if not value:
                continue
        rest[key] = value
    return rest
