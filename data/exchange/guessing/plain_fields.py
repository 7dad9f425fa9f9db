"""Fields that are told by their name and the look of their values: the address, the user agent, what it belongs to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.exchange.guessing.columns import Column, Scalar, computed, seen_in
from data.exchange.guessing.finding import Finding, covered_by
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.shapes import is_address, is_number_like
from data.exchange.guessing.vocabulary import Vocabulary, names

_LEAST = 0.3
_LEAST_SHARE = 0.01
_MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class _PlainField:
    field: str
    vocabulary: Vocabulary
    looks: Callable[[Scalar], bool]
    least_share: float
    """Of its values that have to look so."""
    called: str


def _is_text(value: Scalar) -> bool:
    return isinstance(value, str)


def _is_agent(value: Scalar) -> bool:
    return isinstance(value, str) and not is_number_like(value)


def _is_identifier(value: Scalar) -> bool:
    return not isinstance(value, (bool, float)) and len(str(value)) < 250


_FIELDS = (
    _PlainField(
        "ip",
        Vocabulary(
            names(
                {
                    "source ip": 1.0,
                    "source ip address": 1.0,
                    "ip address": 1.0,
                    "ip": 1.0,
                    "client ip": 1.0,
                    "caller ip": 1.0,
                    "remote ip": 1.0,
                    "actor ip": 1.0,
                    "remote addr": 1.0,
                    "remote address": 1.0,
                    "client addr": 1.0,
                    "client address": 1.0,
                    "address": 0.7,
                    "addr": 0.7,
                    "src": 0.7,
                    "src ip": 1.0,
                    "remote": 0.7,
                    "source": 0.6,
                    "peer": 0.6,
                    "host": 0.4,
                    "client": 0.5,
                    "forwarded for": 0.6,
                }
            ),
            against=word_set("destination dest dst server target private internal local nat host"),
            against_above=word_set("response body destination server target resource entity local internal"),
        ),
        is_address,
        0.5,
        "an IP address",
    ),
    _PlainField(
        "user_agent",
        Vocabulary(
            names(
                {
                    "user agent": 1.0,
                    "supplied user agent": 1.0,
                    "ua": 0.9,
                    "raw user agent": 1.0,
                    "http user agent": 1.0,
                }
            ),
            against=frozenset({"version", "os", "browser"}),
        ),
        _is_agent,
        0.9,
        "a user agent",
    ),
    _PlainField(
        "request_id",
        Vocabulary(
            names({"request id": 1.0, "correlation id": 0.9, "trace id": 0.8, "transaction id": 0.7, "req id": 0.9}),
            against_above=frozenset({"response", "actor", "user", "target", "entity"}),
        ),
        _is_identifier,
        1.0,
        "an id of the request",
    ),
    _PlainField(
        "session_id",
        Vocabulary(
            names({"session id": 1.0, "external session id": 1.0, "session": 0.6, "sid": 0.8}),
            against_above=frozenset({"response", "target", "entity"}),
        ),
        _is_identifier,
        1.0,
        "an id of the session",
    ),
    _PlainField(
        "reason",
        Vocabulary(
            names(
                {
                    "error message": 1.0,
                    "reason": 0.9,
                    "failure reason": 1.0,
                    "status message": 0.8,
                    "error description": 0.9,
                }
            ),
            against_above=word_set("request response actor user target resource entity attributes metadata"),
        ),
        _is_text,
        1.0,
        "why",
    ),
)


def guess_plain_fields(columns: Sequence[Column], taken: Sequence[Column]) -> list[Finding]:
    """The findings of these fields, as far as the records have them."""
    findings = []
    columns = [*columns, *_without_ports(columns)]
    for plain in _FIELDS:
        free = [
            column
            for column in columns
            if column not in taken and column.share >= _LEAST_SHARE and _rank(column, plain) > 0
        ]
        ranked = sorted(free, key=lambda column: -_rank(column, plain))
        chosen: list[Column] = []
        for column in ranked:
            if len(chosen) < _MOST_CHOICES and set(column.values) - covered_by(chosen):
                chosen.append(column)
        if chosen:
            reason = f"{plain.called} {seen_in(len(covered_by(chosen)), chosen[0].total)}"
            findings.append(
                Finding(plain.field, tuple(column.expression for column in chosen), reason, columns=tuple(chosen))
            )
    return findings


def _without_ports(columns: Sequence[Column]) -> Iterator[Column]:
    """IPv4 addresses that have a port after them."""
    for column in columns:
        if column.share_of(_has_port) > 0.9:
            values: dict[int, Scalar] = {
                number: str(value).partition(":")[0] for number, value in column.values.items()
            }
            place = column.expression
            yield computed(column, f"{place} && split(to_string({place}), ':')[0] || null", values)


def _has_port(value: Scalar) -> bool:
    if not isinstance(value, str):
        return False
    address, colon, port = value.partition(":")
    return bool(colon) and port.isdigit() and is_address(address)


def _rank(column: Column, plain: _PlainField) -> float:
    weight = plain.vocabulary.weight(column)
    if (
        weight < _LEAST
        or (column.is_listed and plain.field != "ip")
        or column.share_of(plain.looks) < plain.least_share
    ):
        return 0.0
    listed = 0.2 if column.is_listed else 0.0
    return weight + 0.4 * column.share - 0.04 * column.depth - listed
