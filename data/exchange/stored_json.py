"""An event as JSON straight from its two stored parts: the text that `event_json.dump_line` writes, without an event made.

Most of what making an event costs is objects that are taken apart again at once. Both parts are JSON whose keys have the
names that they have here, so they are put together again, in the documented order; what is not set or empty is left out.
"""

from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from data.exchange.event_json import CLIENT_TYPE, drives_nothing
from data.records import TOMBSTONE, ActorType, Seal

# The same few people and clients are in most events.
_KEPT_REFERENCES = 8_192
_Part: TypeAlias = dict[str, Any]
_NOTHING: _Part = {}


def stored_line(body: str | bytes, personal: str | bytes | None) -> bytes:
    """The line of a stored event; `personal` is None once it was erased. The newline is the writer's to add."""
    facts: _Part = orjson.loads(body)
    rest: _Part = _NOTHING if personal is None else orjson.loads(personal)
    fact, other = facts.get, rest.get
    record: _Part = {
        "id": facts["id"],
        "type": facts["type"],
        "occurred_at": facts["occurred_at"],
        "recorded_at": facts["recorded_at"],
        "outcome": facts["outcome"],
        "actor": _reference(fact("actor"), other("actor"), "") or _ANONYMOUS,
    }
    if personal is None and record["type"] == TOMBSTONE:
        del record["outcome"], record["actor"]
    if not record["type"]:
        del record["type"]
    if "client" in facts or "client" in rest:
        client = _reference(fact("client"), other("client"), CLIENT_TYPE)
        if client is not None:
            record["client"] = client
    if "target" in facts or "target" in rest:
        record["target"] = _reference(fact("target"), other("target"), "")
    if service := fact("service"):
        record["service"] = service
    if (duration_ms := fact("duration_ms")) is not None:
        record["duration_ms"] = duration_ms
    if ip := other("ip"):
        record["ip"] = ip
    if user_agent := other("user_agent"):
        record["user_agent"] = user_agent
    if request_id := other("request_id"):
        record["request_id"] = request_id
    if session_id := fact("session_id") or other("session_id"):
        record["session_id"] = session_id
    if token := fact("token") or other("token"):
        record["token"] = token
    if reason := other("reason"):
        record["reason"] = reason
    if "changes" in facts or "changes" in rest:
        record["changes"] = [*map(_change, other("changes", ())), *map(_change, fact("changes", ()))]
    if "data" in facts:
        record["data"] = facts["data"] | rest["data"] if "data" in rest else facts["data"]
    elif "data" in rest:
        record["data"] = rest["data"]
    if personal is None:
        record["seal"] = Seal.ERASED.value
    return drives_nothing(orjson.dumps(record))


def _change(stored: _Part) -> _Part:
    return {"field": stored["field"], "before": stored.get("before"), "after": stored.get("after")}


def _reference(facts: _Part | None, rest: _Part | None, implied: str) -> orjson.Fragment | None:
    """Of what happened here type and id are facts, and the name is not; of what was imported nothing is a fact."""
    first = facts or rest
    if not first:
        return None
    return _written(first.get("type"), first.get("id"), (rest or first).get("name"), implied)


@lru_cache(_KEPT_REFERENCES)
def _written(kind: str | None, identity: str | None, name: str | None, implied: str) -> orjson.Fragment | None:
    parts = {"type": kind or "", "id": identity, "name": name}
    if kind and kind == implied:
        del parts["type"]
    set_ones = {key: part for key, part in parts.items() if part is not None}
    return orjson.Fragment(orjson.dumps(set_ones)) if set_ones else None


_ANONYMOUS = orjson.Fragment(orjson.dumps({"type": ActorType.ANONYMOUS.value}))
