"""What a number of records have at each place: columns, of which the evidence is read off."""

import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data.exchange.guessing.key_words import words_of
from data.records import Json

Scalar = str | int | float | bool
Step = str | int
"""A key of an object, or 0 for the first item of a list."""

DEEPEST = 8
"""Levels that are looked into. What lies deeper says little about the whole record."""

MOST_COLUMNS = 4_000
_MOST_LEAVES = 400
_LONGEST_KEY = 100
_LONGEST_TEXT = 300
_LONGEST_EXPRESSION = 300
"""Characters; an expression that is made of several may have 4,000."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What stands at one place of the records. `values` is by the record's number from 0, without nulls and blank text;
    texts are cut to 300 characters. `total` is the number of all records. `expression` is the JMESPath that gives it."""

    path: tuple[Step, ...]
    values: Mapping[int, Scalar]
    total: int
    expression: str
    words: tuple[str, ...]
    """Those of the last key."""
    parents: tuple[tuple[str, ...], ...]
    """Those of the keys above it, from the outermost."""

    @property
    def parent(self) -> tuple[Step, ...]:
        """The place of the object that it is in; the items of a list have the list's own."""
        path = self.path[:-1] if isinstance(self.path[-1], str) else self.path[:-2]
        return path

    @property
    def share(self) -> float:
        """In how many of the records there is something, from 0 to 1."""
        return len(self.values) / self.total

    @property
    def depth(self) -> int:
        """How many objects it lies within."""
        return len(self.parents)

    @property
    def is_listed(self) -> bool:
        """Whether it is had from the first item of a list."""
        return any(isinstance(step, int) for step in self.path)

    def texts(self) -> Iterator[str]:
        """The values that are text."""
        return (value for value in self.values.values() if isinstance(value, str))

    def counted(self) -> Counter[str]:
        """How often each value is there, as a mapping's table of words has it."""
        return Counter(word_of(value) for value in self.values.values())

    def share_of(self, holds: Callable[[Scalar], bool]) -> float:
        """The part of its values for which this holds, from 0 to 1."""
        return sum(map(holds, self.values.values())) / len(self.values)

    def seen(self) -> str:
        """In how many records it is, in words."""
        return seen_in(len(self.values), self.total)


@dataclass(slots=True)
class _Gathering:
    values: dict[tuple[Step, ...], dict[int, Scalar]] = field(default_factory=dict)

    def add(self, number: int, path: tuple[Step, ...], value: Scalar) -> None:
        column = self.values.get(path)
        if column is None:
            if len(self.values) >= MOST_COLUMNS:
                return
            column = self.values[path] = {}
        column[number] = value[:_LONGEST_TEXT] if isinstance(value, str) else value


def columns_of(records: Sequence[Mapping[str, Json]]) -> list[Column]:
    """Every place in which one of the records has a text, a number or a truth value. Of lists the first item counts."""
    gathering = _Gathering()
    for number, record in enumerate(records):
        for path, value in _leaves(record):
            gathering.add(number, path, value)
    columns = (_column(path, values, len(records)) for path, values in gathering.values.items())
    return [column for column in columns if len(column.expression) <= _LONGEST_EXPRESSION]


def computed(like: Column, expression: str, values: Mapping[int, Scalar]) -> Column:
    """A column that is worked out of others, and stands where `like` does."""
    return Column(like.path, values, like.total, expression, like.words, like.parents)


def path_expression(path: Iterable[Step]) -> str:
    """The JMESPath of a place."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if _PLAIN_KEY.fullmatch(step) else quoted_key(step))
    return text


def quoted_key(key: str) -> str:
    """A key of any characters in an expression, which is plain ASCII for it."""
    return json.dumps(key).replace("\x7f", "\\u007f")


def word_of(value: Scalar) -> str:
    """A value as the tables of a mapping have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def seen_in(count: int, total: int) -> str:
    """`in 97% of 500 records`: the percentage is never rounded up to all of them."""
    if total == 1:
        return "in the one record" if count else "in no record"
    part = 100 * count / total
    shown = f"{min(99, round(part))}" if count < total and part >= 1 else "100" if count == total else "under 1"
    return f"in {shown}% of {total:,} records"


def _column(path: tuple[Step, ...], values: dict[int, Scalar], total: int) -> Column:
    keys = [step for step in path if isinstance(step, str)]
    *parents, last = map(words_of, keys)
    return Column(path, values, total, path_expression(path), last, tuple(parents))


def _leaves(record: Mapping[str, Json]) -> Iterator[tuple[tuple[Step, ...], Scalar]]:
    """The outermost ones first, so that a record that is too large loses what lies deep in it."""
    waiting: deque[tuple[tuple[Step, ...], Json]] = deque([((), dict(record))])
    left = _MOST_LEAVES
    while waiting and left:
        path, value = waiting.popleft()
        match value:
            case dict():
                if len(path) < DEEPEST:
                    waiting.extend(
                        ((*path, key), inner)
                        for key, inner in list(value.items())[:_MOST_LEAVES]
                        if key and len(key) <= _LONGEST_KEY
                    )
            case list():
                if value and len(path) < DEEPEST:
                    waiting.append(((*path, 0), value[0]))
            case str() if not value.strip():
                pass
            case str() | bool() | int() | float():
                left -= 1
                yield path, value
