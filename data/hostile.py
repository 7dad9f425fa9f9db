"""Characters that could drive a terminal or deceive its reader: which they are, and how they are made visible.

The one definition. The log's writer and queries ask whether text holds any of them, and whatever leaves for a terminal,
a log file or JSON is written without them.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from data.records import Draft, Json

# Cc: controls; Cf: format characters (bidi overrides, joiners, tags); Cs: lone surrogates; Co, Cn: no agreed look;
# Zl, Zp: separators. Line breaks and tabs are controls too: a value is one piece of text, and what breaks it is shown.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_hostile(character: str) -> bool:
    """Whether this character is one of them."""
    # What Python prints as it is, is of other categories; of those that it does not, only spaces (Zs) are harmless.
    return not character.isprintable() and unicodedata.category(character) in _CATEGORIES


def holds_hostile(text: str) -> bool:
    """Whether any character of the text is one of them."""
    return not text.isprintable() and any(map(is_hostile, set(text)))


def made_visible(text: str) -> str:
    """The text with each of them shown: control characters as their pictures (U+2400 on), the others as `⟨U+202E⟩`."""
    return text if text.isprintable() else "".join(map(_visible, text))


def escaped_json(text: str) -> str:
    """JSON on one line with each of them written as `\\u202e`, which means the same to every reader."""
    # Outside its strings JSON is printable ASCII, so each of them stands in a string, where an escape may stand too.
    return text if text.isprintable() else "".join(map(_escaped, text))


def record_is_hostile(record: Draft) -> bool:
    """Whether any text of an event holds one of them."""
    return any(holds_hostile(text) for _, text in _texts_of(record))


def hostile_fields(record: Draft) -> tuple[str, ...]:
    """Which fields of an event hold any of them, in plain words, each once: `actor name`, `change of scopes`, ...

    Fields of the event's own making are named by themselves, so that these words can be hostile in turn.
    """
    return tuple(dict.fromkeys(field for field, text in _texts_of(record) if holds_hostile(text)))


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"⟨U+{code:04X}⟩" if is_hostile(character) else character


@lru_cache(maxsize=4096)
def _escaped(character: str) -> str:
    if not is_hostile(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _texts_of(record: Draft) -> Iterator[tuple[str, str]]:
    """Every text of an event, names of fields within `changes` and `data` too, with what the field is called."""
    yield "type", record.type
    for name, reference in (("actor", record.actor), ("client", record.client), ("target", record.target)):
        if reference is not None:
            yield f"{name} type", reference.type
            yield from _present((f"{name} id", reference.id), (f"{name} name", reference.name))
    yield from _present(
        ("service", record.service),
        ("address", record.ip),
        ("user agent", record.user_agent),
        ("request", record.request_id),
        ("session", record.session_id),
        ("token", record.token),
        ("reason", record.reason),
    )
    if record.source is not None:
        yield "source", record.source.name
        yield "source", record.source.identity
    for change in record.changes:
        field = f"change of {change.field}"
        yield field, change.field
        for value in (change.before, change.after):
            yield from ((field, text) for text in _texts_within(value))
    for key, value in record.data.items():
        field = f"{key} in data"
        yield field, key
        yield from ((field, text) for text in _texts_within(value))


def _present(*texts: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    return ((field, text) for field, text in texts if text is not None)


def _texts_within(value: Json) -> Iterator[str]:
    """The strings and the names of members at any depth; a stack of its own, because data may be nested deeply."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as items:
                waiting.extend(items)
            case dict() as members:
                waiting.extend(members)
                waiting.extend(members.values())
