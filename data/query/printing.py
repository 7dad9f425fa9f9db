"""A query as text, in the one form that is shown, saved and copied; parsing it gives the same query."""

import re
from ipaddress import IPv4Network, IPv6Network

from data.query.durations import print_duration
from data.query.model import Clause, DurationRange, EventQuery, Key, Pattern, Presence, Shelf, Span, Value

_SPECIAL_IN_VALUES = str.maketrans({character: f"\\{character}" for character in '"\\*'})
_SPECIAL_IN_TEXT = str.maketrans({character: f"\\{character}" for character in '"\\'})
# Looked for by regular expressions, because a value can be of a million characters.
_PARTS_VALUES = re.compile(r"[,\s]")
_PARTS_WORDS = re.compile(r"[:\s]")


def print_query(query: EventQuery) -> str:
    """The clauses in their order, separated by a space."""
    return " ".join(print_clause(clause) for clause in query.clauses)


def print_clause(clause: Clause) -> str:
    """One clause, with quotes only where they are needed. Raises ValueError for free text with several values."""
    minus = "-" if clause.negated else ""
    if clause.key is Key.TEXT:
        (value,) = clause.values
        return f"{minus}{print_text(text_of(value))}"
    return f"{minus}{clause.key}:{','.join(_print_value(value) for value in clause.values)}"


def print_text(text: str) -> str:
    """Free text, so that it is read as free text again."""
    escaped = text.translate(_SPECIAL_IN_TEXT)
    needs_quotes = not text or text.startswith("-") or _PARTS_WORDS.search(text) is not None
    return f'"{escaped}"' if needs_quotes else escaped


def text_of(value: Value) -> str:
    """What a value of TEXT searches for. Raises TypeError for a value that TEXT cannot have."""
    if not isinstance(value, Pattern):
        raise TypeError(f"no free text: {value!r}")
    return "*".join(value.parts)


def _print_value(value: Value) -> str:
    match value:
        case Pattern():
            return _print_pattern(value)
        case DurationRange():
            return print_duration(value)
        case Span(start, None):
            return start
        case Span(start, end):
            return f"{start}..{end}"
        case Presence() | Shelf() | IPv4Network() | IPv6Network():
            return str(value)


def _print_pattern(pattern: Pattern) -> str:
    written = "*".join(part.translate(_SPECIAL_IN_VALUES) for part in pattern.parts)
    needs_quotes = not written or _PARTS_VALUES.search(written) is not None
    return f'"{written}"' if needs_quotes else written
