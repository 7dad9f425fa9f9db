"""One JSON object being read: each key by the type it should have, and in the end the keys nobody asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.exchange.rejects import BadRecord
from data.exchange.timestamps import parse_timestamp
from data.query.addresses import plain_address
from data.query.durations import MOST_MILLISECONDS
from data.records import Json


class Fields:
    """Typed access to the keys of one object. `path` is how messages name the object, empty for a whole record.

    A key that is missing or null is None everywhere; so is text that is blank. Every method raises BadRecord for a value
    of another type, naming the key and what it should be.
    """

    def __init__(self, values: Mapping[str, Json], path: str = "") -> None:
        self._values = values
        self._path = path
        self._asked: set[str] = set()
        self._children: list[Fields] = []

    def name(self, key: str) -> str:
        """The key as messages name it: with the objects that it is in."""
        return f"{self._path}.{key}" if self._path else key

    def value(self, key: str) -> Json:
        """Whatever stands there; None if nothing does."""
        self._asked.add(key)
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """Text."""
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(key, "text", value)
        return value if value.strip() else None

    def required_text(self, key: str) -> str:
        """Text that has to be there, and not blank."""
        value = self.text(key)
        if value is None:
            raise BadRecord(f"{self.name(key)} is {'missing' if self._values.get(key) is None else 'blank'}")
        return value

    def identifier(self, key: str) -> str | None:
        """Text, or a whole number as text."""
        value = self.value(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, "text or a whole number", value)
        return self.text(key)

    def choice(self, key: str, allowed: Sequence[str]) -> str | None:
        """One of the words of `allowed`."""
        value = self.value(key)
        if value is None:
            return None
        wanted = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        if not isinstance(value, str):
            raise self._wrong(key, wanted, value)
        if value not in allowed:
            raise BadRecord(f"{self.name(key)} should be {wanted}, and is {_shown(value)}")
        return value

    def duration(self, key: str) -> int | None:
        """A whole number of milliseconds, from 0 to MOST_MILLISECONDS."""
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, "a whole number of milliseconds", value)
        if value < 0:
            raise BadRecord(f"{self.name(key)} should be 0 or more, and is {value}")
        if value > MOST_MILLISECONDS:
            raise BadRecord(f"{self.name(key)} should be {MOST_MILLISECONDS} or less, and is more")
        return value

    def time(self, key: str) -> datetime:
        """An RFC 3339 time that has to be there, in UTC."""
        return parse_timestamp(self.name(key), self.required_text(key))

    def mapping(self, key: str) -> dict[str, Json]:
        """An object as it stands; empty if there is none."""
        value = self.value(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(key, "an object", value)
        return value

    def child(self, key: str) -> "Fields | None":
        """An object to be read key by key."""
        if self.value(key) is None:
            return None
        child = Fields(self.mapping(key), self.name(key))
        self._children.append(child)
        return child

    def children(self, key: str) -> "list[Fields]":
        """A list of objects, each to be read key by key; messages name them `key[0]`, `key[1]`, ..."""
        values = self.value(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self._wrong(key, "a list", values)
        found = []
        for index, value in enumerate(values):
            item = f"{key}[{index}]"
            if not isinstance(value, dict):
                raise self._wrong(item, "an object", value)
            found.append(Fields(value, self.name(item)))
        self._children += found
        return found

    def unread(self) -> dict[str, Json]:
        """What nobody asked for, here and in the objects within, by its full name; nulls are left out."""
        rest: dict[str, Json] = {
            self.name(key): value for key, value in self._values.items() if key not in self._asked and value is not None
        }
        for child in self._children:
            rest |= child.unread()
        return rest

    def _wrong(self, key: str, wanted: str, value: Json) -> BadRecord:
        return BadRecord(f"{self.name(key)} should be {wanted}, and is {_kind(value)}")


def with_unknown(own: Mapping[str, Json], unknown: Mapping[str, Json]) -> dict[str, Json]:
    """`own`, then `unknown`; an unknown key that `own` has already gets as many `_` before it as it takes."""
    merged = dict(own)
    for key, value in unknown.items():
        while key in merged:
            key = f"_{key}"
        merged[key] = value
    return merged


def normalise_address(text: str | None) -> str | None:
    """An address in the one way of writing it, a host name as it is; None for blank text."""
    return plain_address(text.strip()) if text is not None and text.strip() else None


def _kind(value: Json) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _shown(value)
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "an object"
        case None:
            return "null"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}...")
