"""Reading a mapping file: TOML in, a mapping out, or one sentence that names the key and what is wrong with it."""

import tomllib
from collections.abc import Mapping
from datetime import UTC
from typing import Any, TypeAlias, TypeVar

from data.errors import AuditdeckError
from data.exchange.expressions import BadExpression, Expression
from data.exchange.mapping import ChangeRule, FieldRule, RecordMapping
from data.exchange.timestamps import UnixUnit
from data.records import ActorType, Outcome

LARGEST_MAPPING = 256 * 1024
"""Bytes of a mapping file."""

FIELDS = (
    "identity",
    "type",
    "occurred_at",
    "outcome",
    "reason",
    "actor.type",
    "actor.id",
    "actor.name",
    "target.type",
    "target.id",
    "target.name",
    "client.id",
    "client.name",
    "service",
    "ip",
    "user_agent",
    "request_id",
    "session_id",
    "token",
    "duration",
)
"""What an expression may give, as `[event]` has it."""

_REQUIRED = ("type", "occurred_at")
_GROUPS = ("actor", "target", "client")
_CLOSED = {"outcome": tuple(Outcome), "actor.type": tuple(ActorType)}
_NOT_WORDS = ("occurred_at", "duration")
_UNITS = {"s": UnixUnit.SECONDS, "ms": UnixUnit.MILLISECONDS, "us": UnixUnit.MICROSECONDS, "ns": UnixUnit.NANOSECONDS}
_ZONES = {"utc": UTC}

# What a TOML file holds is checked here, value by value.
_Toml: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


class BadMapping(AuditdeckError):
    """A mapping file cannot be used. `str()` of it names the file, the key and what is wrong."""


def parse_mapping(content: bytes, name: str) -> RecordMapping:
    """The mapping that a file holds. `name` is what messages call the file. Raises BadMapping."""
    try:
        return _mapping(_document(content))
    except _Wrong as error:
        raise BadMapping(f"cannot use the mapping {name}: {error}") from error


class _Wrong(Exception):
    """What is wrong, without the file's name."""


def _document(content: bytes) -> _Toml:
    if len(content) > LARGEST_MAPPING:
        raise _Wrong(f"it has {len(content):,} bytes, and {LARGEST_MAPPING:,} are the most")
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        raise _Wrong(f"it is not valid UTF-8 at byte {error.start + 1}") from error
    except tomllib.TOMLDecodeError as error:
        raise _Wrong(f"it is not valid TOML: {error}") from error
    except RecursionError as error:
        raise _Wrong("its values lie too deep within each other") from error


def _mapping(document: _Toml) -> RecordMapping:
    _known_keys("", document, ("format", "time", "event", "changes", "prefix", "values"))
    known = _table(document, "format")
    _known_keys("format", known, ("name", "source", "records", "record", "recognise"))
    time = _table(document, "time")
    _known_keys("time", time, ("numbers", "without_offset", "durations"))
    lists = known.get("records", [])
    recognise = known.get("recognise")
    return RecordMapping(
        name=_required_text("format.name", known),
        source=_required_text("format.source", known),
        fields=_fields(document),
        changes=tuple(_change(name, given) for name, given in _table(document, "changes").items()),
        lists=tuple(_path("format.records", text) for text in (lists if isinstance(lists, list) else [lists])),
        inner=_path("format.record", known["record"]) if "record" in known else (),
        recognise=None if recognise is None else _expression("format.recognise", recognise),
        numbers=_choice("time.numbers", time, _UNITS),
        durations=_choice("time.durations", time, _UNITS) or UnixUnit.MILLISECONDS,
        zone=_choice("time.without_offset", time, _ZONES),
    )


def _fields(document: _Toml) -> dict[str, FieldRule]:
    event, prefixes, values = (_flat(document, name) for name in ("event", "prefix", "values"))
    for name in _REQUIRED:
        if name not in event:
            raise _Wrong(f"event.{name} is missing")
    if ("target.id" in event or "target.name" in event) and "target.type" not in event:
        raise _Wrong("event.target.type is missing, and event.target has an id or a name")
    for table, entries in (("prefix", prefixes), ("values", values)):
        for name in entries:
            if name not in event:
                raise _Wrong(f"{table}.{name} is of no use, since event.{name} is not there")
            if name in _NOT_WORDS:
                raise _Wrong(f"{table}.{name} is of no use, since event.{name} is no word")
    for name in _CLOSED:
        if name in prefixes:
            raise _Wrong(f"prefix.{name} is of no use, since event.{name} has words of its own")
    return {
        name: FieldRule(
            name,
            _expressions(f"event.{name}", given),
            _words(name, values.get(name, {})),
            _text(f"prefix.{name}", prefixes.get(name, "")),
        )
        for name, given in event.items()
    }


def _change(field: str, given: object) -> ChangeRule:
    name = f"changes.{field}"
    if not isinstance(given, dict):
        raise _Wrong(f"{name} should be a table with before, after or both")
    _known_keys(name, given, ("before", "after"))
    if not given:
        raise _Wrong(f"{name} has neither before nor after")
    before, after = (
        _expression(f"{name}.{side}", given[side]) if side in given else None for side in ("before", "after")
    )
    return ChangeRule(field, before, after)


def _flat(document: _Toml, table: str) -> _Toml:
    """The entries of a table by the names of fields: `[event.actor] id` is `actor.id`."""
    flat: _Toml = {}
    for key, value in _table(document, table).items():
        if key not in _GROUPS:
            flat[key] = value
        elif isinstance(value, dict):
            flat |= {f"{key}.{inner}": given for inner, given in value.items()}
        else:
            raise _Wrong(f"{table}.{key} should be a table")
    _known_keys(table, flat, FIELDS)
    return flat


def _words(name: str, given: object) -> Mapping[str, str]:
    if not isinstance(given, dict):
        raise _Wrong(f"values.{name} should be a table")
    allowed = _CLOSED.get(name)
    for key, word in given.items():
        _text(f"values.{name}.{key}", word)
        if allowed is not None and word not in allowed:
            raise _Wrong(f"values.{name}.{key} should be {', '.join(allowed[:-1])} or {allowed[-1]}, and is {word!r}")
        if not word.strip():
            raise _Wrong(f"values.{name}.{key} is blank")
    return given


def _expressions(name: str, given: object) -> tuple[Expression, ...]:
    if not isinstance(given, list):
        return (_expression(name, given),)
    if not given:
        raise _Wrong(f"{name} has no expression in its list")
    return tuple(_expression(f"{name}[{index}]", text) for index, text in enumerate(given))


def _expression(name: str, given: object) -> Expression:
    try:
        return Expression(_text(name, given))
    except BadExpression as error:
        raise _Wrong(f"{name} is no JMESPath expression: {error}") from error


def _path(name: str, given: object) -> tuple[str, ...]:
    path = tuple(_text(name, given).split("."))
    if not all(path):
        raise _Wrong(f"{name} should be keys with dots between them, and is {given!r}")
    return path


def _table(document: _Toml, name: str) -> _Toml:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise _Wrong(f"{name} should be a table")
    return table


def _known_keys(table: str, given: _Toml, known: tuple[str, ...]) -> None:
    dot = f"{table}." if table else ""
    for key in given:
        if key not in known:
            raise _Wrong(f"there is no {dot}{key}; known are {', '.join(dot + name for name in known)}")


def _choice(name: str, table: _Toml, choices: Mapping[str, _T]) -> _T | None:
    given = table.get(name.rpartition(".")[2])
    if given is None:
        return None
    if not isinstance(given, str) or given not in choices:
        words = " or ".join(f'"{word}"' for word in choices)
        raise _Wrong(f"{name} should be {words}, and is {given!r}")
    return choices[given]


def _required_text(name: str, table: _Toml) -> str:
    key = name.rpartition(".")[2]
    if key not in table:
        raise _Wrong(f"{name} is missing")
    text = _text(name, table[key])
    if not text.strip():
        raise _Wrong(f"{name} is blank")
    return text


def _text(name: str, given: object) -> str:
    if not isinstance(given, str):
        raise _Wrong(f"{name} should be text, and is {given!r}"[:200])
    return given
