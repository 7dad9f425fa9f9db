"""An event as one of the Open Cybersecurity Schema Framework, as JSON on one line. What the schema has no place for is in
`unmapped`: nothing of an event is lost, but the record is not made to be imported again.
"""

from collections.abc import Mapping
from ipaddress import ip_address

import orjson

from data.catalogue import CATALOGUE
from data.clock import to_microseconds, to_text
from data.exchange.event_json import drives_nothing
from data.exchange.ocsf_classes import (
    ACCOUNT_CHANGE,
    API_ACTIVITY,
    ENTITY_MANAGEMENT,
    OTHER,
    SCHEMA_VERSION,
    USER_ACCESS,
    OcsfClass,
    classes_of,
)
from data.records import ActorType, Event, Json, Outcome, Reference
from data.version import VERSION

_PRODUCT: dict[str, Json] = {"name": "auditdeck", "vendor_name": "auditdeck", "version": VERSION}
_LOG_NAME = "change-log"
_OTHER, _UNKNOWN_NAME = "Other", "unknown"

# Number and caption, as the schema has them.
_STATUSES = {Outcome.SUCCESS: (1, "Success"), Outcome.FAILURE: (2, "Failure"), Outcome.DENIED: (2, "Failure")}
_INFORMATIONAL, _LOW = (1, "Informational"), (2, "Low")
_UNKNOWN = 0, "Unknown"
_USER_TYPES: Mapping[str, tuple[int, str]] = {
    ActorType.MEMBER: (1, "User"),
    ActorType.API_CLIENT: (4, "Service"),
    ActorType.SYSTEM: (3, "System"),
    ActorType.ANONYMOUS: _UNKNOWN,
}
_ENTITY_TYPES = {"member": (2, "User"), "user": (2, "User"), "group": (3, "Group"), "policy": (5, "Policy")}
"""The kinds of entities that have an object of their own in the schema; the others are named by what they are."""


def ocsf_line(event: Event) -> bytes:
    """The event's record on one line, which drives no terminal; without its newline."""
    return drives_nothing(orjson.dumps(event_to_ocsf(event)))


def event_to_ocsf(event: Event) -> dict[str, Json]:
    """The event's record, with all attributes that its class requires."""
    for known, activity in classes_of(event.type):
        own = _OWN[known.uid](event)
        if own is not None:
            return {**_classification(known, activity, event), **_common(known, event), **own}
    raise AssertionError("API Activity takes every event")


def _classification(known: OcsfClass, activity: int, event: Event) -> dict[str, Json]:
    name = known.activities.get(activity) or _title(event) or _OTHER
    severity, caption = _INFORMATIONAL if event.outcome is Outcome.SUCCESS else _LOW
    return {
        "category_uid": known.category_uid,
        "category_name": known.category,
        "class_uid": known.uid,
        "class_name": known.name,
        "activity_id": activity,
        "activity_name": name,
        "type_uid": known.uid * 100 + activity,
        "type_name": f"{known.name}: {_OTHER if activity == OTHER else name}",
        "severity_id": severity,
        "severity": caption,
    }


def _common(known: OcsfClass, event: Event) -> dict[str, Json]:
    """What every class has."""
    status_id, status = _STATUSES[event.outcome]
    record: dict[str, Json] = {
        "time": to_microseconds(event.occurred_at) // 1000,
        "timezone_offset": 0,
        "metadata": {
            "version": SCHEMA_VERSION,
            "product": _PRODUCT,
            "uid": str(event.id),
            "event_code": event.type,
            "log_name": _LOG_NAME,
            "original_time": to_text(event.occurred_at),
            "logged_time": to_microseconds(event.recorded_at) // 1000,
        },
        "message": _message(event),
        "status_id": status_id,
        "status": status,
        "status_code": event.outcome.value,
        "actor": _actor(event),
        "src_endpoint": _endpoint(event),
    }
    if event.reason and event.outcome is not Outcome.SUCCESS:
        record["status_detail"] = event.reason
    if event.user_agent:
        record["http_request"] = {"user_agent": event.user_agent}
    unmapped = _unmapped(known, event)
    if unmapped:
        record["unmapped"] = unmapped
    return record


def _api_activity(event: Event) -> dict[str, Json]:
    api: dict[str, Json] = {"operation": event.type or _UNKNOWN_NAME}
    if event.service:
        api["service"] = {"name": event.service}
    if event.request_id:
        api["request"] = {"uid": event.request_id}
    if event.target is None:
        return {"api": api}
    return {"api": api, "resources": [{**_named(event.target), "type": event.target.type}]}


def _account_change(event: Event) -> dict[str, Json] | None:
    user = None if event.target is None else _named(event.target)
    return {"user": user} if user else None


def _user_access(event: Event) -> dict[str, Json] | None:
    """Of a role or a group that somebody was given; what a group was given is no user's yet."""
    data = event.data
    if event.type.startswith("user."):
        user = {} if event.target is None else _named(event.target)
        given = next((change.after for change in event.changes if change.field == "role"), data.get("role"))
        privileges = [given] if isinstance(given, str) else []
    else:
        who = "grantee" if event.type.startswith("role.") else "member"
        if data.get("grantee_type") == "group":
            return None
        user = {
            key: value
            for key, value in (("uid", data.get(who)), ("name", data.get(f"{who}_name")))
            if isinstance(value, str)
        }
        privileges = [] if event.target is None else [event.target.label]
    return {"user": user, "privileges": list[Json](privileges)} if user and privileges else None


def _entity_management(event: Event) -> dict[str, Json] | None:
    target = event.target
    named = {} if target is None else _named(target)
    if target is None or not named:
        return None
    type_id, caption = _ENTITY_TYPES.get(target.type, (OTHER, target.type))
    entity: dict[str, Json] = {**named, "type_id": type_id, "type": caption}
    if type_id != OTHER:
        entity[caption.lower()] = named
    return {"entity": entity, **({"comment": event.reason} if event.reason else {})}


_OWN = {
    API_ACTIVITY.uid: _api_activity,
    ACCOUNT_CHANGE.uid: _account_change,
    USER_ACCESS.uid: _user_access,
    ENTITY_MANAGEMENT.uid: _entity_management,
}
"""What each class has beyond that; None where the event lacks what the class requires."""


def _actor(event: Event) -> dict[str, Json]:
    actor = event.actor
    type_id, caption = _USER_TYPES.get(actor.type, _UNKNOWN)
    named = _named(actor) or {"name": actor.type or ActorType.ANONYMOUS.value}
    found: dict[str, Json] = {"user": {**named, "type_id": type_id, "type": caption}}
    if event.session_id:
        found["session"] = {"uid": event.session_id}
    return found


def _endpoint(event: Event) -> dict[str, Json]:
    """Where it came from. One of its attributes has to be there, also where nobody knows."""
    if not event.ip:
        return {"name": _UNKNOWN_NAME}
    try:
        ip_address(event.ip)
    except ValueError:
        return {"hostname": event.ip}
    return {"ip": event.ip}


def _unmapped(known: OcsfClass, event: Event) -> dict[str, Json]:
    # All other classes say what it was done to; of a privilege this one knows the name alone.
    target = event.target if known is USER_ACCESS else None
    client = {} if event.client is None else {**_named(event.client), "type": event.client.type}
    changes: list[Json] = [
        {"field": change.field, "before": change.before, "after": change.after} for change in event.changes
    ]
    found: Mapping[str, Json] = {
        "target": {} if target is None else {**_named(target), "type": target.type},
        "client": client,
        "service": event.service,
        "duration_ms": event.duration_ms,
        "request_id": event.request_id,
        "token": event.token,
        "reason": event.reason,
        "changes": changes,
        "data": dict(event.data),
    }
    return {key: value for key, value in found.items() if value is not None and value not in ("", [], {})}


def _named(reference: Reference) -> dict[str, Json]:
    return {key: value for key, value in (("uid", reference.id), ("name", reference.name)) if value}


def _title(event: Event) -> str:
    kind = CATALOGUE.describe(event.type)
    return kind.done if event.outcome is Outcome.SUCCESS else kind.attempted


def _message(event: Event) -> str:
    """As a card is headed: what was done, to what, by whom."""
    about = "" if event.target is None else f": {event.target.label}"
    outcome = "" if event.outcome is Outcome.SUCCESS else f" ({event.outcome.value})"
    return f"{_title(event)}{about}, by {event.actor.label}{outcome}"
