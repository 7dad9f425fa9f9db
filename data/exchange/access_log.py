"""The access log of a reverse proxy: a JSON object a line, and the request that each one tells of.

The keys are those of the documented nginx `log_format`; numbers may stand there as text, as nginx writes them. A proxy of
another kind is read if it can be told to write the same keys.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import unquote

from data.actions import MOST_CHARACTERS, action_of
from data.clock import EPOCH
from data.exchange.exact_json import decode
from data.exchange.fields import Fields
from data.exchange.raw_records import Line, bounded_lines
from data.exchange.rejects import RAW_KEPT, BadRecord, Reject
from data.query.durations import MOST_MILLISECONDS
from data.records import Json, Reference, Source
from data.requests import Request
from data.tokens import holds_secret, is_public_id, without_secrets

LONGEST_LINE = 1024 * 1024
"""Bytes; a longer line is a reject."""

SOURCE = "access log"
"""What the source of a request is called, with the name of the host that logged it."""

_STATUSES = range(100, 600)
_LONGEST_TEXT = 300
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the log. `request` is None for one of no client: strangers must not fill the database by this way
    either, and the gateway has recorded itself what it refused."""

    number: int
    request: Request | None
    raw: bytes


def access_lines(chunks: Iterator[bytes]) -> Iterator[AccessLine | Reject]:
    """Every line, blank ones left out."""
    for line in bounded_lines(chunks, LONGEST_LINE):
        raw = line.content[:RAW_KEPT]
        if line.content.isspace() or not line.content:
            continue
        try:
            yield AccessLine(line.number, _request_in(line), raw)
        except BadRecord as error:
            yield Reject(line.number, str(error), raw)


def _request_in(line: Line) -> Request | None:
    if line.length > LONGEST_LINE:
        raise BadRecord(f"the line has {line.length:,} bytes, and {LONGEST_LINE:,} are the most that a line may have")
    # What a client sends as its user agent need be no UTF-8, and must not keep its request out of the log.
    value = decode(line.content.decode("utf-8", "replace").encode())
    if not isinstance(value, dict):
        raise BadRecord("a record should be an object")
    return _request(value, line.content)


def _request(value: dict[str, Json], raw: bytes) -> Request | None:
    fields = Fields(value)
    status = int(_number(fields, "status", required=True) or 0)
    if status not in _STATUSES:
        raise BadRecord(f"status is no HTTP status: {status}")
    client_id = fields.identifier("client_id")
    if client_id is None or fields.text("refusal") is not None:
        return None
    if len(client_id) > _LONGEST_TEXT or holds_secret(client_id):
        raise BadRecord("client_id is no id of a client")
    taken_s = _number(fields, "request_time") or Decimal()
    duration_ms = int((taken_s * 1_000).to_integral_value())
    if not 0 <= duration_ms <= MOST_MILLISECONDS:
        raise BadRecord("request_time is no duration")
    client_name, token = fields.text("client_name"), fields.text("token")
    request_id = _cut(fields.identifier("request_id"))
    return Request(
        action=_action(fields),
        status=status,
        executed_at=_executed_at(fields, taken_s),
        client=Reference("api_client", client_id, None if client_name is None else _cut(unquote(client_name))),
        token=token if token is not None and is_public_id(token) else None,
        service=_cut(fields.text("service")),
        duration_ms=duration_ms,
        ip=_cut(fields.text("ip") or fields.text("remote_addr")),
        request_id=request_id,
        user_agent=_cut(fields.text("user_agent")),
        source=Source(
            f"{SOURCE} {_cut(fields.text('host')) or ''}".strip(), request_id or hashlib.sha256(raw).hexdigest()
        ),
    )


def _action(fields: Fields) -> str:
    action = fields.text("action")
    if action is not None:
        return without_secrets(action[:MOST_CHARACTERS])
    return action_of(fields.required_text("method"), fields.required_text("uri"))


def _executed_at(fields: Fields, taken_s: Decimal) -> datetime:
    """When the request came: the log's time is that of its end."""
    ended_s = _number(fields, "time", required=True) or Decimal()
    try:
        at = EPOCH + timedelta(microseconds=int((ended_s - taken_s) * 1_000_000))
    except OverflowError:
        raise BadRecord("time is no time that exists, in seconds since 1970") from None
    if at < EPOCH:
        raise BadRecord("time lies before 1970")
    return at


def _number(fields: Fields, key: str, *, required: bool = False) -> Decimal | None:
    """A number, or text that is one; `-`, which nginx writes where it has none, is none."""
    value = fields.value(key)
    if value is None or value in ("", "-"):
        if required:
            raise BadRecord(f"{key} is missing")
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadRecord(f"{key} should be a number")
    try:
        number = Decimal(str(value)[:_LONGEST_TEXT])
    except ArithmeticError:  # of Decimal's own, of which there are several
        raise BadRecord(f"{key} should be a number, and is {str(value)[:60]!r}") from None
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:  # no arithmetic, which can overflow
        raise BadRecord(f"{key} should be a number, and is {str(value)[:60]!r}")
    return number


def _cut(text: str | None) -> str | None:
    """As much of a text as is kept. A client may send its token as anything."""
    return None if text is None or text == "-" else without_secrets(text[:_LONGEST_TEXT])
