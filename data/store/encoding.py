"""An event as bytes: the body that is kept for ever, the personal part that can be erased, and the leaf over the body.

The body is canonical JSON (RFC 8785). `orjson` with sorted keys writes those very bytes as long as a body holds no
floating point, no integer of 2^53 or more and no key outside the basic plane; `_as_fact` sees to that.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from data.catalogue import CATALOGUE
from data.clock import to_text
from data.personal_digest import personal_digest
from data.query.durations import MOST_MILLISECONDS
from data.records import LARGEST_EXACT, TOMBSTONE, Change, Draft, Erasure, Event, Json, Outcome, Reference, Seal, Source

BODY_VERSION = 1
_LEAF_DOMAIN = b"\x00"  # RFC 6962, section 2.1
_REFERENCES = ("actor", "client", "target")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The four stored forms of an event: canonical JSON of both parts, the salt, and the 32 bytes of the leaf."""

    body: bytes
    personal: bytes
    salt: bytes
    leaf: bytes

    @property
    def parts(self) -> tuple[str, str]:
        """Body and personal part as the columns of text that hold them."""
        return self.body.decode(), self.personal.decode()


def leaf_of(body: bytes) -> bytes:
    """SHA256(0x00 ‖ body): the leaf hash of RFC 6962 over the stored bytes."""
    return hashlib.sha256(_LEAF_DOMAIN + body).digest()


def canonical(value: Json) -> bytes:
    """JSON with sorted keys and no spaces. Raises ValueError for lone surrogates and integers of more than 64 bits."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # orjson's errors for unencodable values are TypeErrors
        raise ValueError(str(error)) from error


def encode(draft: Draft, event_id: UUID, recorded_at: datetime, salt: bytes) -> Encoded:
    """The stored forms of `draft`. The same arguments give the same bytes.

    Raises ValueError for what would not come back as it is: lone surrogates, NaN and infinities, integers of more than
    64 bits that are no facts, a duration that is negative or 2^53 ms or more.
    """
    if draft.duration_ms is not None and not 0 <= draft.duration_ms <= MOST_MILLISECONDS:
        raise ValueError(f"a duration of {draft.duration_ms} ms cannot be kept")
    facts: dict[str, Json] = {
        "v": BODY_VERSION,
        "id": str(event_id),
        "type": draft.type,
        "occurred_at": to_text(draft.occurred_at),
        "recorded_at": to_text(recorded_at),
        "outcome": draft.outcome.value,
    }
    rest: dict[str, Json] = {}
    issued_here = draft.source is None
    if draft.service is not None:
        facts["service"] = draft.service
    if draft.duration_ms is not None:
        facts["duration_ms"] = draft.duration_ms
    for name, reference in zip(_REFERENCES, (draft.actor, draft.client, draft.target), strict=True):
        if reference is not None:
            _split_reference(name, reference, issued_here, facts, rest)
    ids = facts if issued_here else rest
    for part, key, value in (
        (ids, "session_id", draft.session_id),
        (ids, "token", draft.token),
        (rest, "ip", draft.ip),
        (rest, "user_agent", draft.user_agent),
        (rest, "request_id", draft.request_id),
        (rest, "reason", draft.reason),
    ):
        if value is not None:
            part[key] = value
    if draft.source is not None:
        rest["source"] = {"name": draft.source.name, "identity": draft.source.identity}
    if draft.changes or draft.data:
        _refuse_unwritable_numbers(draft)
        _split_fields(draft, facts, rest)
    personal = canonical(rest)
    facts["personal_digest"] = personal_digest(salt, personal)
    body = canonical(facts)
    return Encoded(body, personal, salt, leaf_of(body))


def tombstone(event_id: UUID, occurred_at: datetime, recorded_at: datetime) -> bytes:
    """The body that takes the place of that of an event which is erased as a whole."""
    return canonical(
        {
            "v": BODY_VERSION,
            "id": str(event_id),
            "type": TOMBSTONE,
            "occurred_at": to_text(occurred_at),
            "recorded_at": to_text(recorded_at),
            "outcome": Outcome.SUCCESS.value,
        }
    )


UNREADABLE_ERRORS = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a stored form raises that is none: text that is no JSON, and JSON that has other things in it."""


def decode(body: str | bytes, personal: str | bytes | None) -> Event:
    """The event of a stored row, which nobody looked into the proof for; `personal` is None once it was erased.

    Raises one of UNREADABLE_ERRORS for what is no event.
    """
    facts = orjson.loads(body)
    if personal is None:
        return event_of(facts, {}, Seal.ERASED)
    return event_of(facts, orjson.loads(personal), Seal.UNSEALED)


def event_of(facts: Mapping[str, Any], rest: Mapping[str, Any], seal: Seal, erasure: Erasure | None = None) -> Event:
    """The event whose body and personal part say this. Raises as `decode`."""
    source = rest.get("source")
    # Names and descriptions first: what a thing is called is what one looks for.
    changes = [*rest.get("changes", ()), *facts.get("changes", ())]
    return Event(
        id=UUID(facts["id"]),
        type=facts["type"],
        occurred_at=datetime.fromisoformat(facts["occurred_at"]),
        recorded_at=datetime.fromisoformat(facts["recorded_at"]),
        outcome=Outcome(facts["outcome"]),
        actor=_reference("actor", facts, rest) or Reference("anonymous"),
        client=_reference("client", facts, rest),
        target=_reference("target", facts, rest),
        service=facts.get("service"),
        duration_ms=facts.get("duration_ms"),
        ip=rest.get("ip"),
        user_agent=rest.get("user_agent"),
        request_id=rest.get("request_id"),
        session_id=facts.get("session_id", rest.get("session_id")),
        token=facts.get("token", rest.get("token")),
        reason=rest.get("reason"),
        changes=tuple(Change(change["field"], change.get("before"), change.get("after")) for change in changes),
        data={**facts.get("data", {}), **rest.get("data", {})},
        source=Source(source["name"], source["identity"]) if source else None,
        seal=seal,
        erasure=erasure,
    )


def _refuse_unwritable_numbers(draft: Draft) -> None:
    """JSON has no NaN and no infinities, and `orjson` writes null for them without a word."""
    waiting: list[Json] = [*draft.data.values()]
    for change in draft.changes:
        waiting += (change.before, change.after)
    while waiting:
        value = waiting.pop()
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} is not a number that can be kept")
        if isinstance(value, list | dict):
            inner: Iterable[Json] = value.values() if isinstance(value, dict) else value
            waiting.extend(inner)


def _split_reference(
    name: str, reference: Reference, issued_here: bool, facts: dict[str, Json], rest: dict[str, Json]
) -> None:
    ids: dict[str, Json] = {"type": reference.type}
    if reference.id is not None:
        ids["id"] = reference.id
    if issued_here:
        facts[name] = ids
        if reference.name is not None:
            rest[name] = {"name": reference.name}
    else:
        if reference.name is not None:
            ids["name"] = reference.name
        rest[name] = ids


def _reference(name: str, facts: Mapping[str, Json], rest: Mapping[str, Json]) -> Reference | None:
    if name not in facts and name not in rest:
        return None
    parts: dict[str, Json] = {}
    for part in (facts.get(name), rest.get(name)):
        if isinstance(part, dict):
            parts.update(part)
    if not parts:
        return None
    kind, identity, label = (parts.get(key) for key in ("type", "id", "name"))
    return Reference(
        str(kind or ""), None if identity is None else str(identity), None if label is None else str(label)
    )


def _split_fields(draft: Draft, facts: dict[str, Json], rest: dict[str, Json]) -> None:
    """Put changes and data where the catalogue says: facts into the body, all else into the personal part.

    What another system calls by a fact's name may hold anything, so an imported event has no such facts.
    """
    listed = CATALOGUE.describe(draft.type).facts if draft.source is None else ()
    fact_changes: list[Json] = []
    other_changes: list[Json] = []
    for change in draft.changes:
        is_fact = change.field in listed and _can_be_fact(change.before) and _can_be_fact(change.after)
        before, after = (_as_fact(change.before), _as_fact(change.after)) if is_fact else (change.before, change.after)
        entry: dict[str, Json] = {"field": change.field}
        if before is not None:
            entry["before"] = before
        if after is not None:
            entry["after"] = after
        (fact_changes if is_fact else other_changes).append(entry)
    fact_data: dict[str, Json] = {
        key: _as_fact(value) for key, value in draft.data.items() if key in listed and _can_be_fact(value)
    }
    other_data = {key: value for key, value in draft.data.items() if key not in fact_data}
    for part, changes, data in ((facts, fact_changes, fact_data), (rest, other_changes, other_data)):
        if changes:
            part["changes"] = changes
        if data:
            part["data"] = data


def _can_be_fact(value: Json) -> bool:
    """Facts are scalars and flat lists of them: nothing whose canonical form two implementations could see differently."""
    if isinstance(value, list):
        return not any(isinstance(item, list | dict) for item in value)
    return not isinstance(value, dict)


def _as_fact(value: Json) -> Json:
    """Floating point and integers of 2^53 or more as decimal text: JSON readers disagree on them (RFC 8785, appendix B)."""
    if isinstance(value, list):
        return [_as_fact(item) for item in value]
    if isinstance(value, float) or (
        isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_EXACT
    ):
        return repr(value)
    return value
