"""AWS CloudTrail records as drafts.

The fields are those of "CloudTrail record contents" and "CloudTrail userIdentity element" in the AWS CloudTrail User Guide.
"""

from collections.abc import Mapping

from data.exchange.cloudtrail_target import target_of
from data.exchange.fields import normalise_address, with_unknown
from data.exchange.rejects import BadRecord
from data.exchange.timestamps import parse_timestamp
from data.records import ANONYMOUS, ActorType, Draft, Json, Outcome, Reference, Source

SOURCE = "cloudtrail"

_SERVICE_SUFFIX = ".amazonaws.com"
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
_NOBODY = frozenset({"anonymous", "ANONYMOUS_PRINCIPAL"})


def draft_from_cloudtrail(record: Mapping[str, Json]) -> Draft:
    """The draft of one CloudTrail record. Raises BadRecord for one without `eventSource`, `eventName`, `eventTime` or
    `eventID`, or with a time that is none.

    Nothing is lost: what has no place of its own in an event goes into `data`, under the record's own key. A key whose
    value is null says nothing, and is left out.
    """
    rest: dict[str, Json] = {key: value for key, value in record.items() if value is not None}
    service = _required(rest, "eventSource").removesuffix(_SERVICE_SUFFIX)
    name = _required(rest, "eventName")
    occurred_at = parse_timestamp("eventTime", _required(rest, "eventTime"))
    event_id = _required(rest, "eventID")
    error_code, error_message = _take(rest, "errorCode"), _take(rest, "errorMessage")
    identity = rest.get("userIdentity")
    identity = identity if isinstance(identity, dict) else {}
    own: dict[str, Json] = {
        "region": _take(rest, "awsRegion"),
        "error_code": error_code,
        "read_only": rest.pop("readOnly") if isinstance(rest.get("readOnly"), bool) else None,
        "account": _take(rest, "recipientAccountId") or _text(identity, "accountId"),
        "event_id": event_id,
    }
    return Draft(
        type=f"aws.{service}.{name}",
        occurred_at=occurred_at,
        outcome=_outcome(error_code, record.get("responseElements")),
        actor=_actor(identity),
        target=target_of(record, service, name),
        service=service,
        ip=normalise_address(_take(rest, "sourceIPAddress")),
        user_agent=_take(rest, "userAgent"),
        request_id=_take(rest, "requestID"),
        token=_text(identity, "accessKeyId"),
        reason=": ".join(part for part in (error_code, error_message) if part) or None,
        source=Source(SOURCE, event_id),
        data=with_unknown({key: value for key, value in own.items() if value is not None}, rest),  # last: all is taken
    )


def _required(rest: dict[str, Json], key: str) -> str:
    value = _take(rest, key)
    if value is None:
        raise BadRecord(f"{key} should be text that is not blank" if key in rest else f"{key} is missing")
    return value


def _take(rest: dict[str, Json], key: str) -> str | None:
    """The text at this key, which is then no longer in `rest`; anything but text stays there."""
    text = _text(rest, key)
    if text is not None:
        del rest[key]
    return text


def _text(values: Mapping[str, Json], key: str) -> str | None:
    value = values.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _outcome(error_code: str | None, response: Json) -> Outcome:
    if error_code is not None:
        return Outcome.DENIED if error_code.endswith(_DENIED) else Outcome.FAILURE
    refused_login = isinstance(response, dict) and response.get("ConsoleLogin") == "Failure"
    return Outcome.FAILURE if refused_login else Outcome.SUCCESS


def _actor(identity: Mapping[str, Json]) -> Reference:
    kind = _text(identity, "type")
    account, invoked_by = _text(identity, "accountId"), _text(identity, "invokedBy")
    arn, principal = _text(identity, "arn"), _text(identity, "principalId")
    if kind == "AWSService" or (kind is None and invoked_by is not None):
        return Reference(ActorType.SYSTEM, name=invoked_by or "AWS")
    if _NOBODY & {account, principal}:
        return ANONYMOUS
    if kind == "Root":
        name: str | None = f"root ({account or 'unknown account'})"
    elif kind == "AssumedRole":
        name = _role_session(identity, arn, principal)
    else:
        name = _text(identity, "userName") or (arn.rpartition("/")[2] if arn else None)
    if arn or principal or name:
        return Reference(ActorType.MEMBER, arn or principal, name)
    return Reference(ActorType.MEMBER, account, f"account {account}") if account else ANONYMOUS


def _role_session(identity: Mapping[str, Json], arn: str | None, principal: str | None) -> str | None:
    """`role/session`, as in `arn:aws:sts::123456789012:assumed-role/role/session`, or from what else names them."""
    if arn is not None and ":assumed-role/" in arn:
        return arn.partition(":assumed-role/")[2]
    context = identity.get("sessionContext")
    issuer = context.get("sessionIssuer") if isinstance(context, dict) else None
    role = _text(issuer, "userName") if isinstance(issuer, dict) else None
    session = principal.partition(":")[2] if principal else None
    return "/".join(part for part in (role, session) if part) or None
