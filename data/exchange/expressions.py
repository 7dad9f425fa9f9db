"""JMESPath expressions over one record: checked when they are read, and plain paths known as such.

The language is that of https://jmespath.org, with three functions of JMESPath Community's JEP-014 besides: `lower`,
`replace` and `split`, without their optional arguments.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import jmespath
from jmespath.exceptions import EmptyExpressionError, JMESPathError, JMESPathTypeError, LexerError, ParseError
from jmespath.functions import TYPES_MAP, Functions, signature

from data.errors import AuditdeckError
from data.exchange.rejects import BadRecord
from data.records import Json

LONGEST = 4_000
"""Characters that an expression may have."""

_SHOWN = 80
_WRITABLE = range(-(2**63), 2**64)

_KINDS = {
    "string": "text",
    "array": "a list",
    "array-string": "a list of texts",
    "array-number": "a list of numbers",
    "object": "an object",
    "number": "a number",
    "boolean": "true or false",
    "expref": "an expression after &",
    "null": "null",
}


class BadExpression(AuditdeckError):
    """This is no expression. `str()` of it says what is wrong, and where."""


class _TextFunctions(Functions):
    """What JMESPath has, and working on text."""

    @signature({"types": ["string"]})
    def _func_lower(self, subject: str) -> str:
        return subject.lower()

    @signature({"types": ["string"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_replace(self, subject: str, old: str, new: str) -> str:
        # An empty one lies between any two characters, which would multiply a record's size.
        return subject.replace(old, new) if old else subject

    @signature({"types": ["string"]}, {"types": ["string"]})
    def _func_split(self, subject: str, separator: str) -> list[str]:
        return subject.split(separator) if separator else [subject]


_OPTIONS = jmespath.Options(custom_functions=_TextFunctions())


class Expression:
    """One expression. `path` is the keys that it steps through if that is all it does (`actor.user.id`), else None.

    Raises BadExpression for text that is none, calls a function that there is not, or gives it too few or too many
    arguments.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadExpression(f"it has {len(text):,} characters, and {LONGEST:,} are the most")
        try:
            self._compiled = jmespath.compile(text)
        except EmptyExpressionError as error:
            raise BadExpression("it is empty") from error
        except LexerError as error:
            # The lexer's own word is its message with the character in it: "Unknown token '#'".
            raise BadExpression(f"{error.message} at character {error.lex_position + 1}") from error
        except ParseError as error:
            if error.lex_position >= len(text):
                raise BadExpression("it ends too early") from error
            place = f"at character {error.lex_position + 1}"
            raise BadExpression(f"{error.token_value!r} should not stand {place}") from error
        except JMESPathError as error:
            raise BadExpression(str(error)) from error
        except RecursionError as error:
            raise BadExpression("it lies too deep within brackets") from error
        self.text = text
        self.path = _plain_path(self._compiled.parsed)
        for function in _calls(self._compiled.parsed):
            _check_call(function)

    def holds(self, record: Mapping[str, Json]) -> bool:
        """Whether it comes to anything but null, false and what is empty, and so to true in JMESPath's sense."""
        try:
            value = self.of(record)
        except BadRecord:
            return False
        return value is not None and value is not False and value not in ("", [], {})

    def of(self, record: Mapping[str, Json]) -> Json:
        """What it comes to for one record; None where that is nothing.

        Raises BadRecord where it cannot be worked out, and where it comes to a number that JSON does not have: NaN,
        infinity, an integer of more than 64 bits.
        """
        if self.path is not None:
            # Most expressions are these, and walking is many times as fast as interpreting.
            return _at(record, self.path)
        try:
            value: Json = self._compiled.search(record, options=_OPTIONS)
        except JMESPathTypeError as error:
            wanted = " or ".join(_KINDS.get(kind, kind) for kind in error.expected_types)
            got = _KINDS[TYPES_MAP.get(error.actual_type, error.actual_type)]
            raise BadRecord(f"{error.function_name}() takes {wanted}, and was given {got}") from error
        except (JMESPathError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise BadRecord(f"{self._shown()} cannot be worked out for this record") from error
        if not _can_be_kept(value):
            raise BadRecord(f"{self._shown()} comes to a number that cannot be kept")
        return value

    def _shown(self) -> str:
        return self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}..."


def _can_be_kept(value: Json) -> bool:
    """Whether every number at any depth is one that JSON writes: `to_number` makes NaN, infinities and integers of any
    size, which a record that was read does not hold."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case float() as number if not isfinite(number):
                return False
            case int() as number if number not in _WRITABLE:
                return False
            case list() as items:
                waiting.extend(items)
            case dict() as members:
                waiting.extend(members.values())
    return True


def _at(record: Mapping[str, Json], path: tuple[str, ...]) -> Json:
    value: Json = record.get(path[0])
    for key in path[1:]:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _plain_path(tree: Mapping[str, Any]) -> tuple[str, ...] | None:
    if tree["type"] == "field":
        return (tree["value"],)
    if tree["type"] != "subexpression":
        return None
    steps = [_plain_path(child) for child in tree["children"]]
    path: tuple[str, ...] = ()
    for step in steps:
        if step is None:
            return None
        path += step
    return path


def _calls(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if tree["type"] == "function_expression":
        yield tree
    for child in tree.get("children", ()):
        if isinstance(child, dict):
            yield from _calls(child)


def _check_call(call: Mapping[str, Any]) -> None:
    name, given = call["value"], len(call["children"])
    known = _TextFunctions.FUNCTION_TABLE.get(name)
    if known is None:
        raise BadExpression(f"there is no function {name}()")
    wanted = len(known["signature"])
    if known["signature"] and known["signature"][-1].get("variadic"):
        if given < wanted:
            raise BadExpression(f"{name}() takes {wanted} or more arguments, and has {given}")
    elif given != wanted:
        raise BadExpression(f"{name}() takes {wanted} {'argument' if wanted == 1 else 'arguments'}, and has {given}")
