"""An event as JSON, the program's own form: one object a line, out and in."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import orjson

from data.clock import to_microseconds, to_text
from data.exchange.fields import Fields, normalise_address, with_unknown
from data.exchange.rejects import BadRecord
from data.hostile import escaped_json
from data.records import ANONYMOUS, ActorType, Change, Draft, Erasure, Event, Json, Outcome, Reference, Seal, Source

SOURCE = "auditdeck"
"""The name of the source that events in this form come from."""

CLIENT_TYPE = "api_client"
"""What a client is, unless it says otherwise."""


def event_to_json(event: Event) -> dict[str, Json]:
    """The event as an object, in the order in which the keys are documented. What is not set or empty is left out.

    So is `seal` as long as the event waits for its place in the proof, or nobody looked.
    """
    record: dict[str, Json] = {
        "id": str(event.id),
        "type": event.type,
        "occurred_at": to_text(event.occurred_at),
        "recorded_at": to_text(event.recorded_at),
        "outcome": event.outcome.value,
        "actor": _reference_to_json(event.actor),
        "client": _reference_to_json(event.client, implied_type=CLIENT_TYPE),
        "target": _reference_to_json(event.target),
        "service": event.service,
        "duration_ms": event.duration_ms,
        "ip": event.ip,
        "user_agent": event.user_agent,
        "request_id": event.request_id,
        "session_id": event.session_id,
        "token": event.token,
        "reason": event.reason,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after} for change in event.changes
        ],
        "data": dict(event.data),
        "seal": None if event.seal is Seal.UNSEALED else event.seal.value,
        "erasure": None if event.erasure is None else _erasure_to_json(event.erasure),
    }
    if event.is_blank:
        del record["outcome"], record["actor"]
    return {key: value for key, value in record.items() if value is not None and value not in ("", [], {})}


def dump_line(event: Event) -> bytes:
    """`event_to_json` as UTF-8 on one line that drives no terminal. The newline that ends it is the writer's to add."""
    return drives_nothing(orjson.dumps(event_to_json(event)))


def drives_nothing(line: bytes) -> bytes:
    """JSON on one line with every character escaped that could drive a terminal."""
    # Among ASCII alone, JSON writes all of them escaped but DEL.
    return line if line.isascii() and b"\x7f" not in line else escaped_json(line.decode()).encode()


def draft_from_json(record: Mapping[str, Json]) -> Draft:
    """The draft that a record in this form describes. Raises BadRecord, with the reason.

    Only `type` and `occurred_at` have to be there. `recorded_at`, `seal` and `erasure` say what another log did, and are
    dropped; other unknown keys, in the objects within too (`actor.email`), go into `data`. A record without an `id` has no
    identity of its own: its draft's `source` is None, and the caller has to give it one.
    """
    fields = Fields(record)
    fields.value("recorded_at")
    for said_there in ("sealed", "seal", "erasure"):
        fields.value(said_there)
    event_type = fields.required_text("type")
    occurred_at = fields.time("occurred_at")
    kept_id, source = _identity(fields, occurred_at)
    return Draft(
        type=event_type,
        occurred_at=occurred_at,
        outcome=Outcome(fields.choice("outcome", tuple(Outcome)) or Outcome.SUCCESS),
        actor=_actor(fields),
        client=_client(fields),
        target=_target(fields),
        service=fields.text("service"),
        duration_ms=fields.duration("duration_ms"),
        ip=normalise_address(fields.text("ip")),
        user_agent=fields.text("user_agent"),
        request_id=fields.identifier("request_id"),
        session_id=fields.identifier("session_id"),
        token=fields.identifier("token"),
        reason=fields.text("reason"),
        changes=tuple(
            Change(change.required_text("field"), change.value("before"), change.value("after"))
            for change in fields.children("changes")
        ),
        id=kept_id,
        source=source,
        data=with_unknown(fields.mapping("data"), fields.unread()),  # last: by now all that is known was asked for
    )


def _reference_to_json(reference: Reference | None, implied_type: str | None = None) -> dict[str, Json] | None:
    if reference is None:
        return None
    parts = {"type": str(reference.type), "id": reference.id, "name": reference.name}
    if reference.type == implied_type:
        del parts["type"]
    return {key: value for key, value in parts.items() if value is not None}


def _erasure_to_json(erasure: Erasure) -> dict[str, Json]:
    told: dict[str, Json] = {
        "by": _reference_to_json(erasure.by),
        "at": to_text(erasure.at),
        "reason": erasure.reason,
        "whole": erasure.is_whole,
        "told_by": str(erasure.told_by),
    }
    return {key: value for key, value in told.items() if value is not None}


def _identity(fields: Fields, occurred_at: datetime) -> tuple[UUID | None, Source | None]:
    text = fields.identifier("id")
    if text is None:
        return None, None
    try:
        candidate = UUID(text)
    except ValueError:
        return None, Source(SOURCE, text)
    # UUID() also takes braces, URNs and missing hyphens; such text is somebody else's identity, not one of ours.
    ours = str(candidate) == text.lower() and candidate.version == 7
    if ours and candidate.int >> 80 == to_microseconds(occurred_at) // 1000:
        return candidate, Source(SOURCE, str(candidate))
    return None, Source(SOURCE, text)


def _actor(fields: Fields) -> Reference:
    actor = fields.child("actor")
    if actor is None:
        return ANONYMOUS
    kind = actor.choice("type", tuple(ActorType))
    if kind is None:
        raise BadRecord(f"actor.type is missing; it should be {', '.join(ActorType)}")
    identity, name = actor.identifier("id"), actor.text("name")
    if kind in (ActorType.SYSTEM, ActorType.ANONYMOUS):
        name = name or str(kind)
    return _named("actor", ActorType(kind), identity, name)


def _client(fields: Fields) -> Reference | None:
    client = fields.child("client")
    if client is None:
        return None
    return _named("client", client.text("type") or CLIENT_TYPE, client.identifier("id"), client.text("name"))


def _target(fields: Fields) -> Reference | None:
    target = fields.child("target")
    if target is None:
        return None
    return _named("target", target.required_text("type"), target.identifier("id"), target.text("name"))


def _named(key: str, kind: str, identity: str | None, name: str | None) -> Reference:
    if identity is None and name is None:
        raise BadRecord(f"{key} needs an id or a name")
    return Reference(kind, identity, name)
