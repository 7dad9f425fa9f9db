"""Authgear's `auditLogs` as drafts: the nodes of its Admin API's GraphQL answer.

The fields are those of the `AuditLog` type of that API; those within `data` are what the server writes for an event:
`payload`, and `context` with who set it off.
"""

from collections.abc import Mapping

from data.catalogue.authgear import authgear_tag
from data.exchange.fields import normalise_address, with_unknown
from data.exchange.raw_records import Path
from data.exchange.rejects import BadRecord
from data.exchange.timestamps import parse_timestamp
from data.records import ANONYMOUS, ActorType, Draft, Json, Outcome, Reference, Source

SOURCE = "authgear"

LISTS: tuple[Path, ...] = (("data", "auditLogs", "edges"), ("data", "auditLogs", "nodes"))
"""Where an answer has its records: what was asked for says which."""

_CLIENT_TYPE = "api_client"
_REASONS = ("reason", "error", "description", "message")


def is_authgear(record: Mapping[str, Json]) -> bool:
    """Whether this is a node of `auditLogs`, or an edge with one."""
    node = _node(record)
    return isinstance(node.get("activityType"), str) and "createdAt" in node


def draft_from_authgear(record: Mapping[str, Json]) -> Draft:
    """The draft of one node, or of an edge with its node. Raises BadRecord for one without `id`, `activityType` or
    `createdAt`, or with a time that is none.

    Nothing is lost: what has no place of its own in an event goes into `data`. A key whose value is null says nothing. An
    edge's cursor is a place in that one answer, and says nothing about the record.
    """
    rest: dict[str, Json] = {key: value for key, value in _node(record).items() if value is not None}
    identity, activity = _required(rest, "id"), _required(rest, "activityType")
    occurred_at = parse_timestamp("createdAt", _required(rest, "createdAt"))
    outcome = _outcome(activity)
    details = _object(rest.get("data"))
    if isinstance(rest.get("data"), dict):
        del rest["data"]
    context, payload = _object(details.pop("context", None)), _object(details.get("payload"))
    user = _user(rest, context)
    ip, user_agent = (
        _either(rest, "ipAddress", context, "ip_address"),
        _either(rest, "userAgent", context, "user_agent"),
    )
    client = _either(rest, "clientID", context, "client_id")
    actor = _actor(context, user)
    if not payload:
        details.pop("payload", None)
    own: dict[str, Json] = {"activity_type": activity, "node_id": identity, **details}
    if context:
        own["context"] = context
    return Draft(
        type=authgear_tag(activity),
        occurred_at=occurred_at,
        outcome=outcome,
        actor=actor,
        client=Reference(_CLIENT_TYPE, client) if client is not None else None,
        target=_target(user, context),
        ip=normalise_address(ip),
        user_agent=user_agent,
        reason=None if outcome is Outcome.SUCCESS else _reason(payload),
        source=Source(SOURCE, identity),
        data=with_unknown(own, rest),
    )


def _node(record: Mapping[str, Json]) -> Mapping[str, Json]:
    node = record.get("node")
    return node if isinstance(node, dict) else record


def _object(value: Json) -> dict[str, Json]:
    return dict(value) if isinstance(value, dict) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _required(rest: dict[str, Json], key: str) -> str:
    value = _text(rest.get(key))
    if value is None:
        raise BadRecord(f"{key} should be text that is not blank" if key in rest else f"{key} is missing")
    del rest[key]
    return value


def _either(rest: dict[str, Json], key: str, context: dict[str, Json], context_key: str) -> str | None:
    """What the node says, else what its context does; a context that says the same, or nothing, says it no more."""
    inner = _text(context.get(context_key))
    value = _text(rest.get(key)) or inner
    if _text(rest.get(key)) is not None or rest.get(key) == "":
        del rest[key]
    if inner == value or context.get(context_key) in ("", None):
        context.pop(context_key, None)
    return value


def _user(rest: dict[str, Json], context: dict[str, Json]) -> Reference | None:
    """The end user that it is about. What else the answer has of them stays."""
    found = rest.get("user")
    user = _object(found)
    inner = _text(context.get("user_id"))
    identity = _text(user.pop("id", None)) or inner
    name = _text(user.pop("formattedName", None))
    if user:
        rest["user"] = user
    elif isinstance(found, dict):
        del rest["user"]
    if inner == identity:
        context.pop("user_id", None)
    return Reference("user", identity, name) if identity or name else None


def _actor(context: dict[str, Json], user: Reference | None) -> Reference:
    """Whoever set it off: the user, a person at the portal, whoever holds the Admin API's key, or the server."""
    trigger = _text(context.get("triggered_by"))
    audit = _object(context.get("audit_context"))
    person = _text(audit.get("actor_user_id"))
    if trigger in ("admin_api", "portal") and person is not None:
        del audit["actor_user_id"]
        context["audit_context"] = audit
        return Reference(ActorType.MEMBER, person)
    if trigger == "admin_api":
        return Reference(ActorType.API_CLIENT, name="Admin API")
    if trigger == "portal":
        return Reference(ActorType.MEMBER, name="somebody at the portal")
    if trigger == "system":
        return Reference(ActorType.SYSTEM, name="system")
    return Reference(ActorType.MEMBER, user.id, user.name) if user is not None else ANONYMOUS


def _target(user: Reference | None, context: Mapping[str, Json]) -> Reference | None:
    if user is not None:
        return user
    app = _text(context.get("app_id"))
    return Reference("authgear_app", app) if app is not None else None


def _outcome(activity: str) -> Outcome:
    if activity.endswith("_BLOCKED"):
        return Outcome.DENIED
    return Outcome.FAILURE if activity.endswith(("_FAILED", "_ERROR")) else Outcome.SUCCESS


def _reason(payload: Mapping[str, Json]) -> str | None:
    return next((text for key in _REASONS if (text := _text(payload.get(key))) is not None), None)
